package gate

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// Gate judges for functions that share a tsconfig setting. It may be used by many
// goroutines.
type Gate struct {
	packages *installed.Tree
	files    *projectfs.FS
	// oneConfig is set if the functions name their tsconfig, so that esbuild reads no
	// other.
	oneConfig bool
	setting   string // the absolute tsconfig that the functions name, or ""
	// above is what lies above the root. It is read when it is first needed.
	above func() *above

	mu       sync.Mutex
	noted    map[noted]bool
	mappings map[string]*mapping             // by the absolute folder of a tsconfig, "" for all folders
	folders  map[string]*analyzer.Diagnostic // by absolute folder; nil where nothing is wrong
	requests map[request]*analyzer.Diagnostic
	inside   map[string]*analyzer.Diagnostic // by package folder
}

// request is an import: the folder of the importer and what it names.
type request struct{ dir, specifier string }

// New makes a gate. tsconfig is the setting of that name, relative to the root, or "".
func New(packages *installed.Tree, tsconfig string) *Gate {
	setting := filepath.FromSlash(tsconfig)
	if tsconfig != "" && !filepath.IsAbs(setting) {
		setting = packages.Absolute(tsconfig)
	}
	g := &Gate{
		packages: packages, files: packages.Files(), oneConfig: tsconfig != "", setting: setting,
		folders: map[string]*analyzer.Diagnostic{}, requests: map[request]*analyzer.Diagnostic{},
		inside: map[string]*analyzer.Diagnostic{}, mappings: map[string]*mapping{}, noted: map[noted]bool{},
	}
	g.above = sync.OnceValue(g.lookAbove)
	return g
}

// Message is a refusal as an error of esbuild's. Package explain turns it back.
func Message(d analyzer.Diagnostic) api.Message {
	return api.Message{Text: d.Message, Notes: []api.Note{{Text: d.Hint}}, Detail: d}
}

// Start judges what esbuild reads before it resolves anything: the tsconfig that the
// settings name, and the files in the root and above it.
func (g *Gate) Start() *analyzer.Diagnostic {
	if g.oneConfig {
		if err := g.readable(g.setting, installed.MaxManifest); err != nil {
			name := g.packages.Relative(g.setting)
			d := projectfs.Refuse(err, name, analyzer.Position{})
			d.Message = "build.tsconfig: " + d.Message
			return &d
		}
		if d := g.Config(g.setting); d != nil {
			return d
		}
	}
	if d := g.above().refused; d != nil {
		return d
	}
	return g.Folder(g.packages.Root())
}

// Request judges what esbuild reads to resolve a specifier for code in dir. It returns nil
// if nothing is wrong. A refusal without a position is about the import itself.
func (g *Gate) Request(dir, specifier string) *analyzer.Diagnostic {
	key := request{dir, specifier}
	g.mu.Lock()
	d, known := g.requests[key]
	g.mu.Unlock()
	if !known {
		d = g.request(dir, specifier)
		g.mu.Lock()
		g.requests[key] = d
		g.mu.Unlock()
	}
	return d
}

func (g *Gate) request(dir, specifier string) *analyzer.Diagnostic {
	if d := g.Folder(dir); d != nil {
		return d
	}
	if d := g.requestAbove(dir, specifier); d != nil {
		return d
	}
	g.note(dir, specifier)
	if strings.HasPrefix(specifier, ".") || filepath.IsAbs(specifier) {
		target := filepath.FromSlash(specifier)
		if !filepath.IsAbs(target) {
			target = filepath.Join(dir, target)
		}
		return g.path(target, specifier)
	}
	name := js.PackageName(specifier)
	if name == "" || js.Builtin(specifier) {
		return nil
	}
	if g.packages.Strays(dir, name) {
		return g.outside(specifier)
	}
	at := g.packages.Find(dir, name)
	if at == "" {
		return nil
	}
	if d := g.pack(at); d != nil {
		return d
	}
	m := g.packages.Manifest(at)
	switch rest := strings.TrimPrefix(specifier, name); {
	case m != nil && m.Exports != nil:
		return nil // its targets are judged, and esbuild takes no others
	case rest != "" && rest != "/":
		return g.path(filepath.Join(at, filepath.FromSlash(rest)), specifier)
	case m != nil && g.packages.MainOutside(dir, name):
		for _, main := range []string{m.Main, m.Module} {
			if d := g.path(filepath.Join(at, filepath.FromSlash(main)), specifier); d != nil {
				d.Code, d.Message = "main-outside-package", fmt.Sprintf("main in the package.json of %q is outside the package", name)
				d.Hint = "inspect the package: published packages do not do this by accident"
				return d
			}
		}
	}
	return nil
}

// outside refuses an import that leads outside the root.
func (g *Gate) outside(specifier string) *analyzer.Diagnostic {
	return &analyzer.Diagnostic{
		Code: "outside-root", Severity: analyzer.Refused,
		Message: fmt.Sprintf("%q is outside the project's root", specifier),
		Hint:    "copy it into the project, build from a folder that holds both, or allow it with --allow-outside",
	}
}

