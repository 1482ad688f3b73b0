package sourcetree

import (
	"bytes"
	"encoding/json"
	"maps"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/resolution"
)

// resolve replaces the specifiers in some files that Node would not resolve as the
// build does. It returns the files that lead to folders that are not in the copy yet,
// and those folders.
func (c *copying) resolve(f analyzer.Function, names []string) (left, folders []string, err error) {
	r := &resolving{copying: c, mapped: len(f.Build.Alias) > 0 || c.mapsPaths(f), lacks: map[string]bool{}}
	r.resolution = c.asBuilt(f)
	err = r.resolution.Run(func(build api.PluginBuild) error {
		r.esbuild = build
		for _, name := range names {
			if !r.module(name) {
				left = append(left, name)
			}
		}
		return nil
	})
	return left, slices.Sorted(maps.Keys(r.lacks)), err
}

// asBuilt answers where the build's settings lead a specifier.
func (c *copying) asBuilt(f analyzer.Function) *resolution.Resolution {
	if c.built == nil {
		o := api.BuildOptions{
			AbsWorkingDir: c.tree.Root(), Bundle: true, LogLevel: api.LogLevelSilent, Platform: api.PlatformNode,
			MainFields: []string{"module", "main"}, Conditions: f.Build.Conditions, Alias: f.Build.Alias, Tsconfig: f.Build.TSConfig,
		}
		if len(f.Build.MainFields) > 0 {
			o.MainFields = f.Build.MainFields
		}
		c.built = resolution.NewSet(c.tree).Of(resolution.Settings{Options: o})
	}
	return c.built
}

// resolving is the work of resolve.
type resolving struct {
	*copying
	// mapped is set if a bare specifier may mean a file of the project.
	mapped     bool
	resolution *resolution.Resolution
	esbuild    api.PluginBuild
	lacks      map[string]bool // folders that are not in the copy
	missed     int             // how often a specifier led there
}

// mapsPaths reports whether a tsconfig or jsconfig of the project maps specifiers.
func (c *copying) mapsPaths(f analyzer.Function) bool {
	if f.Build.TSConfig != "" {
		return true
	}
	for _, name := range c.names {
		base := path.Base(name)
		if path.Ext(base) != ".json" || !strings.HasPrefix(base, "tsconfig") && base != "jsconfig.json" {
			continue
		}
		if text, err := c.read(name); err == nil && pathMapping.Match(text) {
			return true
		}
	}
	return false
}

var pathMapping = regexp.MustCompile(`"(paths|baseUrl)"\s*:`)

// module replaces the specifiers of one file. It returns false if one leads to a file
// that is not in the copy.
func (r *resolving) module(source string) bool {
	name, module, known := source, false, false
	if out := r.compiled[source]; out != nil {
		if out.problem != "" {
			return true
		}
		name, module, known = out.name, out.module, true
	}
	switch path.Ext(name) {
	case ".js", ".mjs", ".cjs":
	default:
		return true
	}
	if !known {
		module = r.tree.IsESM(source)
	}
	if !known && !module && !r.mapped {
		return true // Node resolves a CommonJS file as it stands
	}
	text, err := r.read(name)
	if err != nil {
		return true
	}
	var edits []js.Edit
	missed := r.missed
	for _, s := range js.Specifiers(text) {
		if to := r.target(source, s, module, text); to != "" && to != s.Name {
			edits = append(edits, js.Edit{Start: s.Start, End: s.End, Text: quote(to)})
		}
	}
	if r.missed > missed {
		return false
	}
	if len(edits) > 0 {
		r.put(name, []byte(js.Apply(text, edits)))
	}
	return true
}

// target returns the specifier that Node needs, "" to leave it as it is.
func (r *resolving) target(source string, s js.Specifier, module bool, text []byte) string {
	dir := path.Dir(source)
	if js.Builtin(s.Name) || s.Name == "" {
		return ""
	}
	file := ""
	if relative := strings.HasPrefix(s.Name, "./") || strings.HasPrefix(s.Name, "../") || s.Name == "." || s.Name == ".."; relative {
		if strings.ContainsAny(s.Name, "?#") {
			return ""
		}
		file = r.own(path.Join(dir, s.Name), strings.HasSuffix(s.Name, "/"))
	} else {
		file = r.bare(source, s)
	}
	if file == "" {
		return ""
	}
	if folder := r.folderOf(file); installed.PackageDir(filepath.FromSlash(file)) == "" && !r.within(folder, r.done) && !r.within(path.Dir(file), r.done) {
		if r.lacks[folder] || !r.done["lacked "+folder] { // in one round only, so that it ends
			r.done["lacked "+folder], r.lacks[folder] = true, true
			r.missed++
			return ""
		}
	}
	if out := r.compiled[file]; out != nil {
		file = out.name
	} else if imported := module && s.Kind != "require" && s.Kind != "require-resolve"; imported && path.Ext(file) == ".json" && !hasAttributes(text, s.End) {
		file = r.wrapped(file)
	}
	rel, err := filepath.Rel(filepath.FromSlash(dir), filepath.FromSlash(file))
	if err != nil {
		return ""
	}
	if rel = filepath.ToSlash(rel); !strings.HasPrefix(rel, "../") {
		rel = "./" + rel
	}
	return rel
}

