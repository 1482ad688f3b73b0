package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/lint"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/advise"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/pipeline"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/projection"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/trial"
	"github.com/featherpack/featherpack/reporters/coldstart"
)

var adviseCommand = command{
	name: "advise", operands: "[FUNCTION...] [DIR]", summary: "find what makes functions large or slow, and measure the savings",
	help: `Looks for what makes a function larger or slower than it needs to be. Changes
that can be tried are tried: each is applied to a temporary copy, on top of the
ones before it, and the copy is built and measured. The artifacts of a Node
function before and after are started in turn, for the difference in load time
and its noise. The project itself is not changed.

Each piece of advice states whether the function would behave differently. If
not, the advice is safe. --only-safe shows safe advice only. The safe Go build
tag lambda.norpc is not advised, because every build already sets it.

coldStart in featherpack.yaml has the keys powerTuning, computeOptimizer, prices
and region. The flags take precedence.

Examples:
  featherpack advise                        every function of this folder
  featherpack advise orders ingest --json
  featherpack advise ingest --trials 30     try more changes
  featherpack advise orders --pairs 0       measure bytes only, which is faster
  featherpack advise --compute-optimizer recommended.json
  featherpack advise --explain client-in-handler
  featherpack advise --fix keep-alive-off            print the edits as a diff
  featherpack advise --fix keep-alive-off --write    and make them
  featherpack advise --only-safe --dir services/orders`,
	flags: func(set *pflag.FlagSet) func(context.Context, *terminal, []string) int {
		var typed adviseFlags
		discoverFlags(set, &typed.buildFlags)
		declareDir(set, &typed.dir)
		set.BoolVar(&typed.onlySafe, "only-safe", false, "show only advice that does not change behaviour")
		set.IntVar(&typed.trials, "trials", 12, "`N`: number of changes to try for each function; 0 for none")
		set.IntVar(&typed.pairs, "pairs", fairPairs, "`N`: number of paired starts (as built, then changed) in which the load time of a change is measured; 0 for none")
		set.StringVar(&typed.cold.region, "region", "", "`REGION`: AWS region of the prices, such as eu-west-1")
		set.StringVar(&typed.cold.prices, "prices", "", "`FILE`: price table to use instead of the built-in one")
		set.StringArrayVar(&typed.cold.powerTuning, "power-tuning", nil, "`[GLOB=]FILE`: output of AWS Lambda Power Tuning, whose memory size is priced (repeatable)")
		set.StringVar(&typed.cold.computeOptimizer, "compute-optimizer", "", "`FILE`: output of aws compute-optimizer get-lambda-function-recommendations, whose memory sizes are advised")
		set.StringVar(&typed.fix, "fix", "", "print the edits that follow the advice of this `CODE`, as a diff")
		set.BoolVar(&typed.write, "write", false, "make the edits of --fix, in files that have no uncommitted edits")
		set.StringVar(&typed.explain, "explain", "", "print what the advice of this `CODE` is about; all lists the codes")
		set.BoolVar(&typed.json, "json", false, "print JSON")
		set.BoolVarP(&typed.verbose, "verbose", "v", false, "also print import chains, and what was tried without effect")
		return func(ctx context.Context, t *terminal, args []string) int {
			return runAdvise(ctx, t, typed, args)
		}
	},
}

type adviseFlags struct {
	buildFlags
	onlySafe bool
	trials   int
	pairs    int
	explain  string
	fix      string
	write    bool
	cold     coldStartFlags
}

func runAdvise(ctx context.Context, t *terminal, typed adviseFlags, names []string) int {
	t.verbose = typed.verbose
	if typed.explain != "" {
		if typed.fix != "" || typed.write || typed.json || len(names) > 0 {
			return t.fail(analyzer.Usage("--explain prints a text about one kind of advice; functions, --fix, --write and --json have no effect on it", "leave them out"))
		}
		text, err := advise.Explain(typed.explain)
		if err != nil {
			return t.fail(err)
		}
		return t.printPage(text)
	}
	settings, err := typed.settings(t)
	if err != nil {
		return t.fail(err)
	}
	if typed.trials < 0 {
		return t.fail(analyzer.Usage(fmt.Sprintf("--trials %d is negative", typed.trials), "0 tries no changes"))
	}
	if typed.pairs < 0 || typed.pairs > 1000 {
		return t.fail(analyzer.Usage(fmt.Sprintf("--pairs %d is not between 0 and 1000", typed.pairs), "0 measures no load times"))
	}
	project, questions, all, err := askAll(t, typed.dir, names, settings)
	if err != nil {
		return t.fail(err)
	}
	if err := typed.checkFix(); err != nil {
		return t.fail(err)
	}
	terms, err := typed.terms(project)
	if err != nil {
		return t.fail(err)
	}
	status := exitGood
	given := []advise.Advised{}
	silencer := advise.Silencer{Ignored: project.AdviceIgnored, OnlySafe: typed.onlySafe}
	var fix advise.Fix
	err = trial.Shared(ctx, questions, func(q trial.Question) {
		a, failed := typed.ask(ctx, t, q, terms)
		t.Clear()
		if failed != exitGood {
			status = max(status, failed)
			return
		}
		for _, warning := range silencer.Silence(&a) {
			t.print(warning)
		}
		if typed.fix != "" {
			fix.Add(a, typed.fix)
			return
		}
		if given = append(given, a); typed.json {
			return
		}
		if len(given) > 1 {
			t.line("")
		}
		advise.Print(t.line, a, t.verbose)
	})
	t.Clear()
	if err != nil {
		return t.failAll(err)
	}
	if all && typed.fix == "" && !typed.onlySafe {
		source := trial.Question{Project: project}.Source
		for _, a := range advise.Images(project, func(name string) ([]byte, error) { return source(name, 1<<20) }) {
			for _, warning := range silencer.Silence(&a) {
				t.print(warning)
			}
			if given = append(given, a); !typed.json {
				if len(given) > 1 {
					t.line("")
				}
				advise.Print(t.line, a, t.verbose)
			}
		}
	}
	for _, warning := range silencer.Idle(len(questions) == len(project.Functions)) {
		t.print(warning)
	}
	if typed.fix != "" {
		return max(status, typed.applyFix(ctx, t, fix, project.Root))
	}
	if typed.json {
		status = max(status, t.printJSON(struct {
			Functions []advise.Advised `json:"functions"`
		}{given}))
	}
	return status
}

