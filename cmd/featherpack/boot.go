package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/output"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/pipeline"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/boot"
)

// bootFlags are the flags of a boot check as typed.
type bootFlags struct {
	events, answers []string
	node            string
	runs            int
	uncontained     bool
}

func (b *bootFlags) declare(set *pflag.FlagSet) {
	set.StringArrayVar(&b.events, "event", nil, "`[FUNCTION=]FILE`: JSON event to send (repeatable)")
	set.StringArrayVar(&b.answers, "expect", nil, "`[FUNCTION=]FILE`: JSON answer that must come back (repeatable)")
	set.StringVar(&b.node, "boot-node", "system", "`NODE`: Node to start with: system, auto (downloads the runtime's version) or a path")
	set.IntVar(&b.runs, "runs", 1, "`N`: number of fresh processes to measure the load time in")
	set.BoolVar(&b.uncontained, "allow-uncontained", false, "start functions even if this machine cannot isolate them")
}

func (b *bootFlags) settings() (pipeline.BootOptions, error) {
	s := pipeline.BootOptions{Options: boot.Options{Node: b.node, Runs: b.runs, AllowUncontained: b.uncontained, OtherArchitecture: true}}
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
func jsonFiles(flag string, typed []string) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, text := range typed {
		function, name, named := strings.Cut(text, "=")
		if !named {
			function, name = "", text
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, analyzer.Usage(fmt.Sprintf("%s: cannot read %s: %v", flag, name, analyzer.WithoutPath(err)), "give a JSON file, or FUNCTION=FILE")
		}
		if !json.Valid(data) {
			return nil, analyzer.Usage(fmt.Sprintf("%s: %s is not JSON", flag, name), "an event is any JSON value, such as {}")
		}
		files[function] = data
	}
	return files, nil
}

var bootCommand = command{
	name: "boot", operands: "ZIP|FUNCTION", summary: "start a zip away from its source, as Lambda would",
	help: `Unpacks a zip into an empty folder and starts it against a local copy of the
Lambda Runtime API: without network, as another user, with a read-only task
folder, and without the source tree. With --event the function has to answer;
without it, it only has to load.

ZIP is a file that a build wrote. FUNCTION is a function's name; its zip is taken
from --out.

Examples:
  featherpack boot orders
  featherpack boot orders --event event.json --runs 15
  featherpack boot .featherpack/orders.zip --event event.json --expect answer.json`,
	flags: func(set *pflag.FlagSet) func(context.Context, *terminal, []string) int {
		var typed bootFlags
		typed.declare(set)
		dir := set.String("dir", ".", "`DIR`: folder of the functions")
		out := set.String("out", "", "`DIR`: folder of the zips (default .featherpack in the functions' folder)")
		asJSON := set.Bool("json", false, "print the result as JSON")
		verbose := set.BoolP("verbose", "v", false, "also print the function's log")
		return func(ctx context.Context, t *terminal, args []string) int {
			t.verbose = *verbose
			return bootCommandRun(ctx, t, typed, *dir, *out, *asJSON, args)
		}
	},
}

func bootCommandRun(ctx context.Context, t *terminal, typed bootFlags, dir, out string, asJSON bool, args []string) int {
	settings, err := typed.settings()
	if err != nil {
		return t.fail(err)
	}
	if len(args) != 1 {
		return t.fail(analyzer.Usage("boot needs one zip or function", "featherpack discover lists the functions"))
	}
	project := manifest.Discover(dir, manifest.Options{})
	if settings, err = settings.Named(project); err != nil {
		return t.fail(err)
	}
	at, zip, err := bootable(project, args[0], cmp.Or(out, filepath.Join(dir, outdir.Default)))
	if err != nil {
		return t.fail(err)
	}
	if _, err := os.Stat(zip); err != nil {
		return t.fail(analyzer.Usage(fmt.Sprintf("there is no zip %s", zip), "create it with featherpack build"))
	}
	if at < 0 {
		word, isZip := strings.CutSuffix(args[0], ".zip")
		if isZip {
			word = filepath.Base(word)
		}
		hint := "run it in the function's folder, or give that folder with --dir"
		if near := analyzer.NearestFunction(slices.Values(project.Functions), word); near != "" {
			hint = fmt.Sprintf("did you mean %q? %s", near, hint)
		}
		return t.fail(analyzer.Usage(fmt.Sprintf("there is no function %q, so its handler and runtime are unknown", word), hint))
	}
	f := project.Functions[at]
	id := f.ID
	result, problem := pipeline.Boot(ctx, zip, id, f, settings)
	if asJSON {
		encoder := json.NewEncoder(t.stdout)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(result); err != nil {
			return t.fail(fmt.Errorf("writing the result: %w", err))
		}
	} else {
		printBoot(t, id, result)
	}
	if problem == nil {
		return exitGood
	}
	t.print(*problem)
	if problem.Severity == analyzer.Warning {
		return exitFailed // this command must run the function
	}
	return analyzer.ExitStatus([]analyzer.Diagnostic{*problem})
}

func printBoot(t *terminal, id string, b packager.Boot) {
	fmt.Fprintf(t.stdout, "%s: %s", id, b.Status)
	if n := len(b.LoadMillis); n > 0 {
		fmt.Fprintf(t.stdout, ", loaded in %.0f ms (CPU %.0f ms, measured, median of %d)", boot.Measured{LoadMillis: b.LoadMillis}.LoadMedian(), boot.Measured{CPUMillis: b.CPUMillis}.CPUMedian(), n)
	}
	if b.PeakMemoryBytes > 0 {
		fmt.Fprintf(t.stdout, ", peak memory %d MiB", b.PeakMemoryBytes>>20)
	}
	if b.Node != "" {
		fmt.Fprintf(t.stdout, ", Node %s", b.Node)
		if b.StoodIn {
			fmt.Fprint(t.stdout, " in place of the runtime's version or architecture")
		}
	}
	fmt.Fprintln(t.stdout)
	if len(b.Uncontained) > 0 {
		fmt.Fprintf(t.stdout, "  not contained: %s\n", strings.Join(b.Uncontained, ", "))
	}
	if len(b.Placeholders) > 0 {
		fmt.Fprintf(t.stdout, "  placeholders for: %s\n", strings.Join(b.Placeholders, ", "))
	}
	if len(b.Answer) > 0 {
		fmt.Fprintf(t.stdout, "%s\n", output.Printable(string(b.Answer)))
	}
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
