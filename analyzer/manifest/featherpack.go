package manifest

import (
	"path"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// functionKeys are the settings of a function in featherpack.yaml, besides
// those of "build".
var functionKeys = []string{"entry", "handler", "runtime", "arch", "memory", "timeout", "environment", "layers", "snapStart", "provisionedConcurrency"}

// readFunctions reads the functions that a featherpack.yaml names itself.
func (d *discovery) readFunctions(s *service) {
	c := &checker{}
	functions := s.root.get("functions")
	if c.mapping(functions, "functions") {
		for i, k := range functions.keys {
			d.readFunction(c, s, k, functions.items[i])
		}
	}
	d.project.Diagnostics = append(d.project.Diagnostics, c.problems...)
}

func (d *discovery) readFunction(c *checker, s *service, k key, v *value) {
	f := &function{Function: analyzer.Function{Name: k.name, Format: "featherpack", Position: k.at}}
	// A mistake in one function is that function's own.
	own := &checker{}
	defer func() {
		f.problems = append(f.problems, own.problems...)
		d.declare(s, f)
	}()
	if v.kind == text { // orders: src/orders.ts
		v = &value{kind: mapping, at: v.at, keys: []key{{"entry", v.at}}, items: []*value{v}}
	}
	const where = "the function"
	if v.kind == null {
		own.fail(k.at, "name its source: entry: src/"+k.name+".ts", "%s has no entry", where)
		return
	}
	if !own.object(v, where, slices.Concat(functionKeys, buildKeyNames())) {
		return
	}
	str := func(name string) (string, analyzer.Position) {
		if at := v.get(name); at.has() {
			s, _ := own.text(at, name)
			return s, at.at
		}
		return "", analyzer.Position{}
	}
	f.Runtime, f.runtimeAt = str("runtime")
	f.Architecture, f.archAt = str("arch")
	for name, field := range map[string]*int{"memory": &f.MemoryMB, "timeout": &f.TimeoutSeconds} {
		if n := v.get(name); n.has() {
			*field, _ = own.integer(n, name)
		}
	}
	if env := v.get("environment"); env.has() {
		f.Environment, _ = own.textMap(env, "environment")
	}
	if on := v.get("snapStart"); on.has() {
		f.SnapStart, _ = own.truth(on, "snapStart")
	}
	if n := v.get("provisionedConcurrency"); n.has() {
		ready, _ := own.integer(n, "provisionedConcurrency")
		f.ProvisionedConcurrency = ready > 0
	}
	if layers := v.get("layers"); layers.has() {
		f.Layers, _ = own.texts(layers, "layers")
	}
	f.own = readBuild(own, v, k.name)
	entry, at := str("entry")
	f.handlerAt = at
	if entry == "" {
		own.fail(k.at, "name its source: entry: src/"+k.name+".ts", "%s has no entry", where)
		return
	}
	if f.Runtime == "" {
		f.Runtime = defaultGoRuntime
		if slices.Contains(sourceExtensions, path.Ext(entry)) {
			f.Runtime = defaultNodeRuntime
		}
	}
	if !strings.HasPrefix(f.Runtime, "nodejs") {
		f.Handler = entry
		return
	}
	export, exportAt := str("handler")
	switch {
	case export == "":
		export = "handler"
	case strings.ContainsAny(export, `/\`):
		own.fail(exportAt, "entry names the file", "%s: handler is the export's name alone, not %q", where, export)
	}
	if strings.ContainsAny(entry, "\\\x00") || path.IsAbs(entry) {
		f.Handler = entry + "." + export // which nodeEntry refuses in its words
		return
	}
	f.setEntry(entry, export, at)
}
