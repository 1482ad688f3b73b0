package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/reporters/render"

	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/coldstart"
)

var buildCommand = command{
	name: "build", operands: "[DIR]", summary: "build one small zip for each function of a folder",
	help: `Finds the functions in DIR (default: the current folder) and builds one zip for
each. The zips go to DIR/.featherpack, with source maps, the licences of the
packages inside, and report.json. Deploy them as they are: a zip keeps the path
of its handler, so the manifest does not change.

Examples:
  featherpack build                             every function below this folder
  featherpack build --install services/orders   install the packages first
  featherpack build --boot                      start each zip; fail if one does not run
  featherpack build --only 'report-*' -o json   some functions; the report as JSON
  featherpack build --entry src/resize.ts       one file, without a manifest
  featherpack build -o html=report.html         write the report as a web page`,
	flags: func(set *pflag.FlagSet) func(context.Context, *terminal, []string) int {
		var typed buildFlags
		typed.declare(set)
		set.BoolVar(&typed.external, "external", false, "answer Terraform's external data source: a JSON query on stdin, zips and hashes on stdout")
		return func(ctx context.Context, t *terminal, args []string) int {
			if typed.external {
				return external(ctx, t, typed, args, os.Stdin)
			}
			return build(ctx, t, typed, args)
		}
	},
}

// buildFlags are the flags as typed.
type buildFlags struct {
	out, stage, config, compress, sourceMap string
	functions                               string
	only, entry, params, formats            []string
	install, waterfall, exactBefore         bool
	json, quiet, verbose, external          bool
	allowOutside                            bool
	allowGoflags                            []string
	sourceMapPackages                       bool
	bootToo, unpacked                       bool
	boot                                    bootFlags
	coldStart                               coldStartFlags
}

func (b *buildFlags) declare(set *pflag.FlagSet) {
	set.StringVar(&b.out, "out", "", "`DIR`: folder to write to (default .featherpack in the built folder)")
	set.StringArrayVar(&b.only, "only", nil, "`GLOB`: build only functions whose name matches (repeatable)")
	set.StringArrayVar(&b.entry, "entry", nil, "`FILE`: source file to build as a function, where no manifest lists it (repeatable)")
	set.StringVar(&b.functions, "functions", "", "`FILE`: list of the functions, used instead of the manifests; - is stdin")
	set.BoolVar(&b.install, "install", false, "first install packages from the lockfile, without lifecycle scripts")
	set.StringVar(&b.stage, "stage", "", "`STAGE`: stage for the manifest's variables")
	set.StringArrayVar(&b.params, "param", nil, "`KEY=VALUE`: parameter of the manifest (repeatable)")
	set.StringVar(&b.config, "config", "", "`FILE`: manifest or featherpack.yaml to use; - is a resolved service on stdin, as hooks write it")
	set.StringVar(&b.compress, "compress", "default", "`EFFORT`: compression effort: fast, default or best")
	set.StringVar(&b.sourceMap, "sourcemap", "", "`PLACE`: where source maps go: external (beside the zip), zip or none")
	set.BoolVar(&b.sourceMapPackages, "sourcemap-packages", false, "include the text of installed packages in source maps")
	set.BoolVar(&b.waterfall, "waterfall", false, "also measure the size after tree shaking alone; bundles once more")
	set.BoolVar(&b.exactBefore, "exact-before", false, "compress the unbundled files too, for an exact comparison")
	set.BoolVar(&b.allowOutside, "allow-outside", false, "allow modules from outside the project's root")
	goFlags(set, b)
	set.BoolVar(&b.bootToo, "boot", false, "start every zip away from its source; fail if one does not run")
	b.boot.declare(set)
	b.coldStart.declare(set)
	set.BoolVar(&b.unpacked, "unpacked", false, "also unpack each zip into .unpacked/FUNCTION beside it, to run it locally")
	set.StringArrayVarP(&b.formats, "output", "o", nil, "`FORMAT[=FILE]`: report format, see featherpack help reports (repeatable, default text)")
	set.BoolVar(&b.json, "json", false, "the same as -o json")
	set.BoolVarP(&b.quiet, "quiet", "q", false, "print errors only")
	set.BoolVarP(&b.verbose, "verbose", "v", false, "also print notes, waterfalls and packages")
}

// goFlags are the flags of a build of Go functions. What they let in is the
// caller's to trust, so no file of a project can say it.
func goFlags(set *pflag.FlagSet, b *buildFlags) {
	set.StringArrayVar(&b.allowGoflags, "allow-goflag", nil, "`FLAG`: allow this flag in GOFLAGS or ldflags although it runs or replaces code, such as toolexec (repeatable)")
}

