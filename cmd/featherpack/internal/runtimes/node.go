package runtimes

import (
	"context"
	"strings"

	"github.com/featherpack/featherpack/packager/boot"
	"github.com/featherpack/featherpack/reporters"
)

// node starts the zip of a Node function on another runtime.
func (t *trying) node(ctx context.Context, runtime string) {
	t.options.Step("featherpack: %s: starting it on %s", t.function.ID, runtime)
	t.onItsOwn(ctx)
	of := t.function
	of.Runtime = runtime
	other := t.start(ctx, t.zip, of)
	o := reporters.OnRuntime{Runtime: runtime, Node: other.Node}
	if other.Node != "" && !strings.HasPrefix("nodejs"+other.Node, strings.TrimSuffix(runtime, "x")) {
		o.Verdict, o.Reason = reporters.RuntimeUnknown, "featherpack has no Node of this runtime; Node "+other.Node+" ran"
	} else {
		t.judge(&o, other)
	}
	if o.Breaks() {
		o.At, o.Source = t.placeInZip(other.Error)
	}
	t.measured(&o, other, func(m boot.Measured) []float64 { return m.HandlerMillis })
	problem, built := t.build(ctx, of, t.options, func(_ string, bytes int64) { o.BuiltBytes = bytes })
	if !built {
		if o.NotBuilt = problem.Message; o.Breaks() && o.Source.File == "" && problem.Line > 0 {
			o.Source = problem.Position
		}
	}
	t.results = append(t.results, o)
}
