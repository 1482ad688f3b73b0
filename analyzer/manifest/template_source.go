package manifest

import (
	"path"
	"slices"
	"strings"
)

// sourceOf is Metadata.featherpack of a resource: what a function is built from
// where the template cannot say so, because its code is the zip that featherpack
// writes, or its handler only the name of an executable. CloudFormation and SAM
// leave keys of Metadata that they do not know alone.
func (t *template) sourceOf(metadata *value) *value {
	if v := t.evalDeep(metadata.get("featherpack"), 0); v.has() {
		return v
	}
	return nil
}

// source honours Metadata.featherpack: `entry`, relative to CodeUri or, where
// that is a zip, to the template's folder, and the keys of "build" in
// featherpack.yaml for this function alone.
func (t *template) source(f *function, v *value) {
	if v == nil {
		return
	}
	c := &checker{}
	defer func() { f.problems = append(f.problems, c.problems...) }()
	const where = "Metadata.featherpack"
	if v.kind == text { // featherpack: src/orders.ts
		v = &value{kind: mapping, at: v.at, keys: []key{{"entry", v.at}}, items: []*value{v}}
	}
	if !c.object(v, where, slices.Concat([]string{"entry"}, buildKeyNames())) {
		return
	}
	f.own = readBuild(c, v, where)
	at := v.get("entry")
	if !at.has() {
		return
	}
	entry, ok := c.text(at, where+".entry")
	if !ok {
		return
	}
	if strings.HasPrefix(f.Runtime, "provided") {
		f.Handler, f.handlerAt = entry, at.at
		return
	}
	f.entryHint = textValue(strings.TrimPrefix(entry, "./"), at.at)
}

// zipName checks that the zip which a template deploys is the one that will be
// written: another name would deploy what lies there from some other day.
func (t *template) zipName(f *function, v *value) {
	if want := f.Name + ".zip"; path.Base(v.text) != want {
		c := &checker{}
		c.fail(v.at, "name it "+path.Join(path.Dir(v.text), want), "the code is %s, and featherpack writes %s", v.text, want)
		f.problems = append(f.problems, c.problems...)
	}
}

func isZip(name string) bool { return path.Ext(name) == ".zip" && !strings.Contains(name, "://") }
