package kept

import (
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer/trace"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// Reader says who reads a file beside the bundle, and so which bytes of it matter.
type Reader int

const (
	// Anyone: code reads the file, or may read it. Every byte matters.
	Anyone Reader = iota
	// NodeAlone: Node loads the file as a module, JSON among them, or runs it in a thread or process, and
	// nothing else names it.
	NodeAlone
	// Resolution: the file is a package.json that Node reads to find and load modules. Code
	// that looks for one above itself may read it too.
	Resolution
)

// asRead are the files that code may read by itself. A module that is imported, required
// or started is not among them by that alone.
type asRead struct {
	files map[string]bool // by input
	// folders are those of packages, "" for the project, whose code reads files by a path
	// that could not be computed: any of their own files may be meant.
	folders map[string]bool
}

// add adds what a module reads, as the tracer found.
func (r *asRead) add(module string, finding *trace.Result) {
	for _, asset := range finding.Assets {
		for _, file := range asset.Files {
			r.files[file] = true
		}
	}
	for _, ref := range finding.Modules {
		switch ref.Kind {
		case "worker", "fork":
			continue
		case "require", "import":
			if ref.Start != ref.ArgStart || ref.End != ref.ArgEnd {
				continue // it is loaded here, and is not only a name that is handed on
			}
		}
		for _, c := range ref.Candidates {
			r.files[c.Path] = true
		}
	}
	for _, e := range finding.Edits {
		r.files[e.Path] = true
	}
	if slices.ContainsFunc(finding.Uncertain, func(u trace.Uncertain) bool { return !u.Module && !u.Outside }) {
		r.folders[filepath.ToSlash(installed.PackageDir(module))] = true
	}
}

// readerOf says who reads a file, absolute and relative to the root.
func (t *Tree) readerOf(file, input string) Reader {
	read := t.asked.read
	if read.files[input] || read.folders[filepath.ToSlash(installed.PackageDir(input))] {
		return Anyone
	}
	_, asset := t.asked.assets[input]
	_, fromCWD := t.asked.fromCWD[input]
	switch used := t.seen[file]; {
	case asset || fromCWD || used&asText != 0:
		return Anyone
	case path.Base(input) == "package.json" && used == 0:
		return Resolution
	case isCode(input) && t.code[input], t.jsonAs[input] == api.ResolveJSRequireCall, t.jsonAs[input] == api.ResolveJSImportStatement:
		return NodeAlone
	}
	return Anyone
}

// forPeople reports whether a file of a package is among what code asks for only because
// it is in a folder with the rest, and is written for people and their tools: the
// declarations and the source map of a module that is there too, notices, and tests. What
// the code names, or could name by how a name ends, is not. Neither is what it reads by a
// name that it does not find in the folder: somebody may ask a server for such a file.
func (a *Asked) forPeople(finding *trace.Result, asset trace.Asset, file string) bool {
	if a.Whole || !inPackage(file) || asset.Served || file == asset.Path {
		return false
	}
	lists := func(other trace.Asset) bool { return other.Folder && strings.HasPrefix(asset.Pattern, other.Path+"/") }
	if asset.Pattern != "" && asset.Read && !slices.ContainsFunc(finding.Assets, lists) {
		return false
	}
	if tail := asset.Pattern[strings.LastIndexByte(asset.Pattern, '*')+1:]; tail != "" && strings.HasSuffix(file, tail) && path.Ext(tail) != ".js" {
		return false
	}
	if notice.MatchString(file) || tests.MatchString(file) {
		return true
	}
	stem, found := strings.CutSuffix(file, ".map")
	if found {
		return slices.Contains(asset.Files, stem)
	}
	if m := declaration.FindStringSubmatch(file); m != nil {
		_, there := slices.BinarySearch(asset.Files, m[1]+"."+m[2]+"js")
		return there
	}
	return false
}

var (
	notice      = regexp.MustCompile(`(?i)/(?:licen[cs]e|copying|readme|changelog|changes|history|contributing|authors|contributors|code_of_conduct)(?:[-.][\w-]+)?(?:\.(?:md|markdown|txt))?$`)
	tests       = regexp.MustCompile(`/__tests__/|\.(?:test|spec)\.[cm]?[jt]sx?(?:\.map)?$`)
	declaration = regexp.MustCompile(`^(.*)\.d\.([cm]?)ts(?:\.map)?$`)
)
