package manifest

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/terraform"
	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// Options are the command line's settings for discovery. The zero value works.
type Options struct {
	// Stage is the deployment stage. "" means the manifest's default. For the
	// Serverless Framework that is provider.stage, or else "dev".
	Stage string
	// Params are the --param KEY=VALUE flags. They set `param:` variables and
	// template parameters.
	Params map[string]string
	// Opts are the values of `opt:` variables other than the stage.
	Opts map[string]string
	// Config is the manifest to use instead of those in the folder: a
	// featherpack.yaml or a framework manifest. The path is absolute, or relative to
	// the folder, or else relative to the working directory.
	Config string
	// Resolved is a service in JSON whose variables the framework has resolved. It
	// replaces every manifest. The settings of featherpack.yaml still apply. See
	// readResolved for the format.
	Resolved []byte
	// Entries are source files or Go packages to build without a manifest. Paths are
	// absolute or relative to the folder. Entries replace the functions of all
	// manifests.
	Entries []string
	// Listing also replaces the functions of all manifests. nil means no listing.
	Listing *Listing
	// LookupEnv looks up `env:` variables. nil means os.LookupEnv.
	LookupEnv func(string) (string, bool)
}

// service is one manifest that declares functions.
type service struct {
	declared.Service
	format *format
	// plan is set instead of a document if the manifest is a Terraform plan.
	plan *terraform.Plan
	// guessed means that the file was recognised by its content, not by its name.
	guessed bool
}

// discovery is the state of one call of Discover.
type discovery struct {
	Options
	*projectfs.FS
	dir       string // relative to the root
	project   analyzer.Project
	functions []*declared.Function
	configs   []*config
	named     bool            // --config is a featherpack.yaml
	plan      *terraform.Plan // set if --config is a Terraform plan
	services  []*service
	sources   []string // files of Terraform: a plan of them is a manifest
}

func (d *discovery) report(p analyzer.Diagnostic) {
	d.project.Diagnostics = append(d.project.Diagnostics, p)
}

// Discover finds the functions of dir. Problems are in the project's Diagnostics.
// A function with an error stays in the list with an empty Entry, so that one
// mistake does not affect the other functions. Functions keep the manifest's
// order. Services are sorted by path.
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

// open finds the project's root. It returns false if dir cannot be read.
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
	root := projectfs.FindRoot(abs)
	// The caller may keep settings outside the project: only files are not trusted to name
	// such a path.
	var typed []string
	if config, err := filepath.Abs(d.Config); err == nil && d.Config != "" {
		typed = []string{config}
	}
	d.FS = projectfs.New(root, projectfs.Allowances{Files: typed})
	d.project.Root = root
	d.dir, _ = d.Relative(abs)
	d.project.Dir = d.dir
	return true
}

// locate turns a path from the command line into one relative to the root. It
// tries the path relative to the folder, then relative to the working directory.
func (d *discovery) locate(name string) (rel string, ok bool) {
	if !filepath.IsAbs(name) {
		rel = path.Join(d.dir, filepath.ToSlash(name))
		if projectfs.Inside(rel) {
			if what, _ := d.Look(rel); what != projectfs.Nothing {
				return rel, true
			}
		}
		abs, err := filepath.Abs(name)
		if err != nil {
			return rel, projectfs.Inside(rel)
		}
		if _, err := os.Stat(abs); err != nil {
			return rel, projectfs.Inside(rel)
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

// take adds the functions and problems that a manifest declares.
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
		Name: f.Name, Service: s.Name, Reason: reason, Image: f.Image, Position: f.Position,
	})
}

// declare checks a function's name, runtime and architecture, and finds the source
// of its handler.
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
		family, skip, p := declared.JudgeRuntime(f.Runtime, f.RuntimeAt, d.settingsOf(f.ServiceDir, f).EndedRuntimes)
		if skip != "" {
			d.skip(s, f, skip)
			return
		}
		if p != nil && p.Severity == analyzer.Warning {
			d.report(*p) // reported once for all functions with this setting
		} else if p != nil {
			f.Report(*p)
		}
		f.Family = family
		f.Deployment.RuntimeAt, f.Deployment.End = f.RuntimeAt, declared.EndOf(f.Runtime)
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
			// Neither is built: featherpack cannot know which one is meant.
			other.Report(analyzer.Problem(analyzer.Error, "duplicate-function", f.Position, "rename one of them",
				"function %q is declared twice: first at %s, again at %s", f.Name, other.Position, f.Position))
			return
		}
	}
	if analyzer.ExitStatus(f.Problems) == 0 {
		switch f.Family {
		case analyzer.Node:
			d.nodeEntry(f)
			d.showHandler(f)
		case analyzer.Go:
			skip := d.goEntry(f)
			d.showHandler(f)
			if skip != "" {
				d.skip(s, f, skip)
				return
			}
		}
	}
	d.functions = append(d.functions, f)
}

// together tells functions which others their framework ships with them.
func (d *discovery) together() {
	packages := map[string][]*declared.Function{}
	for _, f := range d.functions {
		compiled := !slices.Contains([]string{".js", ".mjs", ".cjs"}, path.Ext(f.Entry)) // by what may bundle too
		if f.Together != "" && !compiled && f.Family == analyzer.Node && analyzer.ExitStatus(f.Problems) == 0 {
			packages[f.Together] = append(packages[f.Together], f)
		}
	}
	for _, all := range packages {
		for _, f := range all {
			for _, other := range all {
				if other.Entry != f.Entry {
					f.Deployment.Together = append(f.Deployment.Together, other.ID)
				}
			}
			slices.Sort(f.Deployment.Together)
		}
	}
}

// finish assembles the project.
func (d *discovery) finish() analyzer.Project {
	p := &d.project
	p.Functions = []analyzer.Function{}
	giveIDs(d.functions, d.dir)
	d.giveEvents()
	d.together()
	for _, f := range d.functions {
		if analyzer.ExitStatus(f.Problems) != 0 {
			f.Entry = ""
		}
		slices.Sort(f.EnvironmentUnknown)
		f.EnableSourceMaps = f.Family == analyzer.Node && slices.Contains(strings.Fields(f.Environment["NODE_OPTIONS"]), "--enable-source-maps")
		f.CompileCache = f.Family == analyzer.Node && (f.Environment["NODE_COMPILE_CACHE"] != "" || slices.Contains(f.EnvironmentUnknown, "NODE_COMPILE_CACHE"))
		if f.Family == analyzer.Node && slices.Contains(f.EnvironmentUnknown, "NODE_OPTIONS") {
			f.Report(analyzer.Problem(analyzer.Warning, "unknown-node-options", f.NodeOptionsAt, "write the options out, or give the parameter a value with --param",
				"NODE_OPTIONS is known only once deployed: it may load modules (--require, --import) or change how packages are found "+
					"(--conditions), and the zip is built as if it did not"))
		}
		p.Functions = append(p.Functions, f.Function)
	}
	shared := map[analyzer.Position]bool{}
	for _, f := range d.functions {
		for _, problem := range f.Problems {
			if strings.HasPrefix(problem.Code, "unknown-") && problem.Severity == analyzer.Warning { // one setting of several functions
				if shared[problem.Position] {
					continue
				}
				shared[problem.Position] = true
			}
			problem.Function = f.ID
			p.Diagnostics = append(p.Diagnostics, problem)
		}
	}
	p.Diagnostics = analyzer.SortDiagnostics(p.Diagnostics)
	return *p
}
