package starter

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer/manifest"
)

func TestCompose(t *testing.T) {
	for _, test := range []struct {
		name, serverless string
		none             bool
		want, notes      string
	}{
		{name: "nothing", none: true, want: "functions:\n  hello:"},
		{
			name: "options that all functions share",
			serverless: "service: s\nprovider: {name: aws, runtime: nodejs22.x}\nplugins: [serverless-esbuild]\n" +
				"custom: {esbuild: {minify: false, watch: {pattern: [src]}}}\n" +
				"functions: {a: {handler: a.handler}, b: {handler: b.handler}}\n",
			want:  "These settings come from the options of serverless-esbuild.\nbuild:\n  minify: false # ",
			notes: "can be removed from the manifest",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "a.js"), []byte("exports.handler = 1\n"), 0o644); err != nil {
				t.Fatal(err)
			}
			if test.serverless != "" {
				if err := os.WriteFile(filepath.Join(dir, "serverless.yml"), []byte(test.serverless), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			f := Compose(dir)
			if f.NoFunctions != test.none || !strings.Contains(f.Text, test.want) {
				t.Errorf("no functions: %v\n%s", f.NoFunctions, f.Text)
			}
			if notes := strings.Join(f.Notes, "\n"); !strings.Contains(notes, test.notes) {
				t.Errorf("%s", notes)
			}
			for _, note := range f.Notes {
				if !strings.Contains(f.Text, "# "+note+"\n") {
					t.Errorf("%q is not a comment in the file", note)
				}
			}
			// Discovery reads the written file without diagnostics about it.
			if err := os.WriteFile(filepath.Join(dir, "featherpack.yaml"), []byte(f.Text), 0o644); err != nil {
				t.Fatal(err)
			}
			for _, d := range manifest.Discover(dir, manifest.Options{}).Diagnostics {
				if d.File == "featherpack.yaml" && !strings.Contains(d.Function+d.Message, "hello") {
					t.Errorf("%s", d)
				}
			}
		})
	}
}
