package advise

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/gobin"
	"github.com/featherpack/featherpack/analyzer/lint"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/chains"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/trial"
	"github.com/featherpack/featherpack/reporters"
)

// maxRounds bounds how often a program is looked at again after changes.
const maxRounds = 4

// adviseGo proposes changes to one program and tries those that can be tried,
// one on top of the other. What only shows once another is applied is found by
// looking again with the tags of those that saved something.
func adviseGo(ctx context.Context, q Question) (Advised, error) {
	g := &goTrials{Question: q, out: Advised{Function: q.ID, Advice: []Advice{}}, known: map[string]bool{},
		calls: map[string][]string{}}
	var attribution gobin.Attribution
	var options gobin.Options
	var inits *Init
	err := q.Build(ctx, q.Function, func(r reporters.Report, f reporters.Function, out *outdir.Dir) error {
		g.out.Before = chains.Of(f)
		attribution.Size = f.Artifact.UnzippedBytes
		for _, in := range f.Inputs {
			attribution.Rows = append(attribution.Rows, gobin.Row{Package: r.Inputs[in.Input].Path, Bytes: in.Unzipped})
		}
		options = q.GoOptions(f)
		var reason string
		q.Options.Step("featherpack: %s: starting it to measure its initialisers", q.ID)
		if inits, reason = measureInit(ctx, q.Question, out); reason != "" {
			g.out.Notes = append(g.out.Notes, reason)
		}
		return nil
	})
	if err != nil {
		return g.out, err
	}
	g.out.Init = inits
	for round := 0; round < maxRounds; round++ {
		o := options
		o.Tags = slices.Concat(options.Tags, g.tags)
		found, err := lint.AdviseProgram(ctx, q.GoFolder(), ".", &attribution, o)
		if err != nil {
			return g.out, err
		}
		before := len(g.tags)
		g.culprits, g.heavy = culprits(found), heavy(found)
		if err := g.tryAll(ctx, g.fresh(found)); err != nil {
			return g.out, err
		}
		if len(g.tags) == before {
			break
		}
	}
	if len(g.applied) > 0 {
		after := *g.now
		g.out.After = &after
	}
	if !g.OnlySafe {
		options.Tags = slices.Concat(options.Tags, g.tags)
		if err := g.tryChangedSources(ctx, options); err != nil {
			return g.out, err
		}
	}
	for i := range g.out.Advice {
		if one := &g.out.Advice[i]; one.Code == "init-work" && len(one.Chain) > 0 {
			pkg := one.Chain[len(one.Chain)-1].Name
			if len(one.Chain) == 1 {
				pkg = "main"
			}
			one.InitMillis = inits.of(pkg)
		}
	}
	return g.out, nil
}

// tryChangedSources tries what is not a change to make, only a measure of what a
// change by hand could save.
func (g *goTrials) tryChangedSources(ctx context.Context, o gobin.Options) error {
	p, err := trial.NewProgram(g.Question.Question, o)
	if err != nil {
		return err
	}
	defer p.Close()
	if err := g.tryStandIns(ctx, p, o); err != nil {
		return err
	}
	return g.tryCuts(ctx, p)
}

// culprits are the reflective lookups that are left with the tags asked with:
// those of an earlier round may be gone. One that a tag takes away is tried by it.
func culprits(found []lint.Advice) (list []lint.Advice) {
	for _, c := range found {
		if (c.Code == "reflect-method" || c.Code == "template-reached") && len(c.Change.Tags) == 0 {
			list = append(list, c)
		}
	}
	return list
}

// goTrials are the trials of one program.
type goTrials struct {
	Question
	out   Advised
	known map[string]bool
	tried int
	// now is what the program weighs with the applied changes; nil until measured.
	now     *chains.Weight
	applied []lint.Change
	names   []string // of applied
	tags    []string // of applied
	// culprits are the lookups that keep every method, as of the last round.
	culprits []lint.Advice
	// heavy are the dependencies of which little is used, as of the last round.
	heavy []lint.Advice
	// calls are the functions of a heavy dependency that the project calls.
	calls map[string][]string
}

// fresh are the candidates that were not met before, those that change nothing
// else first.
func (g *goTrials) fresh(found []lint.Advice) (list []lint.Advice) {
	for _, c := range found {
		key := c.Code + "\x00" + c.Position.String() + "\x00" + strings.Join(c.Change.Tags, ",")
		if len(c.Change.Tags) == 0 && c.File == "" {
			key += c.Message
		}
		later := len(culprits([]lint.Advice{c}))+len(heavy([]lint.Advice{c})) > 0
		if g.known[key] || g.OnlySafe && c.BehaviourChanges != "" || later {
			continue
		}
		g.known[key] = true
		list = append(list, c)
	}
	slices.SortStableFunc(list, func(a, b lint.Advice) int {
		switch safe := a.BehaviourChanges == ""; {
		case safe == (b.BehaviourChanges == ""):
			return 0
		case safe:
			return -1
		}
		return 1
	})
	return list
}

