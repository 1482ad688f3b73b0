package hook

import (
	"embed"
	"fmt"
	"strings"
	"text/template"

	"github.com/featherpack/featherpack/analyzer"
)

//go:embed *.js *.cjs *.d.ts *.mk *.tf *.yml
var files embed.FS

// Hook integrates featherpack with one framework or CI.
type Hook struct {
	Name string
	// Summary is a few words for the list of hooks.
	Summary string
	Files   []File
	// Next tells the user what to do after the files are written.
	Next string
}

// File is one file of a hook.
type File struct {
	// Path is where --write creates the file: a slash-separated path relative to the folder.
	Path string
	// source is the name of the embedded file.
	source string
}

// Values are the values that templates insert into the files.
type Values struct {
	// Version is the version of featherpack that writes the file. Schema is the version of the
	// reports that the hook can read.
	Version string
	Schema  int
}

// All lists the hooks in the order of the help text.
var All = []Hook{
	{
		Name: "serverless", Summary: "plugin for the Serverless Framework 3 and 4, and osls",
		Files: []File{{Path: "serverless-featherpack.cjs", source: "serverless.js"}},
		Next:  "add ./serverless-featherpack.cjs to the plugins in serverless.yml",
	},
	{
		Name: "sam", Summary: "a Makefile for SAM's makefile builds",
		Files: []File{{"Makefile", "sam.mk"}},
		Next:  "add Metadata: {BuildMethod: makefile} to the functions in the template next to it",
	},
	{
		Name: "cdk", Summary: "a construct that builds all functions of an app, for aws-cdk-lib 2",
		Files: []File{{"featherpack-cdk.cjs", "cdk.js"}, {"featherpack-cdk.d.cts", "cdk.d.ts"}},
		Next:  `import { FeatherpackBundle } from "./featherpack-cdk.cjs" in the app, then add new FeatherpackBundle(this, { entries: { orders: "src/orders.ts" } })`,
	},
	{
		Name: "terraform", Summary: "a .tf file that builds while Terraform plans, and deploys the zips",
		Files: []File{{"featherpack.tf", "terraform.tf"}},
		Next:  "run terraform init, then terraform plan -var featherpack_role_arn=ARN; or use data.external.featherpack in your own resources",
	},
	{
		Name: "github", Summary: "an action and workflows: comment, summary, annotations, also for forks",
		Files: []File{
			{".github/actions/featherpack/action.yml", "github_action.yml"},
			{".github/actions/featherpack/check.cjs", "github_check.cjs"},
			{".github/actions/featherpack/comment.cjs", "github_comment.cjs"},
			{".github/workflows/featherpack.yml", "github_workflow.yml"},
			{".github/workflows/featherpack-report.yml", "github_report.yml"},
			{".github/workflows/featherpack-comment.yml", "github_comment.yml"},
		},
		Next: "commit them; featherpack-report.yml and featherpack-comment.yml are for pull requests from forks: delete them if there are none",
	},
}

// Names are the names of [All].
func Names() []string {
	var names []string
	for _, h := range All {
		names = append(names, h.Name)
	}
	return names
}

// Named returns the hook with the given name.
func Named(name string) (Hook, error) {
	for _, h := range All {
		if h.Name == name {
			return h, nil
		}
	}
	hint := "choose one of " + strings.Join(Names(), ", ")
	if near := analyzer.Nearest(name, Names()); near != "" {
		hint = fmt.Sprintf("did you mean %q? %s", near, hint)
	}
	return Hook{}, analyzer.Usage(fmt.Sprintf("there is no hook %q", name), hint)
}

// Text is a file with its values filled in.
type Text struct{ Path, Content string }

// Render returns the hook's files with the values filled in. An error means that an
// embedded file is broken.
func (h Hook) Render(v Values) ([]Text, error) {
	parsed, err := template.New("hooks").Delims("<%", "%>").ParseFS(files, "*")
	if err != nil {
		return nil, err
	}
	var texts []Text
	for _, f := range h.Files {
		var b strings.Builder
		if err := parsed.ExecuteTemplate(&b, f.source, v); err != nil {
			return nil, fmt.Errorf("%s: %w", f.source, err)
		}
		texts = append(texts, Text{f.Path, b.String()})
	}
	return texts, nil
}
