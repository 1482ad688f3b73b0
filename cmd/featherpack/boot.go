package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/manifest/settings"
	"github.com/featherpack/featherpack/analyzer/scratch"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/decide"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/learn"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/pipeline"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/boot"
	"github.com/featherpack/featherpack/reporters"
)

// bootFlags are the flags of a boot check as typed.
type bootFlags struct {
	events, answers []string
	eventsDir       string
	node            string
	runs            int
	uncontained     bool
	strict          bool
	// given reports whether a flag was typed.
	given func(name string) bool
}

// bootFlagNames are the flags that have no effect if nothing is started.
var bootFlagNames = []string{"event", "events", "expect", "boot-node", "runs", "allow-uncontained", "strict"}

func (b *bootFlags) declare(set *pflag.FlagSet) {
	b.given = set.Changed
	set.StringArrayVar(&b.events, "event", nil, "`[FUNCTION=]FILE`: JSON event to send (repeatable)")
	set.StringVar(&b.eventsDir, "events", "", "`DIR`: folder with events named FUNCTION*.json (default: the folder events beside the manifest)")
	set.StringArrayVar(&b.answers, "expect", nil, "`[FUNCTION=]FILE`: JSON answer that must come back (repeatable)")
	set.StringVar(&b.node, "boot-node", "system", "`NODE`: Node to start with: system, auto (downloads the runtime's version), a version to download, such as 24.20.0, or a path")
	set.IntVar(&b.runs, "runs", 1, "`N`: number of fresh processes to measure the load time in")
	set.BoolVar(&b.uncontained, "allow-uncontained", false, "start functions even if this machine cannot isolate them")
	set.BoolVar(&b.strict, "strict", false, "fail also if it cannot be decided whether a zip runs as its source")
}

// unused returns an error if a flag was typed that only counts with --boot.
func (b *bootFlags) unused() error {
	for _, name := range bootFlagNames {
		if b.given != nil && b.given(name) {
			return analyzer.Usage(fmt.Sprintf("--%s has no effect without --boot", name), "add --boot, which starts every zip")
		}
	}
	return nil
}

func (b *bootFlags) settings() (pipeline.BootOptions, error) {
	s := pipeline.BootOptions{
		Options:   boot.Options{Node: b.node, Runs: b.runs, AllowUncontained: b.uncontained, OtherArchitecture: true},
		EventsDir: b.eventsDir, Strict: b.strict,
	}
	if b.runs < 1 || b.runs > 1000 {
		return s, analyzer.Usage(fmt.Sprintf("--runs %d is not between 1 and 1000", b.runs), "15 give a fair median")
	}
	var err error
	if s.Events, err = jsonFiles("--event", b.events); err != nil {
		return s, err
	}
	s.Answers, err = jsonFiles("--expect", b.answers)
	return s, err
}

// jsonFiles reads the files of arguments such as FILE or FUNCTION=FILE. The map's
// keys are the functions, "" for a FILE without one.
func jsonFiles(flag string, typed []string) (map[string][]pipeline.Event, error) {
	files := map[string][]pipeline.Event{}
	for _, text := range typed {
		function, name, named := strings.Cut(text, "=")
		if !named {
			function, name = "", text
		}
		event, err := pipeline.ReadEvent(name)
		if err != nil {
			return nil, analyzer.Usage(fmt.Sprintf("%s: %s %v", flag, name, err), "give a JSON file, or FUNCTION=FILE")
		}
		files[function] = append(files[function], event)
	}
	return files, nil
}

