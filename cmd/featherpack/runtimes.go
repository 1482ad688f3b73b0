package main

import (
	"context"

	"github.com/featherpack/featherpack/analyzer"
)

// runtime is what answers questions about a family of runtimes.
type runtime struct {
	// why says what brings a package, or a symbol, into a function.
	why func(ctx context.Context, q whyQuestion) (whyAnswer, error)
	// advise says what else makes a function big or slow.
	advise func(ctx context.Context, q adviseQuestion) (advised, error)
}

var runtimes = map[analyzer.Family]runtime{
	analyzer.Node: {why: whyNode, advise: adviseNode},
	analyzer.Go:   {why: whyGo, advise: adviseGo},
}
