package why

import (
	"context"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/chains"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/trial"
)

// Question is a question about one function's package or symbol.
type Question struct {
	trial.Question
	Target string
	// By is the method for a Go function: imports, calls or linker. "" chooses
	// one automatically.
	By string
	// Most is the largest number of chains to return, 0 for all.
	Most int
}

// Answer is the answer to a question. It is also the JSON output.
type Answer struct {
	Function string   `json:"function"`
	Target   string   `json:"target"`
	Versions []string `json:"versions,omitempty"`
	// By is the method: imports, calls or linker. Because is the reason for it.
	By      string `json:"by"`
	Because string `json:"because"`
	// Artifact is the size of the function's artifact. Weighs is the size of the
	// target in it: exact for unzipped, apportioned for zipped. Weighs is nil if it
	// is unknown.
	Artifact chains.Weight  `json:"artifact"`
	Weighs   *chains.Weight `json:"weighs,omitempty"`
	// Of names the subject of Weighs if that is not the target itself.
	Of string `json:"of,omitempty"`
	// Chains are the import chains to the target, the shortest first. More is the
	// number of chains left out.
	Chains []Chain `json:"chains"`
	More   int     `json:"more,omitempty"`
	// Savings are what the artifact would save without the target, or without
	// packages that lead to it.
	Savings []trial.Saving `json:"savings,omitempty"`
	Notes   []string       `json:"notes,omitempty"`
}

// Chain is one import chain to the target.
type Chain struct {
	Steps []chains.Step `json:"steps"`
	// Cut is the index of the step that one of the project's own files imports.
	// Saves is the size of everything that only this import leads to, from the
	// import graph. Saves is nil if the project's files are not in the chain.
	Cut   int            `json:"cut,omitempty"`
	Saves *chains.Weight `json:"saves,omitempty"`
}

// answers maps each family of runtimes to its function.
var answers = map[analyzer.Family]func(context.Context, Question) (Answer, error){
	analyzer.Node: whyNode,
	analyzer.Go:   whyGo,
}

// Ask answers a question.
func Ask(ctx context.Context, q Question) (Answer, error) {
	ask, err := trial.ForFamily(answers, q.Function)
	if err != nil {
		return Answer{}, err
	}
	return ask(ctx, q)
}
