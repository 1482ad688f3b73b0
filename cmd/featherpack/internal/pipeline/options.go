package pipeline

import (
	"context"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/packager"
)

// Options say what is built, and how. The zero value builds everything.
type Options struct {
	Discover manifest.Options
	// Only are globs of the functions to build, by name or ID; all when empty.
	Only      []string
	Compress  string // as packager.Options
	SourceMap string // external, zip or none; "" is what the project says
	// SourceMapPackages keeps the text of installed packages in source maps.
	SourceMapPackages bool
	// Waterfall measures the tree-shaken step too, which links once more.
	Waterfall bool
	// ExactBefore compresses the unbundled files for an exact comparison.
	ExactBefore bool
	// AllowOutside takes in modules outside the project's root.
	AllowOutside bool
	// AllowGoflags names flags of the Go toolchain that run or replace code.
	AllowGoflags []string
	// Unpacked also lays the zips' files out beside them.
	Unpacked bool
	// Boot starts every artifact; nil starts none.
	Boot *BootOptions
	// Discovered looks at the project before anything is built; it may be nil.
	Discovered func(analyzer.Project) error
	// Prepare installs packages before a build; nil installs nothing.
	Prepare func(context.Context, analyzer.Project, []analyzer.Function) error
	// Version is the program's own, for the report.
	Version string
	// Progress may be nil.
	Progress Progress
}

// Progress shows how far a run has come.
type Progress interface {
	// Step shows what is being done, in place of the step before.
	Step(format string, args ...any)
	// Clear takes the last step away.
	Clear()
}

// Step tells Progress, if there is one.
func (o Options) Step(format string, args ...any) {
	if o.Progress != nil {
		o.Progress.Step(format, args...)
	}
}

func (o Options) clear() {
	if o.Progress != nil {
		o.Progress.Clear()
	}
}

// Describe lists the settings that affect bytes, for the report.
func (o Options) Describe() []packager.Setting {
	compress := o.Compress
	if compress == "" {
		compress = "default"
	}
	settings := []packager.Setting{{Name: "compress", Value: compress}}
	if o.SourceMap != "" {
		settings = append(settings, packager.Setting{Name: "sourcemap", Value: o.SourceMap})
	}
	if o.SourceMapPackages {
		settings = append(settings, packager.Setting{Name: "sourcemap-packages", Value: "yes"})
	}
	if o.Discover.Stage != "" {
		settings = append(settings, packager.Setting{Name: "stage", Value: o.Discover.Stage})
	}
	return settings
}
