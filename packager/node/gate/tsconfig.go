package gate

import (
	"bytes"
	"errors"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// maxExtends bounds the files that one tsconfig extends.
const maxExtends = 100

// Config judges a tsconfig and the files that it extends, as esbuild finds them. file is
// absolute.
func (g *Gate) Config(file string) *analyzer.Diagnostic {
	m := &mapping{}
	d := g.config(file, map[string]bool{}, m)
	if m.unknown || len(m.baseURLs)+len(m.patterns) > 0 {
		of := filepath.Dir(file)
		if g.oneConfig {
			of = "" // all folders
		}
		g.mu.Lock()
		g.mappings[of] = m
		g.mu.Unlock()
	}
	return d
}

func (g *Gate) config(file string, seen map[string]bool, m *mapping) *analyzer.Diagnostic {
	place, err := g.files.Judge(file)
	if err != nil || seen[place.Path] {
		return nil
	}
	if seen[place.Path] = true; len(seen) > maxExtends {
		d := analyzer.Problem(analyzer.Error, "tsconfig", analyzer.Position{File: g.packages.Relative(place.Path)},
			"extend fewer files", "is one of more than %d files that a tsconfig.json extends, one by another", maxExtends)
		return &d
	}
	text, err := g.files.Read(place.Path, installed.MaxManifest)
	if err != nil {
		return nil // whoever names it has judged it
	}
	m.read(filepath.Dir(file), text)
	bases := extended(text)
	for _, b := range bases {
		position := analyzer.Position{
			File: g.packages.Relative(place.Path), Line: 1 + bytes.Count(text[:b.start], []byte("\n")),
			Column: b.start - bytes.LastIndexByte(text[:b.start], '\n'),
		}
		for _, candidate := range g.candidates(filepath.Dir(place.Path), b.name) {
			found, err := g.files.Judge(candidate)
			switch {
			case errors.Is(err, projectfs.ErrOutside):
			case err != nil || found.Info.IsDir():
				continue
			case !found.Info.Mode().IsRegular():
				err = projectfs.ErrIrregular
			case found.Info.Size() > installed.MaxManifest:
				err = projectfs.ErrTooLarge
			}
			if err != nil {
				d := projectfs.Refuse(err, b.name, position)
				return &d
			}
			if d := g.config(candidate, seen, m); d != nil {
				return d
			}
		}
	}
	return nil
}

// base is an element of "extends": its text, and its byte offset in the file.
type base struct {
	name  string
	start int
}

// extended lists what a tsconfig extends: a text or a list of texts. A repeated key counts
// each time. In a file that does not parse, every text counts: esbuild reports the mistake,
// and may read on before.
func extended(text []byte) []base {
	object, shift, err := object(text)
	var found []base
	if err != nil {
		for _, m := range texts.FindAllIndex(text, maxExtends) {
			found = append(found, base{string(text[m[0]+1 : m[1]-1]), m[0]})
		}
		return found
	}
	add := func(n *js.Node) {
		switch {
		case n == nil:
		case n.Kind == js.String:
			found = append(found, base{n.Name, int(n.Start) - shift})
		case n.Kind == js.Template && len(n.Texts) == 1:
			found = append(found, base{n.Texts[0], int(n.Start) - shift})
		}
	}
	if object == nil {
		return nil // esbuild reports it
	}
	for _, property := range object.List {
		if property.Kind != js.Property || property.Name != "extends" || property.Y == nil {
			continue
		}
		if property.Y.Kind != js.Array {
			add(property.Y)
			continue
		}
		for _, item := range property.Y.List {
			add(item)
		}
	}
	return found
}

// object reads JSON with comments as an expression of JavaScript. It returns nil if that is
// not an object. shift is what to take from the offset of a node, to have that in the text.
func object(text []byte) (object *js.Node, shift int, err error) {
	const before = "(\n"
	source := append([]byte(before), bytes.TrimPrefix(text, []byte("\ufeff"))...)
	shift = len(source) - len(text)
	tree, err := js.Parse(append(source, "\n)"...))
	if err != nil || tree.Top == nil || len(tree.Top.List) == 0 {
		return nil, shift, err
	}
	if object = tree.Top.List[0].X; object == nil || object.Kind != js.Object {
		return nil, shift, nil
	}
	return object, shift, nil
}

// texts matches what may be a text in a file that does not parse.
var texts = regexp.MustCompile(`"[^"\r\n]+"|'[^'\r\n]+'`)

// candidates are all files that esbuild may read for an element of "extends" in a file of
// dir.
// Source: parseTSConfigFromSource in internal/resolver of esbuild 0.28.2.
func (g *Gate) candidates(dir, name string) []string {
	native := filepath.FromSlash(name)
	switch {
	case name == "." || name == "..":
		return []string{filepath.Join(dir, native, "tsconfig.json")}
	case filepath.IsAbs(native):
		return []string{native, native + ".json"}
	case strings.HasPrefix(name, "./") || strings.HasPrefix(name, "../"):
		return []string{filepath.Join(dir, native), filepath.Join(dir, native+".json")}
	}
	var all []string
	pkg := js.PackageName(name)
	if at := g.packages.Find(dir, pkg); pkg != "" && at != "" {
		all = append(all, g.inPackage(at, strings.TrimPrefix(name, pkg))...)
	}
	for at := dir; ; at = filepath.Dir(at) {
		if filepath.Base(at) != "node_modules" {
			join := filepath.Join(at, "node_modules", native)
			all = append(all, filepath.Join(join, "tsconfig.json"), join, join+".json")
			if pkg != "" {
				all = append(all, g.inPackage(filepath.Join(at, "node_modules", filepath.FromSlash(pkg)), strings.TrimPrefix(name, pkg))...)
			}
		}
		if filepath.Dir(at) == at {
			return all
		}
	}
}

// inPackage are the files of a package that its package.json may mean by a subpath.
func (g *Gate) inPackage(dir, subpath string) []string {
	join := filepath.Join(dir, filepath.FromSlash(subpath))
	all := []string{filepath.Join(join, "tsconfig.json"), join, join + ".json"}
	m := g.packages.Manifest(dir)
	if m == nil {
		return all
	}
	if m.TSConfig != "" {
		at := filepath.FromSlash(m.TSConfig)
		if !filepath.IsAbs(at) {
			at = filepath.Join(dir, at)
		}
		all = append(all, filepath.Join(at, "tsconfig.json"), at, at+".json")
	}
	for _, leaf := range leaves(m.Exports) {
		for _, star := range append([]string{""}, suffixes(subpath)...) {
			all = append(all, filepath.Join(dir, filepath.FromSlash(strings.ReplaceAll(leaf, "*", star))))
			if !strings.Contains(leaf, "*") {
				break
			}
		}
	}
	return all
}

// suffixes are all parts of a subpath that the "*" of an exports pattern may stand for.
func suffixes(subpath string) []string {
	var all []string
	subpath = strings.TrimPrefix(subpath, "/")
	for i := range subpath {
		for j := i + 1; j <= len(subpath); j++ {
			all = append(all, subpath[i:j])
		}
		if i > 64 {
			break
		}
	}
	return all
}