// extensions are those that a build tries, in esbuild's order.
var extensions = []string{".tsx", ".ts", ".jsx", ".js", ".mts", ".cts", ".mjs", ".cjs", ".json"}

// typescriptOf are the sources that a name of JavaScript may mean in TypeScript.
var typescriptOf = map[string][]string{".js": {".ts", ".tsx"}, ".jsx": {".tsx", ".ts"}, ".mjs": {".mts"}, ".cjs": {".cts"}}

// own finds the file of the project that a path means, "" for none.
func (r *resolving) own(at string, folder bool) string {
	if !fileIn(at) {
		return ""
	}
	if !folder {
		if r.isFile(at) {
			return at
		}
		for _, extension := range typescriptOf[path.Ext(at)] {
			if file := strings.TrimSuffix(at, path.Ext(at)) + extension; r.isFile(file) {
				return file
			}
		}
		for _, extension := range extensions {
			if r.isFile(at + extension) {
				return at + extension
			}
		}
	}
	if m := r.tree.Manifest(r.tree.Absolute(at)); m != nil && m.Main != "" {
		if main := path.Join(at, m.Main); main != at {
			return r.own(main, false)
		}
	}
	for _, extension := range extensions {
		if file := path.Join(at, "index"+extension); r.isFile(file) {
			return file
		}
	}
	return ""
}

func fileIn(name string) bool { return name != ".." && !strings.HasPrefix(name, "../") }

// isFile reports whether the project has a file of own code.
func (r *resolving) isFile(name string) bool {
	info, err := r.tree.Files().Stat(name)
	return err == nil && info.Mode().IsRegular() && installed.PackageDir(filepath.FromSlash(name)) == ""
}

// bare asks the build what a specifier means that is not relative. It returns a file
// only where Node would not find it.
func (r *resolving) bare(source string, s js.Specifier) string {
	dir := path.Dir(source)
	name := js.PackageName(s.Name)
	found := ""
	if name != "" {
		found = r.tree.Find(r.tree.Absolute(dir), name)
	}
	linked := found != "" && installed.PackageDir(found) == ""
	if s.Kind == "require" && found != "" && !linked && r.modulesOnly(found) {
		r.wantModules[source] = true
	}
	if found != "" && !linked && !r.mapped {
		return ""
	}
	kind := api.ResolveJSRequireCall
	if s.Kind == "import" || s.Kind == "export" {
		kind = api.ResolveJSImportStatement
	}
	file, _ := r.resolution.Find(r.esbuild, r.tree.Absolute(dir), s.Name, kind)
	if file == "" || !installed.Inside(r.tree.Root(), file) {
		return ""
	}
	if own := installed.PackageDir(file) == ""; !own && found != "" && installed.Inside(found, file) {
		return "" // Node finds the same package, and its own choice of a file there
	}
	return r.tree.Relative(file)
}

// modulesOnly reports whether a package offers nothing to require.
func (r *resolving) modulesOnly(dir string) bool {
	m := r.tree.Manifest(dir)
	if m == nil || m.Type != "module" {
		return false
	}
	text, err := r.tree.ReadFile(filepath.Join(dir, "package.json"))
	return err == nil && !bytes.Contains(text, []byte(`"require"`))
}

// hasAttributes reports whether an import has attributes after its specifier.
func hasAttributes(text []byte, end int) bool {
	rest := strings.TrimSpace(string(text[end:min(end+20, len(text))]))
	return strings.HasPrefix(rest, "with") || strings.HasPrefix(rest, "assert") || strings.HasPrefix(rest, ",")
}

// wrapped writes a JSON file as a module beside it, since Node imports JSON only with
// attributes.
func (r *resolving) wrapped(name string) string {
	text, err := r.read(name)
	if err != nil || !json.Valid(text) {
		return name
	}
	module := api.Transform(string(text), api.TransformOptions{Loader: api.LoaderJSON, Format: api.FormatESModule})
	to := name + ".mjs"
	if len(module.Errors) > 0 || r.put(to, module.Code) != nil {
		return name
	}
	r.sources[to] = &output{source: name, name: to}
	return to
}

func quote(s string) string {
	text, _ := json.Marshal(s) // a string always marshals
	return string(text)
}
