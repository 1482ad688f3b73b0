package trial

import (
	"context"
	"errors"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/chains"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/reporters"
)

// Methods of finding a saving.
const (
	Measured  = "measured" // the function was built and zipped again; the difference
	FromGraph = "graph"    // the size of the inputs that only the removed imports lead to
)

// Saving is the number of bytes that leaving something out would save.
type Saving struct {
	Without string `json:"without"`
	chains.Weight
	Method string `json:"method"`
	// Load is how much sooner the function loads, nil if that was not measured.
	// LoadUnmeasured is the reason.
	Load           *LoadSaving `json:"load,omitempty"`
	LoadUnmeasured string      `json:"loadUnmeasured,omitempty"`
	// Because is the reason why it was not measured.
	Because string `json:"because,omitempty"`
}

// Omit builds the function without a package and returns the saving. If that cannot
// be built, the saving is computed from the import graph.
func (q Question) Omit(ctx context.Context, g chains.Graph, o chains.Omission, whole chains.Weight) (Saving, error) {
	s := Saving{Without: o.Name, Method: FromGraph, Weight: g.Lost(o.Cut), Because: o.Because}
	if o.External == "" {
		return s, nil
	}
	f := q.Function
	f.Build.External = append(slices.Clone(f.Build.External), o.External)
	err := q.Build(ctx, f, func(_ reporters.Report, built reporters.Function, out *outdir.Dir) error {
		s.Method, s.Weight = Measured, whole.Minus(chains.Of(built))
		s.Load, s.LoadUnmeasured = q.MeasureLoad(ctx, f, out, o.External)
		return nil
	})
	var d analyzer.Diagnostic
	if errors.As(err, &d) && ctx.Err() == nil {
		s.Because, err = "the function does not build without it: "+d.Message, nil
	}
	return s, err
}
