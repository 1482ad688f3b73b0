package advise

import (
	"context"
	"fmt"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/chains"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/trial"
)

// Question asks for one function's advice.
type Question struct {
	trial.Question
	OnlySafe bool // only what changes no behaviour
	Trials   int  // how many changes are tried, at most
}

// Advised is one function's Advice, and the JSON of it.
type Advised struct {
	Function string `json:"function"`
	// Before is the artifact as it is built; After with every change applied
	// that was tried and saves something, nil where none was.
	Before chains.Weight  `json:"before"`
	After  *chains.Weight `json:"after,omitempty"`
	// Advice is sorted by what it saves.
	Advice []Advice `json:"advice"`
	// InVain are changes that were tried and save nothing worth a word.
	InVain []string `json:"inVain,omitempty"`
	// Ignored counts what featherpack.yaml silences.
	Ignored int      `json:"ignored,omitempty"`
	Init    *Init    `json:"init,omitempty"`
	Notes   []string `json:"notes,omitempty"`
}

// Advice is one thing to do.
type Advice struct {
	Code string `json:"code"`
	What string `json:"what"`
	analyzer.Position
	Chain []chains.Step `json:"chain,omitempty"`
	Do    string        `json:"do"`
	Tags  []string      `json:"tags,omitempty"`
	// Changes says what behaves differently, "" for nothing.
	Changes string `json:"changes,omitempty"`
	Source  string `json:"source,omitempty"`
	// Holds is what the artifact holds of it: the most that could go.
	Holds *chains.Weight `json:"holds,omitempty"`
	// Saves is measured, on top of what With names; Most says that it is what
	// leaving the thing out saves, and that something else has to take its place.
	Saves *chains.Weight `json:"saves,omitempty"`
	With  []string       `json:"with,omitempty"`
	Most  bool           `json:"most,omitempty"`
	// Calls are the functions of a dependency that the project calls.
	Calls []string `json:"calls,omitempty"`
	// Cut says that it was measured on a program that was only built to be
	// weighed: what is to go was cut out of it.
	Cut bool `json:"cut,omitempty"`
	// Unmeasured says why no saving is quoted, where one could be expected.
	Unmeasured string `json:"unmeasured,omitempty"`
	// InitMillis is what the package's initialisers take, measured.
	InitMillis *float64 `json:"initMillis,omitempty"`
}

// advisers is the table of runtimes.
var advisers = map[analyzer.Family]func(context.Context, Question) (Advised, error){
	analyzer.Node: adviseNode,
	analyzer.Go:   adviseGo,
}

// Ask gets one function's advice.
func Ask(ctx context.Context, q Question) (Advised, error) {
	ask, ok := advisers[q.Function.Family]
	if !ok {
		return Advised{}, analyzer.Usage(fmt.Sprintf("the runtime %s is not supported yet", q.Function.Runtime), "leave the function out")
	}
	return ask(ctx, q)
}
