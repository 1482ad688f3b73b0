package kept

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// ErrTooMany is the error of a function that needs more files than can be shipped.
var ErrTooMany = fmt.Errorf("needs more than %d files beside its bundle", maxFiles)

// follow handles requests until none is left.
func (t *Tree) follow(ctx context.Context, build api.PluginBuild) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		if len(t.queue) == 0 && !t.askForPlatform() {
			return nil
		}
		next := t.queue[0]
		t.queue = t.queue[1:]
		if file := t.find(build, next); file != "" {
			t.enter(build, next, file)
		}
		if len(t.seen) > maxFiles {
			return ErrTooMany
		}
	}
}

// find returns the file that a request leads to, where it is one to be shipped.
func (t *Tree) find(build api.PluginBuild, r Request) string {
	root := t.project.Root()
	file := r.File
	if file == "" {
		if js.Builtin(r.Specifier) {
			return ""
		}
		var external bool
		if file, external = t.resolution.Find(build, r.Dir, r.Specifier, r.Kind); file == "" {
			if !external && t.project.MainOutside(r.Dir, r.Specifier) {
				t.Problems = append(t.Problems, Problem{Kind: MainOutside, Importer: t.project.Relative(r.Dir), Specifier: r.Specifier})
				return ""
			}
			if name := js.PackageName(r.Specifier); !external && name != "" && t.project.Strays(r.Dir, name) {
				t.Problems = append(t.Problems, Problem{
					Kind: Outside, Importer: t.project.Relative(r.Dir), Guarded: r.Guarded, Specifier: r.Specifier,
				})
				return ""
			}
			if !external && !r.Guarded {
				p := Problem{Kind: Unresolved, Importer: t.project.Relative(r.Dir), Specifier: r.Specifier}
				if r.AtLoad {
					p.File = r.importer
				}
				t.Problems = append(t.Problems, p)
			}
			return ""
		}
		if installed.NameOf(installed.PackageDir(file)) != r.Specifier && t.project.MainOutside(r.Dir, r.Specifier) {
			t.Problems = append(t.Problems, Problem{Kind: MainOutside, Importer: t.project.Relative(r.Dir), Specifier: r.Specifier})
			return ""
		}
	}
	place, err := t.project.Files().Judge(file)
	if errors.Is(err, projectfs.ErrOutside) || err == nil && !installed.Inside(root, place.Path) || !installed.Inside(root, file) {
		t.Problems = append(t.Problems, Problem{
			Kind: Outside, Importer: t.project.Relative(r.Dir), Guarded: r.Guarded,
			Specifier: cmp.Or(r.Specifier, path.Base(filepath.ToSlash(file))),
		})
		return ""
	}
	// What is read by its path lies where the link is. A module is loaded from
	// where the link leads, and so is a package that is linked.
	if err == nil && (r.File == "" || isCode(filepath.ToSlash(file)) || t.linkedPackage(file)) {
		return place.Path
	}
	return file
}

// enter adds the file of a request to its package, and records who asked for it.
func (t *Tree) enter(build api.PluginBuild, r Request, file string) {
	owner := t.ownerOf(file, r)
	if !r.Guarded && t.needs(r.from, owner) {
		owner.Needed = true
	}
	if !r.Guarded && !r.goesByPath() && r.from != owner && js.PackageName(r.Specifier) == owner.Name {
		owner.askedBy[r.from] = true
	}
	if r.from != nil {
		r.from.asks[owner] = true
		if Locates(owner.Name) && r.from != owner {
			r.from.Addons++
		}
	}
	if input := t.project.Relative(file); path.Ext(input) == ".json" && path.Base(input) != "package.json" && r.File == "" && t.jsonAs[input] != api.ResolveJSRequireResolve {
		t.jsonAs[input] = r.Kind
	}
	if r.AtLoad {
		t.atLoad[r.importer] = append(t.atLoad[r.importer], file)
	}
	if importer := t.project.Relative(r.importer); r.importer != "" && t.own.uses[importer] != 0 {
		if t.needed[importer] == nil {
			t.needed[importer] = map[string]bool{}
		}
		t.needed[importer][t.project.Relative(file)] = true
	}
	if !r.Guarded && t.requiresModule(r, file) {
		p := Problem{
			Kind: RequiresModule, Importer: t.project.Relative(cmp.Or(r.importer, r.Dir)), Specifier: r.Specifier, Module: t.project.Relative(file),
		}
		if r.AtLoad {
			p.File = cmp.Or(r.importer, r.Dir)
		}
		t.Problems = append(t.Problems, p)
	}
	t.take(file, owner, max(r.use, byMain), build)
	if strings.HasPrefix(r.Specifier, ".") {
		if r.importer != "" && t.misplaces(r, file, owner) {
			t.Problems = append(t.Problems, Problem{
				Kind: Misplaced, Importer: t.project.Relative(r.importer), Specifier: r.Specifier, Guarded: r.Guarded,
			})
		}
		at := filepath.Join(r.Dir, filepath.FromSlash(r.Specifier))
		if m := t.project.Manifest(at); owner == t.own && m != nil && m.Main != "" {
			t.takeManifest(at)
		}
	}
	if at, m := t.project.Nearest(r.Dir); r.from == t.own && r.Specifier != "" && m != nil &&
		(strings.HasPrefix(r.Specifier, "#") || js.PackageName(r.Specifier) == m.Name) {
		t.takeManifest(at) // its imports, or its exports to itself
	}
}

