package runtimes

import (
	"context"
	"regexp"

	"github.com/featherpack/featherpack/packager/boot"
	"github.com/featherpack/featherpack/packager/golang/toolchain"
	"github.com/featherpack/featherpack/reporters"
)

// golang builds a Go function with another toolchain, and starts that.
func (t *trying) golang(ctx context.Context, tools toolchain.Installation) {
	t.options.Step("featherpack: %s: building it with %s", t.function.ID, tools.Version)
	o := reporters.OnRuntime{Runtime: tools.Version}
	options := t.options
	options.GoCommand = tools.Command
	problem, built := t.build(ctx, t.function, options, func(zip string, bytes int64) {
		o.BuiltBytes = bytes
		t.onItsOwn(ctx)
		other := t.start(ctx, zip, t.function)
		t.judge(&o, other)
		if o.Breaks() {
			o.At, o.Source = t.placeInGo(other)
		}
		t.measured(&o, other, func(m boot.Measured) []float64 { return m.CPUMillis })
	})
	if !built {
		// The reader knows which Go it was, and has not chosen a GOTOOLCHAIN.
		problem.Message = running.ReplaceAllString(problem.Message, "")
		o.Verdict, o.Reason, o.NotBuilt, o.Source = reporters.RuntimeFails, "cannot be built: "+problem.Message, problem.Message, problem.Position
	}
	t.results = append(t.results, o)
}

// running is what the go command adds to a message about a go line.
var running = regexp.MustCompile(` \(running go [^)]*\)$`)
