package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
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
		return func(_ context.Context, t *terminal, args []string) int {
			return plugIn(t, args, *write, *force)
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

func plugIn(t *terminal, args []string, write, force bool) int {
	if len(args) == 0 {
		return t.fail(analyzer.Usage("hook takes a name", "choose one of "+strings.Join(hookNames(), ", ")))
	}
	chosen, err := namedHook(args[0])
	if err != nil {
		return t.fail(err)
	}
	dir, err := operandDir(args[1:])
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
				// Several files on one stdout: each is told by its name.
				if i > 0 {
					fmt.Fprintln(t.stdout)
				}
				fmt.Fprintf(t.stdout, "==> %s <==\n", text.Path)
			}
			fmt.Fprint(t.stdout, text.Content)
		}
		return exitGood
	}
	if err := writeHook(t, dir, texts, force); err != nil {
		return t.fail(err)
	}
	if chosen.Next != "" {
		fmt.Fprintf(t.stdout, "next: %s\n", chosen.Next)
	}
	return exitGood
}

func hookNames() []string {
	var names []string
	for _, h := range hook.All {
		names = append(names, h.Name)
	}
	return names
}

func namedHook(name string) (hook.Hook, error) {
	for _, h := range hook.All {
		if h.Name == name {
			return h, nil
		}
	}
	hint := "choose one of " + strings.Join(hookNames(), ", ")
	if near := analyzer.Nearest(name, hookNames()); near != "" {
		hint = fmt.Sprintf("did you mean %q? %s", near, hint)
	}
	return hook.Hook{}, analyzer.Usage(fmt.Sprintf("there is no hook %q", name), hint)
}

// writeHook writes all files or none: what differs is found before the first is
// written.
func writeHook(t *terminal, dir string, texts []hook.Text, force bool) error {
	for _, text := range texts {
		there, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(text.Path)))
		switch {
		case errors.Is(err, os.ErrNotExist):
		case err != nil:
			return analyzer.Usage(fmt.Sprintf("cannot read %s: %v", text.Path, analyzer.WithoutPath(err)), "check its permissions")
		case string(there) != text.Content && !force:
			return analyzer.Usage(fmt.Sprintf("%s exists and differs", text.Path), "--force overwrites it")
		}
	}
	for _, text := range texts {
		name := filepath.Join(dir, filepath.FromSlash(text.Path))
		err := os.MkdirAll(filepath.Dir(name), 0o755)
		if err == nil {
			err = os.WriteFile(name, []byte(text.Content), 0o644)
		}
		if err != nil {
			return analyzer.Usage(fmt.Sprintf("cannot write %s: %v", text.Path, analyzer.WithoutPath(err)), "check the folder's permissions")
		}
		fmt.Fprintf(t.stdout, "wrote %s\n", text.Path)
	}
	return nil
}
