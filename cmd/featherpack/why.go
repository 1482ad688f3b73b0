package main

import (
	"context"
	"fmt"

	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/why"
)

var whyCommand = command{
	name: "why", operands: "FUNCTION PACKAGE|SYMBOL [DIR]", summary: "show why a package is in a zip, and what removing it saves",
	help: `Builds FUNCTION in a temporary folder and prints each import chain that leads to
PACKAGE: the file and line of every import, the size of the package, and what
removing it would save. The saving is measured by building again without the
package. Where that is not possible it is computed from the import graph, and
marked as such.

PACKAGE is one of:
  lodash, lodash@4.17.21    an npm package, or one version of it
  src/legacy.ts             a source file of the project
  service/dynamodb          a Go import path, or the end of one
  net/http.(*Client).Do     a Go symbol

For a Go symbol, the answer is a path of calls. If no call leads to the symbol,
it is the chain of references that the linker followed. The answer says which.
This can take tens of seconds for a large program.

Examples:
  featherpack why orders lodash
  featherpack why report src/legacy.ts services/reports
  featherpack why ingest service/dynamodb
  featherpack why ingest 'net/http.(*Client).Do' --by linker`,
	flags: func(set *pflag.FlagSet) func(context.Context, *terminal, []string) int {
		var typed whyFlags
		discoverFlags(set, &typed.buildFlags)
		declareDir(set, &typed.dir)
		set.IntVar(&typed.most, "chains", 10, "`N`: number of import chains to print; 0 for all")
		set.StringVar(&typed.by, "by", "", "`METHOD`: what explains a Go function: imports, calls or linker")
		set.BoolVar(&typed.json, "json", false, "print the answer as JSON")
		set.BoolVarP(&typed.verbose, "verbose", "v", false, "print every step of long chains")
		return func(ctx context.Context, t *terminal, args []string) int { return runWhy(ctx, t, typed, args) }
	},
}

type whyFlags struct {
	buildFlags
	most int
	by   string
}

func runWhy(ctx context.Context, t *terminal, typed whyFlags, args []string) int {
	t.verbose = typed.verbose
	settings, err := typed.settings(t)
	if err != nil {
		return t.fail(err)
	}
	name, target, dir, err := whyOperands(args, typed.dir)
	if err != nil {
		return t.fail(err)
	}
	if typed.most < 0 {
		return t.fail(analyzer.Usage(fmt.Sprintf("--chains %d is negative", typed.most), "0 prints all"))
	}
	if typed.by != "" {
		if err := oneOf("--by", typed.by, "imports", "calls", "linker"); err != nil {
			return t.fail(err)
		}
	}
	q, err := t.question(dir, name, settings)
	if err != nil {
		return t.fail(err)
	}
	if q.Function.Entry == "" {
		return t.unbuildable(q)
	}
	answer, err := why.Ask(ctx, why.Question{Question: q, Target: target, By: typed.by, Most: typed.most})
	t.Clear()
	if err != nil {
		return t.failAll(err)
	}
	if typed.json {
		return t.printJSON(answer)
	}
	why.Print(t.line, answer, t.verbose)
	return exitGood
}

// whyOperands reads FUNCTION PACKAGE, before or after which a folder may be. A package may
// be a path too, so only the first and the last operand can be the folder.
func whyOperands(args []string, dir string) (function, target, folder string, err error) {
	switch {
	case len(args) == 3 && dir == "" && isFolder(args[0]) && !isFolder(args[2]):
		args, dir = args[1:], args[0]
	case len(args) == 3 && dir == "":
		args, dir = args[:2], args[2]
	case len(args) == 3:
		return "", "", "", twoFolders(dir, args[2])
	}
	if len(args) != 2 {
		return "", "", "", analyzer.Usage("why needs a function and a package", "for example: featherpack why orders lodash")
	}
	p := place{dir: dir}
	err = p.check()
	return args[0], args[1], p.dir, err
}
