package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/output"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/profile"
)

var profileCommand = command{
	name: "profile", operands: "FUNCTION [DIR]", summary: "measure which modules a function's load time goes to",
	help: `Builds FUNCTION in a temporary folder and starts it in new processes, as Lambda
would. A Node function is started in turn as it ships and with a clock in each
module. The table has the processor time of each package, with its 95% interval: SELF
is that of its own modules, TOTAL adds those that only it leads to. What the rows add
up to is held against the load of the artifact as it ships, and a note says where it
is off by more than 10%. For a Go function the rows are its packages'
initialisers, and what is left of the load.

Examples:
  featherpack profile orders
  featherpack profile orders --runs 30 --verbose      modules too
  featherpack profile orders -o html=profile.html     a flame chart
  featherpack profile orders -o cpuprofile=orders.cpuprofile
  featherpack profile ingest services/ingest -o json`,
	flags: func(set *pflag.FlagSet) func(context.Context, *terminal, []string) int {
		var typed profileFlags
		discoverFlags(set, &typed.buildFlags)
		declareDir(set, &typed.dir)
		set.IntVar(&typed.runs, "runs", 0, "`N`: number of new processes of each build to measure in (default 10 to 40, until the difference of rows and load is known)")
		set.StringArrayVarP(&typed.formats, "output", "o", nil, "`FORMAT[=FILE]`: text, html, json or cpuprofile, which Chrome's developer tools read (repeatable, default text)")
		set.BoolVarP(&typed.verbose, "verbose", "v", false, "also print modules, and every row")
		return func(ctx context.Context, t *terminal, args []string) int {
			if set.Changed("runs") && (typed.runs < 1 || typed.runs > 1000) {
				return t.fail(analyzer.Usage(fmt.Sprintf("--runs %d is not between 1 and 1000", typed.runs), "without it, there are as many as it takes"))
			}
			return runProfile(ctx, t, typed, args)
		}
	},
}

type profileFlags struct {
	buildFlags
	runs int
}

// profileFormats are the formats of a profile, by name.
func profileFormats(verbose bool) map[string]func(io.Writer, profile.Profile) error {
	return map[string]func(io.Writer, profile.Profile) error{
		"cpuprofile": profile.CPUProfile,
		"html":       profile.HTML,
		"json":       func(w io.Writer, p profile.Profile) error { return json.NewEncoder(w).Encode(p) },
		"text": func(w io.Writer, p profile.Profile) (err error) {
			profile.Print(func(format string, args ...any) {
				if err == nil {
					_, err = fmt.Fprintf(w, "%s\n", output.Printable(fmt.Sprintf(format, args...)))
				}
			}, p, verbose)
			return err
		},
	}
}

func runProfile(ctx context.Context, t *terminal, typed profileFlags, args []string) int {
	t.verbose = typed.verbose
	settings, err := typed.settings(t)
	if err != nil {
		return t.fail(err)
	}
	formats := profileFormats(typed.verbose)
	if len(typed.formats) == 0 {
		typed.formats = []string{"text"}
	}
	for _, text := range typed.formats {
		name, _, _ := strings.Cut(text, "=")
		if formats[name] == nil {
			return t.fail(analyzer.Usage(fmt.Sprintf("a profile has no format %q", name), "choose one of cpuprofile, html, json, text"))
		}
	}
	name, dir, err := profileOperands(args, typed.dir)
	if err != nil {
		return t.fail(err)
	}
	q, err := t.question(dir, name, settings)
	if err != nil {
		return t.fail(err)
	}
	if q.Function.Entry == "" {
		return t.unbuildable(q)
	}
	p, err := profile.Ask(ctx, q, typed.runs)
	t.Clear()
	if err != nil {
		return t.failAll(err)
	}
	for _, text := range typed.formats {
		name, file, named := strings.Cut(text, "=")
		write := func(w io.Writer) error { return formats[name](w, p) }
		if named {
			err = output.WriteFile(file, file, write)
		} else {
			err = write(t.stdout)
		}
		if err != nil {
			return t.fail(err)
		}
	}
	return exitGood
}

// profileOperands reads FUNCTION, before or after which a folder may be.
func profileOperands(args []string, dir string) (function, folder string, err error) {
	switch {
	case len(args) == 2 && dir == "" && isFolder(args[0]) && !isFolder(args[1]):
		args, dir = args[1:], args[0]
	case len(args) == 2 && dir == "":
		args, dir = args[:1], args[1]
	case len(args) == 2:
		return "", "", twoFolders(dir, args[1])
	}
	if len(args) != 1 {
		return "", "", analyzer.Usage("profile needs a function", "for example: featherpack profile orders")
	}
	p := place{dir: dir}
	err = p.check()
	return args[0], p.dir, err
}
