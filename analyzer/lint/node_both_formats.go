package lint

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// half is what a bundle has of a package in one format.
type half struct {
	inputs []int
	bytes  int64
	stems  map[string]bool
	// from is an importer outside of the package, "" for none.
	from string
}

// bothFormats finds packages of which the bundle has the same modules as CommonJS and as ES
// modules.
func (f *function) bothFormats() {
	packages := map[string]map[string]*half{}
	for i, in := range f.Inputs {
		dir := packageDir(in)
		if dir == "" || i >= len(f.Bytes) || f.Bytes[i] == 0 || in.Format != "cjs" && in.Format != "esm" {
			continue
		}
		if packages[dir] == nil {
			packages[dir] = map[string]*half{}
		}
		h := packages[dir][in.Format]
		if h == nil {
			h = &half{stems: map[string]bool{}}
			packages[dir][in.Format] = h
		}
		stem, _, _ := strings.Cut(path.Base(in.Path), ".")
		h.inputs, h.bytes, h.stems[stem] = append(h.inputs, i), h.bytes+f.Bytes[i], true
	}
	for _, dir := range slices.Sorted(maps.Keys(packages)) {
		common, es := packages[dir]["cjs"], packages[dir]["esm"]
		if common == nil || es == nil || min(common.bytes, es.bytes) < smallestCopy || !f.apart(common, es) || !alike(common, es) {
			continue
		}
		smaller, larger := common, es
		if cmp.Compare(es.bytes, common.bytes) < 0 {
			smaller, larger = es, common
		}
		name := f.Inputs[common.inputs[0]].Package
		f.found = append(f.found, Advice{
			Diagnostic: analyzer.Diagnostic{
				Code: f.code, Severity: analyzer.Note,
				Message: fmt.Sprintf("%s is in the bundle as CommonJS, for %s, and as ES modules, for %s: each half has its own state", dir, common.from, es.from),
				Hint:    "import " + name + " in one way everywhere; where a dependency requires it, update that, or set build.alias to one of the files",
			},
			Inputs: smaller.inputs, Instead: f.entryOf(larger, name), Source: "https://nodejs.org/api/packages.html#dual-package-hazard", BehaviourChanges: "what two halves did with state of their own is done with one",
		})
	}
}

// apart reports whether two halves of a package do not use each other, and are each imported
// from outside of the package. A wrapper in one format of code in the other is by design.
func (f *function) apart(common, es *half) bool {
	in := map[int]*half{}
	for _, h := range []*half{common, es} {
		for _, i := range h.inputs {
			in[i] = h
		}
	}
	for i, from := range f.reached() {
		for _, im := range from.Imports {
			to := in[im.To]
			switch {
			case to == nil, in[i] == to:
			case in[i] != nil:
				return false
			case i < len(f.Bytes) && (f.Bytes[i] > 0 || from.Package == "") && (to.from == "" || from.Path < to.from):
				to.from = from.Path
			}
		}
	}
	return common.from != "" && es.from != ""
}

// entryOf is the file that half of a package has for the package's name, "" if not all
// importers outside of the package ask for that.
func (f *function) entryOf(h *half, name string) (file string) {
	in := map[int]bool{}
	for _, i := range h.inputs {
		in[i] = true
	}
	for i, from := range f.reached() {
		for _, im := range from.Imports {
			switch {
			case in[i] || !in[im.To] || i < len(f.Bytes) && f.Bytes[i] == 0 && from.Package != "":
			case im.Specifier != name || file != "" && file != f.Inputs[im.To].Path:
				return ""
			default:
				file = f.Inputs[im.To].Path
			}
		}
	}
	return file
}

// alike reports whether most modules of the smaller half are in the other one by name.
func alike(common, es *half) bool {
	few, many := common.stems, es.stems
	if len(few) > len(many) {
		few, many = many, few
	}
	shared := 0
	for stem := range few {
		if many[stem] {
			shared++
		}
	}
	return shared*2 > len(few)
}
