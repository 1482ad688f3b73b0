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

// Resolver finds the file of a specifier.
type Resolver = value.Resolver

// Module is one source file to trace.
type Module struct {
	js.File
	// Text is the parsed and bound source, nil where nobody has parsed it yet.
	Text *js.Text
	// PackageDir is the folder of its package.json.
	PackageDir string
	// CWD is what process.cwd() returns: the service's folder, which becomes the
	// zip's root.
	CWD string
	// Target is the function's platform. Runtime is Lambda's name of its Node, such
	// as nodejs22.x.
	Target  native.Platform
	Runtime string
	// NodeEnv is what the module reads as process.env.NODE_ENV, "" if it is not known.
	NodeEnv string
	// Exports are the paths that imported modules export, by file. With any, the module
	// is always parsed.
	Exports map[string]Exports
}

// Dir is the module's folder.
func (m Module) Dir() string { return path.Dir(m.Path) }

// installed reports whether the module is in node_modules and not the project's
// own.
func (m Module) installed() bool {
	return strings.Contains("/"+m.Path, "/node_modules/")
}

// Triggered reports whether [Trace] may find something in the module. It is fast.
func (m Module) Triggered() bool {
	return Triggered(m.Source) || len(m.Exports) > 0 || !m.installed() && mayNameFile(m.Source)
}

// Result is what a module needs at run time. Each list is in source order.
type Result struct {
	Assets    []Asset
	Modules   []Reference
	Addons    []Reference
	Edits     []Edit
	Uncertain []Uncertain
	// Exports are the paths that the module exports. Modules that import it may join
	// them: see [Module.Exports].
	Exports Exports
}

// Exports are the paths that a module exports, by name.
type Exports = value.Exports

// Asset is a file, a folder or a pattern that the module reads.
type Asset struct {
	js.Place
	// Path is the file or folder. Pattern is set instead if parts of the path are not
	// known. Each unknown part is "*", which means any characters, even slashes.
	Path    string
	Pattern string
	// Files are the files that exist, sorted. For a folder these are all files below
	// it, except in node_modules and .git.
	Files []string
	// Bytes is the total size of Files.
	Bytes int64
	// Why is the expression that reads the files, shortened.
	Why string
	// Folder means that the code lists the folder, so the zip must contain it.
	Folder bool
	// Optional means that the code works without it: the read is in a try block, or
	// the code only checks whether it exists.
	Optional bool
	// FromCWD means that the path depends on the working directory, not on the
	// module.
	FromCWD bool
	// Through are the folders that the path enters and leaves again, such as "lib" in
	// lib/../data.txt. If they do not exist, the file is not found.
	Through []string
	// Read means that the code reads the text of the files. It does not run them.
	Read bool
	// Threads means that the code starts threads or processes. Code among the files may
	// be meant for them.
	Threads bool
	// Served means that the files are served as they are. Code among them is not run,
	// so it is not traced.
	Served bool
	// Stray are symlinks among the files that are broken or lead outside the project.
	Stray []string
}

// Reference is a module or an addon that is loaded by a name that the bundler
// cannot see.
type Reference struct {
	js.Place
	// Kind is require, import, resolve, resolve-url, worker, fork, or path (the code passes the
	// path of a code file on). For addons it is require, bindings, node-gyp-build or
	// node-pre-gyp.
	Kind string
	// Specifier is the requested name, if it is one known string. Otherwise Pattern
	// is set, with "*" for unknown parts.
	Specifier string
	Pattern   string
	// Base is the folder that the specifier is resolved from.
	Base string
	// Candidates are the files that it can mean, sorted by specifier. None means that
	// nothing was found. If the code builds an absolute path, a candidate's Specifier
	// is that path relative to the project's root.
	Candidates []Candidate
	// ArgStart and ArgEnd are the byte offsets of the specifier's expression.
	ArgStart, ArgEnd int
	// Why is the expression, shortened.
	Why string
	// Guarded means that the code catches a failure to load.
	Guarded bool
	// FromCWD means that the path depends on the working directory.
	FromCWD bool
	// Absolute means that the specifier is a path, relative to the project's root.
	Absolute bool
	// Wrong are addons that were found but do not fit the target.
	Wrong []Candidate
}

// Candidate is one possible specifier and its file.
type Candidate struct {
	Specifier string
	Path      string
}

