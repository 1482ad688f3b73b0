package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/baseline"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/locate"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/output"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/pipeline"
	"github.com/featherpack/featherpack/reporters/budget"

	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/install"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/coldstart"
)

var checkCommand = command{
	name: "check", operands: "[DIR]", summary: "build, compare with a baseline, and check budgets",
	help: `Builds as featherpack build does. Then it compares the sizes with a baseline and
checks the budgets in featherpack.yaml. The exit status is 1 if a budget is
broken, or if a budget could not be measured.

The baseline is one of:
  --compare-to FILE   a saved report.json
  --compare-ref REF   a commit or branch, built in a temporary worktree
  neither, on CI      the commit that the pull request will be merged into

Changes in cold-start time are projected from sizes. With --boot, and a baseline
that was built in the same run, the load time of each changed function is
measured instead. That takes about ten seconds a function.

Examples:
  featherpack check --compare-ref main
  featherpack check --compare-to base.json -o markdown=pr.md -o html=report.html
  featherpack check --compare-ref main --boot
  featherpack check --update-budgets          lower each budget to the size reached`,
	flags: func(set *pflag.FlagSet) func(context.Context, *terminal, []string) int {
		var typed checkFlags
		set.StringVar(&typed.baseline.File, "compare-to", "", "`FILE`: saved report.json to compare with")
		set.StringVar(&typed.baseline.Ref, "compare-ref", "", "`REF`: commit or branch to build and compare with")
		set.IntVar(&typed.pairs, "pairs", fairPairs, "`N`: with --boot, number of paired starts (baseline, then new) to measure each changed function with; 0 projects instead")
		set.BoolVar(&typed.update, "update-budgets", false, "lower the budgets in featherpack.yaml to the sizes reached; never raises one")
		typed.build.declare(set)
		return func(ctx context.Context, t *terminal, args []string) int { return check(ctx, t, typed, args) }
	},
}

type checkFlags struct {
	build    buildFlags
	baseline baseline.Choice
	update   bool
	pairs    int
}

// fairPairs make a fair interval of a load's change.
const fairPairs = 15

// check is the stages of the command, in order.
func check(ctx context.Context, t *terminal, typed checkFlags, args []string) int {
	t.quiet, t.verbose, t.noted = typed.build.quiet, typed.build.verbose, typed.build.json
	settings, err := typed.build.settings(t)
	if err != nil {
		return t.fail(err)
	}
	sinks, err := output.Parse(typed.build.formats, typed.build.json, typed.build.quiet)
	if err != nil {
		return t.fail(err)
	}
	dir, err := operandDir(args)
	if err != nil {
		return t.fail(err)
	}
	out, err := outdir.Open(ctx, dir, typed.build.out)
	if err != nil {
		return t.fail(interruption(err))
	}
	defer out.Close()
	if typed.pairs < 0 || typed.pairs > 1000 {
		return t.fail(analyzer.Usage(fmt.Sprintf("--pairs %d is not between 0 and 1000", typed.pairs), fmt.Sprintf("%d make a fair interval", fairPairs)))
	}
	terms := typed.build.coldStart.read(&settings)
	head, project, err := pipeline.Measure(ctx, dir, settings, out)
	if err != nil {
		return t.fail(interruption(err))
	}
	nothing := len(head.Functions) == 0
	if nothing && len(head.Skipped) > 0 {
		head.Diagnostics = append(head.Diagnostics, allSkipped)
	}
	if status := analyzer.ExitStatus(head.Diagnostics); nothing && status != exitGood {
		t.tellAll(head.Diagnostics)
		if err := t.write(output.ForPrograms(sinks), head); err != nil {
			return t.fail(err)
		}
		return status
	}
	base, err := baseline.Find(ctx, dir, typed.baseline, settings, func(ctx context.Context, head string, p analyzer.Project, functions []analyzer.Function) error {
		return install.PackagesLike(ctx, head, p, functions, t.installing())
	})
	if err != nil {
		return t.fail(interruption(err))
	}
	defer base.Close()
	partial := len(settings.Only) > 0
	located := locate.Imports(locate.Below(project.Root), project.Functions)
	if base.Missing != "" {
		head = coldstart.Fill(nil, reporters.NoBaseline(head, base.Missing), *terms)
	} else {
		head = reporters.Compare(base.Report, head, reporters.CompareOptions{Ref: base.Ref, Method: base.Method, Partial: partial, Locate: located, LocateBase: base.Locate})
		if settings.Boot != nil && typed.pairs > 0 {
			terms.Measured, terms.Unpaired = pipeline.MeasurePairs(ctx, &head,
				pipeline.Side{Project: base.Project, Out: base.Out}, pipeline.Side{Project: project, Out: out.Path}, typed.pairs, settings)
			if err := ctx.Err(); err != nil {
				return t.fail(interruption(err))
			}
		}
		head = coldstart.Fill(&base.Report, head, *terms)
	}
	accepted, err := acceptances(project)
	if err != nil {
		return t.fail(err)
	}
	judging := budget.Options{Today: time.Now(), Partial: partial, Accepted: accepted, Locate: located}
	if base.Known {
		judging.Before = base.Budgets
		if judging.Before == nil {
			judging.Before = []analyzer.BudgetRule{}
		}
	}
	head = budget.Judge(head, project.Budgets, judging)
	if !nothing {
		// With nothing built, what an earlier build wrote stays as it is.
		if err := out.Settle(head, !partial); err != nil {
			return t.fail(err)
		}
	}
	all := head.AllDiagnostics()
	t.tellAll(all)
	if err := t.write(sinks, head); err != nil {
		return t.fail(err)
	}
	if typed.update {
		if err := updateBudgets(t, project, head); err != nil {
			return t.fail(err)
		}
	}
	return max(analyzer.ExitStatus(all), budget.Status(head))
}

