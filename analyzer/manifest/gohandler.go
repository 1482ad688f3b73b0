package manifest

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/goflags"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/gomodule"
	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// goEntry finds the main package of a handler. For a custom runtime the handler
// may be the package's folder or a file in it. If the handler is only the name of
// the executable, goByName finds the package. A non-empty skip is the reason why
// featherpack does not build the function: custom runtimes run any language.
func (d *discovery) goEntry(f *declared.Function) (skip string) {
	h := f.Handler
	fail := func(severity analyzer.Severity, code, hint, format string, args ...any) {
		f.Report(analyzer.Problem(severity, code, f.HandlerAt, hint, format, args...))
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
	if !projectfs.Inside(named) {
		fail(analyzer.Refused, "handler-outside", "nothing outside the project's root is packed", "handler %q leaves the project's root", h)
		return ""
	}
	what, actual := d.Look(named)
	switch {
	case what == projectfs.Foreign:
		fail(analyzer.Refused, "handler-outside", "nothing outside the project's root is packed", "handler %q is a link that leaves the project's root", h)
		return ""
	case what == projectfs.Nothing && actual != "":
		fail(analyzer.Error, "handler-case", "write them the same", "handler %q is called %s", h, actual)
		return ""
	case h != "" && what == projectfs.Folder:
		d.goPackageEntry(f, named)
		return ""
	case strings.HasSuffix(h, ".go"):
		if what != projectfs.File {
			fail(analyzer.Error, "no-such-handler", d.nearestGo(f.CodeDir, h), "handler %q: there is no %s", h, named)
			return ""
		}
		if mains := gomodule.PackageIn(d.FS, path.Dir(named), d.goTags(path.Dir(named), f)).Mains; len(mains) > 1 {
			fail(analyzer.Error, "several-mains", "put each program into a folder of its own: go build joins the files of a folder",
				"handler %q: %s declares func main in %s", h, shown(path.Dir(named)), strings.Join(mains, " and "))
			return ""
		}
		d.goPackageEntry(f, path.Dir(named))
		return ""
	case what == projectfs.Nothing && f.Format == "featherpack" && strings.Contains(h, "/"):
		// The handler is a mistyped folder. Falling back to a package of a similar name,
		// or to the only one there is, would deploy another program.
		fail(analyzer.Error, "no-such-handler", d.nearestGo(f.CodeDir, h), "entry %q: there is no folder %s", h, named)
		return ""
	}
	return d.goByName(f)
}

func (d *discovery) goPackageEntry(f *declared.Function, dir string) {
	switch p := gomodule.PackageIn(d.FS, dir, d.goTags(dir, f)); {
	case p.Name == "main":
		f.Entry = dir
	case p.Name == "":
		f.Report(analyzer.Problem(analyzer.Error, "no-such-handler", f.HandlerAt, d.nearestGo(f.CodeDir, strings.TrimPrefix(dir, f.CodeDir+"/")),
			"handler %q: %s holds no Go package", f.Handler, dir))
	default:
		f.Report(analyzer.Problem(analyzer.Error, "not-a-main", f.HandlerAt, "name the folder of the package main that starts the function",
			"handler %q: %s is package %s, not main", f.Handler, dir, p.Name))
	}
}

// goByName finds the main package of a function whose handler is only the name of
// the executable. It is the package in the code folder itself, or the one named
// like the function or the executable, or the only main package.
func (d *discovery) goByName(f *declared.Function) (skip string) {
	tags := d.goTags(f.CodeDir, f)
	if gomodule.PackageIn(d.FS, f.CodeDir, tags).Name == "main" {
		f.Entry = f.CodeDir
		return ""
	}
	mains := gomodule.Mains(d.FS, f.CodeDir, tags)
	if len(mains) == 0 {
		mains = gomodule.AllMains(d.FS, f.CodeDir, tags)
	}
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
		f.Report(analyzer.Problem(analyzer.Error, "no-such-handler", f.HandlerAt,
			"name the package's folder as the handler, or in featherpack.yaml: it may be one of "+strings.Join(mains[:min(len(mains), 8)], ", "),
			"handler %q does not say which Go package is meant", f.Handler))
	}
	return ""
}

// goTags returns the build tags for packages in a folder: those of GOFLAGS, those that
// the function will be built with if it is known, and the one that every build sets.
func (d *discovery) goTags(dir string, f *declared.Function) []string {
	tags := append([]string{"lambda.norpc"}, d.settingsOf(dir, f).Tags...)
	if text, ok := d.LookupEnv("GOFLAGS"); ok {
		words, _ := goflags.Split(text) // the build reports what cannot be read
		for _, word := range words {
			if value, ok := strings.CutPrefix(strings.TrimLeft(word, "-"), "tags="); ok {
				tags = append(tags, value)
			}
		}
	}
	var list []string
	for _, tag := range tags {
		list = append(list, strings.FieldsFunc(tag, func(r rune) bool { return r == ',' || r == ' ' })...)
	}
	return slices.DeleteFunc(slices.Clone(list), func(tag string) bool {
		return tag == "auto" || strings.HasPrefix(tag, "!") || slices.Contains(list, "!"+tag)
	})
}

// plain removes case and punctuation, so that a manifest's spelling of a name can
// be compared with a folder's.
func plain(name string) string {
	return strings.ToLower(strings.NewReplacer("-", "", "_", "", ".", "").Replace(name))
}

func shown(dir string) string {
	if dir == "." {
		return "the project's root"
	}
	return dir
}

// nearestGo suggests a main package whose folder resembles named.
func (d *discovery) nearestGo(dir, named string) string {
	mains := gomodule.Mains(d.FS, dir, d.goTags(dir, nil))
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
