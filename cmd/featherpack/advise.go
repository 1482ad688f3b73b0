package main

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/pipeline"
	"github.com/featherpack/featherpack/reporters"
)

var adviseCommand = command{
	name: "advise", operands: "[FUNCTION...]", summary: "find what makes functions large or slow, and measure the savings",
	help: `Looks for what makes a function larger or slower than it needs to be. Changes
that can be tried are tried: each is applied to a temporary copy, on top of the
ones before it, and the copy is built and measured. The project itself is not
changed.

All advice says whether the function would behave differently. If it would not,
the advice is safe. --only-safe shows safe advice only. The safe Go build tag is
set by every build: lambda.norpc.

Examples:
  featherpack advise                        every function of this folder
  featherpack advise orders ingest --json
  featherpack advise ingest --trials 30     try more changes
  featherpack advise --only-safe --dir services/orders`,
	flags: func(set *pflag.FlagSet) func(context.Context, *terminal, []string) int {
		var typed adviseFlags
		discoverFlags(set, &typed.buildFlags)
		set.StringVar(&typed.dir, "dir", ".", "`DIR`: folder of the functions")
		set.BoolVar(&typed.onlySafe, "only-safe", false, "show only advice that does not change behaviour")
		set.IntVar(&typed.trials, "trials", 12, "`N`: number of changes to try for each function; 0 for none")
		set.BoolVar(&typed.json, "json", false, "print JSON")
		set.BoolVarP(&typed.verbose, "verbose", "v", false, "also print import chains, and what was tried without effect")
		return func(ctx context.Context, t *terminal, args []string) int {
			return adviseCommandRun(ctx, t, typed, args)
		}
	},
}

type adviseFlags struct {
	buildFlags
	dir      string
	onlySafe bool
	trials   int
}

// adviseQuestion asks for one function's advice.
type adviseQuestion struct {
	question
	onlySafe bool
	trials   int
}

// advised is one function's advice, and the JSON of it.
type advised struct {
	Function string `json:"function"`
	// Before is the artifact as it is built; After with every change applied
	// that was tried and saves something, nil where none was.
	Before weight  `json:"before"`
	After  *weight `json:"after,omitempty"`
	// Advice is sorted by what it saves.
	Advice []advice `json:"advice"`
	// InVain are changes that were tried and save nothing worth a word.
	InVain []string `json:"inVain,omitempty"`
	// Ignored counts what featherpack.yaml silences.
	Ignored int         `json:"ignored,omitempty"`
	Init    *initReport `json:"init,omitempty"`
	Notes   []string    `json:"notes,omitempty"`
}