// tryAll measures what can be tried, and once more what saved nothing, if
// something was applied after it: that may have masked it.
func (g *goTrials) tryAll(ctx context.Context, candidates []lint.Advice) error {
	var masked []lint.Advice
	since := map[int]int{}
	for _, c := range candidates {
		if len(c.Change.Tags) == 0 && len(c.Change.Overlay) == 0 {
			g.tell(c, nil, unmeasurable(c))
			continue
		}
		saved, err := g.try(ctx, c)
		if err != nil {
			return err
		}
		if !saved {
			since[len(masked)] = len(g.applied)
			masked = append(masked, c)
		}
	}
	for i, c := range masked {
		saved := false
		if len(g.applied) > since[i] {
			var err error
			if saved, err = g.try(ctx, c); err != nil {
				return err
			}
		}
		if !saved {
			g.out.InVain = append(g.out.InVain, c.Message)
		}
	}
	return nil
}

// try applies one change on top of those that were applied, and keeps it if it
// saves something. A change that does not build, or takes too long, saves nothing.
func (g *goTrials) try(ctx context.Context, c lint.Advice) (saved bool, err error) {
	if g.tried >= g.Trials {
		g.tell(c, nil, fmt.Sprintf("%d changes were tried; --trials raises that", g.Trials))
		return true, nil
	}
	g.tried++
	if err := g.weighNow(ctx); err != nil {
		return false, err
	}
	g.Options.Step("featherpack: %s: trying change %d of at most %d", g.ID, g.tried, g.Trials)
	within, stop := context.WithTimeout(ctx, trial.Limit)
	defer stop()
	w, err := g.WeighGo(within, append(slices.Clip(g.applied), c.Change))
	switch {
	case ctx.Err() != nil:
		return false, ctx.Err()
	case within.Err() != nil:
		g.tell(c, nil, fmt.Sprintf("it takes longer than %s to compile", trial.Limit))
		return true, nil
	case err != nil:
		var d analyzer.Diagnostic
		if !errors.As(err, &d) {
			return false, err
		}
		return false, nil
	}
	saves := g.now.Minus(w)
	if !worthSaving(saves.Zipped, g.now.Zipped) {
		return false, nil
	}
	g.tell(c, &saves, "")
	g.applied = append(g.applied, c.Change)
	g.names = append(g.names, label(c))
	g.tags = append(g.tags, c.Change.Tags...)
	g.now = &w
	return true, nil
}

// weighNow weighs the program as far as changes were applied, unless it is known.
func (g *goTrials) weighNow(ctx context.Context) error {
	if g.now != nil {
		return nil
	}
	w, err := g.WeighGo(ctx, nil)
	g.now = &w
	return err
}

// worthSaving is false for less than 0.2% that is also below 512 B.
func worthSaving(saved, of int64) bool {
	return saved >= 512 || saved > 0 && saved*500 >= of
}

// label names a change in a few words.
func label(c lint.Advice) string {
	if len(c.Change.Tags) > 0 {
		return "-tags " + strings.Join(c.Change.Tags, ",")
	}
	return c.Code + " at " + c.Position.String()
}

// unmeasurable says why nothing was tried, "" where no saving is to be expected.
func unmeasurable(c lint.Advice) string {
	if c.Code == "blank-import" {
		return "it takes a change by hand"
	}
	return ""
}

func (g *goTrials) tell(c lint.Advice, saves *chains.Weight, unmeasured string) {
	a := Advice{
		Code: c.Code, What: c.Message, Position: c.Position, Do: c.Hint, Tags: c.Change.Tags, Changes: c.BehaviourChanges, Source: c.Source,
		Saves: saves, Unmeasured: unmeasured, Calls: g.calls[c.Package],
	}
	if saves != nil {
		a.With = slices.Clone(g.names)
	}
	if c.Kept > 0 {
		a.Holds = &chains.Weight{Unzipped: c.Kept}
	}
	if len(c.Change.Tags) > 0 {
		a.Do = fmt.Sprintf("set tags: [%s] under build, or under override for this function, in featherpack.yaml", strings.Join(c.Change.Tags, ", "))
	}
	for _, s := range c.Chain {
		a.Chain = append(a.Chain, chains.Step{Name: s.Name, Relation: s.Relation, Position: s.Position})
	}
	g.out.Advice = append(g.out.Advice, a)
}
