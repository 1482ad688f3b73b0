package cloudformation

import (
	"path"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/settings"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

// sourceOf returns a resource's Metadata.featherpack: the source of a function if
// the template cannot name it otherwise. That is so if the code is the zip that
// featherpack writes, or if the handler is only the name of an executable.
// CloudFormation and SAM ignore unknown keys of Metadata.
func (t *template) sourceOf(metadata *yamltree.Value) *yamltree.Value {
	if v := yamltree.Deep(t, metadata.Get("featherpack")); v.Has() {
		return v
	}
	return nil
}

// source applies Metadata.featherpack: `entry` and, for this function alone, the
// keys of "build" in featherpack.yaml. entry is relative to CodeUri, or to the
// template's folder if CodeUri is a zip.
func (t *template) source(f *declared.Function, v *yamltree.Value) {
	if v == nil {
		return
	}
	c := &settings.Checker{}
	defer func() { f.Problems = append(f.Problems, c.Problems...) }()
	const where = "Metadata.featherpack"
	if v.Kind == yamltree.Text { // featherpack: src/orders.ts
		v = yamltree.NewPair("entry", v)
	}
	if !c.Object(v, where, slices.Concat([]string{"entry"}, settings.BuildKeys())) {
		return
	}
	f.Own = settings.ReadBuild(c, v, where)
	at := v.Get("entry")
	if !at.Has() {
		return
	}
	entry, ok := c.Text(at, where+".entry")
	if !ok {
		return
	}
	if strings.HasPrefix(f.Runtime, "provided") {
		f.Handler, f.HandlerAt = entry, at.At
		return
	}
	f.EntryHint = yamltree.NewText(strings.TrimPrefix(entry, "./"), at.At)
}

func isZip(name string) bool { return path.Ext(name) == ".zip" && !strings.Contains(name, "://") }
