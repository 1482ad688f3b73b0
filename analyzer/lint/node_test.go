package lint

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
	"github.com/featherpack/featherpack/analyzer/internal/cases"
	"github.com/featherpack/featherpack/analyzer/js"
)

// TestAdviseModule checks the advice about the module at "@": code, line, package.
// Files named b.* are not entry points.
func TestAdviseModule(t *testing.T) {
	for _, c := range cases.Read(t, "testdata/node.txt") {
		t.Run(c.Name, func(t *testing.T) {
			name, handler := c.Text("@"), "handler"
			if strings.HasPrefix(name, "b") {
				handler = ""
			}
			var got []string
			for _, a := range AdviseModule(js.File{Path: name, Source: []byte(c.Text(">"))}, handler) {
				if a.Message == "" || a.Hint == "" || a.Source == "" || a.BehaviourChanges == "" ||
					a.File != name || a.Column == 0 {
					t.Errorf("incomplete: %+v", a)
				}
				got = append(got, strings.TrimSpace(fmt.Sprintf("%s %d %s", a.Code, a.Line, a.Package)))
			}
			if want := c.Lines("="); !slices.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestAdviseInvalidUTF8(t *testing.T) {
	if got := AdviseModule(js.File{Path: "b.ts", Source: []byte("import 'moment'; `\xf5")}, ""); got != nil {
		t.Errorf("got %+v", got)
	}
}

// FuzzAdviseModule checks that no source makes AdviseModule panic and that every
// advice has a position.
func FuzzAdviseModule(f *testing.F) {
	for _, s := range []string{
		"export const handler = middy(async () => { new S3Client({}) })", "exports.handler = f; function f() { f() }",
		"import * as a from 'b'; c(a)", "const a = a.b; new a",
		"module.exports = { handler: handler }; const handler = handler",
		"export default class { static { new (require('pg').Pool) } }",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		defer inputtest.Bound(t)()
		for _, path := range []string{"a.js", "a.ts"} {
			for _, a := range AdviseModule(js.File{Path: path, Source: []byte(source)}, "handler") {
				if a.Line < 1 || a.Column < 1 {
					t.Fatalf("%+v has no place", a)
				}
			}
		}
	})
}
