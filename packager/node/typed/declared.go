package typed

import (
	"cmp"
	"encoding/json"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/packager/node/installed"
)

// finder finds the files that declare modules, for sources of one set of options.
type finder struct {
	set *Set
	// resolve is the file that the build takes for a specifier, absolute, "" for none.
	resolve func(specifier, dir string) string
}

// Read is that of [typescript.Resolver].
func (f finder) Read(file string) ([]byte, error) { return f.set.text(file) }

// Types is that of [typescript.Resolver].
func (f finder) Types(specifier, from string) string {
	packages := f.set.packages
	switch {
	case specifier == "":
		return ""
	case specifier == "." || specifier == ".." || strings.HasPrefix(specifier, "./") || strings.HasPrefix(specifier, "../"):
		return f.declared(path.Join(path.Dir(from), specifier))
	}
	dir := filepath.Dir(packages.Absolute(from))
	name, rest := split(specifier)
	if at := packages.Find(dir, name); at != "" && installed.PackageDir(filepath.Join(at, "_")) != "" {
		if file := f.ofPackage(packages.Relative(at), rest); file != "" {
			return file
		}
	}
	mangled := strings.ReplaceAll(strings.TrimPrefix(name, "@"), "/", "__")
	if at := packages.Find(dir, "@types/"+mangled); at != "" {
		if file := f.ofPackage(packages.Relative(at), rest); file != "" {
			return file
		}
	}
	// A path or alias of the project's own, or a package of its workspace.
	if file := f.resolve(specifier, dir); file != "" && installed.Inside(packages.Root(), file) {
		return f.declared(packages.Relative(file))
	}
	return ""
}

// sources are the extensions of what declares types.
var sources = []string{".ts", ".tsx", ".d.ts", ".mts", ".cts", ".d.mts", ".d.cts"}

// written are the extensions that a specifier may have, with those of the sources
// that they are made from.
var written = map[string][]string{
	".js": {".ts", ".tsx", ".d.ts"}, ".jsx": {".tsx", ".d.ts"}, ".mjs": {".mts", ".d.mts"}, ".cjs": {".cts", ".d.cts"},
}

// declared is the file that declares the module at a path.
func (f finder) declared(at string) string {
	if file := f.byName(at); file != "" {
		return file
	}
	if m := f.manifest(at); m != nil {
		for _, name := range []string{m.Types, m.Typings, m.Main} {
			if name != "" && path.Clean(name) != "." {
				to := path.Join(at, name)
				if file := f.byName(to); file != "" {
					return file
				}
				if file := f.index(to); file != "" { // its package.json counts no more
					return file
				}
			}
		}
	}
	return f.index(at)
}

// byName is the source or declaration file of a path.
func (f finder) byName(at string) string {
	extension := path.Ext(at)
	if (extension == ".ts" || extension == ".tsx" || extension == ".mts" || extension == ".cts") && f.exists(at) {
		return at
	}
	for _, e := range written[extension] {
		if file := strings.TrimSuffix(at, extension) + e; f.exists(file) {
			return file
		}
	}
	for _, e := range sources {
		if f.exists(at + e) {
			return at + e
		}
	}
	return ""
}

// index is that of a folder.
func (f finder) index(at string) string {
	for _, e := range sources {
		if file := path.Join(at, "index"+e); f.exists(file) {
			return file
		}
	}
	return ""
}

func (f finder) exists(file string) bool {
	info, err := fs.Stat(f.set.packages.FS(), file)
	return err == nil && info.Mode().IsRegular()
}

// manifest is the part of a package.json that tells where types are.
type manifest struct {
	Main          string                         `json:"main"`
	Types         string                         `json:"types"`
	Typings       string                         `json:"typings"`
	Exports       json.RawMessage                `json:"exports"`
	TypesVersions map[string]map[string][]string `json:"typesVersions"`
}

func (f finder) manifest(dir string) *manifest {
	data, err := f.set.text(path.Join(dir, "package.json"))
	if err != nil {
		return nil
	}
	var m manifest
	if json.Unmarshal(data, &m) != nil {
		var plain struct{ Main, Types, Typings string } // one field of another shape does not lose the others
		if json.Unmarshal(data, &plain) != nil {
			return nil
		}
		m = manifest{Main: plain.Main, Types: plain.Types, Typings: plain.Typings}
	}
	return &m
}

// ofPackage is the file that declares a package, or the part rest of it.
func (f finder) ofPackage(dir, rest string) string {
	m := f.manifest(dir)
	if m == nil {
		return f.declared(path.Join(dir, rest))
	}
	key := "."
	if rest != "" {
		key = "./" + rest
	}
	for _, target := range exportTargets(m.Exports, key) {
		if file := f.declared(path.Join(dir, target)); file != "" {
			return file
		}
	}
	for _, version := range slices.Sorted(maps.Keys(m.TypesVersions)) {
		paths := m.TypesVersions[version]
		for _, pattern := range longestFirst(paths) {
			targets := paths[pattern]
			if matched, ok := star(pattern, rest); ok && rest != "" && len(targets) > 0 {
				if file := f.declared(path.Join(dir, strings.ReplaceAll(targets[0], "*", matched))); file != "" {
					return file
				}
			}
		}
	}
	return f.declared(path.Join(dir, rest))
}

// exportTargets are the files that "exports" has for a key, those for types first.
func exportTargets(exports json.RawMessage, key string) []string {
	var entries map[string]json.RawMessage
	if json.Unmarshal(exports, &entries) != nil {
		if key == "." {
			return conditions(exports)
		}
		return nil
	}
	subpaths := false
	for name := range entries {
		subpaths = subpaths || strings.HasPrefix(name, ".")
	}
	if !subpaths {
		if key == "." {
			return conditions(exports)
		}
		return nil
	}
	if exact, ok := entries[key]; ok {
		return conditions(exact)
	}
	for _, pattern := range longestFirst(entries) {
		if matched, ok := star(pattern, key); ok && strings.Contains(pattern, "*") {
			var found []string
			for _, target := range conditions(entries[pattern]) {
				found = append(found, strings.ReplaceAll(target, "*", matched))
			}
			return found
		}
	}
	return nil
}

// longestFirst are the patterns of a table, the most special ones first.
func longestFirst[V any](table map[string]V) []string {
	return slices.SortedFunc(maps.Keys(table), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b))
	})
}

// conditions lists the files that conditions lead to, in the order of preference.
func conditions(raw json.RawMessage) (files []string) {
	var value any
	if json.Unmarshal(raw, &value) != nil {
		return nil
	}
	var down func(value any)
	down = func(value any) {
		switch v := value.(type) {
		case string:
			files = append(files, v)
		case map[string]any:
			for _, condition := range []string{"types", "node", "require", "import", "module", "default"} {
				if inner, ok := v[condition]; ok {
					down(inner)
				}
			}
		}
	}
	down(value)
	return files
}

// star matches a pattern with one star and returns what the star stands for.
func star(pattern, text string) (string, bool) {
	before, after, found := strings.Cut(pattern, "*")
	if !found {
		return "", pattern == text
	}
	if len(text) < len(before)+len(after) || !strings.HasPrefix(text, before) || !strings.HasSuffix(text, after) {
		return "", false
	}
	return text[len(before) : len(text)-len(after)], true
}
