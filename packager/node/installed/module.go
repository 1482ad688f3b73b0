package installed

import (
	"path"
	"path/filepath"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// OtherBuild is [Tree.ModuleBuild] with absolute paths, and remembers nothing.
func (t *Tree) OtherBuild(file string) (dir, main string) {
	top := PackageDir(file)
	if top == "" {
		return "", ""
	}
	for at := filepath.Dir(file); Inside(top, at); at = filepath.Dir(at) {
		// A package.json in a folder of a build often says no more than its type.
		if m := t.Manifest(at); m != nil && (at == top || m.Main != "" || m.Module != "") {
			if m.Module == "" || t.loadAs(filepath.Join(at, filepath.FromSlash(m.Module))) != file {
				return "", ""
			}
			name := m.Main
			if name == "" {
				name = "index"
			}
			main = t.loadAs(filepath.Join(at, filepath.FromSlash(name)))
			if main == "" || main == file || !Inside(top, main) {
				return "", ""
			}
			return top, main
		}
		if at == top {
			break
		}
	}
	return "", ""
}

// ModuleBuild finds inputs that a package.json names as "module" while "main" is
// another file. It returns the package's folder and that other file, both relative
// to the root, else "" and "". The answer is remembered.
func (t *Tree) ModuleBuild(input string) (dir, main string) {
	t.mu.Lock()
	known, ok := t.modules[input]
	t.mu.Unlock()
	if ok {
		return known[0], known[1]
	}
	if dir, main = t.OtherBuild(filepath.Join(t.root, filepath.FromSlash(input))); dir != "" {
		dir, main = t.Relative(dir), t.Relative(main)
	}
	t.mu.Lock()
	t.modules[input] = [2]string{dir, main}
	t.mu.Unlock()
	return dir, main
}

// BuildsOf are the first files of the two builds of a package, those that its package.json
// names as "module" and as "main", relative to the root. Both are "" unless it names two.
func (t *Tree) BuildsOf(dir string) (module, main string) {
	m := t.Manifest(t.Absolute(dir))
	if m == nil || m.Module == "" {
		return "", ""
	}
	file := t.loadAs(filepath.Join(t.Absolute(dir), filepath.FromSlash(m.Module)))
	if _, main = t.OtherBuild(file); main == "" {
		return "", ""
	}
	return t.Relative(file), t.Relative(main)
}

// loadAs is Node's LOAD_AS_FILE then LOAD_INDEX for an absolute path, "" when
// there is no such file. Source: nodejs.org/api/modules.html#all-together
func (t *Tree) loadAs(file string) string {
	for _, suffix := range []string{"", ".js", ".json", ".mjs", ".cjs", "/index.js", "/index.json", "/index.mjs", "/index.cjs"} {
		candidate := filepath.Clean(file + filepath.FromSlash(suffix))
		if t.IsFile(candidate) {
			return candidate
		}
	}
	return ""
}

// MainOutside reports whether the package.json of an installed package names a main
// outside of its folder. Packages of a workspace may do that: their build often
// lies elsewhere in the project.
func (t *Tree) MainOutside(dir, specifier string) bool {
	name := js.PackageName(specifier)
	if name == "" || name != specifier {
		return false
	}
	at := t.Find(dir, name)
	if at == "" || PackageDir(filepath.Join(at, "_")) == "" {
		return false
	}
	m := t.Manifest(at)
	return m != nil && m.Exports == nil && (leaves(m.Main) || leaves(m.Module))
}

func leaves(file string) bool {
	file = path.Clean(filepath.ToSlash(file))
	return file == ".." || strings.HasPrefix(file, "../")
}
