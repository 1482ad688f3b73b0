package gate

import (
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// above is what esbuild takes from the folders above the root. It looks there whatever it
// is told. No function may depend on it: where the project lies must not change a zip.
type above struct {
	refused *analyzer.Diagnostic // a file that esbuild must not open

	manifest, config, pnp string // the nearest ones, as paths relative to the root; "" for none

	// From the manifest: the fields that esbuild reads for modules below it.
	kind, name                      string
	sideEffects, imports, selfNamed bool

	// From the config. It may set anything where it extends another.
	extends, typescript, jsx bool
	baseURL                  string   // absolute, "" for none
	paths                    []string // patterns
}

// lookAbove reads what lies above the root. Nothing of it is printed.
func (g *Gate) lookAbove() *above {
	a := &above{}
	root := g.packages.Root()
	if filepath.Dir(root) == root {
		return a
	}
	files := projectfs.New(filepath.VolumeName(root)+string(filepath.Separator), projectfs.Allowances{})
	defer files.Close()
	tree, err := installed.Open(files)
	if err != nil {
		return a // esbuild cannot read it either
	}
	gate := New(tree, "")
	gate.oneConfig = g.oneConfig
	if d := gate.Folder(filepath.Dir(root)); d != nil {
		d.File = g.packages.Relative(tree.Absolute(d.File))
		d.Message = "esbuild reads the folders above the root: " + d.Message
		d.Hint = "move it elsewhere"
		a.refused = d
		return a
	}
	for dir := filepath.Dir(root); ; dir = filepath.Dir(dir) {
		for _, name := range tree.ReadUnasked(dir) {
			file := filepath.Join(dir, name)
			switch lower := strings.ToLower(name); {
			case !isFile(files, file):
			case strings.HasPrefix(lower, ".pnp") && a.pnp == "":
				a.pnp = g.packages.Relative(file)
			case lower == "package.json" && a.manifest == "":
				a.manifest = g.packages.Relative(file)
				a.readManifest(tree.Manifest(dir), files, file)
			case lower == "tsconfig.json" && a.config == "", lower == "jsconfig.json" && a.config == "" && !has(tree.ReadUnasked(dir), "tsconfig.json"):
				if !g.oneConfig && !strings.Contains(dir+"/", "/node_modules/") {
					a.config = g.packages.Relative(file)
					a.readConfig(files, file)
				}
			}
		}
		if filepath.Dir(dir) == dir {
			return a
		}
	}
}

func isFile(files *projectfs.FS, name string) bool {
	info, err := files.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

// has reports whether a list of names has one, in upper or lower case.
func has(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
}

func (a *above) readManifest(m *installed.Manifest, files *projectfs.FS, file string) {
	if m == nil {
		return
	}
	if m.Type == "module" || m.Type == "commonjs" {
		a.kind = m.Type
	}
	a.name, a.selfNamed = m.Name, m.Name != "" && len(m.Exports) > 0
	text, err := files.Read(file, installed.MaxManifest)
	if err != nil {
		return
	}
	object, _, _ := object(text)
	for name, value := range properties(object) {
		switch name {
		case "sideEffects":
			a.sideEffects = a.sideEffects || value.Kind == js.Array || value.Kind == js.Literal && value.Name == "false"
		case "imports":
			a.imports = true
		}
	}
}

func (a *above) readConfig(files *projectfs.FS, file string) {
	text, err := files.Read(file, installed.MaxManifest)
	if err != nil {
		return
	}
	object, _, _ := object(text)
	for name, value := range properties(object) {
		if name == "extends" {
			a.extends = true
		}
		if name != "compilerOptions" {
			continue
		}
		for name, option := range properties(value) {
			switch name {
			case "experimentalDecorators", "useDefineForClassFields", "target", "strict", "alwaysStrict", "importsNotUsedAsValues",
				"preserveValueImports", "verbatimModuleSyntax":
				a.typescript = true
			case "jsx", "jsxFactory", "jsxFragmentFactory", "jsxImportSource":
				a.jsx = true
			case "baseUrl":
				a.baseURL = filepath.Join(filepath.Dir(file), filepath.FromSlash(option.Name))
			case "paths":
				a.paths = slices.Collect(maps.Keys(properties(option)))
			}
		}
	}
	slices.Sort(a.paths)
}

// properties are the values of an object by their names. object may be nil.
func properties(object *js.Node) map[string]*js.Node {
	all := map[string]*js.Node{}
	if object != nil && object.Kind == js.Object {
		for _, p := range object.List {
			if p.Kind == js.Property && p.Y != nil {
				all[p.Name] = p.Y
			}
		}
	}
	return all
}

// matches reports whether a pattern of "paths" matches a specifier.
func matches(pattern, specifier string) bool {
	before, after, wild := strings.Cut(pattern, "*")
	if !wild {
		return pattern == specifier
	}
	return len(specifier) >= len(before)+len(after) && strings.HasPrefix(specifier, before) && strings.HasSuffix(specifier, after)
}

// requestAbove refuses an import that a file above the root would resolve.
func (g *Gate) requestAbove(dir, specifier string) *analyzer.Diagnostic {
	a := g.above()
	if a.manifest == "" && a.config == "" && a.pnp == "" || g.files.Allows() || !installed.Inside(g.packages.Root(), dir) {
		return nil
	}
	name := js.PackageName(specifier)
	bare := name != "" && !js.Builtin(specifier)
	switch {
	case a.pnp != "" && bare && !g.within(g.packages.Root(), ".pnp.data.json", ".pnp.cjs", ".pnp.js"):
		return decides(a.pnp, "where "+name+" is", "install the packages in the project")
	case a.manifest != "" && (a.imports && strings.HasPrefix(specifier, "#") || a.selfNamed && name == a.name) && !g.within(dir, "package.json"):
		return decides(a.manifest, fmt.Sprintf("what %q is", specifier), "add a package.json to the project's root")
	case a.config != "" && installed.PackageDir(filepath.Join(dir, "_")) == "" && !g.within(dir, "tsconfig.json", "jsconfig.json") && !js.Builtin(specifier):
		mapped := slices.ContainsFunc(a.paths, func(pattern string) bool { return matches(pattern, specifier) })
		based := a.baseURL != "" && bare && g.exists(filepath.Join(a.baseURL, filepath.FromSlash(specifier)))
		if mapped || based {
			return decides(a.config, fmt.Sprintf("what %q is", specifier), tsconfigRemedy)
		}
	}
	return nil
}

const tsconfigRemedy = "add a tsconfig.json to the project's root, or name one with build.tsconfig"

// Module refuses a module that esbuild would compile in another way because of a file
// above the root. file is absolute.
func (g *Gate) Module(file string, text []byte, loader api.Loader) *analyzer.Diagnostic {
	if a := g.above(); a.manifest == "" && a.config == "" || g.files.Allows() || !installed.Inside(g.packages.Root(), file) {
		return nil
	}
	d := g.compiled(file, text, loader)
	if d != nil {
		d.File = g.packages.Relative(file)
	}
	return d
}

func (g *Gate) compiled(file string, text []byte, loader api.Loader) *analyzer.Diagnostic {
	a, dir, name := g.above(), filepath.Dir(file), g.packages.Relative(file)
	if (a.sideEffects || a.kind != "") && !g.within(dir, "package.json") {
		const remedy = "add a package.json with {} to the project's root"
		switch {
		case a.sideEffects:
			return decides(a.manifest, "whether "+name+" has side effects", remedy)
		case !slices.Contains([]string{".js", ".jsx", ".ts", ".tsx"}, path.Ext(name)):
		case a.kind == "module" || !shaped(js.File{Path: name, Source: text, Loader: loader}):
			return decides(a.manifest, "what kind of module "+name+" is", remedy)
		}
	}
	if a.config == "" || installed.PackageDir(file) != "" || g.within(dir, "tsconfig.json", "jsconfig.json") {
		return nil
	}
	typescript := loader == api.LoaderTS || loader == api.LoaderTSX
	if a.extends || a.typescript && typescript || a.jsx && (loader == api.LoaderJSX || loader == api.LoaderTSX) {
		return decides(a.config, "how "+name+" is compiled", tsconfigRemedy)
	}
	return nil
}

// shaped reports whether a module's text shows what kind of module it is. "type" decides
// for others only.
// Source: toAST in internal/js_parser of esbuild 0.28.2.
func shaped(f js.File) bool {
	text, err := js.Read(f)
	if err != nil || text.Module {
		return true // esbuild reports the error
	}
	text.Bind()
	found := false
	var look func(*js.Node)
	look = func(n *js.Node) {
		found = found || n.IsGlobal("exports") || n.IsGlobal("module")
		n.Each(look)
	}
	look(text.Top)
	return found
}

// within reports whether a folder, or one above it up to the root, has a file of one of
// the names.
func (g *Gate) within(dir string, names ...string) bool {
	for ; installed.Inside(g.packages.Root(), dir); dir = filepath.Dir(dir) {
		if slices.ContainsFunc(names, func(name string) bool { return has(g.packages.ReadUnasked(dir), name) }) {
			return true
		}
		if filepath.Dir(dir) == dir {
			break
		}
	}
	return false
}

// decides is the refusal of a project whose zips would depend on a file above the root.
func decides(file, what, remedy string) *analyzer.Diagnostic {
	return &analyzer.Diagnostic{
		Code: "outside-root", Severity: analyzer.Refused, Message: fmt.Sprintf("%s, outside the project's root, would decide %s", file, what),
		Hint: remedy + ", build from the folder that holds both, or allow it with --allow-outside",
	}
}
