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

// How a saving became known.
const (
	Measured  = "measured" // built, or linked, and zipped again; the difference
	FromGraph = "graph"    // what only the cut imports lead to
)

// Saving is what the artifact would lose without something.
type Saving struct {
	Without string `json:"without"`
	chains.Weight
	Method string `json:"method"`
	// Because says why it was not measured.
	Because string `json:"because,omitempty"`
}

// Omit builds the function without a package and says what that saves. What
// cannot be built is counted from the graph.
func (q Question) Omit(ctx context.Context, g chains.Graph, o chains.Omission, whole chains.Weight) (Saving, error) {
	s := Saving{Without: o.Name, Method: FromGraph, Weight: g.Lost(o.Cut), Because: o.Because}
	if o.External == "" {
		return s, nil
	}
	f := q.Function
	f.Build.External = append(slices.Clone(f.Build.External), o.External)
	err := q.Build(ctx, f, func(_ reporters.Report, f reporters.Function, _ *outdir.Dir) error {
		s.Method, s.Weight = Measured, whole.Minus(chains.Of(f))
		return nil
	})
	var d analyzer.Diagnostic
	if errors.As(err, &d) && ctx.Err() == nil {
		s.Because, err = "it does not build without it: "+d.Message, nil
	}
	return s, err
}
