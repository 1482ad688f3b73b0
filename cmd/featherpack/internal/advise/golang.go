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
	"github.com/featherpack/featherpack/cmd/featherpack/internal/profile"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/trial"
	"github.com/featherpack/featherpack/reporters"
)

// maxRounds limits how often a program is analysed again after changes.
const maxRounds = 4

// initRuns is the number of starts in which initialisers are measured.
const initRuns = 5

// adviseGo finds changes to a program and tries those that need only build tags or
// replaced files, one on top of the other. Some changes become possible only after
// others, so it analyses the program again with the tags that saved something.
func adviseGo(ctx context.Context, q Question) (Advised, error) {
	g := &goTrials{Question: q, out: Advised{Function: q.Function.ID, Advice: []Advice{}}, seen: map[string]bool{},
		calls: map[string][]string{}}
	var attribution gobin.Attribution
	var options gobin.Options
	var inits *profile.Init
	var settings []Advice
	err := q.Build(ctx, q.Function, func(r reporters.Report, f reporters.Function, out *outdir.Dir) error {
		g.out.Before = chains.Of(f)
		c := costsOf(r, f, q.Terms)
		g.out.InitCost, settings = c.initCost(), settingsAdvice(q.Function, c)
		attribution.Size = f.Artifact.UnzippedBytes
		for _, in := range f.Inputs {
			attribution.Rows = append(attribution.Rows, gobin.Row{Package: r.Inputs[in.Input].Path, Bytes: in.Unzipped})
		}
		options = q.GoOptions(f)
		var reason string
		q.Options.Step("featherpack: %s: measuring its initialisers", q.Function.ID)
		if inits, reason = profile.MeasureInit(ctx, q.Question, out, initRuns); reason != "" {
			g.out.Notes = append(g.out.Notes, reason)
		}
		return nil
	})
	if err != nil {
		return g.out, err
	}
	g.out.Init = inits
	g.out.comments = commentsAround(q, settings)
	for round := 0; round < maxRounds; round++ {
		o := options
		o.Tags = slices.Concat(options.Tags, g.tags)
		found, err := lint.AdviseProgram(ctx, q.GoFolder(), ".", &attribution, o)
		if err != nil {
			return g.out, err
		}
		before := len(g.tags)
		g.lookups, g.heavy = lookups(found), heavy(found)
		if err := g.tryAll(ctx, g.fresh(found)); err != nil {
			return g.out, err
		}
		if len(g.tags) == before {
			break
		}
	}
	if len(g.applied) > 0 {
		after := *g.current
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
			one.InitMillis = inits.Of(pkg)
		}
	}
	if !g.OnlySafe { // a setting changes how the function runs
		g.out.Advice = append(g.out.Advice, settings...)
	}
	g.readComments()
	return g.out, nil
}

// readComments reads the comments that silence advice, in the files that have some.
func (g *goTrials) readComments() {
	read := map[string]bool{"": true}
	for _, one := range g.out.Advice {
		if read[one.File] {
			continue
		}
		read[one.File] = true
		if text, err := g.Source(one.File, maxRead); err == nil { // else it is not the project's
			g.out.comments = append(g.out.comments, commentsIn(one.File, text)...)
		}
	}
}

// tryChangedSources measures what a change by hand could save. The changes that it
// tries are not for use.
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

// lookups returns the advice about reflective lookups, except those that a build tag
// removes.
func lookups(found []lint.Advice) (list []lint.Advice) {
	for _, c := range found {
		if (c.Code == "reflect-method" || c.Code == "template-reached") && len(c.Change.Tags) == 0 {
			list = append(list, c)
		}
	}
	return list
}

// goTrials is the state of the trials of one program.
type goTrials struct {
	Question
	out   Advised
	seen  map[string]bool
	tried int
	// current is the size of the program with the applied changes, nil until it
	// is measured.
	current *chains.Weight
	applied []lint.Change
	names   []string // of applied
	tags    []string // of applied
	// lookups are the reflective lookups that keep every method, in the last round.
	lookups []lint.Advice
	// heavy are the large dependencies of which little is used, in the last round.
	heavy []lint.Advice
	// calls maps a heavy dependency to its functions that the project calls.
	calls map[string][]string
}

