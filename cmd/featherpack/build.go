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

	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/coldstart"
)

var buildCommand = command{
	name: "build", operands: "[DIR]", summary: "build every function of a folder into one small zip each",
	help: `Finds the functions of DIR (the current folder by default), bundles them all at
once and writes <function>.zip, its source map and licences, and report.json to
the out-dir. The manifest needs no change: a zip keeps its handler's path.

Examples:
  featherpack build                             everything below this folder
  featherpack build --install services/orders   install by lockfile first
  featherpack build --only 'report-*' -o json   some functions, report as JSON
  featherpack build --entry src/resize.ts       no manifest at all
  featherpack build --external                  answer Terraform (featherpack hook terraform)
  featherpack build -o json=report.json --quiet only the files`,
	flags: func(set *pflag.FlagSet) func(context.Context, *terminal, []string) int {
		var typed buildFlags
		typed.declare(set)
		set.BoolVar(&typed.external, "external", false, "answer Terraform's external data source: a JSON question on stdin, zips and hashes on stdout")
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
	set.StringVar(&b.out, "out", "", "folder for the artifacts (default DIR/.featherpack)")
	set.StringArrayVar(&b.only, "only", nil, "build only functions whose name matches this glob (repeatable)")
	set.StringArrayVar(&b.entry, "entry", nil, "a source file that is a function, where no manifest says so (repeatable)")
	set.StringVar(&b.functions, "functions", "", "file that lists the functions, in place of what manifests name; - is stdin")
	set.BoolVar(&b.install, "install", false, "install packages by lockfile first, without lifecycle scripts")
	set.StringVar(&b.stage, "stage", "", "stage for the manifest's variables")
	set.StringArrayVar(&b.params, "param", nil, "KEY=VALUE for the manifest's parameters (repeatable)")
	set.StringVar(&b.config, "config", "", "manifest or featherpack.yaml to use; - reads a service that its framework resolved from standard input")
	set.StringVar(&b.compress, "compress", "default", "effort of compression: fast, default or best")
	set.StringVar(&b.sourceMap, "sourcemap", "", "source maps: external (beside the zip), zip or none")
	set.BoolVar(&b.sourceMapPackages, "sourcemap-packages", false, "keep the text of installed packages in source maps")
	set.BoolVar(&b.waterfall, "waterfall", false, "measure the tree-shaken step too, which links once more")
	set.BoolVar(&b.exactBefore, "exact-before", false, "compress the unbundled files for an exact comparison")
	set.BoolVar(&b.allowOutside, "allow-outside", false, "take in modules that lie outside the project's root")
	goFlags(set, b)
	set.BoolVar(&b.bootToo, "boot", false, "start every artifact away from its source, and fail if one does not run")
	b.boot.declare(set)
	b.coldStart.declare(set)
	set.BoolVar(&b.unpacked, "unpacked", false, "also lay each zip's files out in OUT/.unpacked/FUNCTION, to run them locally")
	set.StringArrayVarP(&b.formats, "output", "o", nil, "FORMAT or FORMAT=FILE: how to report (repeatable; default text; github-summary appends to $GITHUB_STEP_SUMMARY)")
	set.BoolVar(&b.json, "json", false, "the same as -o json")
	set.BoolVarP(&b.quiet, "quiet", "q", false, "print errors only")
	set.BoolVarP(&b.verbose, "verbose", "v", false, "print notes, waterfalls and packages too")
}

// goFlags are the flags of a build of Go functions. What they let in is the
// caller's to trust, so no file of a project can say it.
func goFlags(set *pflag.FlagSet, b *buildFlags) {
	set.StringArrayVar(&b.allowGoflags, "allow-goflag", nil, "let in a flag of GOFLAGS or ldflags that runs or replaces code, such as toolexec (repeatable)")
}

// settings validates the flags; later code never sees them as typed.
func (b *buildFlags) settings() (buildSettings, error) {
	s := buildSettings{only: b.only, waterfall: b.waterfall, exactBefore: b.exactBefore, allowOutside: b.allowOutside, allowGoflags: b.allowGoflags}
	s.unpacked = b.unpacked
	s.discover.Stage, s.discover.Config, s.discover.Entries = b.stage, b.config, b.entry
	if b.functions != "" {
		if len(b.entry) > 0 {
			return s, usageError("--functions and --entry both say what to build", "leave one of them out")
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
			return s, usageError(fmt.Sprintf("cannot read standard input: %v", plain(err)), "--config - takes what a hook writes")
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
			return s, usageError(fmt.Sprintf("--param %q is not KEY=VALUE", param), "for example --param domain=example.org")
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
			return nil, usageError(fmt.Sprintf("--functions: cannot read %s: %v", name, plain(err)), "name a file, or - for stdin")
		}
		defer file.Close()
		from = file
	}
	var err error
	if l.Content, err = io.ReadAll(io.LimitReader(from, maxListing)); err != nil {
		return nil, usageError(fmt.Sprintf("--functions: cannot read %s: %v", l.Name, plain(err)), "name a file, or - for stdin")
	}
	return l, nil
}

func oneOf(flag, value string, allowed ...string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return usageError(fmt.Sprintf("%s %q is not known", flag, value), "choose one of "+strings.Join(allowed, ", "))
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
		if _, ok := reporters.Formats[format]; !ok {
			return nil, usageError(fmt.Sprintf("there is no report format %q", format), "choose one of "+strings.Join(formatNames(), ", "))
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
		return nil, usageError("two formats would be mixed on stdout", "write all but one to files: -o markdown=pr.md")
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
	names := make([]string, 0, len(reporters.Formats))
	for name := range reporters.Formats {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// writeOutputs writes the report in every format asked for.
func writeOutputs(t *terminal, sinks []sink, report reporters.Report) error {
	for _, s := range sinks {
		if s.appends {
			if err := appendTo(s.file, func(w io.Writer) error { return reporters.Formats[s.format](w, report) }); err != nil {
				return err
			}
			continue
		}
		if s.file != "" {
			if err := writeWhole(s.file, func(w io.Writer) error { return reporters.Formats[s.format](w, report) }); err != nil {
				return err
			}
			continue
		}
		if s.format == "text" {
			options := reporters.TextOptions{Width: t.width(), Color: color(t.stdout), Unicode: isTerminal(t.stdout), Verbose: t.verbose}
			if err := reporters.Text(t.stdout, report, options); err != nil {
				return fmt.Errorf("writing the report: %w", err)
			}
			continue
		}
		if err := reporters.Formats[s.format](t.stdout, report); err != nil {
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
		return usageError(fmt.Sprintf("cannot append to the file that GITHUB_STEP_SUMMARY names: %v", plain(err)), "write it elsewhere: -o github-summary=FILE")
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
	failed := func(err error) error {
		return usageError(fmt.Sprintf("cannot write %s: %v", shown, plain(err)), "check the folder, its permissions and the free space")
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".featherpack-*.tmp")
	if err != nil {
		return failed(err)
	}
	defer os.Remove(f.Name())
	if err := write(f); err != nil {
		f.Close()
		return failed(err)
	}
	err = errors.Join(f.Chmod(0o644), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return failed(err)
	}
	return nil
}

// plain is an I/O error without its path.
func plain(err error) error {
	var p *os.PathError
	var l *os.LinkError
	switch {
	case errors.As(err, &p):
		return p.Err
	case errors.As(err, &l):
		return l.Err
	}
	return err
}

// diagnosticsOf makes a function's diagnostics of an error, which may join several.
func diagnosticsOf(err error, function string) []analyzer.Diagnostic {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []analyzer.Diagnostic
		for _, one := range joined.Unwrap() {
			all = append(all, diagnosticsOf(one, function)...)
		}
		return all
	}
	var d analyzer.Diagnostic
	if !errors.As(err, &d) {
		d = analyzer.Diagnostic{Code: "pack", Severity: analyzer.Error, Message: plain(err).Error()}
	}
	d.Function = function
	return []analyzer.Diagnostic{d}
}
