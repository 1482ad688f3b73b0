package manifesttest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
)

// Files maps the paths of a project to their content.
type Files map[string]string

// Project writes files to a new temporary folder and returns it.
func Project(t testing.TB, content Files) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range content {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "/") {
			if err := os.MkdirAll(full, 0o755); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// Discover writes files and runs discovery on them.
func Discover(t testing.TB, content Files, o manifest.Options) analyzer.Project {
	t.Helper()
	return manifest.Discover(Project(t, content), o)
}

// ServerlessHead is the beginning of a serverless.yml, before its functions.
const ServerlessHead = "service: shop\nprovider:\n  name: aws\n  runtime: nodejs22.x\n"

// GoMain is the source of a Go function.
const GoMain = "package main\n\nimport \"github.com/aws/aws-lambda-go/lambda\"\n\nfunc main() { lambda.Start(nil) }\n"