// settings validates the flags; later code never sees them as typed.
func (b *buildFlags) settings() (buildSettings, error) {
	s := buildSettings{only: b.only, waterfall: b.waterfall, exactBefore: b.exactBefore, allowOutside: b.allowOutside, allowGoflags: b.allowGoflags}
	s.unpacked = b.unpacked
	s.discover.Stage, s.discover.Config, s.discover.Entries = b.stage, b.config, b.entry
	if b.functions != "" {
		if len(b.entry) > 0 {
			return s, analyzer.Usage("--functions and --entry both say what to build", "leave one of them out")
		}
		listing, err := readListing(b.functions)
		if err != nil {
			return s, err
		}
		s.discover.Listing = listing
	}
	if b.config == "-" {
		var err error
		if s.discover.Resolved, err = io.ReadAll(io.LimitReader(os.Stdin, manifest.MaxResolved+1)); err != nil {
			return s, analyzer.Usage(fmt.Sprintf("cannot read standard input: %v", analyzer.WithoutPath(err)), "--config - takes what a hook writes")
		}
		s.discover.Config = ""
	}
	if b.install {
		s.prepare = install
	}
	s.sourceMapPackages = b.sourceMapPackages
	s.discover.Params = map[string]string{}
	for _, param := range b.params {
		key, value, ok := strings.Cut(param, "=")
		if !ok || key == "" {
			return s, analyzer.Usage(fmt.Sprintf("--param %q is not KEY=VALUE", param), "for example --param domain=example.org")
		}
		s.discover.Params[key] = value
	}
	if err := oneOf("--compress", b.compress, "fast", "default", "best"); err != nil {
		return s, err
	}
	if b.compress != "default" {
		s.compress = b.compress
	}
	if b.sourceMap != "" {
		if err := oneOf("--sourcemap", b.sourceMap, "external", "zip", "none"); err != nil {
			return s, err
		}
		s.sourceMap = b.sourceMap
	}
	if b.bootToo {
		var err error
		if s.boot, err = b.boot.settings(); err != nil {
			return s, err
		}
		s.boot.asked = true
	}
	return s, nil
}

// maxListing is more than discovery takes, so that it tells of the limit.
const maxListing = 4 << 20

// readListing reads what --functions names.
func readListing(name string) (*manifest.Listing, error) {
	l := &manifest.Listing{Name: filepath.Base(name)}
	from := os.Stdin
	if name == "-" {
		l.Name = "stdin"
	} else {
		file, err := os.Open(name)
		if err != nil {
			return nil, analyzer.Usage(fmt.Sprintf("--functions: cannot read %s: %v", name, analyzer.WithoutPath(err)), "name a file, or - for stdin")
		}
		defer file.Close()
		from = file
	}
	var err error
	if l.Content, err = io.ReadAll(io.LimitReader(from, maxListing)); err != nil {
		return nil, analyzer.Usage(fmt.Sprintf("--functions: cannot read %s: %v", l.Name, analyzer.WithoutPath(err)), "name a file, or - for stdin")
	}
	return l, nil
}

func oneOf(flag, value string, allowed ...string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return analyzer.Usage(fmt.Sprintf("%s %q is not known", flag, value), "choose one of "+strings.Join(allowed, ", "))
}

// build is the stages of the command, in order.
func build(ctx context.Context, t *terminal, typed buildFlags, args []string) int {
	t.quiet, t.verbose, t.noted = typed.quiet, typed.verbose, typed.json
	settings, err := typed.settings()
	if err != nil {
		return t.fail(err)
	}
	sinks, err := parseOutputs(typed.formats, typed.json, typed.quiet)
	if err != nil {
		return t.fail(err)
	}
	dir, err := operandDir(args)
	if err != nil {
		return t.fail(err)
	}
	out, err := openOutDir(ctx, dir, typed.out)
	if err != nil {
		return t.fail(interruption(err))
	}
	defer out.close()
	terms := typed.coldStart.read(&settings)
	report, _, err := measure(ctx, t, dir, settings, out)
	if err != nil {
		return t.fail(interruption(err))
	}
	report = coldstart.Fill(nil, report, *terms)
	all := allDiagnostics(report)
	if len(report.Functions) == 0 {
		// Nothing to build: what an earlier build wrote stays as it is.
		if len(report.Skipped) > 0 {
			all = append(all, allSkipped)
		}
		t.tellAll(all)
		if err := writeOutputs(t, forPrograms(sinks), report); err != nil {
			return t.fail(err)
		}
		return analyzer.ExitStatus(all)
	}
	if err := out.settle(report, len(settings.only) == 0); err != nil {
		return t.fail(err)
	}
	t.tellAll(all)
	if err := writeOutputs(t, sinks, report); err != nil {
		return t.fail(err)
	}
	return analyzer.ExitStatus(all)
}