// fresh returns the advice that is new in this round, safe advice first. It leaves
// out lookups and heavy dependencies, which are tried later.
func (g *goTrials) fresh(found []lint.Advice) (list []lint.Advice) {
	for _, c := range found {
		key := c.Code + "\x00" + c.Position.String() + "\x00" + strings.Join(c.Change.Tags, ",")
		if len(c.Change.Tags) == 0 && c.File == "" {
			key += c.Message
		}
		later := len(lookups([]lint.Advice{c}))+len(heavy([]lint.Advice{c})) > 0
		if g.seen[key] || g.OnlySafe && c.BehaviourChanges != "" || later {
			continue
		}
		g.seen[key] = true
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

// tryAll tries every change. A change that saved nothing is tried once more if
// another change was applied after it, because the other one may have been needed
// first.
func (g *goTrials) tryAll(ctx context.Context, candidates []lint.Advice) error {
	var again []lint.Advice
	since := map[int]int{}
	for _, c := range candidates {
		if c.Change.Empty() {
			g.report(c, nil, unmeasurable(c))
			continue
		}
		saved, err := g.try(ctx, c)
		if err != nil {
			return err
		}
		if !saved {
			since[len(again)] = len(g.applied)
			again = append(again, c)
		}
	}
	for i, c := range again {
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

// try applies one change on top of those applied before, and keeps it if it saves
// something. saved is also true if the change was not measured but has been
// reported.
func (g *goTrials) try(ctx context.Context, c lint.Advice) (saved bool, err error) {
	if g.tried >= g.Trials {
		g.report(c, nil, fmt.Sprintf("only %d changes were tried; --trials raises the limit", g.Trials))
		return true, nil
	}
	g.tried++
	if err := g.measureCurrent(ctx); err != nil {
		return false, err
	}
	g.Options.Step("featherpack: %s: trying change %d of at most %d", g.Function.ID, g.tried, g.Trials)
	within, stop := context.WithTimeout(ctx, trial.Limit)
	defer stop()
	w, err := g.WeighGo(within, append(slices.Clip(g.applied), c.Change))
	switch {
	case ctx.Err() != nil:
		return false, ctx.Err()
	case within.Err() != nil:
		g.report(c, nil, fmt.Sprintf("compiling it takes longer than %s", trial.Limit))
		return true, nil
	case err != nil:
		var d analyzer.Diagnostic
		if !errors.As(err, &d) {
			return false, err
		}
		return false, nil
	}
	saves := g.current.Minus(w)
	if !worthSaving(saves.Zipped, g.current.Zipped) {
		return false, nil
	}
	g.report(c, &saves, "")
	g.applied = append(g.applied, c.Change)
	g.names = append(g.names, label(c))
	g.tags = append(g.tags, c.Change.Tags...)
	g.current = &w
	return true, nil
}

// measureCurrent measures the program with the applied changes, once.
func (g *goTrials) measureCurrent(ctx context.Context) error {
	if g.current != nil {
		return nil
	}
	w, err := g.WeighGo(ctx, nil)
	g.current = &w
	return err
}

// worthSaving reports whether a saving is at least 512 B or 0.2%.
func worthSaving(saved, of int64) bool {
	return saved >= 512 || saved > 0 && saved*500 >= of
}

// label returns a short name of a change.
func label(c lint.Advice) string {
	if len(c.Change.Tags) > 0 {
		return "-tags " + strings.Join(c.Change.Tags, ",")
	}
	if len(c.Change.Experiments) > 0 {
		return "GOEXPERIMENT=" + strings.Join(c.Change.Experiments, ",")
	}
	return c.Code + " at " + c.Position.String()
}

// unmeasurable returns the reason why a change was not tried, "" if it would not save
// bytes.
func unmeasurable(c lint.Advice) string {
	if c.Code == "blank-import" {
		return "the source must be changed by hand"
	}
	return ""
}

func (g *goTrials) report(c lint.Advice, saves *chains.Weight, unmeasured string) {
	a := told(c)
	a.Saves, a.Unmeasured, a.Calls = saves, unmeasured, g.calls[c.Package]
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
