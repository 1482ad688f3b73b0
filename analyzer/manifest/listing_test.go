package manifest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/manifest/manifesttest"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

// A listing replaces the functions of every manifest and keeps the settings of
// featherpack.yaml, the folder's own and those above it.
func TestListing(t *testing.T) {
	dir := manifesttest.Project(t, manifesttest.Files{
		".git/HEAD": "", "featherpack.yaml": "build: {sdk: runtime}\n",
		"app/package.json": "{}", "app/featherpack.yaml": "functions: {own: src/own.ts}\nbuild: {minify: false}\n" +
			"override: {'a*': {keepNames: always}}\n",
		"app/serverless.yml": "service: x\nprovider: {name: aws, runtime: nodejs22.x}\n" +
			"functions: {sls: {handler: src/own.handler}}\n",
		"app/src/own.ts": "", "app/src/api.ts": "", "app/go.mod": "module example.org/app\n",
		"app/cmd/ingest/main.go": "package main\nimport _ \"github.com/aws/aws-lambda-go/lambda\"\n",
		"app/cmd/other/main.go":  "package main\nimport _ \"github.com/aws/aws-lambda-go/lambda\"\n",
	})
	p := manifest.Discover(dir+"/app", manifest.Options{Listing: &manifest.Listing{Name: "stdin", Content: []byte(
		`{"functions": {"api": {"entry": "src/api.ts", "handler": "main", "arch": "arm64", "sdk": "bundle"},` +
			` "ingest": "cmd/ingest"}}`)}})
	manifesttest.MustReport(t, p)
	manifesttest.MustFind(
		t, p, "app/api nodejs22.x arm64 src/api.main -> app/src/api.ts",
		"app/ingest provided.al2023 x86_64 cmd/ingest -> app/cmd/ingest",
	)
	api := p.Functions[0]
	if !api.Build.NoMinify || api.Build.SDK != "" || api.Build.KeepNames != "always" ||
		p.Functions[1].Build.SDK != "runtime" {
		t.Errorf("settings are %+v and %+v", api.Build, p.Functions[1].Build)
	}
	if api.ServiceDir != "app" || api.CodeDir != "app" {
		t.Errorf("lies in %s, its code in %s", api.ServiceDir, api.CodeDir)
	}
}

func TestBadListing(t *testing.T) {
	for _, test := range []struct{ name, listing, told string }{
		{"nothing", "", "error empty-service stdin:1:1: names no functions"},
		{"no functions", "functions: {}", "error empty-service stdin:1:1: names no functions"},
		{"not a list", "[]", "error bad-config stdin:1:1: stdin "},
		{"another key", "{functions: {a: a.ts}, build: {}}", `error bad-config stdin:1:24: stdin has no setting "build"`},
		{"no text", "\xff", "error manifest-syntax stdin:1:1: is not UTF-8 text"},
		{"too large", strings.Repeat(" ", yamltree.MaxBytes+1), "error manifest-syntax stdin: is larger than 2 MiB"},
		{
			"no such entry", "functions: {a: b.ts}",
			"error no-such-handler stdin:1:16: a: entry b.ts does not exist | did you mean a.ts?",
		},
		{
			"outside", "functions: {a: ../b.ts}",
			`refused handler-outside stdin:1:16: a: handler "../b.handler" leaves the project's root`,
		},
		{
			"name", "functions: {'../a': a.ts}",
			`error bad-name stdin:1:13: %2E.%2Fa: function name "../a" cannot be a file's name`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := manifesttest.Discover(
				t, manifesttest.Files{"a.ts": ""},
				manifest.Options{Listing: &manifest.Listing{Name: "stdin", Content: []byte(test.listing)}},
			)
			if lines := manifesttest.Reported(p); len(lines) != 1 || !strings.HasPrefix(lines[0], test.told) {
				t.Errorf("told (-want +got):\n%s", cmp.Diff([]string{test.told}, lines))
			}
			for _, f := range p.Functions {
				if f.Entry != "" {
					t.Errorf("%s would be built from %s", f.Name, f.Entry)
				}
			}
		})
	}
}