// interruption tells a cancelled run from one that failed.
func interruption(err error) error {
	if errors.Is(err, context.Canceled) {
		return analyzer.Diagnostic{Severity: analyzer.Error, Message: "interrupted; finished zips are whole, unfinished ones were not written"}
	}
	return err
}

// acceptanceFile is the reviewed file of budgets that may be broken, with
// reasons and last days, in the project's root or the folder that is checked.
const acceptanceFile = "featherpack.accept.yaml"

func acceptances(p analyzer.Project) ([]budget.Acceptance, error) {
	var all []budget.Acceptance
	names := []string{acceptanceFile}
	if p.Dir != "." {
		names = append(names, path.Join(p.Dir, acceptanceFile))
	}
	for _, name := range names {
		f, err := os.Open(filepath.Join(p.Root, filepath.FromSlash(name)))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, analyzer.Usage(fmt.Sprintf("cannot read %s: %v", name, analyzer.WithoutPath(err)), "check its permissions")
		}
		accepted, err := budget.ReadAcceptances(f, name)
		f.Close()
		if err != nil {
			return nil, err
		}
		all = append(all, accepted...)
	}
	return all, nil
}

// updateBudgets rewrites featherpack.yaml with the budgets lowered to what the
// report reached, everything else left as it is.
func updateBudgets(t *terminal, p analyzer.Project, r reporters.Report) error {
	files := map[string]bool{}
	for _, rule := range p.Budgets {
		files[rule.File] = true
	}
	if len(files) == 0 {
		return analyzer.Usage("there are no budgets to lower", "write some into featherpack.yaml: featherpack init shows how")
	}
	for _, file := range slices.Sorted(maps.Keys(files)) {
		name := filepath.Join(p.Root, filepath.FromSlash(file))
		text, err := os.ReadFile(name)
		if err != nil {
			return analyzer.Usage(fmt.Sprintf("cannot read %s: %v", file, analyzer.WithoutPath(err)), "check its permissions")
		}
		updated, lowered, err := budget.Ratchet(file, text, r)
		if err != nil {
			return err
		}
		for _, l := range lowered {
			fmt.Fprintf(t.stderr, "featherpack: %s: lowered %s from %s to %s\n", l.Position, output.Printable(l.Budget), output.Printable(l.Before), l.After)
		}
		if len(lowered) == 0 {
			fmt.Fprintf(t.stderr, "featherpack: no budget of %s can be lowered\n", file)
			continue
		}
		if err := output.WriteFile(name, name, func(w io.Writer) error { _, err := w.Write(updated); return err }); err != nil {
			return err
		}
	}
	return nil
}
