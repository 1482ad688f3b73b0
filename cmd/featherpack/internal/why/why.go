package why

import (
	"context"
	"fmt"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/chains"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/trial"
)

// Question is a question about one function's package or symbol.
type Question struct {
	trial.Question
	Target string
	// By is who is to answer for a Go function: imports, calls, linker, or "".
	By string
	// Most is how many chains are given, 0 for all.
	Most int
}

// Answer is what is printed, and the JSON of it.
type Answer struct {
	Function string   `json:"function"`
	Target   string   `json:"target"`
	Versions []string `json:"versions,omitempty"`
	// By is imports, calls or linker; Because says why that source answers.
	By      string `json:"by"`
	Because string `json:"because"`
	// Artifact is the function's; Weighs what it holds of the target: unzipped
	// exact, zipped apportioned. Weighs is nil where that is not known.
	Artifact chains.Weight  `json:"artifact"`
	Weighs   *chains.Weight `json:"weighs,omitempty"`
	// Of names what Weighs is about where it is not the target itself.
	Of string `json:"of,omitempty"`
	// Chains are the ways to the target, the shortest first; More are not told.
	Chains []Chain `json:"chains"`
	More   int     `json:"more,omitempty"`
	// Savings are what the artifact would lose without packages on the way.
	Savings []trial.Saving `json:"savings,omitempty"`
	Notes   []string       `json:"notes,omitempty"`
}

// Chain is one way to the target.
type Chain struct {
	Steps []chains.Step `json:"steps"`
	// Cut is the step (an index) whose import the project itself makes and could
	// do without, and Saves what only that import brings in; from the import
	// graph. It is nil where the project makes none.
	Cut   int            `json:"cut,omitempty"`
	Saves *chains.Weight `json:"saves,omitempty"`
}

// answers is the table of runtimes.
var answers = map[analyzer.Family]func(context.Context, Question) (Answer, error){
	analyzer.Node: whyNode,
	analyzer.Go:   whyGo,
}

// Ask answers a question.
func Ask(ctx context.Context, q Question) (Answer, error) {
	ask, ok := answers[q.Function.Family]
	if !ok {
		return Answer{}, analyzer.Usage(fmt.Sprintf("the runtime %s is not supported yet", q.Function.Runtime), "")
	}
	return ask(ctx, q)
}
