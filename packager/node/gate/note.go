package gate

import (
	"bytes"
	"path/filepath"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// What esbuild looks for on the way to a module is recorded here: a file that appears
// there later would be taken instead.

// noteConfig looks for settings in a tsconfig that say where specifiers lead. An escape may
// hide their names.
func (g *Gate) noteConfig(text []byte) {
	if !bytes.Contains(text, []byte(`paths`)) && !bytes.Contains(text, []byte(`baseUrl`)) && !bytes.Contains(text, []byte(`\u`)) {
		return
	}
	g.maps.Store(true)
	if bytes.Contains(text, []byte("node_modules")) {
		for _, key := range []string{`paths`, `baseUrl`, `\u`} {
			if bytes.Contains(text, []byte(key)) {
				g.files.Doubt("a tsconfig may map specifiers to installed packages")
				return
			}
		}
	}
}

// note records where esbuild looks for a specifier of code in dir.
func (g *Gate) note(dir, specifier string) {
	if g.files.Recorded() == nil || !installed.Inside(g.packages.Root(), dir) {
		return
	}
	g.noteNames(dir)
	if strings.HasPrefix(specifier, ".") || filepath.IsAbs(specifier) {
		return // path judges it
	}
	own := installed.PackageDir(filepath.Join(dir, "_")) == ""
	name := js.PackageName(specifier)
	if name == "" {
		if own && !js.Builtin(specifier) {
			g.files.NoteTree() // such as "#x"
		}
		return
	}
	at := ""
	if !js.Builtin(specifier) {
		at = g.packages.Find(dir, name)
	}
	if own && (g.maps.Load() || at == "" && !js.Builtin(specifier)) {
		g.files.NoteTree()
	}
	if at == "" {
		return
	}
	g.noteModule(at)
	g.noteModule(filepath.Join(at, filepath.FromSlash(strings.TrimPrefix(specifier, name))))
	g.noteFolder(at)
}

// noteNames records the package.json and node_modules of a folder and of those above it.
func (g *Gate) noteNames(dir string) {
	for at := dir; installed.Inside(g.packages.Root(), at); at = filepath.Dir(at) {
		g.packages.ReadUnasked(at)
		g.files.NoteNames(at, "node_modules")
		if at == g.packages.Root() {
			return
		}
	}
}

// noteModule records the names that a path may mean: with any extension, or a folder.
func (g *Gate) noteModule(target string) {
	if g.files.Recorded() == nil || !installed.Inside(g.packages.Root(), target) {
		return
	}
	g.files.NoteName(target)
	g.noteFolder(target)
}

// noteFolder records what esbuild may take from a folder that is imported.
func (g *Gate) noteFolder(dir string) {
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
