package advise

import (
	"context"
	"fmt"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/lint"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/chains"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/reporters"
)

// layerDuplicates advises on packages that are in a function's bundle and in one of its
// layers. f is the function as discovery has found it.
func layerDuplicates(g chains.Graph, f analyzer.Function, c costs) (all []Advice) {
	for _, layered := range f.Deployment.Layered {
		target := g.Package(layered.Name)
		if len(target) == 0 {
			continue
		}
		held := g.LostInputs(into(target))
		sum := g.Sum(held)
		if sum.Unzipped == 0 {
			continue
		}
		version := "its version, which is not installed yet"
		if layered.Version != "" {
			version = "its version " + layered.Version
		}
		a := Advice{
			Code: "layer-duplicate", Kind: string(lint.Size), Severity: analyzer.Note, Position: f.Position, Holds: &sum, about: layered.Name,
			What:    fmt.Sprintf("%s is in the layer %s and in the bundle; the bundle's copy is the one that runs", layered.Name, layered.Layer),
			Do:      "leave it to the layer with build.external, or take it out of the layer if no other function needs it there",
			Change:  "external: [" + layered.Name + "]",
			Changes: "the layer's copy runs: " + version,
			Source:  "https://docs.aws.amazon.com/lambda/latest/dg/nodejs-layers.html",
		}
		a.Projected = c.projected(ruleOf(a.Code), held, a.Holds)
		all = append(all, a)
	}
	return all
}

// measureLayers measures what the bundle is without the packages of layers.
func measureLayers(ctx context.Context, q Question, before chains.Weight, all []Advice) error {
	for i := range all {
		if q.Trials == 0 {
			return nil
		}
		q.Options.Step("featherpack: %s: building without %s", q.Function.ID, all[i].about)
		f := q.Function
		f.Build.External = append(slices.Clone(f.Build.External), all[i].about)
		err := q.Build(ctx, f, func(_ reporters.Report, built reporters.Function, _ *outdir.Dir) error {
			saves := before.Minus(chains.Of(built))
			all[i].Saves, all[i].Holds = &saves, nil
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