// ask returns the advice for one function. If there is none, it prints the reason
// and returns an exit status other than 0.
func (typed *adviseFlags) ask(ctx context.Context, t *terminal, q trial.Question, terms coldstart.Terms) (advise.Advised, int) {
	if q.Function.Entry == "" {
		return advise.Advised{}, t.unbuildable(q)
	}
	q.Pairs = typed.pairs
	a, err := advise.Ask(ctx, advise.Question{
		Question: q, OnlySafe: typed.onlySafe && typed.fix == "", Trials: typed.trials, Terms: terms,
	})
	if err != nil {
		return advise.Advised{}, t.failAll(err)
	}
	return a, exitGood
}

// checkFix validates --fix and --write. Edits need no trials.
func (typed *adviseFlags) checkFix() error {
	switch {
	case typed.fix == "" && typed.write:
		return analyzer.Usage("--write has no effect without --fix", "name the advice to follow: --fix CODE")
	case typed.fix != "" && typed.json:
		return analyzer.Usage("--fix prints a diff, and --json prints JSON", "leave one of them out")
	case typed.fix != "" && !slices.Contains(lint.Codes(), typed.fix):
		return analyzer.Usage(fmt.Sprintf("there is no advice %q", typed.fix), advise.CodeHint(typed.fix))
	case typed.fix != "":
		typed.trials = 0
	}
	return nil
}

// applyFix prints the edits, or makes them, and says what takes more than an edit.
func (typed *adviseFlags) applyFix(ctx context.Context, t *terminal, fix advise.Fix, root string) int {
	changes, err := fix.Changes(root)
	if err != nil {
		return t.fail(err)
	}
	if typed.write {
		if err := advise.Apply(ctx, root, changes); err != nil {
			return t.fail(err)
		}
	}
	for _, c := range changes {
		if typed.write {
			t.line("changed %s", c.File)
		} else {
			fmt.Fprintf(t.stdout, "%s", c.Diff())
		}
	}
	left := len(changes)
	for _, of := range []struct {
		places map[analyzer.Position]bool
		format string
	}{
		{fix.Without, "places where %s takes more than an edit: %d; featherpack advise lists them"},
		{fix.Unsafe, "places where %s changes behaviour, so that --only-safe leaves them out: %d"},
		{fix.Ignored, "places where featherpack.yaml or a comment ignores %s: %d"},
	} {
		if n := len(of.places); n > 0 {
			left += n
			fmt.Fprintf(t.stderr, "featherpack: "+of.format+"\n", typed.fix, n)
		}
	}
	if left == 0 {
		fmt.Fprintf(t.stderr, "featherpack: nothing needs the advice %s\n", typed.fix)
	}
	return exitGood
}

// terms are the prices, the region and the measured memory sizes.
func (typed *adviseFlags) terms(p analyzer.Project) (coldstart.Terms, error) {
	s, err := typed.cold.settings()
	if err != nil {
		return coldstart.Terms{}, err
	}
	s.Invocations = 1 // settings are priced by the second, so no number is needed
	return projection.Terms(s, p)
}

// askAll returns a question for each of the named functions, or for all functions if there are
// no names. A project may have none that is built, and container images.
func askAll(t *terminal, dir string, names []string, settings pipeline.Options) (project analyzer.Project, questions []trial.Question, all bool, err error) {
	p, project, err := t.functionsFirst(names, dir, settings.Discover)
	if err != nil {
		return project, nil, false, err
	}
	if all = len(p.functions) == 0; all {
		questions, err = trial.AboutAll(project, settings)
		if slices.ContainsFunc(project.Skipped, func(f analyzer.Skipped) bool { return f.Image != nil }) && errors.Is(err, trial.ErrNoFunction) {
			return project, nil, true, nil
		}
	}
	for _, name := range p.functions {
		q, failed := trial.About(project, name, settings)
		if err = failed; err != nil {
			break
		}
		questions = append(questions, q)
	}
	return project, questions, all, t.noFunction(project, err)
}