// advice is one thing to do.
type advice struct {
	Code string `json:"code"`
	What string `json:"what"`
	analyzer.Position
	Chain []whyStep `json:"chain,omitempty"`
	Do    string    `json:"do"`
	Tags  []string  `json:"tags,omitempty"`
	// Changes says what behaves differently, "" for nothing.
	Changes string `json:"changes,omitempty"`
	Source  string `json:"source,omitempty"`
	// Holds is what the artifact holds of it: the most that could go.
	Holds *weight `json:"holds,omitempty"`
	// Saves is measured, on top of what With names; Most says that it is what
	// leaving the thing out saves, and that something else has to take its place.
	Saves *weight  `json:"saves,omitempty"`
	With  []string `json:"with,omitempty"`
	Most  bool     `json:"most,omitempty"`
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

func adviseCommandRun(ctx context.Context, t *terminal, typed adviseFlags, names []string) int {
	t.verbose = typed.verbose
	settings, err := typed.settings(t)
	if err != nil {
		return t.fail(err)
	}
	if typed.trials < 0 {
		return t.fail(analyzer.Usage(fmt.Sprintf("--trials %d is negative", typed.trials), "0 tries none"))
	}
	dir, err := operandDir([]string{typed.dir})
	if err != nil {
		return t.fail(err)
	}
	questions, err := askAll(t, dir, names, settings)
	if err != nil {
		return t.fail(err)
	}
	status := exitGood
	all := []advised{}
	err = buildShared(ctx, questions, func(q question) {
		a, failed := typed.ask(ctx, q)
		t.Clear()
		if failed != exitGood {
			status = max(status, failed)
			return
		}
		a.silence(t, q.project.AdviceIgnored, typed.onlySafe)
		if all = append(all, a); !typed.json {
			printAdvised(t, a, len(all) > 1)
		}
	})
	t.Clear()
	if err != nil {
		return t.failAll(err)
	}
	if typed.json {
		status = max(status, t.printJSON(struct {
			Functions []advised `json:"functions"`
		}{all}))
	}
	return status
}

// ask gets one function's advice, or prints why there is none.
func (typed *adviseFlags) ask(ctx context.Context, q question) (advised, int) {
	if q.function.Entry == "" {
		return advised{}, q.unbuildable()
	}
	family, ok := runtimes[q.function.Family]
	if !ok {
		return advised{}, q.t.fail(analyzer.Usage(fmt.Sprintf("the runtime %s is not supported yet", q.function.Runtime), "leave the function out"))
	}
	a, err := family.advise(ctx, adviseQuestion{question: q, onlySafe: typed.onlySafe, trials: typed.trials})
	if err != nil {
		return advised{}, q.t.failAll(err)
	}
	return a, exitGood
}

// buildShared builds all functions at once, so that they share their work, and
// asks about one after the other until that is interrupted. What a trial changes
// is built by itself.
func buildShared(ctx context.Context, questions []question, ask func(question)) error {
	var functions []analyzer.Function
	for _, q := range questions {
		functions = append(functions, q.function)
	}
	return questions[0].buildAll(ctx, functions, func(r reporters.Report, out *outdir.Dir) error {
		for _, q := range questions {
			q.build = func(ctx context.Context, f analyzer.Function, look func(reporters.Report, reporters.Function, *outdir.Dir) error) error {
				if !reflect.DeepEqual(f, q.function) {
					return q.buildAway(ctx, f, look)
				}
				return pick(r, q.id, out, look)
			}
			if ask(q); ctx.Err() != nil {
				return nil // it has been said
			}
		}
		return nil
	})
}

// askAll is the questions about the functions named, or about all of them.
func askAll(t *terminal, dir string, names []string, settings pipeline.Options) ([]question, error) {
	var questions []question
	for _, name := range names {
		q, err := ask(t, dir, name, "name the folder with --dir: featherpack advise --dir "+name, settings)
		if err != nil {
			return nil, err
		}
		questions = append(questions, q)
	}
	if len(names) > 0 {
		return questions, nil
	}
	project := manifest.Discover(dir, settings.Discover)
	for i := range project.Functions {
		questions = append(questions, question{t: t, project: project, settings: settings}.about(i))
	}
	if len(questions) == 0 {
		t.tellAll(project.Diagnostics)
		return nil, analyzer.Usage("there is no function here", "name the folder that holds the manifest with --dir")
	}
	return questions, nil
}

// silence takes away what featherpack.yaml ignores and has not expired, and what
// is not safe where only that was asked for, and sorts the rest.
func (a *advised) silence(t *terminal, ignored []analyzer.AdviceIgnore, onlySafe bool) {
	today := time.Now().UTC().Format(time.DateOnly)
	kept := []advice{}
	for _, one := range a.Advice {
		if onlySafe && one.Changes != "" {
			continue
		}
		i := slices.IndexFunc(ignored, func(g analyzer.AdviceIgnore) bool { return matches(g, one) })
		switch {
		case i < 0:
		case ignored[i].Until != "" && ignored[i].Until < today:
			t.tell(analyzer.Diagnostic{
				Code: "advice-ignore-expired", Severity: analyzer.Warning, Position: ignored[i].Position, Function: a.Function,
				Message: fmt.Sprintf("%s was to be ignored until %s", ignored[i].Code, ignored[i].Until), Hint: "follow the advice, or give a new date and reason",
			})
		default:
			a.Ignored++
			continue
		}
		kept = append(kept, one)
	}
	saves := func(one advice) int64 {
		switch {
		case one.Saves != nil:
			return one.Saves.Zipped
		case one.Holds != nil:
			return one.Holds.Zipped / 2 // below a measured saving of like size
		}
		return 0
	}
	slices.SortStableFunc(kept, func(x, y advice) int {
		return cmp.Or(cmp.Compare(saves(y), saves(x)), cmp.Compare(x.Code, y.Code), cmp.Compare(x.File, y.File), cmp.Compare(x.Line, y.Line))
	})
	a.Advice = kept
}

func matches(g analyzer.AdviceIgnore, one advice) bool {
	if g.Code != one.Code {
		return false
	}
	ok, err := doublestar.Match(g.At, one.File)
	return g.At == "" || err == nil && ok
}

func printAdvised(t *terminal, a advised, gap bool) {
	line := t.line
	if gap {
		line("")
	}
	line("%s: %s zipped, %s unzipped", a.Function, exactly(a.Before.Zipped), exactly(a.Before.Unzipped))
	for i, one := range a.Advice {
		printAdvice(line, i+1, one, t.verbose)
	}
	if len(a.Advice) == 0 {
		line("  nothing to advise")
	}
	if a.After != nil {
		line("  with all that was measured applied: %s zipped, %s unzipped", exactly(a.After.Zipped), exactly(a.After.Unzipped))
	}
	if a.Init != nil {
		a.Init.print(line, t.verbose)
	}
	switch {
	case len(a.InVain) > 0 && t.verbose:
		for _, what := range a.InVain {
			line("  tried in vain: %s", what)
		}
	case len(a.InVain) > 0:
		line("  tried in vain: %d more; --verbose names them", len(a.InVain))
	}
	if a.Ignored > 0 {
		line("  ignored by featherpack.yaml: %d", a.Ignored)
	}
	for _, note := range a.Notes {
		line("  note: %s", note)
	}
}

func printAdvice(line func(string, ...any), number int, a advice, verbose bool) {
	line("%3d  %s  [%s]", number, a.What, a.Code)
	if at := a.Position.String(); at != "" {
		line("       at     %s", at)
	}
	if len(a.Chain) > 1 && (verbose || a.File == "" || !strings.Contains(a.Code, "-work")) {
		var names []string
		for _, s := range a.Chain {
			names = append(names, s.Name)
		}
		if len(names) > 5 && !verbose {
			names = slices.Concat(names[:2], []string{"..."}, names[len(names)-2:])
		}
		line("       by     %s", strings.Join(names, " > "))
	}
	switch {
	case a.Saves != nil && a.Most:
		how := "measured without it"
		if a.Calls != nil {
			how = "measured with a package in its place that does nothing"
		}
		if len(a.With) > 0 {
			how += ", on top of " + strings.Join(a.With, ", ")
		}
		line("       saves  at most %s zipped, %s unzipped (%s; what takes its place adds its own)", exactly(a.Saves.Zipped), exactly(a.Saves.Unzipped), how)
	case a.Saves != nil:
		how := "measured"
		if a.Cut {
			how = "measured with the lookup cut out of a scratch copy"
		}
		with := how
		if len(a.With) > 0 {
			with += ", on top of " + strings.Join(a.With, ", ")
		}
		line("       saves  %s zipped, %s unzipped (%s)", exactly(a.Saves.Zipped), exactly(a.Saves.Unzipped), with)
	case a.Holds != nil && a.Calls != nil: // below, beside them
	case a.Holds != nil && a.Holds.Zipped > 0:
		line("       holds  %s unzipped, about %s zipped: the most that could go", exactly(a.Holds.Unzipped), exactly(a.Holds.Zipped))
	case a.Holds != nil:
		line("       holds  %s unzipped: the most that could go", exactly(a.Holds.Unzipped))
	}
	if a.Calls != nil && a.Holds != nil {
		line("       keeps  %s for %s", exactly(a.Holds.Unzipped), callsOf(a.Calls))
	}
	if a.Unmeasured != "" {
		line("       not measured: %s", a.Unmeasured)
	}
	if a.InitMillis != nil {
		line("       takes  %.2f ms with the rest of its package's initialisers (measured)", *a.InitMillis)
	}
	line("       do     %s", a.Do)
	if a.Changes == "" {
		line("       safe   nothing behaves differently")
	} else {
		line("       but    %s", a.Changes)
	}
	if a.Source != "" {
		line("       see    %s", a.Source)
	}
}
