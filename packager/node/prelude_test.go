package node

import (
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

// Whatever names a program, a banner or a footer declares, the zip loads and
// answers as the source does, or it is refused.
func TestPreludeNamesDoNotCollide(t *testing.T) {
	for _, e := range examples(t, "prelude") {
		for _, unminified := range []bool{false, true} {
			if e.build.NoMinify && !unminified {
				continue
			}
			name := e.name
			if unminified {
				name += ", not minified"
			}
			t.Run(name, func(t *testing.T) {
				b := e.bundle(t, func(f *analyzer.Function) { f.Build.NoMinify = unminified })
				if e.want["refused"] == "" {
					if got := ask(t, b); got != e.want["answer"] {
						t.Errorf("answered %s, want %s", got, e.want["answer"])
					}
					return
				}
				i := slices.IndexFunc(b.Diagnostics, func(d analyzer.Diagnostic) bool { return d.Code == "bundle-does-not-parse" })
				if i < 0 {
					t.Fatalf("not refused: %v\n%s", b.Diagnostics, b.Files[0].Content)
				}
				if d := b.Diagnostics[i]; d.Message != e.want["refused"] || d.Hint != e.want["hint"] || d.Function != b.ID {
					t.Errorf("%s: %s\nhint: %s", d.Function, d.Message, d.Hint)
				}
			})
		}
	}
}

// Code that only our own parser cannot read is not refused.
func TestStrictParseFindsWhatIsDeclared(t *testing.T) {
	b := build(t, `-- fn.mjs --
const __filename = 1, require = 2
export const handler = async () => [__filename, require]
`,
		func(f *analyzer.Function) { f.Build.NoMinify, f.Build.Footer = true, "globalThis.x = 1" })
	if got := ask(t, b); got != "[1,2]" {
		t.Errorf("answered %s", got)
	}
	if code := string(b.Files[0].Content); strings.Contains(code, "const __filename=") {
		t.Errorf("the prelude declares what the code does:\n%s", code)
	}
}

// Mappings move down by the prelude's line, also behind a first line for a shell.
func TestSourceMapsCountThePrelude(t *testing.T) {
	for _, first := range []string{"", "#!/usr/bin/env node\n"} {
		b := build(t, "-- fn.mjs --\n"+first+"export const handler = async () => { throw new Error(__filename) }\n",
			func(f *analyzer.Function) { f.Build.SourceMap = "zip" })
		if got := thrownAt(t, b); got != strings.Count(first, "\n")+1 {
			t.Errorf("with %q the error is at line %d of the source", first, got)
		}
	}
}
