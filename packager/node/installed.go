package node

import (
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/featherpack/featherpack/analyzer/trace/native"
)

// manifest is what we read of a package.json. Unknown shapes read as empty.
type manifest struct {
	Name                 string                             `json:"name"`
	Version              string                             `json:"version"`
	Type                 string                             `json:"type"`
	Main                 string                             `json:"main"`
	Module               string                             `json:"module"`
	License              any                                `json:"license"`
	Exports              json.RawMessage                    `json:"exports"`
	Dependencies         map[string]string                  `json:"dependencies"`
	OptionalDependencies map[string]string                  `json:"optionalDependencies"`
	PeerDependencies     map[string]string                  `json:"peerDependencies"`
	DevDependencies      map[string]string                  `json:"devDependencies"`
	PeerDependenciesMeta map[string]struct{ Optional bool } `json:"peerDependenciesMeta"`
	OS                   []string                           `json:"os"`
	CPU                  []string                           `json:"cpu"`
	Libc                 []string                           `json:"libc"`
}

// madeFor reports whether a package says that it is for a platform, and means
// this one. A list may rule values out with "!".
func (m *manifest) madeFor(p native.Platform) bool {
	if len(m.OS) == 0 && len(m.CPU) == 0 {
		return false
	}
	fits := func(list []string, value string) bool {
		ruledIn := len(list) == 0
		for _, item := range list {
			if item == "!"+value {
				return false
			}
			ruledIn = ruledIn || item == value || strings.HasPrefix(item, "!")
		}
		return ruledIn
	}
	return fits(m.OS, p.OS) && fits(m.CPU, p.CPU) && fits(m.Libc, p.Libc)
}

// dependsOn reports whether the package needs name in production: a regular,
// optional or non-optional peer dependency.
func (m *manifest) dependsOn(name string) bool {
	if _, ok := m.Dependencies[name]; ok {
		return true
	}
	if _, ok := m.OptionalDependencies[name]; ok {
		return true
	}
	_, peer := m.PeerDependencies[name]
	return peer && !m.PeerDependenciesMeta[name].Optional
}

// installed reads the package tree below a root, each file once. It is safe
// for use by the many goroutines of esbuild's scan.
type installed struct {
	root      string // absolute, free of symlinks
	archives         // packages that lie in zips
	mu        sync.Mutex
	manifests map[string]*manifest       // by absolute folder; nil where there is none
	found     map[[2]string]string       // (folder, package name) -> the package's folder
	modules   map[string][2]string       // input -> its package and other build: moduleBuildOf
	shared    map[string]string          // archives of a cache outside the root, by shown path
	pnps      map[string]*pnp            // by absolute folder; nil where there is none
	huge      map[string]bool            // folders whose package.json is larger than maxManifest
	insisted  map[string]map[string]bool // by absolute file: insists
	twins     map[string]map[string]bool // by absolute folder: folded
	twinned   map[string]bool            // by absolute folder: hasTwin
	linked    map[[2]string]string       // by folder and package name: linkedTwin
}

// maxManifest bounds a package.json, in bytes. The largest of npm's have some
// hundred kilobytes; esbuild reads any into memory several times over.
const maxManifest = 16 << 20

func newInstalled(root string) *installed {
	return &installed{root: root, manifests: map[string]*manifest{}, found: map[[2]string]string{}, modules: map[string][2]string{}, pnps: map[string]*pnp{}, shared: map[string]string{}, huge: map[string]bool{}, insisted: map[string]map[string]bool{}, twins: map[string]map[string]bool{}, twinned: map[string]bool{}, linked: map[[2]string]string{}}
}

// manifestIn returns the package.json of exactly that absolute folder, or nil.
func (in *installed) manifestIn(dir string) *manifest {
	in.mu.Lock()
	m, ok := in.manifests[dir]
	in.mu.Unlock()
	if ok {
		return m
	}
	if data, err := in.readFile(filepath.Join(dir, "package.json")); err == nil && len(data) <= maxManifest {
		m = readManifest(data)
	}
	in.mu.Lock()
	in.manifests[dir] = m
	in.mu.Unlock()
	return m
}

