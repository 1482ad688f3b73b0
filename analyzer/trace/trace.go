package trace

import (
	"cmp"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/trace/native"
	"github.com/featherpack/featherpack/analyzer/trace/value"
)

// Resolver finds the file that a specifier leads to.
type Resolver = value.Resolver

// Module is one source file to be traced.
type Module struct {
	js.File
	// PackageDir is the folder with its package.json.
	PackageDir string
	// CWD is where process.cwd() points: the service's folder, which becomes
	// the zip's root.
	CWD string
	// Target is what the function runs on, Runtime Lambda's name of its Node,
	// such as nodejs22.x.
	Target  native.Platform
	Runtime string
}

// Dir is the module's folder.
func (m Module) Dir() string { return path.Dir(m.Path) }

// installed says that the module comes from node_modules, not from the project.
func (m Module) installed() bool {
	return strings.Contains("/"+m.Path, "/node_modules/")
}

// Result is what a module needs at run time. Everything is in source order.
type Result struct {
	Assets    []Asset
	Modules   []Reference
	Addons    []Reference
	Edits     []Edit
	Uncertain []Uncertain
}

// Asset is a file, a folder or a pattern that the module reads.
type Asset struct {
	js.Place
	// Path is the file or folder; Pattern is set instead where parts of the
	// path are not known, which read "*" (any characters, slashes included).
	Path    string
	Pattern string
	// Files are those that exist, sorted; for a folder everything below it,
	// without node_modules and .git.
	Files []string
	// Bytes is the sum of their sizes.
	Bytes int64
	// Why is the expression that reads, shortened.
	Why string
	// Folder says that the code lists the folder, so that it must be one in the zip.
	Folder bool
	// Optional says that the code copes without it: it stands in a try block,
	// or is only asked for whether it exists.
	Optional bool
	// FromCWD says that the path hangs on the working folder, not on the module.
	FromCWD bool
	// Through are the folders that the path goes into and out of again, as
	// "lib" in lib/../data.txt: where they are not, the file is not found.
	Through []string
	// Served says that the files are handed out as they are: code among them is
	// not run, and needs nothing.
	Served bool
	// Stray are links among what is meant that lead out of the project, or nowhere.
	Stray []string
}

// Reference is a module, or an addon, loaded by a name the bundler cannot see.
type Reference struct {
	js.Place
	// Kind is require, import, resolve, worker, fork, or path (a file of code
	// whose path is handed to somebody); for addons it is require, bindings,
	// node-gyp-build or node-pre-gyp.
	Kind string
	// Specifier is what is asked for, where it is one known string; Pattern
	// where it is not, with "*" for what is not known.
	Specifier string
	Pattern   string
	// Base is the folder the specifier is resolved from.
	Base string
	// Candidates are what it may lead to, sorted by specifier; none means that
	// nothing was found. Where the code builds an absolute path, their Specifier
	// is that path relative to the project's root.
	Candidates []Candidate
	// ArgStart and ArgEnd are the byte offsets of the specifier's expression.
	ArgStart, ArgEnd int
	// Why is the expression, shortened.
	Why string
	// Guarded says that a failure to load is caught.
	Guarded bool
	// FromCWD says that the path hangs on the working folder.
	FromCWD bool
	// Wrong lists addons that were found and do not fit the target.
	Wrong []Candidate
}

// Candidate is one value of a specifier and the file that it leads to.
type Candidate struct {
	Specifier string
	Path      string
}

// Edit is an expression whose value depends on where its file lies.
type Edit struct {
	Start, End int
	// What is dirname (the folder's path), filename (the file's path), url (the
	// file's URL), meta (import.meta as a whole), resolve (the path of Path as
	// require.resolve gives it), resolve-url (as import.meta.resolve does),
	// parent (module.parent, which a bundler leaves undefined and Node does not),
	// or rename (a name of the module's own that hides Node's require).
	What string
	// Path is what resolve and resolve-url lead to.
	Path string
	// Shorthand says that it stands as {name}, so that the edit must write {name: ...}.
	Shorthand bool
}

// Uncertain is a place that hangs on where the module lies, or loads a module,
// in a way that could not be computed.
type Uncertain struct {
	js.Place
	// Trigger is the expression, shortened; Reason a clause such as "the name
	// of the module is not known".
	Trigger string
	Reason  string
	// Dir is the folder that it is about, empty where that is not known.
	Dir     string
	Guarded bool
	// Module says that it is a module that is loaded, not a file that is read.
	Module bool
	// Outside says that the path leads out of the project.
	Outside bool
	// TooMuch says that it means more files or bytes than can be shipped.
	TooMuch bool
}

