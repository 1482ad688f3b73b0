package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/migrate"
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
	if _, err := os.Stat(name); err == nil {
		return t.fail(analyzer.Usage(fmt.Sprintf("%s exists", name), "edit it, or remove it first"))
	}
	text := settingsText
	project := manifest.Discover(dir, manifest.Options{})
	if len(project.Functions) == 0 {
		text = functionText + text
	}
	migration := migrate.Migrate(dir, manifest.Options{})
	notes := told(migration)
	if settings := settingsOf(migration, project); settings != "" {
		text = strings.Replace(text, "# featherpack: everything here is optional.\n",
			"# featherpack: everything here is optional. These settings are those of "+toolNames(migration)+".\n"+settings, 1)
	}
	for _, note := range notes {
		text += "# " + note + "\n"
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err == nil {
		_, err = f.WriteString(text)
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
	}
	if err != nil {
		return t.fail(analyzer.Usage(fmt.Sprintf("cannot write %s: %v", name, analyzer.WithoutPath(err)), "check the folder's permissions"))
	}
	next := "featherpack build"
	if len(project.Functions) == 0 {
		next = "name your function's entry in it, then featherpack build"
	}
	fmt.Fprintf(t.stdout, "wrote %s; next: %s\n", name, next)
	for _, note := range notes {
		fmt.Fprintln(t.stdout, note)
	}
	return analyzer.ExitStatus(nil)
}

// toolNames lists the tools whose options were read, each once.
func toolNames(m migrate.Migration) string {
	var names []string
	for _, tool := range m.Tools {
		if !slices.Contains(names, tool.Name) {
			names = append(names, tool.Name)
		}
	}
	return strings.Join(names, ", ")
}
