package serverless

import (
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/settings"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

// patterns merges the service's and the function's patterns in the framework's
// order: first every exclude, then includes and patterns, each time the service's
// before the function's. Source: lib/plugins/package/lib/package-service.js of
// serverless 3.
func (s *reader) patterns(f *declared.Function, own *yamltree.Value) {
	s.addPatterns(f, s.pack, "exclude")
	s.addPatterns(f, own, "exclude")
	for _, pack := range []*yamltree.Value{s.pack, own} {
		s.addPatterns(f, pack, "include")
		s.addPatterns(f, pack, "patterns")
	}
}

// addPatterns adds one list of patterns.
func (s *reader) addPatterns(f *declared.Function, pack *yamltree.Value, name string) {
	v := s.Get(pack, name)
	list := s.settled(f.Report, "package."+name, v)
	if !list.Has() {
		return
	}
	if list.Kind != yamltree.Sequence {
		f.Report(s.lost("package."+name, list, name == "exclude"))
		return
	}
	for _, item := range list.Items {
		v := s.Resolve(item)
		switch {
		case !v.Has():
			continue
		case !v.Settled().Scalar():
			f.Report(s.lost("a pattern", v, name == "exclude" || strings.HasPrefix(item.Text, "!")))
			continue
		}
		v = s.known(f, "a pattern", v)
		p := settings.NewPattern(v.Text, v.At)
		if name == "exclude" {
			p.Exclude = !p.Exclude
		}
		if hint := settings.BadGlob(p.Glob); hint != "" {
			f.Report(analyzer.Problem(analyzer.Error, "bad-pattern", v.At, hint, "%q is not a valid pattern", v.Shown()))
			continue
		}
		f.Patterns = append(f.Patterns, p)
		f.Show(p.Glob, v)
	}
}

// lost reports a pattern that cannot be used. If the pattern would only leave
// files out, the artifact is at worst too large, so the report is a warning.
func (s *reader) lost(what string, v *yamltree.Value, excludes bool) analyzer.Diagnostic {
	d := s.unusable(what, v)
	if excludes && d.Severity == analyzer.Error {
		d.Severity = analyzer.Warning
	}
	return d
}

var (
	// wholeFolders matches the versions of the framework that pack the whole folder. Version 4
	// bundles, and a service that names no version may run with it.
	wholeFolders = regexp.MustCompile(`^[\^~>= v]*[123](\.[\dx*.]+)?$`)
	// bundlers matches plugins that make packages themselves.
	bundlers = regexp.MustCompile(`(?i)featherpack|esbuild|webpack|bundl|rollup|parcel|vite|swc|tsup|ncc|optimi|individual|include-dep|package|nx|nest|jetpack`)
)

// together notes that the framework ships the function in the service's one package.
func (s *reader) together(f *declared.Function, own *yamltree.Value) {
	version := s.Get(s.Root, "frameworkVersion")
	switch {
	case !version.Scalar() || !wholeFolders.MatchString(version.Text), s.Get(s.Root, "build").Has():
	case s.Get(own, "individually").Has() || s.Get(s.pack, "individually").Has():
	case s.Get(s.Root, "plugins").Has() && len(s.plugins()) == 0, slices.ContainsFunc(s.plugins(), bundlers.MatchString):
	default:
		f.Together = "serverless " + s.File
	}
}
