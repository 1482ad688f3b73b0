package serverless

import (
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/settings"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

// ownKey is the key of a function that the hook for the Serverless Framework
// adds to its schema: false leaves the function to the framework, a mapping
// holds build settings as an override of featherpack.yaml does.
const ownKey = "featherpack"

// leftAlone reports whether a function's setting is false.
func (s *reader) leftAlone(v *yamltree.Value) bool {
	is, ok := s.Get(v, ownKey).Settled().Truth()
	return ok && !is
}

// ownSettings reads a function's build settings.
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
