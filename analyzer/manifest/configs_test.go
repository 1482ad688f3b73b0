package manifest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/manifest/manifesttest"
)

// A featherpack.yaml holds for its folder and below; the inner one wins.
func TestNestedConfigs(t *testing.T) {
	p := manifesttest.Discover(t, manifesttest.Files{
		"featherpack.yaml":       "build: {sdk: runtime, external: [a]}\nbudgets: [{zip: 1 MiB}]\n",
		"one/featherpack.yaml":   "build: {external: [b]}\noverride: {r*: {minify: false}}\nbudgets: [{zip: 2 MiB}]\n",
		"one/svc/serverless.yml": manifesttest.ServerlessHead + "functions: {run: {handler: run.handler}}\n",
		"one/svc/run.ts":         "",
		"two/serverless.yml": "service: two\nprovider: {name: aws, runtime: nodejs22.x}\n" +
			"functions: {run: {handler: run.handler}}\n",
		"two/run.ts": "",
	}, manifest.Options{})
	manifesttest.MustReport(t, p)
	if diff := cmp.Diff(
		analyzer.BuildOptions{SDK: "runtime", External: []string{"b"}, NoMinify: true}, p.Functions[0].Build,
	); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(analyzer.BuildOptions{SDK: "runtime", External: []string{"a"}}, p.Functions[1].Build); diff != "" {
		t.Error(diff)
	}
	if len(p.Budgets) != 2 || p.Budgets[0].Under != "" || p.Budgets[1].Under != "one" {
		t.Errorf("budgets %+v", p.Budgets)
	}
}