// path judges the folders that a path leads through, and the path itself if it is a folder.
func (g *Gate) path(target, specifier string) *analyzer.Diagnostic {
	target = filepath.Clean(target)
	g.noteModule(target)
	if !installed.Inside(g.packages.Root(), target) {
		if g.exists(target) {
			return g.outside(specifier)
		}
		return nil
	}
	if installed.Indirect(target) && !g.files.Allows() && !g.packages.Ours(target) {
		return g.outside(specifier)
	}
	if d := g.Folder(filepath.Dir(target)); d != nil {
		return d
	}
	if info, err := g.files.Stat(target); errors.Is(err, projectfs.ErrOutside) {
		return g.outside(specifier)
	} else if err == nil && info.IsDir() {
		return g.Folder(target)
	}
	return nil
}

// exists reports whether a path outside the root, that may not be read, could mean a
// module there.
func (g *Gate) exists(target string) bool {
	if g.packages.Ours(target) {
		return false
	}
	for _, suffix := range []string{"", ".tsx", ".ts", ".jsx", ".js", ".json", ".css", ".mjs", ".cjs", ".mts", ".cts", ".node"} {
		if _, err := g.files.Stat(target + suffix); errors.Is(err, projectfs.ErrOutside) {
			return true
		}
	}
	return false
}

// pack judges the folders that a package.json names.
func (g *Gate) pack(dir string) *analyzer.Diagnostic {
	g.mu.Lock()
	d, known := g.inside[dir]
	g.mu.Unlock()
	if known {
		return d
	}
	d = g.Folder(dir)
	if m := g.packages.Manifest(dir); d == nil && m != nil {
		names := append([]string{m.Main, m.Module}, leaves(m.Exports)...)
		for _, name := range names {
			before, _, _ := strings.Cut(name, "*")
			at := filepath.Join(dir, filepath.FromSlash(path.Dir(before+"x")))
			if d = g.Folder(at); d != nil {
				break
			}
		}
	}
	g.mu.Lock()
	g.inside[dir] = d
	g.mu.Unlock()
	return d
}

// leaves are the texts in a value of JSON, such as the targets of "exports".
func leaves(raw json.RawMessage) (found []string) {
	var value any
	if json.Unmarshal(raw, &value) != nil {
		return nil
	}
	var down func(value any)
	down = func(value any) {
		switch v := value.(type) {
		case string:
			found = append(found, v)
		case []any:
			for _, item := range v {
				down(item)
			}
		case map[string]any:
			for _, key := range slices.Sorted(maps.Keys(v)) {
				down(v[key])
			}
		}
	}
	down(value)
	return found
}

// Folder judges the files that esbuild reads of an absolute folder and of those above it,
// inside the root.
func (g *Gate) Folder(dir string) *analyzer.Diagnostic {
	if !installed.Inside(g.packages.Root(), dir) {
		return nil
	}
	g.mu.Lock()
	d, known := g.folders[dir]
	g.mu.Unlock()
	if known {
		return d
	}
	if dir != g.packages.Root() {
		d = g.Folder(filepath.Dir(dir))
	}
	for _, name := range g.packages.ReadUnasked(dir) {
		if d == nil {
			d = g.file(filepath.Join(dir, name))
		}
	}
	g.mu.Lock()
	g.folders[dir] = d
	g.mu.Unlock()
	return d
}

// file judges one file that esbuild reads because of its name.
func (g *Gate) file(file string) *analyzer.Diagnostic {
	name := strings.ToLower(filepath.Base(file))
	config := name == "tsconfig.json" || name == "jsconfig.json"
	if config && (g.oneConfig || installed.PackageDir(file) != "") {
		return nil // esbuild does not read it
	}
	at := analyzer.Position{File: g.packages.Relative(file)}
	place, err := g.files.Judge(file)
	switch {
	case errors.Is(err, projectfs.ErrOutside):
		d := projectfs.Refuse(err, name, at)
		d.Message = name + " is a symlink to a file outside the project's root"
		return &d
	case err != nil || place.Info.IsDir():
		return nil
	case !place.Info.Mode().IsRegular():
		d := projectfs.Refuse(projectfs.ErrIrregular, name, at)
		return &d
	case place.Info.Size() > installed.MaxManifest && !strings.HasPrefix(name, ".pnp"):
		return g.tooLarge(file, at)
	case config:
		return g.Config(file)
	}
	return nil
}

func (g *Gate) tooLarge(file string, at analyzer.Position) *analyzer.Diagnostic {
	d := projectfs.Refuse(projectfs.ErrTooLarge, filepath.Base(file), at)
	d.Message = fmt.Sprintf("%s is larger than %d MiB", at.File, installed.MaxManifest>>20)
	if dir := installed.PackageDir(file); dir == filepath.Dir(file) {
		d.Message = fmt.Sprintf("the package.json of %q is larger than %d MiB", installed.NameOf(filepath.ToSlash(dir)), installed.MaxManifest>>20)
		d.Hint, d.Position = "inspect the package", analyzer.Position{}
	}
	return &d
}
