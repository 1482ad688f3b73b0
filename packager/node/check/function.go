package check

import (
	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/trace"
	"github.com/featherpack/featherpack/analyzer/trace/native"
	"github.com/featherpack/featherpack/packager/node/explain"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/kept"
	"github.com/featherpack/featherpack/packager/node/linker"
	"github.com/featherpack/featherpack/packager/node/resolution"
)

// Function is a settled function, as the checks see it.
type Function struct {
	analyzer.Function
	*linker.Linked
	Packages *installed.Tree
	// Resolution is what is known of modules of the bundle, Files of modules that ship
	// as files.
	Resolution, Files *resolution.Resolution
	// Tree are the files beside the bundle.
	Tree *kept.Tree

	// ESM means that the bundle is an ES module.
	ESM bool
	// LeftOut are requests in branches that lead nowhere: an importer, a zero byte and a
	// specifier each.
	LeftOut []string
	// Unbuilt are the errors of modules that something looks for and nothing imports.
	Unbuilt []api.Message
	// Platform is what the function runs on, Node its major version of Node, 0 if unknown.
	Platform native.Platform
	Node     int
	// AllowOutside allows modules outside the project's root.
	AllowOutside bool

	// Optional returns the reason for which a library's request may stay out of the bundle,
	// "" when it may not. NotInstalled reports whether it is that nobody installed it.
	Optional     func(importer, specifier, kind string) string
	NotInstalled func(importer, specifier, kind string) bool
	// OptionalToFile is Optional's answer for a file beside the bundle.
	OptionalToFile func(importer, specifier string) bool
	// OfRuntime reports whether Lambda's runtime provides a package that is not in the tree.
	OfRuntime func(dir, name string) bool
	// LoadedAtStart are the inputs that certainly run before the handler is called.
	LoadedAtStart func() map[string]bool
}

// finding is the tracer's result for an input, nil where it needs nothing.
func (f *Function) finding(input string) *trace.Result {
	finding, _ := f.Resolution.Finding(f.Packages.Absolute(input))
	return finding
}

// explainer turns esbuild's messages about the function into diagnostics.
func (f *Function) explainer() explain.Explainer {
	return explain.Explainer{Packages: f.Packages, Function: f.ID, Runtime: f.Runtime}
}
