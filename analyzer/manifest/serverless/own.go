package serverless

import (
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/settings"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
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
}
