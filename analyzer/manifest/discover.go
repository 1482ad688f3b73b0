package manifest

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/rootfs"
	"github.com/featherpack/featherpack/analyzer/manifest/terraform"
)

// Options are what the command line says about discovery. The zero value works.
type Options struct {
	// Stage is the deployment stage; "" is the manifest's own default, which for
	// the Serverless Framework is provider.stage, else "dev".
	Stage string
	// Params are --param KEY=VALUE: `param:` variables and template parameters.
	Params map[string]string
	// Opts are values of further `opt:` variables.
	Opts map[string]string
	// Config is a manifest to use instead of those in the folder: a
	// featherpack.yaml, or any framework's manifest. It is relative to the
	// folder, or else to the working directory, or absolute.
	Config string
	// Resolved is a service as its framework resolved it, in JSON. It replaces
	// every manifest; featherpack.yaml's settings still hold. See readResolved.
	Resolved []byte
	// Entries are source files or Go packages to build without a manifest,
	// relative to the folder or absolute. They replace what manifests name.
	Entries []string
	// Listing replaces what manifests name too; nil where there is none.
	Listing *Listing
	// LookupEnv serves `env:` variables; nil is os.LookupEnv.
	LookupEnv func(string) (string, bool)
}

// service is one manifest that names functions.
type service struct {
	declared.Service
	format *format
	// plan is what there is instead of a document where that is a Terraform plan.
	plan *terraform.Plan
	// guessed says that only the text of the file suggests a manifest.
	guessed bool
}

// discovery is the state of one Discover.
type discovery struct {
	Options
	*rootfs.FS
	dir       string // relative to the root
	project   analyzer.Project
	functions []*declared.Function
	configs   []*config
	named     bool            // --config names a featherpack.yaml
	plan      *terraform.Plan // what --config names, where that is one
	services  []*service
}

func (d *discovery) report(p analyzer.Diagnostic) {
	d.project.Diagnostics = append(d.project.Diagnostics, p)
}

// Discover finds the functions of dir. Problems are in the project's Diagnostics. A
// function with an error is listed with an empty Entry and does not affect the
// others. Functions keep the manifest's order; services are sorted by path.
func Discover(dir string, o Options) analyzer.Project {
	d := &discovery{Options: o}
	if d.open(dir) {
		d.readConfigs()
		switch {
		case len(o.Entries) > 0:
			d.readEntries()
		case o.Listing != nil:
			d.readListing()
		default:
			d.readManifests()
		}
		d.applyConfigs()
	}
	return d.finish()
}

// open finds the root of the folder asked for.
func (d *discovery) open(dir string) bool {
	if d.LookupEnv == nil {
		d.LookupEnv = os.LookupEnv
	}
	shown := filepath.ToSlash(dir)
	if filepath.IsAbs(dir) {
		shown = filepath.Base(dir)
	}
	abs, err := filepath.Abs(dir)
	if err == nil {
		abs, err = filepath.EvalSymlinks(abs)
	}
	if err == nil {
		var st os.FileInfo
		if st, err = os.Stat(abs); err == nil && !st.IsDir() {
			d.report(analyzer.Problem(analyzer.Error, "no-such-folder", analyzer.Position{},
				"give the service's folder; a single source file goes with --entry FILE", "%s is not a folder", shown))
			return false
		}
	}
	if err != nil {
		d.report(analyzer.Problem(analyzer.Error, "no-such-folder", analyzer.Position{},
			"", "cannot read folder %s: %v", shown, analyzer.WithoutPath(err)))
		return false
	}
	root := rootfs.FindRoot(abs)
	d.FS = rootfs.New(root)
	d.project.Root = root
	d.dir, _ = d.Relative(abs)
	d.project.Dir = d.dir
	return true
}

// locate turns a path of the command line into one relative to the root. It is
// tried against the folder asked for, then against the working directory.
func (d *discovery) locate(name string) (rel string, ok bool) {
	if !filepath.IsAbs(name) {
		rel = path.Join(d.dir, filepath.ToSlash(name))
		if rootfs.Inside(rel) {
			if what, _ := d.Look(rel); what != rootfs.Nothing {
				return rel, true
			}
		}
		abs, err := filepath.Abs(name)
		if err != nil {
			return rel, rootfs.Inside(rel)
		}
		if _, err := os.Stat(abs); err != nil {
			return rel, rootfs.Inside(rel)
		}
		name = abs
	}
	name = filepath.Clean(name)
	if real, err := filepath.EvalSymlinks(name); err == nil {
		name = real
	} else if dir, err := filepath.EvalSymlinks(filepath.Dir(name)); err == nil {
		name = filepath.Join(dir, filepath.Base(name))
	}
	return d.Relative(name)
}

