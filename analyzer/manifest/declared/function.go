package declared

import (
	"path"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

// Function is what a manifest says about one function. Its handler has not been
// led to a source yet.
type Function struct {
	analyzer.Function
	// Manifest is the file that declares it, relative to the root. The function
	// may be written in a file that the manifest includes.
	Manifest string
	// HandlerAt, RuntimeAt and ArchAt say where the manifest sets these, empty
	// for where it names the function.
	HandlerAt, RuntimeAt, ArchAt analyzer.Position
	// EntryHint is the source file that the manifest names beside the handler.
	EntryHint *yamltree.Value
	// Zip is the zip that the manifest deploys, relative to its folder, nil where
	// it does not say.
	Zip *yamltree.Value
	// Own are build settings that the manifest states for this function alone.
	Own []Setting
	// Problems concern this function; it is not built if one is an error.
	Problems []analyzer.Diagnostic
	// Skip says why there is nothing to build, as a clause: "is a container image".
	Skip string
}

// Setting changes one thing of a function. Settings are applied in order, so a
// later one wins.
type Setting func(*analyzer.Function)

// Report adds a problem of the function.
func (f *Function) Report(d analyzer.Diagnostic) { f.Problems = append(f.Problems, d) }

// SourceExtensions are the extensions of Node and TypeScript, in order of preference:
// a source comes before its compiled output.
var SourceExtensions = []string{".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"}

// SetEntry makes a Node function of a source file and an export. The zip keeps
// the file's path, so the handler follows from it.
func (f *Function) SetEntry(entry, export string, at analyzer.Position) {
	entry = strings.TrimPrefix(entry, "./")
	stem := strings.TrimSuffix(entry, path.Ext(entry))
	if strings.Contains(path.Base(stem), ".") && !strings.HasPrefix(path.Base(stem), "..") {
		f.Report(analyzer.Problem(analyzer.Error, "bad-handler", at, "rename the file so that its name holds no dot before the extension",
			"entry %q: lambda reads a file's name up to its first dot", entry))
	}
	f.Handler = stem + "." + export
	f.EntryHint = yamltree.NewText(entry, at)
}

// AddEnvironment adds the variables of a mapping. What is not known of them, or
// of the mapping, is only named.
func (f *Function) AddEnvironment(r yamltree.Resolver, v *yamltree.Value) {
	v = r.Resolve(v)
	switch settled := v.Settled(); {
	case !v.Has():
	case v.Unknown():
		f.Report(analyzer.Problem(analyzer.Note, "unknown-environment", v.At, "", "its environment is only known once deployed"))
		if settled.Kind == yamltree.Mapping {
			for _, k := range settled.Keys {
				f.setEnvironment(k.Name, v)
			}
		}
	case v.Kind == yamltree.Mapping:
		for i, k := range v.Keys {
			f.setEnvironment(k.Name, r.Resolve(v.Items[i]))
		}
	default:
		f.Report(analyzer.Problem(analyzer.Note, "unknown-environment", v.At, "", "its environment is only known once deployed"))
	}
}

// setEnvironment sets a variable to what is known of it; nil takes it away.
// Values may be secrets: they are put in no message.
func (f *Function) setEnvironment(name string, v *yamltree.Value) {
	delete(f.Environment, name)
	f.EnvironmentUnknown = slices.DeleteFunc(f.EnvironmentUnknown, func(n string) bool { return n == name })
	switch {
	case !v.Has():
	case v.Scalar():
		if f.Environment == nil {
			f.Environment = map[string]string{}
		}
		f.Environment[name] = v.Text
	default:
		f.EnvironmentUnknown = append(f.EnvironmentUnknown, name)
	}
}

// AddLayers adds the layers of a list: ARNs, and of references the name of the
// resource.
func (f *Function) AddLayers(r yamltree.Resolver, v *yamltree.Value) {
	v = r.Resolve(v)
	switch settled := v.Settled(); {
	case !v.Has():
	case settled.Kind == yamltree.Sequence:
		for _, item := range settled.Items {
			if name := layerName(r.Resolve(item)); name != "" {
				f.Layers = append(f.Layers, name)
			}
		}
	case v.Unknown():
		f.Layers = append(f.Layers, layerName(v))
	}
}

func layerName(v *yamltree.Value) string {
	switch {
	case v == nil:
		return ""
	case v.Scalar(), v.Kind == yamltree.InPart:
		return v.Text
	case v.Unknown():
		return strings.TrimPrefix(v.Missing.Name, "!Ref ")
	case v.Get("Ref").Scalar():
		return v.Get("Ref").Text
	}
	return "(a layer known only once deployed)"
}

// MayBeSet reports whether a setting is on, or a number above 0. A value that is
// only known once deployed counts as set: a wrong projection is worse than none.
// SnapStart's ApplyOn is a word, of which None is off.
func MayBeSet(v *yamltree.Value) bool {
	if v = v.Settled(); !v.Has() {
		return false
	}
	if v.Unknown() {
		return true
	}
	if is, ok := v.Truth(); ok {
		return is
	}
	if n, ok := v.Integer(); ok {
		return n > 0
	}
	return v.Scalar() && v.Text != "None" && v.Text != ""
}
