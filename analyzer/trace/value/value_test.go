package value

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/trace/native"
)

// readable writes a value with <root>, <cwd> and * for the marks.
func readable(v Value) string {
	out := strings.Join(v.Strings, "|")
	if v.Thing != "" {
		out += "thing " + v.Thing
	}
	if v.Node != nil {
		out += "literal"
	}
	if v.Truth != Maybe {
		out += map[Truth]string{Yes: "true", No: "false"}[v.Truth]
	}
	if v.Open {
		out += "..."
	}
	return strings.NewReplacer(rootMark, "<root>", CWDMark, "<cwd>", Gap, "*").Replace(out)
}

// The last statement of a module at src/a.js is an expression; what may it be?
func TestEval(t *testing.T) {
	files := fstest.MapFS{"src/d.json": {Data: []byte(`{"e": "f"}`)}, "src/b.js": {}}
	for _, c := range []struct{ source, want string }{
		{"'a' + 'b'", "ab"},
		{"'a' + 1 + `c${'d'}`", "a1cd"},
		{"x ? 'a' : 'b'", "a|b"},
		{"'a' + x", "a*"},
		{"x || 'a'", "a..."},
		{"__dirname", "/<root>/src"},
		{"require('path').join(__dirname, '..', 'b')", "/<root>/b"},
		{"require('path').resolve('b')", "/<cwd>/b"},
		{"process.cwd() + '/b'", "/<cwd>/b"},
		{"new URL('./b', import.meta.url)", "file:///<root>/src/b"},
		{"require('fs').readFile", "thing fs.readFile"},
		{"require('x').y", "thing module:x.y"},
		{"require.resolve('./b')", "/<root>/src/b.js"},
		{"require('./d.json').e", "f"},
		{"process.platform === 'linux'", "true..."},
		{"process.platform === 'win32' ? 'a' : process.arch", "x64"},
		{"typeof window", "undefined"},
		{"let a = 'b'; a = 'c'; a", "b|c"},
		{"const { a: { b } } = { a: { b: 'c' } }; b", "c"},
		{"function f(a) { return a + 'b' } f('c'); f('d')", "cb|db"},
		{"const a = ['b', 'c']; a[x]", "b|c"},
		{"class A { a = 'b'; f() { this.a } } this.a", "b"},
		{"var a = b, b = a; a", ""},
		{"const f = () => {}; f", "literal"},
		{"'a'.concat('b').replace('a', 'c')", "cb"},
		{"x", "..."},
	} {
		text, err := js.Read(js.File{Path: "src/a.js", Source: []byte(c.source)})
		if err != nil {
			t.Fatal(err)
		}
		text.Bind()
		e := New(text, Setting{Path: "src/a.js", CWD: ".", Target: native.Platform{OS: "linux", CPU: "x64"}, Files: files})
		last := text.Top.List[len(text.Top.List)-1]
		if got := readable(e.Eval(last.X)); got != c.want {
			t.Errorf("%s: got %s, want %s", c.source, got, c.want)
		}
	}
}

func TestInterest(t *testing.T) {
	source := "const fs = require('fs'), a = 1; let d = __dirname; f(d, a)"
	text, err := js.Read(js.File{Path: "a.js", Source: []byte(source)})
	if err != nil {
		t.Fatal(err)
	}
	text.Bind()
	e := New(text, Setting{Path: "a.js"})
	var got []string
	var look func(*js.Node)
	look = func(n *js.Node) {
		if i := e.Interest(n); i != 0 && n.Kind == js.Name {
			got = append(got, fmt.Sprintf("%s:%d", n.Name, i))
		}
		n.Each(look)
	}
	look(text.Top)
	if want := "fs:2 d:3 __dirname:3 d:3"; strings.Join(got, " ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
