package node

import (
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/node/kept"
)

// placed is where everything lies in the zip.
type placed struct {
	code    string      // the bundle's name
	files   []kept.File // copied as they are
	folders []string    // folders that paths go through and that hold no file
}

// place gives the bundle and every file beside it their places in the zip. Inputs that are
// withheld get none.
func (b *builder) place(s *settled, withheld map[string]bool) placed {
	p := placed{code: outputName(s.f, s.plan), files: s.tree.Files()}
	if name, ok := s.tree.StartedAs(s.f.Entry); ok && b.startsAs(s, p, name) {
		p.code = name
	}
	// What loads the entry by its path gets the bundle.
	p.files = slices.DeleteFunc(p.files, func(f kept.File) bool { return f.Input == s.f.Entry && (f.Content != nil || f.Name == p.code) })
	p.files = slices.DeleteFunc(p.files, func(f kept.File) bool { return withheld[f.Input] })
	names := map[string]bool{p.code: true}
	for _, f := range p.files {
		names[f.Name] = true
	}
	p.folders = s.tree.Folders(names)
	if !s.plan.esm && path.Ext(p.code) == ".js" && b.readAsModule(p, b.Extra(s.f)) {
		p.code = strings.TrimSuffix(p.code, path.Ext(p.code)) + ".cjs"
	}
	return p
}

// startsAs reports whether the bundle may have the name under which a thread or a process
// of its own starts the entry: Lambda finds it there, and Node reads it in its format.
func (b *builder) startsAs(s *settled, p placed, name string) bool {
	if ext := path.Ext(name); strings.TrimSuffix(name, ext) != strings.TrimSuffix(p.code, path.Ext(p.code)) {
		return false
	} else if ext != ".js" {
		return ext == ".mjs" && s.plan.esm || ext == ".cjs" && !s.plan.esm
	}
	p.code = name
	return s.plan.esm == b.readAsModule(p, b.Extra(s.f))
}

// readAsModule reports whether the package.json that holds for the bundle in the
// zip makes Node read .js files as ES modules.
func (b *builder) readAsModule(p placed, extra []packager.File) bool {
	sources := map[string]string{}
	for _, f := range extra {
		sources[f.Name] = f.Source
	}
	for _, f := range p.files {
		if f.Content == nil {
			sources[f.Name] = f.Source
		}
	}
	for dir := path.Dir(p.code); ; dir = path.Dir(dir) {
		if source, found := sources[path.Join(dir, "package.json")]; found {
			m := b.packages.Manifest(filepath.Dir(source))
			return m != nil && m.Type == "module"
		}
		if dir == "." {
			return false
		}
	}
}

// shadowing are the names that Lambda would load instead of the bundle of that
// name. Mostly they are sources: the runtime looks for the handler's file without
// an extension first, then for .js, .mjs and .cjs.
// Source: src/UserFunction.js of aws-lambda-ric.
func shadowing(name string) []string {
	stem := strings.TrimSuffix(name, path.Ext(name))
	return slices.DeleteFunc([]string{stem, stem + ".js", stem + ".mjs", stem + ".cjs"}, func(other string) bool { return other == name })
}

// keptPackages lists the packages that stay files, with sizes and the reason. files are
// those beside the bundle, as they ship.
func keptPackages(s *settled, files []kept.File) []packager.Kept {
	saved := map[string]int64{} // by source
	for _, f := range files {
		if f.Source != "" {
			saved[f.Source] = f.Bytes - shipped(f)
		}
	}
	var all []packager.Kept
	for _, p := range s.tree.Packages() {
		if len(p.Files) == 0 {
			continue
		}
		k := packager.Kept{Package: p.Name, Reason: "required by a package that ships as files"}
		k.Files, k.Bytes = s.tree.Shipped(p)
		holdsAddon := false
		for file := range p.Files {
			k.Bytes -= saved[file]
			holdsAddon = holdsAddon || strings.HasSuffix(file, ".node")
		}
		stays := slices.Contains(s.plan.files, p.Name)
		switch {
		case p.Name == "":
			k.Package, k.Reason = "(own files)", "started or loaded by path at run time"
		case s.plan.tracer != "" && stays:
			k.Reason = s.plan.tracer + " instruments it by hooking require"
		case slices.Contains(s.plan.shippedTwice, p.Name):
			k.Reason = "workers or code loaded by path also need it, so bundling it would ship it twice"
		case stays:
			k.Reason = "loads a native addon"
		case holdsAddon:
			k.Reason = "contains a native addon"
		}
		all = append(all, k)
	}
	return all
}
