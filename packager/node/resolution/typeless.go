package resolution

import (
	"bytes"
	"path"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/packager/node/installed"
)

// esbuild (0.28.2) keeps what it has parsed from one link to the next, but parses a module
// again if its package.json has a "type": it remembers where it has read the type, and that
// is another place in every link. What a plugin resolves has no type, and is kept.
//
// esbuild needs the type to know what a module is that has no export, and how a module sees
// one of CommonJS or of Node that it imports. So it makes no difference for a module that
// exports something and imports ES modules only.
//
// A module of a package without a type has none in any case. esbuild looks for it anew in each
// link, and lists its folder for that, where no plugin answers.
// Source: Options.Equal in internal/js_parser, moduleType in internal/js_printer,
// finalizeResolve in internal/resolver.

// typeless is a file that needs no type, "" for none, and whether it has side effects.
type typeless struct {
	file    string
	effects bool
}

// Typeless is the file that a module's import statement, or its require, leads to, if both
// belong to one package and the file has no type, or an import statement leads to one that has
// the type "module" and does not need it. It is "" for any other. effects is what package.json
// says of side effects. build is a running build of the resolution's options.
func (r *Resolution) Typeless(build api.PluginBuild, importer, specifier string, kind api.ResolveKind) (file string, effects bool) {
	dir := installed.PackageDir(importer)
	if dir == "" || !strings.HasPrefix(specifier, ".") || strings.ContainsAny(specifier, "?#") || kind != api.ResolveJSImportStatement && kind != api.ResolveJSRequireCall {
		return "", false
	}
	got := remembered(r, r.typeless, question{filepath.Dir(importer), specifier, kind}, func() typeless {
		return r.needsNoType(view{r, build, r.packages.Relative(importer)}, importer, specifier, kind)
	})
	return got.file, got.effects
}

func (r *Resolution) needsNoType(v view, importer, specifier string, kind api.ResolveKind) (none typeless) {
	if len(r.Options.Inject) > 0 || r.LambdaCredentials {
		return none
	}
	from := r.packages.Relative(importer)
	to := v.Resolve(from, specifier)
	dir := installed.PackageDir(from)
	if installed.PackageDir(to) != dir || path.Ext(to) != ".js" {
		return none
	}
	file := r.packages.Absolute(to)
	_, m := r.packages.Nearest(filepath.Dir(file))
	switch {
	case m == nil:
		return none
	case m.Type == "":
		if path.Dir(to) != path.Dir(path.Join(path.Dir(from), specifier)) {
			return none // it names a folder, which may have a package.json
		}
		return typelessIn(file, m)
	case m.Type != "module" || kind != api.ResolveJSImportStatement || !v.exportsIn(dir, to):
		return none
	}
	for _, request := range v.Outline(to).Requests {
		if !strings.HasPrefix(request, ".") || !v.exportsIn(dir, v.Resolve(to, request)) {
			return none
		}
	}
	if text, err := r.packages.ReadModule(file); err != nil || loadsLate(text) {
		return none
	}
	return typelessIn(file, m)
}

// typelessIn is a file that needs no type, of the package with that package.json.
func typelessIn(file string, m *installed.Manifest) (none typeless) {
	switch string(m.SideEffects) {
	case "", "true":
		return typeless{file, true}
	case "false":
		return typeless{file, false}
	}
	return none // esbuild compares with the patterns
}

// exportsIn reports whether a file of a package is an ES module by what it exports.
func (v view) exportsIn(dir, file string) bool {
	if installed.PackageDir(file) != dir || path.Ext(file) != ".js" {
		return false
	}
	o := v.Outline(file)
	return o != nil && !o.Opaque && len(o.Exports)+len(o.Stars) > 0
}

// loadsLate reports whether a module may have a require or an import().
func loadsLate(text []byte) bool {
	return follows(text, "require", func(next byte) bool {
		return next != '_' && next != '$' && (next < '0' || next > '9') && (next|0x20 < 'a' || next|0x20 > 'z')
	}) || follows(bytes.ReplaceAll(text, []byte(" "), nil), "import", func(next byte) bool {
		return next == '(' || next == '/' || next == '\t' || next == '\r' || next == '\n'
	})
}

// follows reports whether a byte that is one of these follows a word somewhere.
func follows(text []byte, word string, one func(next byte) bool) bool {
	for {
		_, after, found := bytes.Cut(text, []byte(word))
		if !found {
			return false
		}
		if len(after) > 0 && one(after[0]) {
			return true
		}
		text = after
	}
}
