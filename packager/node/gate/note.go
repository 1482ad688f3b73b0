package gate

import (
	"path/filepath"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// What esbuild looks for on the way to a module is recorded here: a file that appears
// there later would be taken instead.

// note records where esbuild looks for a specifier of code in dir.
func (g *Gate) note(dir, specifier string) {
	if g.files.Recorded() == nil || !installed.Inside(g.packages.Root(), dir) {
		return
	}
	g.noteNames(dir)
	if strings.HasPrefix(specifier, ".") {
		return // path judges it
	}
	own := installed.PackageDir(filepath.Join(dir, "_")) == ""
	if own {
		g.noteMapped(dir, specifier)
	}
	if filepath.IsAbs(specifier) {
		return
	}
	name := js.PackageName(specifier)
	if own && (strings.HasPrefix(specifier, "#") || g.isOwnName(dir, name)) {
		g.files.NoteTree() // a package.json says where it leads
	}
	if name == "" || js.Builtin(specifier) {
		return
	}
	at := g.packages.Find(dir, name)
	if at == "" {
		return
	}
	g.noteModule(at)
	g.noteModule(filepath.Join(at, filepath.FromSlash(strings.TrimPrefix(specifier, name))))
	g.noteFolder(at)
}

// isOwnName reports whether a package of the project, to which dir belongs, has a name: then
// its code may import itself.
func (g *Gate) isOwnName(dir, name string) bool {
	if name == "" {
		return false
	}
	for at := dir; installed.Inside(g.packages.Root(), at); at = filepath.Dir(at) {
		if m := g.packages.Manifest(at); m != nil && m.Name == name {
			return true
		}
		if at == g.packages.Root() {
			break
		}
	}
	return false
}

// noteMapped records what a tsconfig may map a specifier to.
func (g *Gate) noteMapped(dir, specifier string) {
	for at := dir; ; at = filepath.Dir(at) {
		g.mu.Lock()
		m := g.mappings[at]
		g.mu.Unlock()
		if m != nil {
			g.noteTargets(m, specifier)
		}
		if at == g.packages.Root() || filepath.Dir(at) == at {
			break
		}
	}
	g.mu.Lock()
	m := g.mappings[""]
	g.mu.Unlock()
	if m != nil {
		g.noteTargets(m, specifier)
	}
}

func (g *Gate) noteTargets(m *mapping, specifier string) {
	if m.unknown {
		g.files.NoteTree()
		g.files.Doubt("a tsconfig that cannot be read may map specifiers to installed packages")
		return
	}
	for _, target := range m.targets(specifier) {
		if target = filepath.Clean(target); installed.Inside(g.packages.Root(), target) {
			g.noteNames(filepath.Dir(target))
			g.noteModule(target)
		}
	}
}

// noteNames records the package.json and node_modules of a folder and of those above it.
func (g *Gate) noteNames(dir string) {
	for at := dir; installed.Inside(g.packages.Root(), at) && g.first("names of", at); at = filepath.Dir(at) {
		g.packages.ReadUnasked(at)
		g.files.NoteNames(at, "node_modules")
		if at == g.packages.Root() {
			return
		}
	}
}

// noteModule records the names that a path may mean: with any extension, or a folder.
func (g *Gate) noteModule(target string) {
	if g.files.Recorded() == nil || !installed.Inside(g.packages.Root(), target) || !g.first("module", target) {
		return
	}
	g.files.NoteName(target)
	g.noteFolder(target)
}

// noteFolder records what esbuild may take from a folder that is imported.
func (g *Gate) noteFolder(dir string) {
	if !g.first("folder", dir) {
		return
	}
	if info, err := g.files.Stat(dir); err != nil || !info.IsDir() {
		return
	}
	g.noteNames(dir)
	g.files.NoteFolder(dir)
	m := g.packages.Manifest(dir)
	if m == nil {
		return
	}
	for _, name := range append([]string{m.Main, m.Module}, leaves(m.Exports)...) {
		if name == "" || strings.Contains(name, "*") {
			continue
		}
		target := filepath.Join(dir, filepath.FromSlash(name))
		if !installed.Inside(g.packages.Root(), target) {
			continue
		}
		g.files.NoteName(target)
		if info, err := g.files.Stat(target); err == nil && info.IsDir() && target != dir {
			g.packages.ReadUnasked(target)
			g.files.NoteFolder(target)
		}
	}
}

// first reports whether something was not yet recorded of a path. The files are the same for
// as long as there is the gate.
func (g *Gate) first(what, path string) bool {
	key := noted{what, path}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.noted[key] {
		return false
	}
	g.noted[key] = true
	return true
}

// noted is what was recorded of a path.
type noted struct{ what, path string }
