package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/advise"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/baseline"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/check"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/history"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/output"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/pipeline"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/runtimes"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/budget"

	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
)

var checkCommand = command{
	name: "check", operands: "[DIR] [FUNCTION...]", summary: "build, compare with a baseline, and check budgets",
	help: `Builds as featherpack build does. Then it compares the sizes with a baseline and
checks the budgets in featherpack.yaml. The exit status is 1 if a budget is
broken, or if a budget could not be measured.

The baseline is one of:
  --compare-to FILE   a saved report.json
  --compare-ref REF   a commit or branch, built in a temporary worktree
  neither, on CI      the commit that the pull request will be merged into

Zips are compressed as those of a saved report were, unless --compress is given, so
that the sizes can be compared.

Changes in cold-start time are projected from sizes. With --boot, and a baseline
that was built in the same run, the load time of each changed function is
measured instead. That takes about ten seconds a function.

Examples:
  featherpack check --compare-ref main
  featherpack check --compare-to base.json -o markdown=pr.md -o html=report.html
  featherpack check --compare-ref main --boot
  featherpack check --built all.json --compare-ref main   a build in shards, merged
  featherpack check --history notes           record the sizes for featherpack history
  featherpack check --runtimes nodejs24.x     would the zips run on the next runtime?
  featherpack check --runtimes go             would the Go functions, built by each installed Go?
  featherpack check --update-budgets          lower each budget to the size reached`,
	flags: func(set *pflag.FlagSet) func(context.Context, *terminal, []string) int {
		var typed checkFlags
		set.StringVar(&typed.baseline.File, "compare-to", "", "`FILE`: saved report.json to compare with")
		set.StringVar(&typed.baseline.Ref, "compare-ref", "", "`REF`: commit or branch to build and compare with")
		set.StringVar(&typed.built, "built", "", "`FILE`: saved report.json to judge instead of building, such as one of featherpack merge")
		set.IntVar(&typed.pairs, "pairs", fairPairs, "`N`: with --boot, number of paired starts (baseline, then new) to measure each changed function with; 0 projects instead")
		set.StringVar(&typed.history, "history", "", "`PLACE`: record the sizes of this commit: notes for git notes, or a file that the CI cache keeps")
		set.BoolVar(&typed.update, "update-budgets", false, "lower the budgets in featherpack.yaml to the sizes reached; never raises one")
		set.BoolVar(&typed.allowCGO, "allow-cgo", false, "build with cgo where build.cgo is true, although the base commit does not use cgo")
		set.StringSliceVar(&typed.runtimes, "runtimes", nil, "`LIST`: also try each function on these runtimes, such as nodejs24.x,go1.25.3, and compare; go stands for all installed toolchains")
		typed.build.declare(set)
		return func(ctx context.Context, t *terminal, args []string) int {
			typed.compressGiven = set.Changed("compress")
			return runCheck(ctx, t, typed, args)
		}
	},
}

type checkFlags struct {
	build    buildFlags
	baseline baseline.Choice
	built    string
	history  string
	update   bool
	allowCGO bool
	runtimes []string
	pairs    int
	// compressGiven means that --compress is given.
	compressGiven bool
}

// readBuilt reads the report that --built names, nil without one.
func (c checkFlags) readBuilt(o pipeline.Options) (*reporters.Report, error) {
	if c.built == "" {
		return nil, nil
	}
	if o.Boot != nil || c.build.install || o.Partial() || o.Unpacked {
		return nil, analyzer.Usage("--built judges a build that is done; --boot, --install, --only, --shard and --unpacked have no effect on it", "give them to featherpack build")
	}
	report, err := readReport(c.built)
	if err != nil {
		return nil, err
	}
	if s := report.Shard; s != nil {
		return nil, analyzer.Usage(fmt.Sprintf("%s is of shard %d/%d alone", c.built, s.Index, s.Of), "join the reports of all shards first: featherpack merge part-*.json -o json=all.json")
	}
	return &report, nil
}

// fairPairs is the number of pairs that gives a useful interval for the change of
// a load time.
const fairPairs = 15

