package kept

import (
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/trace"
	"github.com/featherpack/featherpack/analyzer/trace/native"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// Asked collects what the bundled modules of a function need beside the bundle.
type Asked struct {
	project *installed.Tree
	layout  Layout
	target  native.Platform

	requests []Request
	assets   map[string]int64 // read by path, relative to the root, with their sizes
	fromCWD  map[string]int64 // those that are found from the working folder
	through  map[string]bool  // folders that must be there, relative to the root
	handedOn map[string]bool  // own modules in the bundle that files hand on, by input
	bySource map[string]bool  // own modules that the code asks for under the source's name, by input
	modules  map[string]bool  // see isOwnModule
	read     asRead
	// Whole takes folders of packages with what is written for people and their tools.
	Whole bool
	// Unread reports whether nothing reads a file, by input, although a bundled module goes
	// through its folder. It may be nil.
	Unread func(input string) bool
	// misplaced is set when a path would lead to another place in the zip.
	misplaced bool
}

// Request is something that must be in the zip as a file: a module asked for by
// specifier from a folder, or a file given by path.
type Request struct {
	Dir       string // absolute folder of the importer
	Specifier string
	Kind      api.ResolveKind
	File      string // absolute; instead of a specifier
	// Guarded: a failure is caught. AtLoad: the importer makes the request whenever
	// it loads.
	Guarded, AtLoad bool
	// Alone: a thread or a process of its own runs the file. Either: that may be so.
	// Text: the file is read.
	Alone, Either, Text bool

	use      use
	importer string // absolute; "" is the bundle
	from     *Package
}

// NewAsked is for a function that runs on target and whose files have that layout.
// handedOn are the own modules that the bundle hands on to their files, by input.
func NewAsked(packages *installed.Tree, layout Layout, target native.Platform, handedOn []string) *Asked {
	a := &Asked{
		project: packages, layout: layout, target: target,
		assets: map[string]int64{}, fromCWD: map[string]int64{}, through: map[string]bool{},
		handedOn: map[string]bool{}, bySource: map[string]bool{}, modules: map[string]bool{},
		read: asRead{files: map[string]bool{}, folders: map[string]bool{}},
	}
	for _, input := range handedOn {
		a.handedOn[input] = true
	}
	return a
}

// Add adds a request.
func (a *Asked) Add(r Request) {
	r.use = byMain
	switch {
	case r.Alone:
		r.use = alone
	case r.Either:
		r.use = byMain | alone
	case r.Text:
		r.use = asText
		if r.File != "" {
			a.read.files[a.project.Relative(r.File)] = true
		}
	}
	a.requests = append(a.requests, r)
}

// Module adds what a bundled module needs, as the tracer found. A module in an
// archive of Yarn's needs nothing here: no file of the archive could be shipped.
func (a *Asked) Module(module string, finding *trace.Result) {
	if installed.Archived(module) {
		return
	}
	dir := filepath.Dir(a.project.Absolute(module))
	a.read.add(module, finding)
	byPath := func(file string) { a.Add(Request{Dir: dir, File: a.project.Absolute(file), Either: true}) }
	for _, asset := range finding.Assets {
		a.asset(module, finding, asset)
		for _, file := range asset.Files {
			if !a.leavesOut(finding, asset, file) && a.loads(asset, file) { // what it requires must be there too
				at := a.project.Absolute(file)
				a.Add(Request{Dir: filepath.Dir(at), File: at, Text: asset.Read, Either: asset.Threads && !asset.Read})
				a.asksForSource(file, asset.Path+asset.Pattern)
			}
		}
	}
	for _, ref := range finding.Modules {
		if Bundled(ref) {
			continue
		}
		for _, c := range ref.Candidates {
			specifier := c.Specifier
			if ref.Absolute || js.PackageName(specifier) == "" {
				specifier = ""
			}
			if !ref.FromCWD && c.Path != "" && (c.Specifier == c.Path || specifier == "") {
				a.misplaced = a.misplaced || a.layout.Misplaces(module, c.Path)
			}
			a.Add(Request{
				Dir: dir, Specifier: specifier, File: a.project.Absolute(c.Path),
				Alone: ref.Kind == "worker" || ref.Kind == "fork", Either: ref.Kind == "path" || strings.HasPrefix(ref.Kind, "resolve"),
			})
			if ref.Kind != "worker" && ref.Kind != "fork" { // there the path is edited
				a.asksForSource(c.Path, ref.Specifier+ref.Pattern)
			}
		}
	}
	for _, e := range finding.Edits {
		if e.Path != "" {
			byPath(e.Path)
		}
	}
}

// loads reports whether code among what a module reads is loaded: it is not read as
// text, and not served as it is.
func (a *Asked) loads(asset trace.Asset, file string) bool {
	if asset.Served {
		return false
	}
	return isCode(file) || !asset.Read && a.isOwnModule(file)
}

// asksForSource notes an own module that is asked for under its source's name, such as
// worker.ts.
func (a *Asked) asksForSource(file, asked string) {
	if _, compiled := trace.Compiled(file); compiled && path.Ext(asked) == path.Ext(file) && a.isOwnModule(file) {
		a.bySource[file] = true
	}
}

// Bundled reports whether a computed require becomes a table in the bundle: it
// loads modules by names that do not depend on where the code lies, and some are
// known.
func Bundled(ref trace.Reference) bool {
	if ref.Kind != "require" && ref.Kind != "import" || len(ref.Candidates) == 0 || ref.FromCWD || ref.Absolute || ref.ArgEnd <= ref.ArgStart {
		return false
	}
	if ref.Start == ref.ArgStart && ref.End == ref.ArgEnd {
		return false // only a name, which other code will require
	}
	return !slices.ContainsFunc(ref.Candidates, func(c trace.Candidate) bool {
		return !asSpecifier.MatchString(c.Specifier) || c.Specifier == c.Path || path.Ext(c.Path) == ".node"
	})
}

// asSpecifier matches specifiers as code writes them: relative, internal or bare.
var asSpecifier = regexp.MustCompile(`^(\.{1,2}/|#|@|[A-Za-z0-9_~])`)

// maxAsset bounds what one place of the code may read into the zip, in bytes:
// Lambda's limit on an unzipped function.
const maxAsset = 262_144_000

// TooLarge reports whether what a module reads is more than a function may hold.
func TooLarge(asset trace.Asset) bool { return asset.Bytes > maxAsset }

// asset adds the files that a module reads at run time.
func (a *Asked) asset(module string, finding *trace.Result, asset trace.Asset) {
	if TooLarge(asset) {
		return
	}
	for _, file := range asset.Files {
		if a.leavesOut(finding, asset, file) {
			continue
		}
		if !asset.Read && !asset.Served && !isCode(file) && !inPackage(file) && (a.isOwnModule(file) || declares.MatchString(file)) {
			continue // compiled, or never loaded
		}
		if info, err := a.project.Files().Stat(a.project.Absolute(file)); err == nil && info.Mode().IsRegular() {
			if asset.FromCWD {
				a.fromCWD[file] = info.Size()
				continue
			}
			a.assets[file] = info.Size()
			a.misplaced = a.misplaced || a.layout.Misplaces(module, file)
		}
	}
	for _, folder := range asset.Through {
		a.through[folder] = true
	}
}

// leavesOut reports whether a bundled module does not need a file of those that it may
// read.
func (a *Asked) leavesOut(finding *trace.Result, asset trace.Asset, file string) bool {
	return a.Unread != nil && a.Unread(file) || a.forPeople(finding, asset, file)
}

// Data adds a file that bundled modules read, by input.
func (a *Asked) Data(file string) {
	if info, err := a.project.Files().Stat(a.project.Absolute(file)); err == nil && info.Mode().IsRegular() {
		a.assets[file] = info.Size()
	}
}

// Addon adds a native addon that bundled code requires by a plain string, and the
// shared libraries it links. An addon for another platform is left out.
func (a *Asked) Addon(file string) {
	if platform, err := native.ReadFile(a.project.FS(), file); err != nil || !platform.Fits(a.target) {
		return
	}
	for _, name := range append([]string{file}, native.Libraries(a.project.FS(), file)...) {
		if info, err := a.project.Files().Stat(a.project.Absolute(name)); err == nil && info.Mode().IsRegular() {
			a.assets[name] = info.Size()
		}
	}
}

// isCode reports whether a file is JavaScript that Node could load.
func isCode(file string) bool {
	switch path.Ext(file) {
	case ".js", ".cjs", ".mjs":
		return true
	}
	return false
}
