package manifest

import (
	"cmp"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
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

// format is a kind of manifest that names functions.
type format struct {
	// name is the framework's, for messages.
	name string
	// names are the file names that its tools look for by default; a folder
	// may hold one of them.
	names []string
	// may says by its name that any other file could be one; claims decides by
	// a cheap look at the text, fits by the document.
	may    func(name string) bool
	claims func(name string, content []byte) bool
	fits   func(root *value) bool
	// title is what the manifest calls its service, if it does.
	title func(d *discovery, s *service) string
	read  func(d *discovery, s *service)
}

// formats are all the kinds of manifest.
var formats = []format{serverlessFormat, templateFormat, terraformFormat}

// service is one manifest that names functions.
type service struct {
	format string
	file   string // relative to the root
	dir    string // its folder
	name   string
	root   *value
	// plan is what there is instead of a document where that is a Terraform plan.
	plan *plan
	// guessed says that only the text of the file suggests a manifest.
	guessed bool
	// resolved says that no variables are left in it.
	resolved bool
}

// function is a function on its way into the project.
type function struct {
	analyzer.Function
	handlerAt, runtimeAt, archAt analyzer.Position
	// entryHint is the source file that a manifest names beside the handler.
	entryHint *value
	// own are build settings that featherpack.yaml states with the function.
	own      []setting
	problems []analyzer.Diagnostic
}

func (f *function) report(d analyzer.Diagnostic) { f.problems = append(f.problems, d) }

// discovery is the state of one Discover.
type discovery struct {
	Options
	*tree
	dir       string // relative to the root
	project   analyzer.Project
	functions []*function
	configs   []*config
	named     bool  // --config names a featherpack.yaml
	plan      *plan // what --config names, where that is one
	services  []*service
}

func (d *discovery) report(p analyzer.Diagnostic) {
	d.project.Diagnostics = append(d.project.Diagnostics, p)
}

// Discover finds the functions of dir. What is wrong is in the project's
// Diagnostics; a function with an error stays listed with an empty Entry, so
// that one mistake changes nothing for its neighbours. Functions keep the
// manifest's order, services are sorted by path.
func Discover(dir string, o Options) analyzer.Project {
	if o.LookupEnv == nil {
		o.LookupEnv = os.LookupEnv
	}
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
			d.report(problem(analyzer.Error, "no-such-folder", analyzer.Position{},
				"give the service's folder; a single source file goes with --entry FILE", "%s is not a folder", shown))
			return false
		}
	}
	if err != nil {
		d.report(problem(analyzer.Error, "no-such-folder", analyzer.Position{},
			"", "cannot read folder %s: %v", shown, analyzer.WithoutPath(err)))
		return false
	}
	root := findRoot(abs)
	d.tree = newTree(root)
	d.project.Root = root
	d.dir, _ = d.relative(abs)
	d.project.Dir = d.dir
	return true
}

// locate turns a path of the command line into one relative to the root. It is
// tried against the folder asked for, then against the working directory.
func (d *discovery) locate(name string) (rel string, ok bool) {
	if !filepath.IsAbs(name) {
		rel = path.Join(d.dir, filepath.ToSlash(name))
		if inside(rel) {
			if what, _ := d.look(rel); what != nothing {
				return rel, true
			}
		}
		abs, err := filepath.Abs(name)
		if err != nil {
			return rel, inside(rel)
		}
		if _, err := os.Stat(abs); err != nil {
			return rel, inside(rel)
		}
		name = abs
	}
	name = filepath.Clean(name)
	if real, err := filepath.EvalSymlinks(name); err == nil {
		name = real
	} else if dir, err := filepath.EvalSymlinks(filepath.Dir(name)); err == nil {
		name = filepath.Join(dir, filepath.Base(name))
	}
	return d.relative(name)
}

// skip records a function that is not ours to build.
func (d *discovery) skip(s *service, name string, at analyzer.Position, reason string) {
	d.project.Skipped = append(d.project.Skipped, analyzer.Skipped{
		Name: name, Service: s.name, Reason: reason, Position: at,
	})
}

