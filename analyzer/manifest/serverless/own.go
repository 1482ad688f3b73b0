package serverless

import (
	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/settings"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
	"strings"
)

// ownKey is the key that featherpack's hook adds to the framework's schema of a
// function. false leaves the function to the framework. A mapping holds build
// settings, as an override in featherpack.yaml does.
const ownKey = "featherpack"

// leftAlone reports whether a function has featherpack: false.
func (s *reader) leftAlone(v *yamltree.Value) bool {
	is, ok := s.Get(v, ownKey).Settled().Truth()
	return ok && !is
}

// ownSettings reads the function's build settings below ownKey.
func (s *reader) ownSettings(f *declared.Function, v *yamltree.Value) {
	v = yamltree.Deep(s, v).SettledWithin(func(unknown *yamltree.Value) {
		s.settled(f.Report, "a setting of featherpack", unknown)
	})
	if is, ok := v.Truth(); !v.Has() || ok && is {
		return
	}
	c := &settings.Checker{}
	if c.Object(v, ownKey, settings.BuildKeys()) {
		f.Own = settings.ReadBuild(c, v, ownKey)
	}
	for _, p := range c.Problems {
		f.Report(p)
	}
	s.shownSettings(f, v)
}

// shownSettings reports settings whose values reports show as they are, and which come
// from the environment or a parameter, so that they might be secrets.
func (s *reader) shownSettings(f *declared.Function, v *yamltree.Value) {
	for _, name := range []string{"external", "mainFields", "conditions", "alias", "inject", "tsconfig", "tags"} {
		setting := v.Get(name)
		if setting == nil {
			continue
		}
		for _, item := range append([]*yamltree.Value{setting}, setting.Items...) {
			if item.Written != "" && !strings.HasPrefix(item.Written, "${file(") {
				f.Report(analyzer.Problem(analyzer.Error, "bad-config", item.At, "write it in the manifest, or in featherpack.yaml",
					"%s.%s cannot be %s, because reports show its value", ownKey, name, item.Written))
			}
		}
	}
}
