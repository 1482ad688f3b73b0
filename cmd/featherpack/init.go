package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/starter"
)

var initCommand = command{
	name: "init", operands: "[DIR]", summary: "write a first featherpack.yaml",
	help: `Writes DIR/featherpack.yaml. If a framework manifest names the functions, the
file holds settings only; otherwise it holds one function for you to fill in. An
existing file is never changed.

Options of serverless-esbuild, serverless-webpack, serverless-go-plugin, the
Serverless Framework 4 (build.esbuild) and SAM's esbuild are read from the
manifests and written as settings. The output lists options that have no
equivalent, and what you can remove from the manifest. Values that come from
variables and may be secrets are never written.

Examples:
  featherpack init
  featherpack init services/orders`,
	flags: func(set *pflag.FlagSet) func(context.Context, *terminal, []string) int {
		var dir string
		declareDir(set, &dir)
		return func(_ context.Context, t *terminal, args []string) int { return initialise(t, dir, args) }
	},
}

func initialise(t *terminal, dir string, args []string) int {
	dir, err := folderOnly(args, dir)
	if err != nil {
		return t.fail(err)
	}
	name := filepath.Join(dir, "featherpack.yaml")
	if _, err := os.Stat(name); err == nil {
		return t.fail(analyzer.Usage(fmt.Sprintf("%s exists", name), "edit it, or remove it first"))
	}
	start := starter.Compose(dir)
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err == nil {
		_, err = f.WriteString(start.Text)
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
	}
	if err != nil {
		return t.fail(analyzer.Usage(fmt.Sprintf("cannot write %s: %v", name, analyzer.WithoutPath(err)), "check the folder's permissions"))
	}
	next := "featherpack build"
	if start.NoFunctions {
		next = "set your function's entry in it, then featherpack build"
	}
	fmt.Fprintf(t.stdout, "wrote %s; next: %s\n", name, next)
	for _, note := range start.Notes {
		fmt.Fprintln(t.stdout, note)
	}
	return analyzer.ExitStatus(nil)
}