// requiresModule reports whether a request is a require of an ES module that ships as
// a file, where Node does not answer that. Own modules are compiled.
func (t *Tree) requiresModule(r Request, file string) bool {
	if r.Kind != api.ResolveJSRequireCall || r.Specifier == "" || t.resolution.RequiresModules || installed.PackageDir(file) == "" {
		return false
	}
	extension := filepath.Ext(file)
	return extension == ".mjs" || extension == ".js" && t.project.IsESM(t.project.Relative(file))
}

// misplaces reports whether one of the project's own files requests a file by a
// relative path that leads elsewhere in the zip.
func (t *Tree) misplaces(by Request, file string, owner *Package) bool {
	if by.from != t.own {
		return false
	}
	rel, err := filepath.Rel(filepath.Dir(by.importer), file)
	from := path.Dir(t.place(t.own, by.importer))
	return err != nil || path.Join(from, filepath.ToSlash(rel)) != t.place(owner, file)
}

// linkedPackage reports whether the package that holds a file is itself reached
// by a link, as pnpm and npm link make them.
func (t *Tree) linkedPackage(file string) bool {
	dir := installed.PackageDir(file)
	if dir == "" {
		return false
	}
	real, err := t.project.Files().Real(dir)
	return err == nil && real != dir
}

// needs reports whether an unguarded request makes a package indispensable: a
// request of own code does, and that of an indispensable package that lists it.
func (t *Tree) needs(from, owner *Package) bool {
	if from == owner {
		return false // nothing new
	}
	if from == nil || from.Name == "" {
		return true
	}
	m := t.project.Manifest(from.Dir)
	if m == nil || !from.Needed {
		return false
	}
	_, listed := m.Dependencies[owner.Name]
	_, optional := m.OptionalDependencies[owner.Name] // npm copies these into dependencies
	return listed && !optional
}

// ownerOf finds the package that a file belongs to and gives it a place in the
// zip: below the package that it is installed in, where the request comes from there; at
// the top where the name is free there; else below the package that requests it.
func (t *Tree) ownerOf(file string, by Request) *Package {
	dir := installed.PackageDir(file)
	name := ""
	if dir != "" {
		name = filepath.ToSlash(dir[strings.LastIndex(filepath.ToSlash(dir), "node_modules/")+len("node_modules/"):])
	} else if asked := js.PackageName(by.Specifier); asked != "" {
		// A linked package of the workspace, asked for by its name.
		if at, m := t.project.Nearest(filepath.Dir(file)); m != nil && m.Name == asked {
			dir, name = at, asked
		}
	}
	if dir == "" {
		return t.own
	}
	p := t.packages[dir]
	if p == nil {
		p = t.addPackage(dir, name, by)
	}
	if by.goesByPath() && (by.from == nil || by.from == t.own) {
		if in := installed.PackageDir(t.project.Relative(by.File)); in != "" {
			p.at = t.layout.Place(filepath.ToSlash(in))
		}
	}
	return p
}

// goesByPath reports whether code loads a file by its path, not by a name.
func (r Request) goesByPath() bool {
	return r.File != "" && r.use != asText && (r.Specifier == "" || r.use&alone != 0)
}

func (t *Tree) addPackage(dir, name string, by Request) *Package {
	place := "node_modules/" + name
	if in := t.packages[installed.PackageDir(filepath.Dir(filepath.Dir(dir)))]; in != nil && by.from != nil && strings.HasPrefix(by.from.Place+"/", in.Place+"/") {
		place = in.Place + "/node_modules/" + name
	} else if t.places[place] != nil && by.from != nil && by.from.Place != "" {
		place = by.from.Place + "/node_modules/" + name
	}
	p := newPackage(dir, name, place, by.from)
	p.named = !by.goesByPath()
	t.packages[dir] = p
	if t.places[place] == nil {
		t.places[place] = p
	}
	return p
}