var bootCommand = command{
	name: "boot", operands: "[ZIP|FUNCTION...] [DIR]", summary: "start a zip and its source as Lambda would, and compare",
	help: `Unpacks a zip into an empty folder and starts it against a local copy of the
Lambda Runtime API: without network, as another user, with a read-only task
folder, and without the source tree. Then it starts the source tree in the same
way, unbundled, and compares the answers. Without an event both only have to load.

ZIP is a file that a build wrote. FUNCTION is a function's name; its zip is taken
from --out. Without either, every function of the folder is started. Events come from
--event, from --events, or from files named events/FUNCTION*.json beside the
manifest.

Examples:
  featherpack boot orders
  featherpack boot services/orders              every function of a folder
  featherpack boot orders --event event.json --runs 15
  featherpack boot orders --learn               add files that only the source found
  featherpack boot --decide-cache               measure where compiled code pays
  featherpack boot .featherpack/orders.zip --event event.json --expect answer.json`,
	flags: func(set *pflag.FlagSet) func(context.Context, *terminal, []string) int {
		var typed bootFlags
		typed.declare(set)
		var dir string
		declareDir(set, &dir)
		out := set.String("out", "", "`DIR`: folder of the zips (default .featherpack in the functions' folder)")
		asJSON := set.Bool("json", false, "print the result as JSON")
		learn := set.Bool("learn", false, "write the files that only the source found into featherpack.yaml, and check again")
		deciding := set.Bool("decide-cache", false, "measure whether compiled code pays, and write that for codeCache: auto")
		verbose := set.BoolP("verbose", "v", false, "also print the function's log, its error and the source's")
		return func(ctx context.Context, t *terminal, args []string) int {
			t.verbose = *verbose
			if *deciding {
				return decideCaches(ctx, t, set, dir, args)
			}
			return bootAll(ctx, t, typed, dir, *out, *asJSON, *learn, args)
		}
	},
}

// bootAll starts the zips and functions of the operands, or every function of the folder,
// one after the other. The highest exit status counts.
func bootAll(ctx context.Context, t *terminal, typed bootFlags, dir, out string, asJSON, learning bool, args []string) int {
	p, project, err := t.functionsFirst(args, dir, manifest.Options{})
	if err != nil {
		return t.fail(err)
	}
	words := p.functions
	if len(words) == 0 {
		for _, f := range project.Functions {
			words = append(words, f.ID)
		}
	}
	if len(words) == 0 {
		t.printAll(project.Diagnostics)
		return t.fail(analyzer.Usage("there is no function here", "give the folder that holds the manifest"))
	}
	options, err := typed.settings()
	if err != nil {
		return t.fail(err)
	}
	if asJSON && learning {
		return t.fail(analyzer.Usage("--learn and --json cannot be combined", "--learn prints what it writes"))
	}
	out = cmp.Or(out, filepath.Join(p.dir, outdir.Default))
	var functions []analyzer.Function
	zips := map[string]string{}
	for _, word := range words {
		at, zip, err := target(project, word, out)
		if err != nil {
			return t.fail(err)
		}
		functions = append(functions, project.Functions[at])
		zips[project.Functions[at].ID] = zip
	}
	if options, err = options.For(project, functions); err != nil {
		return t.fail(err)
	}
	built := builtReport(out, zips)
	sources := pipeline.NewSources(project.Root, built, options.Options)
	defer sources.Close()
	status := exitGood
	for _, f := range functions {
		booted := pipeline.Boot(ctx, zips[f.ID], f.ID, f, sources, options)
		if d := olderThanSource(project.Root, zips[f.ID], f, built, booted.Source); d != nil {
			booted.Diagnostics = append(booted.Diagnostics, *d)
		}
		learns := func() int { return relearn(ctx, t, p.dir, project, f, booted, options) }
		if !learning {
			learns = nil
		}
		status = max(status, show(t, booted, f, asJSON, learns))
	}
	return status
}

