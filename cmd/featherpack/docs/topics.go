package docs

import (
	"embed"

	"github.com/featherpack/featherpack/cmd/featherpack/hook"
)

//go:embed *.md
var files embed.FS

// Topic is one page.
type Topic struct {
	// Name is what is typed after featherpack help.
	Name string
	// Summary is for the list of topics; a few words.
	Summary string
}

// Topics are the pages, in the order that help lists them. No topic has the
// name of a command.
func Topics() []Topic {
	return []Topic{
		{"configuration", "featherpack.yaml: every setting, with its default"},
		{"manifests", "where functions are found, in each framework"},
		{"node", "what is done to a Node function, and what ships beside its bundle"},
		{"go", "what is done to a Go function"},
		{"boot-check", "proving that a zip runs before it is deployed"},
		{"advice", "what else costs latency: every kind of advice, explained"},
		{"budgets", "limits on size and load time, in a pull request"},
		{"cold-start", "what is measured, what is projected, and how to calibrate it"},
		{"reports", "the report's formats, and report.json"},
		{"scale", "large repositories: what a build costs, shards, and sizes over time"},
		{"hooks", "Serverless Framework, SAM, CDK, Terraform and GitHub Actions"},
		{"migrating", "from another bundler, option by option"},
		{"npm", "featherpack as an npm package and a library"},
		{"flags", "every flag of every command"},
		{"exit-codes", "what the exit status means"},
		{"caching", "what is kept between runs, and when a function is built again"},
		{"security", "what is never packed, run or printed"},
		{"comparison", "the sample service built by other tools: which zips answer, and their sizes"},
		{"peers", "functions of one package each, built by other bundlers: zip bytes and load CPU"},
		{"field", "functions of the kinds that break when they are packed, and what becomes of each"},
		{"troubleshooting", "common messages: what causes them and what to do"},
	}
}

// Markdown is the page's text.
func (t Topic) Markdown() string {
	switch t.Name {
	case "hooks":
		return hook.Guide()
	case "migrating":
		return hook.Migrating()
	case "npm":
		return hook.Library()
	}
	text, err := files.ReadFile(t.Name + ".md")
	if err != nil {
		panic(err) // the list above names a page that is not in this folder
	}
	return string(text)
}

// ends is how links to the page end.
func (t Topic) ends() string {
	switch t.Name {
	case "hooks":
		return "hook/README.md"
	case "migrating":
		return "MIGRATING.md"
	case "npm":
		return "npm/README.md"
	}
	return t.Name + ".md"
}