// runCheck runs the command.
func runCheck(ctx context.Context, t *terminal, typed checkFlags, args []string) int {
	t.quiet, t.verbose, t.notesShown = typed.build.quiet, typed.build.verbose, typed.build.json
	settings, err := typed.build.settings(t)
	if err != nil {
		return t.fail(err)
	}
	sinks, err := output.Parse(typed.build.formats, typed.build.json, typed.build.quiet)
	if err != nil {
		return t.fail(err)
	}
	dir, err := chosen(args, typed.build, &settings)
	if err != nil {
		return t.fail(err)
	}
	out, err := outdir.Open(ctx, dir, typed.build.out)
	if err != nil {
		return t.fail(interruption(err))
	}
	defer out.Close()
	if typed.pairs < 0 || typed.pairs > 1000 {
		return t.fail(analyzer.Usage(fmt.Sprintf("--pairs %d is not between 0 and 1000", typed.pairs), fmt.Sprintf("%d give a useful interval", fairPairs)))
	}
	wanted, err := runtimes.Choose(ctx, dir, typed.runtimes)
	if err != nil {
		return t.fail(interruption(err))
	}
	if settings.Boot == nil && typed.build.boot.given("pairs") {
		return t.fail(analyzer.Usage("--pairs has no effect without --boot", "add --boot, which starts every zip"))
	}
	built, err := typed.readBuilt(settings)
	if err != nil {
		return t.fail(err)
	}
	before, err := readPast(ctx, dir, typed.history)
	if err != nil {
		return t.fail(err)
	}
	terms := typed.build.coldStart.read(&settings)
	settings.Advise = advise.Untried{Terms: terms}
	installing := baseline.Installing{Options: typed.build.installing(t), Allowed: typed.build.install}
	result, err := check.Run(ctx, dir, check.Options{
		Build: settings, Built: built, Baseline: typed.baseline, Installing: installing, Pairs: typed.pairs, Terms: terms, AllowCGO: typed.allowCGO,
		CompressAsBaseline: !typed.compressGiven, History: before.points(),
	}, out)
	if err != nil {
		return t.fail(interruption(err))
	}
	report := result.Report
	if !result.Judged {
		t.printAll(report.Diagnostics)
		if err := t.write(output.ForPrograms(sinks), report); err != nil {
			return t.fail(err)
		}
		return analyzer.ExitStatus(report.Diagnostics)
	}
	tried := onRuntimes(ctx, result.Project, &report, out, wanted, settings)
	t.Clear()
	if len(report.Functions) > 0 && built == nil {
		// If nothing was built, keep the files of an earlier build.
		if _, err := out.Settle(report, !settings.Partial()); err != nil {
			return t.fail(err)
		}
	}
	if tried != nil {
		return t.fail(interruption(tried))
	}
	all := report.AllDiagnostics()
	t.printAll(all)
	report, notRecorded := t.recordHistory(ctx, before, report, settings.Partial())
	if !slices.ContainsFunc(sinks, func(s output.Sink) bool { return s.File == "" }) {
		t.printVerdicts(report)
	}
	if err := cmp.Or(t.write(sinks, report), typed.build.timed.Write()); err != nil {
		return t.fail(err)
	}
	if notRecorded != nil {
		return t.fail(notRecorded)
	}
	if typed.update {
		if err := lowerBudgets(t, result); err != nil {
			return t.fail(err)
		}
	}
	return max(analyzer.ExitStatus(all), budget.Status(report))
}

// past is the history of the folder before this check.
type past struct {
	log      *history.Log
	recorded []reporters.Recorded // oldest first
}

// lookBack is how much of a history is read.
const lookBack = 400 * 24 * time.Hour

// readPast reads the history at the place of --history, nil without one.
func readPast(ctx context.Context, dir, place string) (*past, error) {
	if place == "" {
		return nil, nil
	}
	log, err := history.Open(ctx, dir, place)
	if err != nil {
		return nil, err
	}
	recorded, err := log.Points(ctx, time.Now().Add(-lookBack))
	return &past{log, recorded}, err
}

// points is what was recorded, not nil if a history is given.
func (p *past) points() []reporters.Recorded {
	if p == nil {
		return nil
	}
	return append([]reporters.Recorded{}, p.recorded...)
}

// recordHistory keeps the sizes of the current commit for featherpack history. It returns
// the report with its history, and why the sizes could not be kept.
func (t *terminal) recordHistory(ctx context.Context, p *past, r reporters.Report, partial bool) (reporters.Report, error) {
	if p == nil {
		return r, nil
	}
	commit, whyNot, err := p.log.Record(ctx, r, partial)
	if err == nil && whyNot != "" {
		t.print(analyzer.Diagnostic{Code: "not-recorded", Severity: analyzer.Warning, Message: "the sizes are not in the history: " + whyNot,
			Hint: "commit first; sizes are recorded for a commit"})
	}
	if commit != "" && err == nil {
		p.recorded = nil // not two histories in memory
		p.recorded, err = p.log.Points(ctx, time.Now().Add(-lookBack))
	}
	return reporters.WithHistory(r, p.recorded, commit), err
}

// onRuntimes tries the functions on the runtimes of --runtimes, and adds the results to the
// report.
func onRuntimes(ctx context.Context, p analyzer.Project, r *reporters.Report, out *outdir.Dir, w runtimes.Wanted, o pipeline.Options) error {
	if err := runtimes.Try(ctx, p, r, out, w, o); err != nil {
		return err
	}
	for i := range r.Functions {
		f := &r.Functions[i]
		f.Diagnostics = analyzer.SortDiagnostics(append(f.Diagnostics, runtimes.Diagnostics(*f)...))
	}
	r.Diagnostics = analyzer.SortDiagnostics(append(r.Diagnostics, w.Idle(p.Functions)...))
	return nil
}

// printVerdicts prints the budgets that make the exit status, and those that were not
// checked. It is for runs that print no report.
func (t *terminal) printVerdicts(r reporters.Report) {
	for _, v := range r.Verdicts {
		if v.Outcome == reporters.OutcomeFail || v.Outcome == reporters.OutcomeUnmeasured && v.Level == reporters.LevelError {
			t.print(analyzer.Diagnostic{Severity: analyzer.Error, Message: v.Message, Hint: v.Hint, Position: v.Position})
		} else if v.Outcome == reporters.OutcomeUnmeasured {
			t.print(analyzer.Diagnostic{Severity: analyzer.Warning, Message: v.Message, Hint: v.Hint, Position: v.Position})
		}
	}
}

func lowerBudgets(t *terminal, r check.Result) error {
	files, err := check.LowerBudgets(r.Project, r.Report)
	for _, f := range files {
		for _, l := range f.Budgets {
			fmt.Fprintf(t.stderr, "featherpack: %s: lowered %s from %s to %s\n", l.Position, output.Printable(l.Budget), output.Printable(l.Before), l.After)
		}
		if len(f.Budgets) == 0 {
			fmt.Fprintf(t.stderr, "featherpack: no budget in %s can be lowered\n", f.File)
		}
	}
	return err
}

// interruption gives the error of a cancelled run a message for the user.
func interruption(err error) error {
	if errors.Is(err, context.Canceled) {
		return analyzer.Diagnostic{Severity: analyzer.Error, Message: "interrupted; finished zips are complete, unfinished ones were not written"}
	}
	return err
}