// goodName is what may become a file name: of a function its zip's, of a
// service its folder's.
var goodName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]*$`)

// declare takes in a function as a manifest tells it: it judges runtime and
// architecture and leads the handler to its source.
func (d *discovery) declare(s *service, f *function) {
	f.Service, f.ServiceDir = s.name, s.dir
	if f.CodeDir == "" {
		f.CodeDir = s.dir
	}
	if f.handlerAt.File == "" {
		f.handlerAt = f.Position
	}
	if f.runtimeAt.File == "" {
		f.runtimeAt = f.Position
	}
	if f.archAt.File == "" {
		f.archAt = f.Position
	}
	if !goodName.MatchString(f.Name) || len(f.Name) > 140 {
		f.report(problem(analyzer.Error, "bad-name", f.Position,
			"use letters, digits, - and _", "function name %q cannot be a file's name", f.Name))
	}
	if f.Runtime != "" {
		family, skip, p := judgeRuntime(f.Runtime, f.runtimeAt)
		if skip != "" {
			d.skip(s, f.Name, f.Position, skip)
			return
		}
		if p != nil && p.Severity == analyzer.Warning {
			d.report(*p) // one for all functions that share the setting
		} else if p != nil {
			f.report(*p)
		}
		f.Family = family
	} else if analyzer.ExitStatus(f.problems) == 0 {
		f.report(problem(analyzer.Error, "no-runtime", f.runtimeAt, "write "+defaultNodeRuntime+" for it, or for the whole service",
			"has no runtime"))
	}
	arch, p := judgeArchitecture(f.Architecture, f.archAt)
	if p != nil {
		f.report(*p)
	}
	f.Architecture = arch
	for _, other := range d.functions {
		if other.Name == f.Name && other.Service == f.Service && other.ServiceDir == f.ServiceDir {
			// Neither is built: which one is meant is not ours to guess.
			other.report(problem(analyzer.Error, "duplicate-function", f.Position, "rename one of them",
				"function %q is there twice: first at %s, again at %s", f.Name, other.Position, f.Position))
			return
		}
	}
	if analyzer.ExitStatus(f.problems) == 0 {
		switch f.Family {
		case analyzer.Node:
			d.nodeEntry(f)
		case analyzer.Go:
			if skip := d.goEntry(f); skip != "" {
				d.skip(s, f.Name, f.Position, skip)
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
	for _, f := range d.functions {
		if analyzer.ExitStatus(f.problems) != 0 {
			f.Entry = ""
		}
		slices.Sort(f.EnvironmentUnknown)
		f.EnableSourceMaps = f.Family == analyzer.Node && slices.Contains(strings.Fields(f.Environment["NODE_OPTIONS"]), "--enable-source-maps")
		p.Functions = append(p.Functions, f.Function)
	}
	for _, f := range d.functions {
		for _, problem := range f.problems {
			problem.Function = p.ID(f.Function)
			p.Diagnostics = append(p.Diagnostics, problem)
		}
	}
	p.Diagnostics = analyzer.SortDiagnostics(p.Diagnostics)
	return *p
}

// nameServices gives each service a name of its own: two manifests may well
// call themselves "api".
func nameServices(services []*service) {
	slices.SortFunc(services, func(a, b *service) int {
		return cmp.Or(cmp.Compare(a.dir, b.dir), cmp.Compare(a.file, b.file))
	})
	count := map[string]int{}
	for _, s := range services {
		count[s.name]++
	}
	taken := map[string]bool{}
	for _, s := range services {
		if count[s.name] > 1 || !goodName.MatchString(s.name) {
			if s.name = strings.ReplaceAll(s.dir, "/", "-"); s.dir == "." {
				s.name = "root"
			}
			if !goodName.MatchString(s.name) {
				s.name = "service"
			}
		}
		base := s.name
		for n := 2; taken[s.name]; n++ {
			s.name = fmt.Sprintf("%s-%d", base, n)
		}
		taken[s.name] = true
	}
}