// readManifest reads a package.json, field by field, so that one field of a
// wrong type does not lose the others; it returns nil when it is no object.
func readManifest(data []byte) *manifest {
	m := &manifest{}
	if json.Unmarshal(data, m) == nil {
		return m
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(data, &fields) != nil {
		return nil
	}
	m = &manifest{Exports: fields["exports"]}
	for name, into := range map[string]any{
		"name": &m.Name, "version": &m.Version, "type": &m.Type, "main": &m.Main, "module": &m.Module,
		"license": &m.License, "dependencies": &m.Dependencies, "optionalDependencies": &m.OptionalDependencies,
		"peerDependencies": &m.PeerDependencies, "devDependencies": &m.DevDependencies,
		"peerDependenciesMeta": &m.PeerDependenciesMeta, "os": &m.OS, "cpu": &m.CPU, "libc": &m.Libc,
	} {
		if raw, ok := fields[name]; ok {
			_ = json.Unmarshal(raw, into) // a field of another type reads as empty
		}
	}
	return m
}

// nearest returns the closest folder at or above dir, inside the root, that
// holds a package.json, and that manifest.
func (in *installed) nearest(dir string) (string, *manifest) {
	for ; inside(in.root, dir); dir = filepath.Dir(dir) {
		if m := in.manifestIn(dir); m != nil {
			return dir, m
		}
		if dir == in.root {
			break
		}
	}
	return "", nil
}

// packageDir returns the folder of the installed package that holds the file,
// "" for the project's own code. A package's folder is the one right below
// node_modules; nested package.json files inside it do not count.
func packageDir(file string) string {
	slashed := filepath.ToSlash(file)
	i := strings.LastIndex(slashed, "/node_modules/")
	if i < 0 {
		if !strings.HasPrefix(slashed, "node_modules/") {
			return ""
		}
		i = -1
	}
	start := i + len("/node_modules/")
	name := packageName(slashed[start:])
	if name == "" {
		return ""
	}
	return filepath.FromSlash(slashed[:start+len(name)])
}

// packageName is the package of a bare specifier: "@scope/name/sub" is
// "@scope/name"; "" for relative, absolute and "#internal" ones.
func packageName(specifier string) string {
	if specifier == "" || strings.ContainsAny(specifier[:1], "./#") || strings.Contains(specifier, ":") {
		return ""
	}
	first, rest, _ := strings.Cut(specifier, "/")
	if !strings.HasPrefix(first, "@") {
		return first
	}
	second, _, _ := strings.Cut(rest, "/")
	if second == "" {
		return ""
	}
	return first + "/" + second
}

// find returns the folder, free of symlinks, that Node's lookup gives for a
// package asked for from dir, "" when it is not installed inside the root.
func (in *installed) find(dir, name string) string {
	key := [2]string{dir, name}
	in.mu.Lock()
	found, ok := in.found[key]
	in.mu.Unlock()
	if ok {
		return found
	}
	plugged := false
	if p := in.pnpOf(dir); p != nil {
		found, plugged = p.find(dir, name)
	}
	for at := dir; !plugged && inside(in.root, at); at = filepath.Dir(at) {
		if filepath.Base(at) != "node_modules" {
			candidate := filepath.Join(at, "node_modules", filepath.FromSlash(name))
			if real, err := filepath.EvalSymlinks(candidate); err == nil && inside(in.root, real) {
				if info, err := os.Stat(real); err == nil && info.IsDir() {
					if info, err := os.Stat(filepath.Join(real, "package.json")); err == nil && info.Size() > maxManifest {
						in.mu.Lock()
						in.huge[real] = true
						in.mu.Unlock()
					}
					in.noteLink(dir, name, candidate, real)
					found = real
					break
				}
			}
		}
		if at == in.root {
			break
		}
	}
	in.mu.Lock()
	in.found[key] = found
	in.mu.Unlock()
	return found
}

// pnpOf is the Plug'n'Play manifest that holds for a folder, the nearest at or
// above it, nil without one. Folders outside the root, such as those of a cache
// that projects share, go by the root's.
func (in *installed) pnpOf(dir string) *pnp {
	in.mu.Lock()
	defer in.mu.Unlock()
	if !inside(in.root, dir) {
		dir = in.root
	}
	for at := dir; ; at = filepath.Dir(at) {
		p, known := in.pnps[at]
		if !known {
			p = readPnP(at)
			in.pnps[at] = p
		}
		if p != nil || at == in.root {
			return p
		}
	}
}

// production returns the folders of every package that an install without dev
// dependencies would hold for code in dir: the closure of the dependencies,
// optional and non-optional peer dependencies, as installed, of every
// package.json at or above dir, and of the packages in extra.
func (in *installed) production(dir string, extra []string) map[string]bool {
	closure := map[string]bool{}
	var visit func(dir string, m *manifest)
	enter := func(at string) {
		if at == "" || closure[at] {
			return
		}
		closure[at] = true
		if m := in.manifestIn(at); m != nil {
			visit(at, m)
		}
	}
	visit = func(dir string, m *manifest) {
		for _, set := range []map[string]string{m.Dependencies, m.OptionalDependencies, m.PeerDependencies} {
			for name := range set {
				if m.dependsOn(name) {
					enter(in.find(dir, name))
				}
			}
		}
	}
	for at, m := in.nearest(dir); m != nil; at, m = in.nearest(filepath.Dir(at)) {
		visit(at, m)
		if at == in.root {
			break
		}
	}
	for _, name := range extra {
		enter(filepath.Join(in.root, filepath.FromSlash(name)))
	}
	return closure
}

// inside reports whether the cleaned path is root or lies below it.
func inside(root, file string) bool {
	return file == root || strings.HasPrefix(file, strings.TrimSuffix(root, string(filepath.Separator))+string(filepath.Separator))
}

// relative turns an absolute path inside the root into a slash-separated one.
func (in *installed) relative(file string) string {
	rel, err := filepath.Rel(in.root, file)
	if err != nil {
		return ""
	}
	return filepath.ToSlash(rel)
}

// splitPackage tells which package an input belongs to: its folder relative to
// the root ("" for own code) and its manifest, nil when it has none.
func (in *installed) splitPackage(input string) (dir string, m *manifest) {
	dir = filepath.ToSlash(packageDir(filepath.FromSlash(input)))
	if dir == "" {
		return "", nil
	}
	return dir, in.manifestIn(filepath.Join(in.root, filepath.FromSlash(dir)))
}

// isESMFile reports whether Node reads the file at that path, relative to the
// root, as an ES module: by extension, else by the nearest package.json.
func (in *installed) isESMFile(file string) bool {
	switch path.Ext(file) {
	case ".mjs", ".mts":
		return true
	case ".cjs", ".cts":
		return false
	}
	_, m := in.nearest(filepath.Join(in.root, filepath.FromSlash(path.Dir(file))))
	return m != nil && m.Type == "module"
}

// sortedKeys returns the keys of a set in order.
func sortedKeys[V any](set map[string]V) []string {
	keys := make([]string, 0, len(set))
	for key := range set {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