// take adds what a manifest declares.
func (d *discovery) take(s declared.Service, found declared.Found) {
	for _, f := range found.Functions {
		if f.Skip != "" {
			d.skip(s, f, f.Skip)
		} else {
			d.declare(s, f)
		}
	}
	d.project.Diagnostics = append(d.project.Diagnostics, found.Problems...)
}

// skip records a function that featherpack does not build.
func (d *discovery) skip(s declared.Service, f *declared.Function, reason string) {
	d.project.Skipped = append(d.project.Skipped, analyzer.Skipped{
		Name: f.Name, Service: s.Name, Reason: reason, Position: f.Position,
	})
}

// declare judges runtime and architecture of a function and leads its handler to
// the source.
func (d *discovery) declare(s declared.Service, f *declared.Function) {
	f.Service, f.ServiceDir, f.Manifest = s.Name, s.Dir, s.File
	if f.CodeDir == "" {
		f.CodeDir = s.Dir
	}
	if f.HandlerAt.File == "" {
		f.HandlerAt = f.Position
	}
	if f.RuntimeAt.File == "" {
		f.RuntimeAt = f.Position
	}
	if f.ArchAt.File == "" {
		f.ArchAt = f.Position
	}
	if !declared.GoodName.MatchString(f.Name) || len(f.Name) > 140 {
		f.Report(analyzer.Problem(analyzer.Error, "bad-name", f.Position,
			"use letters, digits, - and _", "function name %q cannot be a file's name", f.Name))
	}
	if f.Runtime != "" {
		family, skip, p := declared.JudgeRuntime(f.Runtime, f.RuntimeAt)
		if skip != "" {
			d.skip(s, f, skip)
			return
		}
		if p != nil && p.Severity == analyzer.Warning {
			d.report(*p) // one for all functions that share the setting
		} else if p != nil {
			f.Report(*p)
		}
		f.Family = family
	} else if analyzer.ExitStatus(f.Problems) == 0 {
		f.Report(analyzer.Problem(analyzer.Error, "no-runtime", f.RuntimeAt, "write "+declared.DefaultNodeRuntime+" for it, or for the whole service",
			"has no runtime"))
	}
	arch, p := declared.JudgeArchitecture(f.Architecture, f.ArchAt)
	if p != nil {
		f.Report(*p)
	}
	f.Architecture = arch
	for _, other := range d.functions {
		if other.Name == f.Name && other.Service == f.Service && other.ServiceDir == f.ServiceDir {
			// Neither is built: either may be meant.
			other.Report(analyzer.Problem(analyzer.Error, "duplicate-function", f.Position, "rename one of them",
				"function %q is there twice: first at %s, again at %s", f.Name, other.Position, f.Position))
			return
		}
	}
	if analyzer.ExitStatus(f.Problems) == 0 {
		switch f.Family {
		case analyzer.Node:
			d.nodeEntry(f)
		case analyzer.Go:
			if skip := d.goEntry(f); skip != "" {
				d.skip(s, f, skip)
				return
			}
		}
	}
	d.functions = append(d.functions, f)
}

// finish puts the project together.
func (d *discovery) finish() analyzer.Project {
	p := &d.project
	p.Functions = []analyzer.Function{}
	giveIDs(d.functions, d.dir)
	for _, f := range d.functions {
		if analyzer.ExitStatus(f.Problems) != 0 {
			f.Entry = ""
		}
		slices.Sort(f.EnvironmentUnknown)
		f.EnableSourceMaps = f.Family == analyzer.Node && slices.Contains(strings.Fields(f.Environment["NODE_OPTIONS"]), "--enable-source-maps")
		p.Functions = append(p.Functions, f.Function)
	}
	for _, f := range d.functions {
		for _, problem := range f.Problems {
			problem.Function = f.ID
			p.Diagnostics = append(p.Diagnostics, problem)
		}
	}
	p.Diagnostics = analyzer.SortDiagnostics(p.Diagnostics)
	return *p
}
