package serverless_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/manifest/manifesttest"
)

func TestServerlessGoPlugin(t *testing.T) {
	p := manifesttest.Discover(t, manifesttest.Files{
		"svc/serverless.yml": "service: s\nprovider: {name: aws, runtime: provided.al2023}\n" +
			"custom: {go: {baseDir: src/go, cmd: GOOS=linux go build -tags 'a b' -ldflags=\"-s -w -X=main.v=2\"}}\n" +
			"functions:\n  a: {handler: cmd/a}\n  b: {handler: cmd/b/main.go}\n",
		"svc/src/go/cmd/a/main.go": manifesttest.GoMain, "svc/src/go/cmd/b/main.go": manifesttest.GoMain,
	}, manifest.Options{})
	manifesttest.MustReport(t, p)
	manifesttest.MustFind(
		t, p, "s/a provided.al2023 x86_64 cmd/a -> svc/src/go/cmd/a",
		"s/b provided.al2023 x86_64 cmd/b/main.go -> svc/src/go/cmd/b",
	)
	if diff := cmp.Diff([]string{"a", "b"}, p.Functions[0].Build.Tags); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"-X main.v=2"}, p.Functions[0].Build.LDFlags); diff != "" {
		t.Error(diff)
	}
}

// A service's artifact is shipped even where functions are packaged one by one,
// unless a function says so itself.
func TestServiceArtifact(t *testing.T) {
	p := manifesttest.Discover(t, manifesttest.Files{
		"serverless.yml": manifesttest.ServerlessHead + "package: {artifact: all.zip, individually: true}\n" +
			"functions:\n  a: {handler: f.handler}\n  b: {handler: f.handler, package: {individually: true}}\n",
		"f.ts": "",
	}, manifest.Options{})
	manifesttest.MustFind(t, p, "shop/b nodejs22.x x86_64 f.handler -> f.ts")
	if len(p.Skipped) != 1 || p.Skipped[0].Reason != "ships the service's package.artifact" {
		t.Errorf("skipped: %+v", p.Skipped)
	}
}
