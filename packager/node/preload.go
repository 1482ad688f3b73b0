package node

import (
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/kept"
)

// What runs before the bundle and is not part of it: a tool's handler that starts the
// function's own, modules that NODE_OPTIONS loads first, and the package.json that
// module-alias reads. They ship as files.

// preloaded asks for these. What is not in the project is taken to be in a layer.
func (b *builder) preloaded(l *linked) (requests []kept.Request) {
	f := l.f
	dir := b.packages.Absolute(f.CodeDir)
	aliases := func(input string) bool { return installed.NameOf(installed.PackageDir(input)) == "module-alias" }
	if at, m := b.packages.Nearest(dir); m != nil && len(m.ModuleAliases) > 0 && slices.ContainsFunc(l.Reached, aliases) {
		requests = append(requests, kept.Request{Dir: at, File: filepath.Join(at, "package.json"), Text: true}) // it reads its aliases there
	}
	if rest, inPackage := strings.CutPrefix(f.Wrapper, "node_modules/"); inPackage {
		stem, _, _ := strings.Cut(path.Base(rest), ".")
		specifier := path.Join(path.Dir(rest), stem)
		request := kept.Request{Dir: dir, Specifier: specifier, Kind: api.ResolveJSRequireCall, AtLoad: true}
		// Lambda opens the file by its path, whatever the package exports.
		if at := b.packages.Find(dir, js.PackageName(specifier)); at != "" {
			inside := strings.TrimPrefix(specifier, js.PackageName(specifier))
			for _, extension := range []string{".js", ".mjs", ".cjs"} {
				if file := filepath.Join(at, filepath.FromSlash(inside)) + extension; b.packages.IsFile(file) {
					request.File = file
					break
				}
			}
		}
		requests = append(requests, request)
	}
	for _, p := range preloads(f.Environment[nodeOptions]) {
		request := kept.Request{Dir: dir, Specifier: p.module, Kind: p.kind, AtLoad: true}
		switch {
		case js.Builtin(p.module):
			continue
		case js.PackageName(p.module) != "":
			if b.packages.Find(dir, js.PackageName(p.module)) == "" {
				continue
			}
		case strings.HasPrefix(p.module, "/var/task/"):
			request.Specifier = "./" + strings.TrimPrefix(p.module, "/var/task/")
		case !strings.HasPrefix(p.module, "."):
			continue // in a layer
		}
		requests = append(requests, request)
	}
	return requests
}

// preload is a module that an option of Node loads before the program.
type preload struct {
	module string
	kind   api.ResolveKind
}

// preloads lists the modules that options name.
// Source: nodejs.org/api/cli.html, --require and --import.
func preloads(options string) (all []preload) {
	words := strings.Fields(options)
	for i := 0; i < len(words); i++ {
		name, value, joined := strings.Cut(words[i], "=")
		kind := api.ResolveJSRequireCall
		switch name {
		case "-r", "--require":
		case "--import":
			kind = api.ResolveJSImportStatement
		default:
			continue
		}
		if !joined {
			if i++; i == len(words) {
				break
			}
			value = words[i]
		}
		all = append(all, preload{strings.Trim(value, `"'`), kind})
	}
	return all
}