// allSkipped is for a project of functions that are none of featherpack's.
var allSkipped = analyzer.Diagnostic{Code: "all-skipped", Severity: analyzer.Warning,
	Message: "there is nothing to build: every function is skipped", Hint: "featherpack discover says why"}

func allDiagnostics(r reporters.Report) []analyzer.Diagnostic {
	all := slices.Clone(r.Diagnostics)
	for _, f := range r.Functions {
		all = append(all, f.Diagnostics...)
	}
	return all
}

// sink is one -o: a format and where it goes, stdout when file is empty. A step
// summary of GitHub Actions is appended to, since other steps write there too.
// Source: docs.github.com, "Workflow commands for GitHub Actions", job summaries
type sink struct {
	format, file string
	appends      bool
}

func parseOutputs(typed []string, json, quiet bool) ([]sink, error) {
	if json {
		typed = append(typed, "json")
	}
	var sinks []sink
	toStdout := 0
	for _, text := range typed {
		format, file, _ := strings.Cut(text, "=")
		if _, ok := render.Formats[format]; !ok {
			return nil, analyzer.Usage(fmt.Sprintf("there is no report format %q", format), "choose one of "+strings.Join(formatNames(), ", "))
		}
		s := sink{format: format, file: file}
		if summary := os.Getenv("GITHUB_STEP_SUMMARY"); format == "github-summary" && file == "" && summary != "" {
			s.file, s.appends = summary, true
		}
		if s.file == "" {
			toStdout++
		}
		sinks = append(sinks, s)
	}
	if toStdout > 1 {
		return nil, analyzer.Usage("two formats would be mixed on stdout", "write all but one to files: -o markdown=pr.md")
	}
	if len(typed) == 0 && !quiet {
		sinks = append(sinks, sink{format: "text"})
	}
	return sinks, nil
}

// forPrograms are the outputs that are written even where there is nothing to
// tell: a program that reads them must know that.
func forPrograms(sinks []sink) []sink {
	return slices.DeleteFunc(slices.Clone(sinks), func(s sink) bool { return s.format != "json" })
}

func formatNames() []string {
	names := make([]string, 0, len(render.Formats))
	for name := range render.Formats {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// writeOutputs writes the report in every format asked for.
func writeOutputs(t *terminal, sinks []sink, report reporters.Report) error {
	for _, s := range sinks {
		if s.appends {
			if err := appendTo(s.file, func(w io.Writer) error { return render.Formats[s.format](w, report) }); err != nil {
				return err
			}
			continue
		}
		if s.file != "" {
			if err := writeWhole(s.file, func(w io.Writer) error { return render.Formats[s.format](w, report) }); err != nil {
				return err
			}
			continue
		}
		if s.format == "text" {
			options := render.TextOptions{Width: t.width(), Color: color(t.stdout), Unicode: isTerminal(t.stdout), Verbose: t.verbose}
			if err := render.Text(t.stdout, report, options); err != nil {
				return fmt.Errorf("writing the report: %w", err)
			}
			continue
		}
		if err := render.Formats[s.format](t.stdout, report); err != nil {
			return fmt.Errorf("writing the report: %w", err)
		}
	}
	return nil
}

// appendTo adds to the file that GITHUB_STEP_SUMMARY names.
func appendTo(name string, write func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err == nil {
		err = errors.Join(write(f), f.Close())
	}
	if err != nil {
		return analyzer.Usage(fmt.Sprintf("cannot append to the file that GITHUB_STEP_SUMMARY names: %v", analyzer.WithoutPath(err)), "write it elsewhere: -o github-summary=FILE")
	}
	return nil
}

// writeWhole writes a file so that it is wholly old or wholly new.
func writeWhole(name string, write func(io.Writer) error) error {
	return writeWholeAs(name, name, write)
}

// writeWholeAs is writeWhole for a file that messages call shown: an absolute
// path is nobody's business.
func writeWholeAs(name, shown string, write func(io.Writer) error) error {
	err := packager.WriteWhole(name, 0o644, func(f *os.File) error {
		if err := write(f); err != nil {
			return err
		}
		return f.Sync()
	})
	if err != nil {
		return analyzer.Usage(fmt.Sprintf("cannot write %s: %v", shown, analyzer.WithoutPath(err)), "check the folder, its permissions and the free space")
	}
	return nil
}