// decideCaches measures whether compiled code pays for the functions of the operands, or
// for every Node function, and writes the decisions.
func decideCaches(ctx context.Context, t *terminal, set *pflag.FlagSet, dir string, args []string) int {
	for _, name := range append(slices.Clone(bootFlagNames), "out", "json", "learn") {
		if set.Changed(name) {
			return t.fail(analyzer.Usage(fmt.Sprintf("--%s has no effect with --decide-cache", name), "leave it out"))
		}
	}
	p, project, err := t.functionsFirst(args, dir, manifest.Options{})
	if err != nil {
		return t.fail(err)
	}
	functions := project.Functions
	if len(p.functions) > 0 {
		functions = nil
		for _, word := range p.functions {
			at, err := analyzer.Lookup(slices.Values(project.Functions), word)
			if err != nil {
				return t.fail(err)
			} else if at < 0 {
				return t.fail(analyzer.Usage(fmt.Sprintf("there is no function %q", word), "featherpack discover lists the functions"))
			}
			functions = append(functions, project.Functions[at])
		}
	}
	status := exitGood
	files := map[string]bool{}
	for _, f := range functions {
		if f.Family != analyzer.Node || f.Entry == "" {
			continue
		}
		t.Step("featherpack: measuring %s", f.ID)
		m, problems, err := decide.Measure(ctx, p.dir, f, pipeline.Options{Version: version()})
		t.Clear()
		if err != nil {
			return t.fail(interruption(err))
		}
		if len(problems) > 0 {
			t.printAll(problems)
			status = max(status, analyzer.ExitStatus(problems))
			continue
		}
		t.line("%s: %s: %s", f.ID, m.Mode, m.Reason)
		name, err := decide.Write(project, m)
		if err != nil {
			return t.fail(err)
		}
		files[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		t.line("wrote %s; commit it, and set build.codeCache: auto", name)
	}
	return status
}

// target returns the index of the function that an operand means, and its zip.
func target(project analyzer.Project, word, out string) (at int, zip string, err error) {
	if at, zip, err = bootable(project, word, out); err != nil {
		return at, zip, err
	}
	_, missing := os.Stat(zip)
	name, isZip := strings.CutSuffix(word, ".zip")
	switch {
	case missing != nil && (isZip || at >= 0):
		return at, zip, analyzer.Usage(fmt.Sprintf("there is no zip %s", zip), "create it with featherpack build")
	case at >= 0:
		return at, zip, nil
	}
	if isZip {
		name = filepath.Base(name)
	}
	hint := "run it in the function's folder, or give that folder with --dir"
	if near := analyzer.NearestFunction(slices.Values(project.Functions), name); near != "" {
		hint = fmt.Sprintf("did you mean %q? %s", near, hint)
	}
	message := fmt.Sprintf("there is no function %q", name)
	if missing == nil {
		message += ", so its handler and runtime are unknown"
	}
	return at, zip, analyzer.Usage(message, hint)
}

// show prints the result of one function and returns its exit status. learns is called
// if the source found more than the zip holds; it is nil without --learn.
func show(t *terminal, booted pipeline.Booted, f analyzer.Function, asJSON bool, learns func() int) int {
	if asJSON {
		if status := t.printJSON(booting{booted.Boot, booted.Runs}); status != exitGood {
			return status
		}
	} else {
		printBoot(t, f.ID, booted)
	}
	if s := booted.Source; learns != nil && s != nil && len(s.Files)+len(s.Modules) > 0 {
		return learns()
	}
	t.printAll(booted.Diagnostics)
	if learns != nil {
		fmt.Fprintf(t.stderr, "featherpack: %s: nothing to learn: the source opened no file that the zip lacks\n", f.ID)
	}
	if status := analyzer.ExitStatus(booted.Diagnostics); status != exitGood {
		return status
	}
	if last := booted.Runs[len(booted.Runs)-1]; last.Status == boot.NotRun && !last.WantsNetwork {
		return exitFailed // this command must run the function
	}
	return exitGood
}

// relearn writes the files that only the source opened into featherpack.yaml, and
// proves it: the function is built anew in a temporary folder and started again.
func relearn(ctx context.Context, t *terminal, dir string, project analyzer.Project, f analyzer.Function, booted pipeline.Booted, o pipeline.BootOptions) int {
	learned, err := learn.Write(project, f, booted.Source.Files)
	if err != nil {
		return t.fail(err)
	}
	for _, in := range learned.Added {
		t.line("%s: added %q, %s", learned.File, in.Glob, in.Reason)
	}
	for _, file := range booted.Source.Files {
		if file.Include == "" {
			t.line("not added: %s: %s", file.File, file.Reason)
		}
	}
	for _, name := range booted.Source.Modules {
		t.line("not added: %s: it is code, which is bundled if it is imported", name)
	}
	if learned.File == "" {
		t.printAll(booted.Diagnostics)
		return analyzer.ExitStatus(booted.Diagnostics)
	}
	folder, err := scratch.New("", "learn")
	if err != nil {
		return t.fail(fmt.Errorf("making a temporary folder: %w", analyzer.WithoutPath(err)))
	}
	defer folder.Close()
	out, err := outdir.Open(ctx, dir, filepath.Join(folder.Path, "out"))
	if err != nil {
		return t.fail(interruption(err))
	}
	defer out.Close()
	o.Events, o.Answers = map[string][]pipeline.Event{f.ID: o.Events[f.ID], "": o.Events[""]}, map[string][]pipeline.Event{}
	report, _, err := pipeline.Measure(ctx, dir, pipeline.Options{Only: []string{settings.EscapeGlob(f.ID)}, Boot: &o, Version: version()}, out)
	if err != nil {
		return t.fail(interruption(err))
	}
	all := report.AllDiagnostics()
	t.printAll(all)
	for _, again := range report.Functions {
		if again.ID == f.ID && again.Boot != nil && again.Boot.Source != nil {
			t.line("built and started again: %s %s", f.ID, again.Boot.Source.Verdict)
		}
	}
	if len(learned.Added) > 0 {
		t.line("next: featherpack build")
	}
	return analyzer.ExitStatus(all)
}

// builtReport returns what the report that a build wrote says about zips, by function
// ID. Functions of which the report describes another zip are left out.
func builtReport(out string, zips map[string]string) reporters.Report {
	file, err := os.Open(filepath.Join(out, "report.json"))
	if err != nil {
		return reporters.Report{}
	}
	defer file.Close()
	report, err := reporters.Read(file)
	if err != nil {
		return reporters.Report{}
	}
	report.Functions = slices.DeleteFunc(report.Functions, func(f reporters.Function) bool {
		zip, known := zips[f.ID]
		if !known || f.Artifact == nil {
			return true
		}
		sum, err := digest(zip)
		return err != nil || sum != f.Artifact.SHA256
	})
	return report
}

// olderThanSource warns of a zip that is compared with a source which has been written to
// since: what differs may only be the change.
func olderThanSource(root, zip string, f analyzer.Function, built reporters.Report, s *packager.BootSource) *analyzer.Diagnostic {
	if s == nil || s.Verdict == boot.RunsAsSource || s.Verdict == boot.LoadsAsSource {
		return nil
	}
	made, err := os.Stat(zip)
	if err != nil {
		return nil
	}
	files := []string{f.Entry}
	for _, in := range built.Functions {
		for _, share := range in.Inputs {
			if in.ID == f.ID && built.Inputs[share.Input].Package == "" {
				files = append(files, built.Inputs[share.Input].Path)
			}
		}
	}
	for _, file := range files {
		if info, err := os.Stat(filepath.Join(root, filepath.FromSlash(file))); err == nil && info.ModTime().After(made.ModTime()) {
			d := analyzer.Problem(analyzer.Warning, "older-zip", analyzer.Position{File: file}, "build again; featherpack build --boot does both",
				"is newer than the zip, which was compared with it")
			d.Function = f.ID
			return &d
		}
	}
	return nil
}

func digest(name string) (string, error) {
	in, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer in.Close()
	h := sha256.New()
	if _, err := io.Copy(h, in); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// bootable returns the zip that the operand means, and the index of its function,
// -1 if that is unknown. A zip belongs to the function whose ID is the end of its
// path, or else to the function of the same name.
func bootable(p analyzer.Project, word, out string) (at int, zip string, err error) {
	stem, isZip := strings.CutSuffix(word, ".zip")
	if !isZip {
		if at, err = analyzer.Lookup(slices.Values(p.Functions), word); at >= 0 {
			word = p.Functions[at].ID
		}
		return at, filepath.Join(out, filepath.FromSlash(word)+".zip"), err
	}
	at = -1
	for i, f := range p.Functions {
		if strings.HasSuffix("/"+filepath.ToSlash(stem), "/"+f.ID) && (at < 0 || len(f.ID) > len(p.Functions[at].ID)) {
			at = i
		}
	}
	if at < 0 {
		at, err = analyzer.Lookup(slices.Values(p.Functions), filepath.Base(stem))
	}
	return at, word, err
}
