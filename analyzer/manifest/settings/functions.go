package settings

import (
	"path"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

// functionKeys are the keys of a function in featherpack.yaml, besides those of
// "build".
var functionKeys = []string{"entry", "handler", "runtime", "arch", "memory", "timeout", "environment", "layers", "snapStart", "provisionedConcurrency"}

// Functions reads the functions that a featherpack.yaml declares.
func Functions(root *yamltree.Value) (found declared.Found) {
	c := &Checker{}
	functions := root.Get("functions")
	if c.Mapping(functions, "functions") {
		for i, k := range functions.Keys {
			found.Declare(readFunction(k, functions.Items[i]))
		}
	}
	found.Problems = c.Problems
	return found
}

func readFunction(k yamltree.Key, v *yamltree.Value) *declared.Function {
	f := &declared.Function{Function: analyzer.Function{Name: k.Name, Format: "featherpack", Position: k.At}}
	// A mistake in one function does not affect the others.
	own := &Checker{}
	readEntry(own, f, k, v)
	f.Problems = append(f.Problems, own.Problems...)
	return f
}

func readEntry(own *Checker, f *declared.Function, k yamltree.Key, v *yamltree.Value) {
	if v.Kind == yamltree.Text { // orders: src/orders.ts
		v = yamltree.NewPair("entry", v)
	}
	const where = "the function"
	if v.Kind == yamltree.Null {
		own.Fail(k.At, "name its source: entry: src/"+k.Name+".ts", "%s has no entry", where)
		return
	}
	if !own.Object(v, where, slices.Concat(functionKeys, BuildKeys())) {
		return
	}
	str := func(name string) (string, analyzer.Position) {
		if at := v.Get(name); at.Has() {
			s, _ := own.Text(at, name)
			return s, at.At
		}
		return "", analyzer.Position{}
	}
	f.Runtime, f.RuntimeAt = str("runtime")
	f.Architecture, f.ArchAt = str("arch")
	for name, field := range map[string]*int{"memory": &f.MemoryMB, "timeout": &f.TimeoutSeconds} {
		if n := v.Get(name); n.Has() {
			*field, _ = own.Integer(n, name)
		}
	}
	if env := v.Get("environment"); env.Has() {
		f.Environment, _ = own.TextMap(env, "environment")
	}
	if on := v.Get("snapStart"); on.Has() {
		f.SnapStart, _ = own.Truth(on, "snapStart")
	}
	if n := v.Get("provisionedConcurrency"); n.Has() {
		ready, _ := own.Integer(n, "provisionedConcurrency")
		f.ProvisionedConcurrency = ready > 0
	}
	if layers := v.Get("layers"); layers.Has() {
		f.Layers, _ = own.Texts(layers, "layers")
	}
	f.Own = ReadBuild(own, v, k.Name)
	entry, at := str("entry")
	f.HandlerAt = at
	if entry == "" {
		own.Fail(k.At, "name its source: entry: src/"+k.Name+".ts", "%s has no entry", where)
		return
	}
	if f.Runtime == "" {
		f.Runtime = declared.DefaultGoRuntime
		if slices.Contains(declared.SourceExtensions, path.Ext(entry)) {
			f.Runtime = declared.DefaultNodeRuntime
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
		own.Fail(exportAt, "entry names the file", "%s: handler is the export's name alone, not %q", where, export)
	}
	if strings.ContainsAny(entry, "\\\x00") || path.IsAbs(entry) {
		f.Handler = entry + "." + export // nodeEntry reports what is wrong
		return
	}
	f.SetEntry(entry, export, at)
}
