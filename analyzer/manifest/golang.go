package manifest

import (
	"fmt"
	"go/build"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// lambdaModule is what a Go function imports to talk to Lambda.
const lambdaModule = "github.com/aws/aws-lambda-go"

// maxGoFile bounds a Go source that is read for its imports.
const maxGoFile = 8 << 20

// goPackage is what the files of one folder say.
type goPackage struct {
	name   string // empty when no file can be read
	lambda bool   // imports lambdaModule
}

// goPackageIn reads the package of a folder as it is built for Lambda: test
// files and those that a build constraint leaves out do not count.
func (d *discovery) goPackageIn(dir string) (p goPackage) {
	abs, err := d.real(dir)
	if err != nil {
		return p
	}
	ctx := build.Default
	ctx.GOOS, ctx.GOARCH, ctx.CgoEnabled = "linux", "arm64", false
	for _, e := range d.list(dir) {
		name := e.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || d.thing(path.Join(dir, name), e) != file {
			continue
		}
		if ok, err := ctx.MatchFile(abs, name); err != nil || !ok {
			if ctx.GOARCH = "amd64"; err == nil {
				ok, err = ctx.MatchFile(abs, name)
			}
			if ctx.GOARCH = "arm64"; err != nil || !ok {
				continue
			}
		}
		source, err := d.read(path.Join(dir, name), maxGoFile)
		if err != nil {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Base(name), source, parser.ImportsOnly)
		if parsed == nil || err != nil && parsed.Name == nil {
			continue
		}
		p.name = parsed.Name.Name
		for _, spec := range parsed.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			if imported == lambdaModule || strings.HasPrefix(imported, lambdaModule+"/") {
				p.lambda = true
			}
		}
	}
	return p
}

// goMains lists the folders in dir and below, sorted, that hold a main package
// which imports aws-lambda-go. It stops at other modules.
func (d *discovery) goMains(dir string) []string {
	var mains []string
	d.walk(dir, func(at string, entries []dirEntry) bool {
		sources := false
		for _, e := range entries {
			if e.Name() == "go.mod" && at != dir {
				return false
			}
			sources = sources || strings.HasSuffix(e.Name(), ".go")
		}
		if sources {
			if p := d.goPackageIn(at); p.name == "main" && p.lambda {
				mains = append(mains, at)
			}
		}
		return true
	})
	return mains
}

// goEntry leads a handler to the folder of a main package. For a custom runtime
// the handler may be that folder or a file in it; where it is only the name of
// the executable, the package is looked for by the function's name. A non-empty
// skip says why the function is not ours: custom runtimes run any language.
func (d *discovery) goEntry(f *function) (skip string) {
	h := f.Handler
	fail := func(severity analyzer.Severity, code, hint, format string, args ...any) {
		f.report(problem(severity, code, f.handlerAt, hint, format, args...))
	}
	switch {
	case strings.ContainsRune(h, 0):
		fail(analyzer.Error, "bad-handler", "", "handler %q holds a NUL byte", h)
		return ""
	case strings.Contains(h, `\`):
		fail(analyzer.Error, "bad-handler", "use forward slashes", "handler %q holds a backslash", h)
		return ""
	case path.IsAbs(h):
		fail(analyzer.Refused, "handler-outside", "give it relative to the service's folder", "handler %q is an absolute path", h)
		return ""
	}
	named := path.Join(f.CodeDir, h)
	if !inside(named) {
		fail(analyzer.Refused, "handler-outside", "nothing outside the project's root is packed", "handler %q leaves the project's root", h)
		return ""
	}
	what, actual := d.look(named)
	switch {
	case what == foreign:
		fail(analyzer.Refused, "handler-outside", "nothing outside the project's root is packed", "handler %q is a link that leaves the project's root", h)
		return ""
	case what == nothing && actual != "":
		fail(analyzer.Error, "handler-case", "write them the same", "handler %q is called %s", h, actual)
		return ""
	case h != "" && what == folder:
		d.goPackageEntry(f, named)
		return ""
	case strings.HasSuffix(h, ".go"):
		if what != file {
			fail(analyzer.Error, "no-such-handler", d.nearestGo(f.CodeDir, h), "handler %q: there is no %s", h, named)
			return ""
		}
		d.goPackageEntry(f, path.Dir(named))
		return ""
	case what == nothing && f.Format == "featherpack" && strings.Contains(h, "/"):
		// It can only be a folder that was mistyped: another program by a like
		// name, or the only one there is, would be deployed in its place.
		fail(analyzer.Error, "no-such-handler", d.nearestGo(f.CodeDir, h), "entry %q: there is no folder %s", h, named)
		return ""
	}
	return d.goByName(f)
}

func (d *discovery) goPackageEntry(f *function, dir string) {
	switch p := d.goPackageIn(dir); {
	case p.name == "main":
		f.Entry = dir
	case p.name == "":
		f.report(problem(analyzer.Error, "no-such-handler", f.handlerAt, d.nearestGo(f.CodeDir, strings.TrimPrefix(dir, f.CodeDir+"/")),
			"handler %q: %s holds no Go package", f.Handler, dir))
	default:
		f.report(problem(analyzer.Error, "not-a-main", f.handlerAt, "name the folder of the package main that starts the function",
			"handler %q: %s is package %s, not main", f.Handler, dir, p.name))
	}
}

// goByName finds the main package of a function whose handler names only the
// executable: the code folder itself, the one main package named like the
// function or the executable, or the only one there is.
func (d *discovery) goByName(f *function) (skip string) {
	if d.goPackageIn(f.CodeDir).name == "main" {
		f.Entry = f.CodeDir
		return ""
	}
	mains := d.goMains(f.CodeDir)
	var fitting []string
	for _, dir := range mains {
		base := plain(path.Base(dir))
		if base == plain(f.Name) || f.Handler != "bootstrap" && base == plain(path.Base(f.Handler)) {
			fitting = append(fitting, dir)
		}
	}
	switch {
	case len(fitting) == 1:
		f.Entry = fitting[0]
	case len(fitting) == 0 && len(mains) == 1:
		f.Entry = mains[0]
	case len(mains) == 0:
		return fmt.Sprintf("runs on %s and %s holds no Go main package that imports aws-lambda-go", f.Runtime, shown(f.CodeDir))
	default:
		if len(fitting) > 0 {
			mains = fitting
		}
		f.report(problem(analyzer.Error, "no-such-handler", f.handlerAt,
			"name the package's folder as the handler, or in featherpack.yaml: it may be one of "+strings.Join(mains[:min(len(mains), 8)], ", "),
			"handler %q does not say which Go package is meant", f.Handler))
	}
	return ""
}

// plain makes names comparable across the habits of manifests and folders.
func plain(name string) string {
	return strings.ToLower(strings.NewReplacer("-", "", "_", "", ".", "").Replace(name))
}

func shown(dir string) string {
	if dir == "." {
		return "the project's root"
	}
	return dir
}

// nearestGo suggests the main package whose folder resembles what was named.
func (d *discovery) nearestGo(dir, named string) string {
	mains := d.goMains(dir)
	rel := make([]string, len(mains))
	for i, m := range mains {
		rel[i] = strings.TrimPrefix(m, dir+"/")
	}
	if near := analyzer.Nearest(strings.TrimSuffix(named, "/main.go"), rel); near != "" {
		return fmt.Sprintf("did you mean %s?", near)
	}
	if i := slices.IndexFunc(rel, func(m string) bool { return path.Base(m) == path.Base(named) }); i >= 0 {
		return fmt.Sprintf("did you mean %s?", rel[i])
	}
	return "name the folder of a Go package main"
}