// Edit is an expression whose value depends on the path of its file.
type Edit struct {
	Start, End int
	// What is dirname (the folder's path), filename (the file's path), url (the
	// file's URL), meta (the whole import.meta), own-meta (the same where the module writes
	// to it: a variable of the module), resolve (the result of require.resolve for Path),
	// resolve-url (the result of import.meta.resolve),
	// parent (module.parent, which a bundler leaves undefined and Node does not),
	// module (the module object, passed to a package that reads its place), require (a
	// call that makes a require), or rename (one of the module's own names that hides
	// Node's require).
	What string
	// Path is the file for resolve and resolve-url.
	Path string
	// Shorthand means that the name is written as {name}. The edit must write {name:
	// ...}.
	Shorthand bool
}

// Uncertain is a place that loads a module, or depends on the module's path, in a
// way that cannot be computed.
type Uncertain struct {
	js.Place
	// Trigger is the expression, shortened. Reason is a clause such as "the name of
	// the module is not known".
	Trigger string
	Reason  string
	// Dir is the folder in question, or "" if it is not known.
	Dir     string
	Guarded bool
	// Module means that a module is loaded, not a file read.
	Module bool
	// Outside means that the path leads outside the project.
	Outside bool
	// TooMuch means that more files or bytes match than can be shipped.
	TooMuch bool
}

// Trace returns the files and modules that one module looks for at run time. It
// returns an error if the source cannot be parsed, with the position of the first
// syntax error.
func Trace(m Module, files fs.FS, r Resolver) (Result, error) {
	if !m.Triggered() {
		return Result{}, nil
	}
	return trace(m, files, r)
}

func trace(m Module, files fs.FS, r Resolver) (Result, error) {
	text := m.Text
	if text == nil {
		var err error
		if text, err = js.Read(m.File); err != nil {
			return Result{}, unreadable(m.Path, err)
		}
		text.Bind()
	}
	t := &tracer{module: m, renamed: map[*js.Binding]bool{}, handled: map[*js.Node]bool{}}
	t.Evaluator = value.New(text, value.Setting{
		Path: m.Path, CWD: m.CWD, Target: m.Target, NodeEnv: m.NodeEnv, Files: files, Resolver: r, Called: t.located, Exports: m.Exports,
	})
	t.edits(text.Top)
	t.ownMeta()
	t.visit(text.Top, context{})
	t.exports(text.Top)
	if t.Tangled() {
		t.uncertain(text.Top, context{}, "", "the module is too tangled to be evaluated", false)
	}
	return t.finish(), nil
}

// unreadable turns a parse error into a diagnostic.
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

// Compiled is the name that a module has after compiling: a.ts becomes a.js. ok is
// false for a module that is not compiled.
func Compiled(name string) (compiled string, ok bool) { return value.Compiled(name) }

// tracer is the state of one call of Trace.
type tracer struct {
	*value.Evaluator
	module  Module
	result  Result
	renamed map[*js.Binding]bool
	metas   []*js.Node // every import.meta
	// handled are paths whose use is known from the code around them.
	handled map[*js.Node]bool
	// hasViews and engine record the calls of app.set for views.
	hasViews bool
	engine   *js.Node
}

// finish maps positions back to the module's own text and sorts the result.
func (t *tracer) finish() Result {
	r := &t.result
	if t.engine != nil && !t.hasViews {
		t.asset(t.engine, "/"+value.CWDMark+"/views", use{optional: true, tree: true})
	}
	for i := range r.Assets {
		t.Text.Locate(&r.Assets[i].Place)
	}
	for i := range r.Uncertain {
		t.Text.Locate(&r.Uncertain[i].Place)
	}
	for i := range r.Modules {
		t.placeReference(&r.Modules[i])
	}
	for i := range r.Addons {
		t.placeReference(&r.Addons[i])
	}
	renames := countRenames(r.Edits)
	r.Edits = t.placeEdits(r.Edits)
	if countRenames(r.Edits) < renames { // renaming only some uses would break the code
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

// placeEdits maps edits back to the module's own text. If the text at an edit's
// position differs, the edit is not possible and becomes an Uncertain.
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
	edited := arg != r.Place // a call, of which a table is made
	t.Text.LocateCall(&r.Place, &arg)
	r.ArgStart, r.ArgEnd = arg.Start, arg.End
	if edited && r.End == r.Start && (r.Kind == "require" || r.Kind == "import") {
		t.result.Uncertain = append(t.result.Uncertain, Uncertain{
			Place: r.Place, Trigger: r.Why, Reason: "its place in the source could not be found again", Guarded: r.Guarded, Module: true,
		})
	}
}
