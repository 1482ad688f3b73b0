package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
)

var initCommand = command{
	name: "init", operands: "[DIR]", summary: "write a featherpack.yaml to start from",
	help: `Writes DIR/featherpack.yaml. Where a framework's manifest already names the
functions, the file holds settings only; otherwise it holds one function to
fill in. An existing file is never touched.

Examples:
  featherpack init
  featherpack init services/orders`,
	flags: func(*pflag.FlagSet) func(context.Context, *terminal, []string) int {
		return func(_ context.Context, t *terminal, args []string) int { return initialise(t, args) }
	},
}

const settingsText = `# featherpack: everything here is optional.
# build:
#   minify: true          # false leaves the code readable
#   sourcemap: external   # external (beside the zip), zip or none
#   sdk: bundle           # runtime leaves the AWS SDK v3 to Lambda
#   external: []          # packages that a layer brings
#   include: []           # extra files, such as "assets/**"
#   keepNames: auto       # true where code reads class or function names
# override:               # by function name
#   "report-*": {include: ["fonts/**"]}
# budgets:
#   - match: "*"
#     zip: {max: 1 MiB, level: warn}
`

const functionText = `functions:
  hello:
    entry: src/hello.ts
    handler: handler
    runtime: nodejs22.x
    arch: arm64

`

func initialise(t *terminal, args []string) int {
	dir, err := operandDir(args)
	if err != nil {
		return t.fail(err)
	}
	name := filepath.Join(dir, "featherpack.yaml")
	if exists(name) {
		return t.fail(usageError(fmt.Sprintf("%s exists", name), "edit it, or remove it first"))
	}
	text := settingsText
	project := manifest.Discover(dir, manifest.Options{})
	if len(project.Functions) == 0 {
		text = functionText + text
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err == nil {
		_, err = f.WriteString(text)
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
	}
	if err != nil {
		return t.fail(usageError(fmt.Sprintf("cannot write %s: %v", name, plain(err)), "check the folder's permissions"))
	}
	next := "featherpack build"
	if len(project.Functions) == 0 {
		next = "name your function's entry in it, then featherpack build"
	}
	fmt.Fprintf(t.stdout, "wrote %s; next: %s\n", name, next)
	return analyzer.ExitStatus(nil)
}
