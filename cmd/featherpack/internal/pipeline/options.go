package pipeline

import (
	"context"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/reuse"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/cache/remote"
	"github.com/featherpack/featherpack/packager/compiled"
	"github.com/featherpack/featherpack/reporters"
)

// Options select what to build, and how. The zero value builds everything.
type Options struct {
	Discover manifest.Options
	// Only holds globs of the functions to build, by name or ID. If it is empty,
	// all functions are built.
	Only []string
	// Shard selects one part of them, of Of. Of is 0 without parts.
	Shard     struct{ Index, Of int }
	Compress  string // as in packager.Options
	SourceMap string // external, zip or none; "" means the project's setting
	// SourceMapPackages keeps the text of installed packages in source maps.
	SourceMapPackages bool
	// Waterfall also measures the size after tree shaking and after each pass, which
	// builds once more for each.
	Waterfall bool
	// ExactBefore compresses the unbundled files for an exact comparison.
	ExactBefore bool
	// AllowOutside allows modules outside the project's root.
	AllowOutside bool
	// AllowGoflags lists allowed flags of the Go toolchain that run or replace code.
	AllowGoflags []string
	// GoCommand is the absolute path of the go command to build with, "" for the one on PATH.
	GoCommand string
	// Instead are other contents of the project's own Node modules, by their paths: those of a
	// changed copy that is built for a trial. There must be no Cache.
	Instead map[string][]byte
	// AllowScripts names packages whose lifecycle scripts an install may run, and
	// AllowSecrets files that may be packed although they hold secrets, besides those
	// that the project's settings allow.
	AllowScripts, AllowSecrets []string
	// Restrict takes settings from a function that may not apply, and says why. nil
	// takes none.
	Restrict func(*analyzer.Function) []analyzer.Diagnostic
	// Unpacked also unpacks each zip.
	Unpacked bool
	// Boot starts every artifact. nil starts none.
	Boot *BootOptions
	// Discovered is called with the project before anything is built. It may be nil.
	Discovered func(analyzer.Project) error
	// Prepare installs packages before the build. nil installs nothing.
	Prepare func(context.Context, analyzer.Project, []analyzer.Function) error
	// Advise adds to the report the advice that needs no trial. nil adds none.
	Advise Adviser
	// Complete returns a report with what it lacks so far, such as projections, which may depend
	// on all that advice depends on. If it is set, Measure writes the report to the out-dir, as
	// [outdir.Dir.Settle] does. nil leaves both to the caller.
	Complete func(reporters.Report) reporters.Report
	// CodeCache decides for functions with codeCache: auto. nil asks the files that the
	// project has committed.
	CodeCache func(compiled.Input) (compiled.Mode, *analyzer.Diagnostic)
	// Cache is the absolute folder that keeps built functions for later runs, "" for none.
	// Reasons is called with why each function was or was not built; it may be nil.
	// Writes are absolute files that the run writes besides its artifacts: no input of a later run.
	// Remote is a cache behind the folder, nil for none.
	Cache  string
	Writes []string
	// Memory is what earlier runs of this process with the same cache keep; it may be nil.
	Remote  *remote.Cache
	Memory  *reuse.Memory
	Reasons func(id, why string)
	// Unstarted is called for each function that was not started because an earlier run did,
	// with nothing else. It may be nil.
	Unstarted func(id string)
	// Trial means that functions are built with changes, to be measured and thrown away.
	// Unmeasured is called for each trial that was not measured because an earlier run did,
	// with what was not done, as a clause. It may be nil.
	Trial      bool
	Unmeasured func(id, clause string)
	// Timed is called with the duration of each stage of the run, and of what is done for one
	// function. It may be nil, and is called by several goroutines.
	Timed func(stage, function string, took time.Duration)
	// Warn is called with what does not concern the result, such as a cache that cannot be
	// used. It may be nil.
	Warn func(analyzer.Diagnostic)
	// Version is featherpack's own version, for the report.
	Version string
	// Progress may be nil.
	Progress Progress
}

// Adviser adds advice to a report.
type Adviser interface {
	// Add reads only the files that it is given. The last argument names the build that a
	// function's part of the report is from: equal names stand for equal parts, sizes of
	// unbundled zips apart. It returns "" if that is not known.
	Add(*reporters.Report, analyzer.Project, *projectfs.FS, func(id string) string)
	// On returns all that the advice about functions depends on besides the report, the
	// project and its files.
	On([]analyzer.Function) any
}

// Progress shows the progress of a run.
type Progress interface {
	// Step shows the current step in place of the step before.
	Step(format string, args ...any)
	// Clear removes the last step.
	Clear()
}

// Step calls Progress.Step, if Progress is set.
func (o Options) Step(format string, args ...any) {
	if o.Progress != nil {
		o.Progress.Step(format, args...)
	}
}

// timed calls Timed, if it is set.
func (o Options) timed(stage, function string, since time.Time) {
	if o.Timed != nil {
		o.Timed(stage, function, time.Since(since))
	}
}

func (o Options) clear() {
	if o.Progress != nil {
		o.Progress.Clear()
	}
}

// Partial reports whether only some of the project's functions are built.
func (o Options) Partial() bool { return len(o.Only) > 0 || o.Shard.Of > 0 }

// Describe lists the settings that affect the zips, for the report.
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
