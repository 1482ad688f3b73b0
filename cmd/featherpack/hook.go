package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/hook"
	"github.com/featherpack/featherpack/reporters"
)

var hookCommand = command{
	name: "hook", operands: "NAME [DIR]", summary: "print or write the files for a framework or CI",
	help: `Prints the files that make a framework or CI use featherpack's zips, or writes
them to DIR with --write. If one of the files exists and differs, nothing is
written unless you give --force.

Hooks:
` + hookList() + `
Examples:
  featherpack hook serverless                   print it
  featherpack hook serverless --write           write it beside serverless.yml
  featherpack hook github --write services/shop`,
	flags: func(set *pflag.FlagSet) func(context.Context, *terminal, []string) int {
		write := set.Bool("write", false, "write the files instead of printing them")
		force := set.Bool("force", false, "overwrite files that differ")
		var dir string
		declareDir(set, &dir)
		return func(_ context.Context, t *terminal, args []string) int {
			return runHook(t, args, dir, *write, *force)
		}
	},
}

func hookList() string {
	var b strings.Builder
	for _, h := range hook.All {
		fmt.Fprintf(&b, "  %-12s %s\n", h.Name, h.Summary)
	}
	return b.String()
}

func runHook(t *terminal, args []string, dir string, write, force bool) int {
	if len(args) == 0 {
		return t.fail(analyzer.Usage("hook needs a name", "choose one of "+strings.Join(hook.Names(), ", ")))
	}
	chosen, err := hook.Named(args[0])
	if err != nil {
		return t.fail(err)
	}
	dir, err = folderOnly(args[1:], dir)
	if err != nil {
		return t.fail(err)
	}
	texts, err := chosen.Render(hook.Values{Version: version(), Schema: reporters.SchemaVersion})
	if err != nil {
		return t.fail(err)
	}
	if !write {
		for i, text := range texts {
			if len(texts) > 1 {
				// Several files go to stdout: print each one's name.
				if i > 0 {
					fmt.Fprintln(t.stdout)
				}
				fmt.Fprintf(t.stdout, "==> %s <==\n", text.Path)
			}
			fmt.Fprint(t.stdout, text.Content)
		}
		return exitGood
	}
	written, err := hook.Write(dir, texts, force)
	for _, name := range written {
		fmt.Fprintf(t.stdout, "wrote %s\n", name)
	}
	if err != nil {
		return t.fail(err)
	}
	if chosen.Next != "" {
		fmt.Fprintf(t.stdout, "next: %s\n", chosen.Next)
	}
	return exitGood
}