// Trace reads one module and says which files and modules it will look for at
// run time. The error is that of a source nothing can be made of; its position
// is that of the first thing that is no JavaScript.
func Trace(m Module, files fs.FS, r Resolver) (Result, error) {
	if !Triggered(m.Source) {
		return Result{}, nil
	}
	return trace(m, files, r)
}

func trace(m Module, files fs.FS, r Resolver) (Result, error) {
	text, err := js.Read(m.File)
	if err != nil {
		return Result{}, unreadable(m.Path, err)
	}
	text.Bind()
	t := &tracer{module: m, renamed: map[*js.Binding]bool{}}
	t.Evaluator = value.New(text, value.Setting{
		Path: m.Path, CWD: m.CWD, Target: m.Target, Files: files, Resolver: r, Called: t.located,
	})
	t.edits(text.Top)
	t.visit(text.Top, context{})
	if t.Tangled() {
		t.uncertain(text.Top, context{}, "", "the module is too tangled to be evaluated", false)
	}
	return t.finish(), nil
}

// unreadable says that nothing can be made of a source.
func unreadable(path string, err error) error {
	d := analyzer.Diagnostic{
		Code: "unreadable-module", Severity: analyzer.Warning,
		Message:  "cannot trace what this file reads: " + err.Error(),
		Hint:     "name the files it needs with build.include",
		Position: analyzer.Position{File: path},
	}
	if e, ok := errors.AsType[*js.Error](err); ok {
		d.Line, d.Column = e.Line, e.Column
	}
	return d
}

// tracer is the state of one Trace.
type tracer struct {
	*value.Evaluator
	module  Module
	result  Result
	renamed map[*js.Binding]bool
	// hasViews and engine collect what a view engine is told.
	hasViews bool
	engine   *js.Node
}

// finish maps places back to the module's own text and puts them in order.
func (t *tracer) finish() Result {
	r := &t.result
	if t.engine != nil && !t.hasViews {
		t.asset(t.engine, "/"+value.CWDMark+"/views", use{optional: true, tree: true})
	}
	for i := range r.Assets {
		t.Text.Locate(&r.Assets[i].Place)
	}
	for i := range r.Modules {
		t.placeReference(&r.Modules[i])
	}
	for i := range r.Addons {
		t.placeReference(&r.Addons[i])
	}
	for i := range r.Uncertain {
		t.Text.Locate(&r.Uncertain[i].Place)
	}
	renames := countRenames(r.Edits)
	r.Edits = t.placeEdits(r.Edits)
	if countRenames(r.Edits) < renames { // half a rename would be worse than none
		r.Edits = slices.DeleteFunc(r.Edits, func(e Edit) bool { return e.What == "rename" })
	}
	byPlace := func(a, b js.Place) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End)) }
	slices.SortStableFunc(r.Assets, func(a, b Asset) int {
		return cmp.Or(byPlace(a.Place, b.Place), cmp.Compare(a.Path+a.Pattern, b.Path+b.Pattern))
	})
	slices.SortStableFunc(r.Modules, func(a, b Reference) int {
		return cmp.Or(byPlace(a.Place, b.Place), cmp.Compare(a.Specifier+a.Pattern, b.Specifier+b.Pattern))
	})
	slices.SortStableFunc(r.Addons, func(a, b Reference) int {
		return cmp.Or(byPlace(a.Place, b.Place), cmp.Compare(a.Specifier+a.Pattern, b.Specifier+b.Pattern))
	})
	slices.SortStableFunc(r.Uncertain, func(a, b Uncertain) int { return byPlace(a.Place, b.Place) })
	slices.SortFunc(r.Edits, func(a, b Edit) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End)) })
	r.Edits = slices.Compact(r.Edits)
	return *r
}

// placeEdits maps edits back to the module's own text. An edit that finds other text at its
// place cannot be made and becomes an Uncertain.
func (t *tracer) placeEdits(edits []Edit) []Edit {
	if !t.Text.Rewritten() {
		return edits
	}
	var kept []Edit
	for _, e := range edits {
		p := js.Place{Start: e.Start, End: e.End}
		what := t.Text.Source[e.Start:e.End]
		t.Text.Locate(&p)
		if p.Start == p.End {
			t.result.Uncertain = append(t.result.Uncertain, Uncertain{
				Place: p, Trigger: what, Reason: "its place in the source could not be found again",
			})
			continue
		}
		e.Start, e.End = p.Start, p.End
		kept = append(kept, e)
	}
	return kept
}

func countRenames(edits []Edit) (n int) {
	for _, e := range edits {
		if e.What == "rename" {
			n++
		}
	}
	return n
}

func (t *tracer) placeReference(r *Reference) {
	arg := js.Place{Start: r.ArgStart, End: r.ArgEnd}
	t.Text.Locate(&r.Place)
	t.Text.Locate(&arg)
	r.ArgStart, r.ArgEnd = arg.Start, arg.End
}
