package onload

import (
	"slices"

	"github.com/featherpack/featherpack/analyzer/js"
)

// target is what an import leads to in the end: a name that a file declares, or the whole
// of a file.
type target struct {
	file, name string // name is "*" for a namespace
	// value means that a module on the way has copied the value.
	value bool
}

// finder follows names through modules that hand them on.
type finder struct {
	view View
	past []string // the files that it has been through
}

// find is what the export of a file leads to. found is false where that is not certain: a
// module on the way is not an ES module that can be read, or two of them export the name.
// missing is set where the file certainly does not export it.
//
// It follows https://tc39.es/ecma262/#sec-resolveexport: a module's own exports come
// first, then those of export *, which have no default. A name that two of these lead to
// different places is ambiguous.
func (f *finder) find(file, name string) (t target, found bool) {
	t, found, _ = f.follow(file, name, nil)
	return t, found
}

// exports reports whether a file certainly exports a name.
func (f *finder) exports(file, name string) bool {
	_, found, _ := f.follow(file, name, nil)
	return found
}

func (f *finder) follow(file, name string, seen []target) (t target, found, uncertain bool) {
	at := target{file: file, name: name}
	if slices.Contains(seen, at) || len(seen) > 100 {
		return t, false, false // a circle of export *
	}
	seen = append(seen, at)
	o := f.view.Outline(file)
	if o == nil || !o.Module || o.Opaque {
		return t, false, true
	}
	if !slices.Contains(f.past, file) {
		f.past = append(f.past, file)
	}
	if e, own := o.Exports[name]; own {
		switch {
		case e.From != "":
			t, found, uncertain = f.through(file, e.From, e.Name, seen)
		case e.Name != "":
			from, imported := importOf(o, e.Name)
			if from == "" {
				return target{file: file, name: name}, true, false
			}
			t, found, uncertain = f.through(file, from, imported, seen)
		default:
			return target{file: file, name: name}, true, false
		}
		t.value = t.value || e.Value
		return t, found, uncertain
	}
	if name == "default" {
		return t, false, false
	}
	for _, star := range o.Stars {
		to := f.view.Resolve(file, star)
		if to == "" {
			return t, false, true
		}
		one, exports, unclear := f.follow(to, name, seen)
		if unclear || found && exports && one != t {
			return t, false, true
		}
		if exports {
			t, found = one, true
		}
	}
	return t, found, false
}

// through follows a name of another module.
func (f *finder) through(file, from, name string, seen []target) (t target, found, uncertain bool) {
	to := f.view.Resolve(file, from)
	if to == "" {
		return t, false, true
	}
	if name != "*" {
		return f.follow(to, name, seen)
	}
	if o := f.view.Outline(to); o == nil || !o.Module {
		return t, false, true
	}
	return target{file: to, name: "*"}, true, false
}

// importOf is the module and the name there that a local name is imported from.
func importOf(o *js.Outline, local string) (from, imported string) {
	for _, i := range o.Imports {
		for _, it := range i.Items {
			if it.Local == local {
				return i.Specifier, it.Imported
			}
		}
	}
	return "", ""
}
