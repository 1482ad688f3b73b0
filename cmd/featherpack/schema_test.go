package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/schematest"
)

// TestReportsMatchSchema validates reports of build and check, with projections,
// refusals and prices. The schema rejects keys that it does not describe.
func TestReportsMatchSchema(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		".git/HEAD":    "ref: refs/heads/main\n",
		"package.json": `{"name": "shop"}`,
		"src/a.js":     "exports.handler = async () => import('./late.js')\n",
		"src/late.js":  "exports.late = 1\n",
		"featherpack.yaml": "functions:\n  a: {entry: src/a.js, environment: {NODE_OPTIONS: --enable-source-maps}, " +
			"sourcemap: zip}\n  snap: {entry: src/a.js, snapStart: true}\n  ready: {entry: src/a.js, " +
			"provisionedConcurrency: 1}\n  sdk: {entry: src/a.js, sdk: runtime}\ncoldStart: {invocations: 1000000, " +
			"region: af-south-1}\n",
	} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	schema := schematest.Compile(t, reporters.Schema())
	base := filepath.Join(dir, "base.json")
	for _, args := range [][]string{
		{"build", "-o", "json=" + base, dir},
		{"check", "-o", "json=" + filepath.Join(dir, "check.json"), "--compare-to", base, dir},
		{"check", "-o", "json=" + filepath.Join(dir, "missing.json"), dir},
	} {
		if args[0] == "check" { // something to compare
			if err := os.WriteFile(filepath.Join(dir, "src/late.js"),
				bytes.Repeat([]byte("exports.late = (exports.late || 0) + 1\n"), 2000), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		var stderr bytes.Buffer
		if status := run(args, io.Discard, &stderr); status != exitGood {
			t.Fatalf("%v: status %d: %s", args, status, stderr.String())
		}
		text, err := os.ReadFile(args[2][len("json="):])
		if err != nil {
			t.Fatal(err)
		}
		if err := schematest.Validate(t, schema, string(text)); err != nil {
			t.Errorf("%v: %v", args, err)
		}
		if !bytes.Contains(text, []byte(`"coldStart":`)) || !bytes.Contains(text, []byte("SnapStart")) {
			t.Errorf("%v: the report has no projection", args)
		}
	}
}
