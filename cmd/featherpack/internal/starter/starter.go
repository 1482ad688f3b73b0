package starter

import (
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/migrate"
)

// File is a first featherpack.yaml.
type File struct {
	Text string
	// Notes are lines about options of other tools that are not settings here.
	// Text contains them as comments.
	Notes []string
	// NoFunctions is set if no manifest has a function. Then Text has a function
	// for the user to fill in.
	NoFunctions bool
}

// Compose reads the manifests of a folder and writes the file's text.
func Compose(dir string) File {
	f := File{Text: settingsText}
	project := manifest.Discover(dir, manifest.Options{})
	if len(project.Functions) == 0 {
		f.Text, f.NoFunctions = functionText+f.Text, true
	}
	migration := migrate.Migrate(dir, manifest.Options{})
	f.Notes = notes(migration)
	if settings := settingsOf(migration, project); settings != "" {
		f.Text = strings.Replace(f.Text, "# featherpack: everything here is optional.\n",
			"# featherpack: everything here is optional. These settings come from the options of "+toolNames(migration)+".\n"+settings, 1)
	}
	for _, note := range f.Notes {
		f.Text += "# " + note + "\n"
	}
	return f
}

const settingsText = `# featherpack: everything here is optional.
# build:
#   minify: true          # false keeps the code readable
#   sourcemap: external   # external (beside the zip), zip or none
#   sdk: bundle           # runtime leaves the AWS SDK v3 to Lambda
#   external: []          # packages that a layer provides
#   include: []           # extra files, such as "assets/**"
#   keepNames: auto       # true if code reads class or function names
# override:               # by function name
#   "report-*": {include: ["fonts/**"]}
# budgets:
#   - match: "*"
#     zip: {max: 1 MiB, level: warn}   # {grow: 5% in 30d} is over time, with check --history
`

const functionText = `functions:
  hello:
    entry: src/hello.ts
    handler: handler
    runtime: nodejs22.x
    arch: arm64

`

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
