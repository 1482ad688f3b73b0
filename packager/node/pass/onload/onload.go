package onload

import (
	"sync"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// Module is a module as it is on disk.
type Module struct {
	// File is relative to the root.
	File string
	// Source is its own text.
	Source []byte
	// Text is the parsed and bound text. It is nil where that fails. It is parsed when it
	// is first asked for.
	Text func() *js.Text
}

// Parse returns a function that parses and binds a file when it is first called.
func Parse(f js.File) func() *js.Text {
	return sync.OnceValue(func() *js.Text {
		text, err := js.Read(f)
		if err != nil {
			return nil
		}
		text.Bind()
		return text
	})
}

// View is what a pass sees of other modules. Files are relative to the root.
type View interface {
	// Resolve is the file of the project that an import statement of a file leads to, ""
	// where it leads elsewhere, or where that depends on the function.
	Resolve(from, specifier string) string
	// Module returns a file's module, nil for what is not code.
	Module(file string) *Module
	// JSON is the text of a file with data, nil where it cannot be read.
	JSON(file string) []byte
	// Outline is the outline of a file, nil where it is not code or cannot be read.
	Outline(file string) *js.Outline
	// Exports is the outline of a file, and that of what TypeScript becomes. Of the latter
	// the exports alone are certain: the imports of types are the bundler's to drop.
	Exports(file string) *js.Outline
	// Below is what a file imports, directly or not, as [Follow] finds it.
	Below(file string) *Below
	// SideEffectFree reports whether the package.json of a file says that nothing is lost
	// where the file is left out because none of its exports is used.
	SideEffectFree(file string) bool
	// Process is the process that the code runs in.
	Process() Process
}

// Change is what a pass changes in a module.
type Change struct {
	Pass  string
	Edits []js.Edit
	// Past are the files, relative to the root, that the change has followed requests to.
	// Where a plan makes these requests lead elsewhere, it must not be applied.
	Past []string
	// Global is the variable that nothing may set where the change is applied, "" for none.
	Global string
	// Requests maps specifiers that the change writes to those in the module's text.
	Requests map[string]string
}

// passes are those of [analyzer.Passes] that run on load, in that order. concerns is a
// quick search of a module's text; changes does not get modules that it is false for.
var passes = []struct {
	name     string
	concerns func(source []byte) bool
	changes  func(m *Module, v View, on analyzer.Switches) []Change
}{
	{analyzer.NamespaceImports, hasNamedImport, namespaceImports},
	{analyzer.BarrelImports, hasNamedImport, barrelImports},
	{analyzer.LiteralKeys, hasComputedKey, literalKeys},
	{analyzer.PureObjects, hasSymbolKey, pureObjects},
	{analyzer.DynamicImports, hasDynamicImport, dynamicImports},
	{analyzer.FeatureConstants, hasFeatureTest, featureConstants},
	{analyzer.LateFetch, hasBrandChecks, lateFetch},
	{analyzer.LateBuiltins, requiresLate, lateBuiltins},
	{analyzer.LateMetaSchema, hasMetaSchema, lateMetaSchema},
}

// Changes runs the passes that are on.
func Changes(m *Module, v View, on analyzer.Switches) []Change {
	var changes []Change
	for _, p := range passes {
		if !on.On(p.name) || !p.concerns(m.Source) {
			continue
		}
		for _, c := range p.changes(m, v, on) {
			c.Pass = p.name
			changes = append(changes, c)
		}
	}
	return changes
}
