package advise

import (
	"cmp"
	"context"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/lint"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/chains"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/profile"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/trial"
	"github.com/featherpack/featherpack/reporters/coldstart"
)

// Question is a request for advice about one function.
type Question struct {
	trial.Question
	OnlySafe bool // only advice that does not change behaviour
	Trials   int  // the largest number of changes to try
	// Terms are those of projections. Their usage has the region, and the memory size that
	// AWS Lambda Power Tuning found best, in MB, if it was given.
	Terms coldstart.Terms
}

// Advised is the advice about one function. It is also the JSON output.
type Advised struct {
	Function string `json:"function"`
	// Before is the size of the artifact as built. After is the size with all
	// changes that were tried and save something, nil if there are none.
	Before chains.Weight  `json:"before"`
	After  *chains.Weight `json:"after,omitempty"`
	// InitCost is a clause about what loading costs, with its range and its source, "" if that
	// is not known.
	InitCost string `json:"initCost,omitempty"`
	// Advice is sorted by savings.
	Advice []Advice `json:"advice"`
	// InVain lists the changes that were tried and save almost nothing.
	InVain []string `json:"inVain,omitempty"`
	// Ignored is the number of pieces of advice that featherpack.yaml and comments ignore.
	Ignored int           `json:"ignored,omitempty"`
	Init    *profile.Init `json:"init,omitempty"`
	Notes   []string      `json:"notes,omitempty"`

	comments []comment // in the function's own sources
	// unsafe is the advice that OnlySafe left out, ignored what Ignored counts.
	unsafe, ignored []Advice
}

// Advice is one change that the user can make.
type Advice struct {
	Code     string            `json:"code"`
	Severity analyzer.Severity `json:"severity"`
	// Kind is what it costs to leave it: failures, latency, load, size, price, support or licence.
	Kind string `json:"kind"`
	What string `json:"what"`
	analyzer.Position
	Chain []chains.Step `json:"chain,omitempty"`
	Do    string        `json:"do"`
	Tags  []string      `json:"tags,omitempty"`
	// Changes describes what would behave differently, "" for nothing.
	Changes string `json:"changes,omitempty"`
	Source  string `json:"source,omitempty"`
	// Holds is the size of the affected code in the artifact, and of what only that
	// needs: about what the change could save.
	Holds *chains.Weight `json:"holds,omitempty"`
	// Saves is the measured saving, on top of the changes in With. Most is set if
	// the code was removed without a replacement, so that a replacement lowers
	// the saving.
	Saves *chains.Weight `json:"saves,omitempty"`
	With  []string       `json:"with,omitempty"`
	Most  bool           `json:"most,omitempty"`
	// Parts are the imports with which the saving was measured, in place of a whole package, and
	// PartsHold what they are by themselves, nil for nothing.
	Parts     []string       `json:"parts,omitempty"`
	PartsHold *chains.Weight `json:"partsHold,omitempty"`
	// Load is the measured saving of load time. LoadUnmeasured is the reason why there is none.
	Load           *trial.LoadSaving `json:"load,omitempty"`
	LoadUnmeasured string            `json:"loadUnmeasured,omitempty"`
	// Calls lists the functions of a dependency that the project calls.
	Calls []string `json:"calls,omitempty"`
	// Cut is set if the saving was measured on a program that was built only for
	// this: the code was removed from a temporary copy.
	Cut bool `json:"cut,omitempty"`
	// Change is the change as lines of a configuration, "" if it is not one of settings.
	Change string `json:"change,omitempty"`
	// Projected is a clause about time and money, with its range and its source.
	Projected string `json:"projected,omitempty"`
	// Costs is a clause about prices, with their date.
	Costs string `json:"costs,omitempty"`
	// Unmeasured is the reason why there is no saving, if one could be expected.
	Unmeasured string `json:"unmeasured,omitempty"`
	// InitMillis is the measured time of the package's initialisers.
	InitMillis *float64 `json:"initMillis,omitempty"`
	// Fixable is set if --fix can make the change.
	Fixable bool `json:"fixable,omitempty"`

	edits []lint.Edit
	held  map[int]bool // the inputs that it is about, if no rule of the sources found it
	about string       // the dependency that it is about
	later bool         // it is about what is loaded at start and could be loaded later
	vain  bool         // a build that follows it is no smaller
}

// told is the advice of a rule, without what it costs or saves.
func told(found lint.Advice) Advice {
	return Advice{
		Code: found.Code, Kind: string(ruleOf(found.Code).Kind), Severity: found.Severity, What: found.Message, Position: found.Position, Do: found.Hint,
		Tags: found.Change.Tags, Change: found.Config, Changes: found.BehaviourChanges, Source: found.Source,
		Fixable: len(found.Edits) > 0, edits: found.Edits, about: cmp.Or(found.Package, found.Target), later: found.OneImport,
	}
}

// advisers maps each family of runtimes to its function.
var advisers = map[analyzer.Family]func(context.Context, Question) (Advised, error){
	analyzer.Node: adviseNode,
	analyzer.Go:   adviseGo,
}

// Ask returns the advice about one function.
func Ask(ctx context.Context, q Question) (Advised, error) {
	ask, err := trial.ForFamily(advisers, q.Function)
	if err != nil {
		return Advised{}, err
	}
	return ask(ctx, q)
}
