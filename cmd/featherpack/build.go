package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/advise"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/output"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/pipeline"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/terraform"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/timings"
	"github.com/featherpack/featherpack/packager/install"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/coldstart"
)

var buildCommand = command{
	name: "build", operands: "[DIR] [FUNCTION...]", summary: "build one small zip for each function of a folder",
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
  featherpack build --shard 2/4                 part 2 of 4, on one of four machines
  featherpack build --watch                     build again whenever a file changes
  featherpack build --cache https://cache.lan   take what other machines have built
  featherpack build -o html=report.html         write the report as a web page`,
	flags: func(set *pflag.FlagSet) func(context.Context, *terminal, []string) int {
		var typed buildFlags
		typed.declare(set)
		set.BoolVar(&typed.watch, "watch", false, "build again whenever a file of the project changes, until Ctrl-C")
		external := set.Bool("external", false, "answer Terraform's external data source: a JSON query on stdin, zips and hashes on stdout")
		return func(ctx context.Context, t *terminal, args []string) int {
			if typed.watch {
				return watched(ctx, t, typed, args, *external)
			}
			if *external {
				return answer(ctx, t, &typed, set, args, os.Stdin)
			}
			return build(ctx, t, typed, args)
		}
	},
}

// buildFlags holds the flags as typed.
type buildFlags struct {
	dir, out, stage, config, compress, sourceMap string
	cache                                        string
	cacheWrite                                   bool
	functions                                    string
	only, entry, params, formats                 []string
	shard                                        string
	install, waterfall, exactBefore              bool
	json, quiet, verbose, timings                bool
	allowOutside                                 bool
	allowGoflags                                 []string
	allowScripts, allowSecrets                   []string
	allowInstallCode                             bool
	sourceMapPackages                            bool
	bootToo, unpacked, watch                     bool
	boot                                         bootFlags
	coldStart                                    coldStartFlags
	timed                                        *timings.Log // nil where nothing is timed
}

func (b *buildFlags) declare(set *pflag.FlagSet) {
	declareDir(set, &b.dir)
	set.StringVar(&b.out, "out", "", "`DIR`: folder to write to (default .featherpack in the built folder)")
	set.StringArrayVar(&b.allowScripts, "allow-script", nil, "`PACKAGE`: with --install, run the lifecycle scripts of this package (repeatable)")
	set.StringArrayVar(&b.allowSecrets, "allow-secret", nil, "`FILE`: allow this file in a zip although it holds a secret (repeatable)")
	set.StringArrayVar(&b.only, "only", nil, "`GLOB`: build only functions whose name matches (repeatable)")
	set.StringVar(&b.shard, "shard", "", "`I/N`: build only part I of N of the functions; featherpack merge joins the reports")
	set.StringArrayVar(&b.entry, "entry", nil, "`FILE`: source file to build as a function, where no manifest lists it (repeatable)")
	set.StringVar(&b.functions, "functions", "", "`FILE`: list of the functions, used instead of the manifests; - is stdin")
	set.BoolVar(&b.install, "install", false, "first install packages from the lockfile, without lifecycle scripts")
	set.BoolVar(&b.allowInstallCode, "allow-install-code", false, "with --install, let the package manager run code that the repository names, such as yarnPath or a pnpmfile")
	set.StringVar(&b.stage, "stage", "", "`STAGE`: stage for the manifest's variables")
	set.StringArrayVar(&b.params, "param", nil, "`KEY=VALUE`: parameter of the manifest (repeatable)")
	set.StringVar(&b.config, "config", "", "`FILE`: manifest or featherpack.yaml to use; - is a resolved service on stdin, as hooks write it")
	set.StringVar(&b.compress, "compress", "default", "`EFFORT`: compression effort: fast, default or best")
	set.StringVar(&b.sourceMap, "sourcemap", "", "`PLACE`: where source maps go: external (beside the zip), zip or none")
	set.BoolVar(&b.sourceMapPackages, "sourcemap-packages", false, "include the text of installed packages in source maps")
	cacheFlags(set, &b.cache, &b.cacheWrite)
	set.BoolVar(&b.waterfall, "waterfall", false, "also measure the size after tree shaking and each pass; builds once more for each")
	set.BoolVar(&b.exactBefore, "exact-before", false, "compress the unbundled files too, for an exact comparison")
	set.BoolVar(&b.allowOutside, "allow-outside", false, "allow modules from outside the project's root")
	goFlags(set, b)
	set.BoolVar(&b.bootToo, "boot", false, "start every zip and its source as Lambda would; fail if a zip does not run as its source")
	b.boot.declare(set)
	b.coldStart.declare(set)
	set.BoolVar(&b.unpacked, "unpacked", false, "also unpack each zip into .unpacked/FUNCTION beside it, to run it locally")
	set.StringArrayVarP(&b.formats, "output", "o", nil, "`FORMAT[=FILE]`: report format, see featherpack help reports (repeatable, default text)")
	set.BoolVar(&b.json, "json", false, "the same as -o json")
	set.BoolVarP(&b.quiet, "quiet", "q", false, "print errors only")
	set.BoolVar(&b.timings, "timings", false, "print how long each stage took, and each function's part of it")
	set.BoolVarP(&b.verbose, "verbose", "v", false, "also print notes, waterfalls and packages")
}

// discoverFlags declares the flags that control how a project is read.
func discoverFlags(set *pflag.FlagSet, typed *buildFlags) {
	set.StringVar(&typed.stage, "stage", "", "`STAGE`: stage for the manifest's variables")
	set.StringArrayVar(&typed.params, "param", nil, "`KEY=VALUE`: parameter of the manifest (repeatable)")
	set.StringVar(&typed.config, "config", "", "`FILE`: manifest or featherpack.yaml to use")
	set.StringArrayVar(&typed.entry, "entry", nil, "`FILE`: source file to build as a function, where no manifest lists it (repeatable)")
	goFlags(set, typed)
	typed.compress = "default"
}

// goFlags declares the flags for building Go functions. They can allow code to run
// during the build, so they exist on the command line only: a project's files
// cannot set them.
func goFlags(set *pflag.FlagSet, b *buildFlags) {
	set.StringArrayVar(&b.allowGoflags, "allow-goflag", nil, "`FLAG`: allow this flag in GOFLAGS or ldflags although it runs or replaces code, such as toolexec (repeatable)")
}

// settings validates the flags and converts them to options. Later code uses the
// options only.
func (b *buildFlags) settings(t *terminal) (pipeline.Options, error) {
	s := pipeline.Options{
		Only: b.only, Waterfall: b.waterfall, ExactBefore: b.exactBefore, AllowOutside: b.allowOutside, AllowGoflags: b.allowGoflags,
		AllowScripts: b.allowScripts, AllowSecrets: b.allowSecrets,
		SourceMapPackages: b.sourceMapPackages, Unpacked: b.unpacked, Version: version(), Progress: t,
	}
	if b.cache != "" || os.Getenv(cacheVariable) != "" || b.verbose { // nobody asked for the default
		s.Warn = func(d analyzer.Diagnostic) { t.printAll([]analyzer.Diagnostic{d}) }
	}
	if b.verbose {
		s.Reasons, s.Unstarted, s.Unmeasured = t.reason, t.unstarted, t.unmeasured
	}
	var printed io.Writer
	if b.timings {
		printed = t.stderr
	}
	var err error
	for _, format := range b.formats {
		if _, file, named := strings.Cut(format, "="); named && file != "-" {
			if file, err = filepath.Abs(file); err == nil {
				s.Writes = append(s.Writes, file)
			}
		}
	}
	if b.timed, err = timings.New(printed, &b.formats); err != nil {
		return s, err
	}
	if b.timed != nil {
		s.Timed = b.timed.Add
	}
	if err = b.openCache(t, &s); err != nil {
		return s, err
	}
	if err := b.readShard(&s); err != nil {
		return s, err
	}
	s.Discover.Stage, s.Discover.Config, s.Discover.Entries = b.stage, b.config, b.entry
	if b.functions != "" {
		if len(b.entry) > 0 {
			return s, analyzer.Usage("--functions and --entry cannot be combined", "remove one of them")
		}
		listing, err := readListing(b.functions)
		if err != nil {
			return s, err
		}
		s.Discover.Listing = listing
	}
	if b.config == "-" {
		var err error
		if s.Discover.Resolved, err = io.ReadAll(io.LimitReader(os.Stdin, manifest.MaxResolved+1)); err != nil {
			return s, analyzer.Usage(fmt.Sprintf("cannot read standard input: %v", analyzer.WithoutPath(err)), "--config - reads the output of a hook")
		}
		s.Discover.Config = ""
	}
	if b.install {
		s.Prepare = func(ctx context.Context, p analyzer.Project, functions []analyzer.Function) error {
			return install.Packages(ctx, p, functions, b.installing(t))
		}
	}
	s.Discover.Params = map[string]string{}
	for _, param := range b.params {
		key, value, ok := strings.Cut(param, "=")
		if !ok || key == "" {
			return s, analyzer.Usage(fmt.Sprintf("--param %q is not KEY=VALUE", param), "for example --param domain=example.org")
		}
		s.Discover.Params[key] = value
	}
	if err := oneOf("--compress", b.compress, "fast", "default", "best"); err != nil {
		return s, err
	}
	if b.compress != "default" {
		s.Compress = b.compress
	}
	if b.sourceMap != "" {
		if err := oneOf("--sourcemap", b.sourceMap, "external", "zip", "none"); err != nil {
			return s, err
		}
		s.SourceMap = b.sourceMap
	}
	if b.bootToo {
		boot, err := b.boot.settings()
		if err != nil {
			return s, err
		}
		s.Boot = &boot
	} else if err := b.boot.unused(); err != nil {
		return s, err
	}
	return s, nil
}

// readShard reads --shard.
func (b *buildFlags) readShard(s *pipeline.Options) error {
	if b.shard == "" {
		return nil
	}
	first, second, _ := strings.Cut(b.shard, "/")
	index, err := strconv.Atoi(first)
	of, malformed := strconv.Atoi(second)
	if err != nil || malformed != nil || index < 1 || of < index || of > reporters.MaxShards {
		return analyzer.Usage(fmt.Sprintf("--shard %q is not a part of a whole", b.shard), "for example --shard 1/4, and 2/4, 3/4 and 4/4 on other machines")
	}
	s.Shard.Index, s.Shard.Of = index, of
	return nil
}

// chosen returns the folder of the operands. Functions among them are built as with --only.
func chosen(args []string, typed buildFlags, o *pipeline.Options) (string, error) {
	p, err := folderFirst(args, typed.dir, o.Discover)
	if err != nil {
		return "", err
	}
	for _, name := range p.functions {
		o.Only = append(o.Only, escapedGlob(name))
	}
	return p.dir, nil
}

// escapedGlob is a glob that matches a name and nothing else.
func escapedGlob(name string) string {
	return regexp.MustCompile(`[\\*?\[\]{}]`).ReplaceAllString(name, `\\$0`)
}

// installing returns options that show the progress and warnings of an installation.
func (b *buildFlags) installing(t *terminal) install.Options {
	return install.Options{
		AllowCode: b.allowInstallCode,
		Progress:  func(command, where string) { t.Step("featherpack: %s in %s", command, where) },
		Warn:      t.print,
	}
}

// maxListing is larger than discovery's own limit, so that discovery reports the
// error.
const maxListing = 4 << 20

// readListing reads the file that --functions names.
func readListing(name string) (*manifest.Listing, error) {
	l := &manifest.Listing{Name: filepath.Base(name)}
	from := os.Stdin
	if name == "-" {
		l.Name = "stdin"
	} else {
		file, err := os.Open(name)
		if err != nil {
			return nil, analyzer.Usage(fmt.Sprintf("--functions: cannot read %s: %v", name, analyzer.WithoutPath(err)), "give a file, or - for stdin")
		}
		defer file.Close()
		from = file
	}
	var err error
	if l.Content, err = io.ReadAll(io.LimitReader(from, maxListing)); err != nil {
		return nil, analyzer.Usage(fmt.Sprintf("--functions: cannot read %s: %v", l.Name, analyzer.WithoutPath(err)), "give a file, or - for stdin")
	}
	return l, nil
}

func oneOf(flag, value string, allowed ...string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return analyzer.Usage(fmt.Sprintf("%s does not accept %q", flag, value), "choose one of "+strings.Join(allowed, ", "))
}

// build runs the command.
func build(ctx context.Context, t *terminal, typed buildFlags, args []string) int {
	t.quiet, t.verbose, t.notesShown = typed.quiet, typed.verbose, typed.json
	settings, err := typed.settings(t)
	if err != nil {
		return t.fail(err)
	}
	sinks, err := output.Parse(typed.formats, typed.json, typed.quiet)
	if err != nil {
		return t.fail(err)
	}
	dir, err := chosen(args, typed, &settings)
	if err != nil {
		return t.fail(err)
	}
	terms := typed.coldStart.read(&settings)
	settings.Advise = advise.Untried{Terms: terms}
	built := t.buildOnce(ctx, building{dir: dir, out: typed.out, settings: settings, terms: terms, sinks: sinks})
	if built.measured {
		if err := typed.timed.Write(); err != nil {
			return t.fail(err)
		}
	}
	return built.status
}

// building is what a build is asked for.
type building struct {
	dir, out string
	settings pipeline.Options
	terms    *coldstart.Terms
	sinks    []output.Sink
	// repeats means that a build during which an input changed is not reported, because
	// the caller builds again.
	repeats bool
}

// outcome is how a build went.
type outcome struct {
	status int
	// measured is set if there is a report. root is that of the project.
	measured bool
	report   reporters.Report
	root     string
	// repeat is set if an input changed during the build and building.repeats is set.
	repeat bool
	out    string // the absolute out-dir, "" if it could not be opened
}

// buildOnce builds and writes the report.
func (t *terminal) buildOnce(ctx context.Context, b building) (o outcome) {
	out, err := outdir.Open(ctx, b.dir, b.out)
	if err != nil {
		o.status = t.fail(interruption(err))
		return o
	}
	defer out.Close()
	o.out = out.Path
	b.settings.Complete = func(r reporters.Report) reporters.Report { return coldstart.Fill(nil, r, *b.terms) }
	report, project, err := pipeline.Measure(ctx, b.dir, b.settings, out)
	o.root = project.Root
	if o.repeat = b.repeats && pipeline.InputChanged(err); o.repeat {
		return o
	}
	if err != nil {
		o.status = t.fail(interruption(err))
		return o
	}
	o.report = report
	all := report.AllDiagnostics()
	if pipeline.NothingBuilt(report) {
		// There is nothing to build: keep the files of an earlier build.
		if len(report.Skipped) > 0 {
			all = append(all, pipeline.AllSkipped(b.settings.Discover))
		}
		t.printAll(all)
		o.status = analyzer.ExitStatus(all)
		if err := t.write(output.ForPrograms(b.sinks), report); err != nil {
			o.status = t.fail(err)
		}
		return o
	}
	t.printAll(all)
	if err := t.write(b.sinks, report); err != nil {
		o.status = t.fail(err)
		return o
	}
	o.status, o.measured = analyzer.ExitStatus(all), true
	return o
}

// answer runs `featherpack build --external`. It reads a JSON object of strings
// from stdin and writes one to stdout. Errors go to stderr, with an exit status
// other than 0.
//
// It is a flag of build and not a separate command, because the flags, zips and
// exit statuses are the same. Only the input and the output differ.
func answer(ctx context.Context, t *terminal, typed *buildFlags, set *pflag.FlagSet, args []string, stdin io.Reader) int {
	t.quiet = true // Terraform runs this at every refresh and hides the warnings
	if isTerminal(stdin) {
		return t.fail(analyzer.Usage("--external reads a query from stdin, but stdin is a terminal", `pipe in a JSON object: echo '{"dir": "."}' | featherpack build --external`))
	}
	query, err := terraform.ReadQuery(stdin)
	if err != nil {
		return t.fail(err)
	}
	if args, err = query.Apply(set.Set, args); err != nil {
		return t.fail(err)
	}
	if !set.Changed("compress") {
		typed.compress = "best" // these zips are deployed
	}
	if typed.functions == "-" {
		return t.fail(analyzer.Usage("--external and --functions - both read stdin", "list the functions in a file"))
	}
	settings, err := typed.settings(t)
	if err != nil {
		return t.fail(err)
	}
	sinks, err := output.Parse(typed.formats, typed.json, true)
	if err != nil {
		return t.fail(err)
	}
	if slices.ContainsFunc(sinks, func(s output.Sink) bool { return s.File == "" }) {
		return t.fail(analyzer.Usage("--external and the report would both write to stdout", "write the report to a file: -o json=report.json"))
	}
	dir, err := folderOnly(args, typed.dir)
	if err != nil {
		return t.fail(err)
	}
	q := terraform.Request{Flags: typed.terraformFlags(), Options: settings, Dir: dir, Print: t.printAll}
	if len(sinks) > 0 {
		terms := typed.coldStart.read(&q.Options)
		q.Options.Advise = advise.Untried{Terms: terms}
		q.Report = func(r reporters.Report) error { return t.write(sinks, r) }
	}
	out, err := q.Flags.Open(ctx, dir)
	if err != nil {
		return t.fail(interruption(err))
	}
	defer out.Close()
	answer, err := terraform.Answer(ctx, q, out)
	if err != nil {
		return t.fail(interruption(err))
	}
	if answer == nil {
		return exitFailed // the errors have been printed
	}
	encoder := json.NewEncoder(t.stdout)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(answer); err != nil {
		return t.fail(fmt.Errorf("writing the answer: %w", err))
	}
	return exitGood
}

// terraformFlags returns the flags that affect an answer to Terraform.
func (b *buildFlags) terraformFlags() terraform.Flags {
	return terraform.Flags{
		Out: b.out, Functions: b.functions, Stage: b.stage, Config: b.config, Compress: b.compress, SourceMap: b.sourceMap,
		Only: b.only, Entry: b.entry, Params: b.params, AllowGoflags: b.allowGoflags,
		AllowScripts: b.allowScripts, AllowSecrets: b.allowSecrets,
		SourceMapPackages: b.sourceMapPackages, AllowOutside: b.allowOutside, Install: b.install, Boot: b.bootToo,
	}
}
