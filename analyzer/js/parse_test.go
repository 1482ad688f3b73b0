package js

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer/inputtest"
)

// snippets are the texts of a file, with empty lines between them.
func snippets(t testing.TB, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(text)), "\n\n")
}

// What the language has, version by version; esbuild says that the texts are right.
func TestSyntax(t *testing.T) {
	for _, s := range snippets(t, "testdata/syntax.txt") {
		r := api.Transform(s, api.TransformOptions{Loader: api.LoaderJS, LogLevel: api.LogLevelSilent})
		if len(r.Errors) > 0 {
			t.Errorf("%s: esbuild says %s", s, r.Errors[0].Text)
		}
		if _, err := Parse([]byte(s)); err != nil {
			t.Errorf("%s: %v at %d", s, err, offsetOf(err))
		}
	}
}

// What the parser makes of a text where the language is easily misread.
func TestReadings(t *testing.T) {
	for _, c := range []struct{ source, want string }{
		// An arrow function with a block ends an expression.
		{"a = (b) => {}\n(c)", "arrow 1, global c"},
		{"a = (b) => {}\n[c].d", "arrow 1, member d, global c"},
		{"a = (b) => {}\n`c`", "arrow 1, template 0"},
		{"a = (b) => {}\n/c/.d", "arrow 1, member d, regex"},
		{"a = async (b) => {}\n(c)", "arrow 1, global c"},
		{"a = () => {}\n+b", "arrow 0, global b"},
		{"(() => {})\n(b)", "arrow 0, call 1, global b"},
		{"a = () => b\n(c)", "arrow 0, call 1, global b, global c"},

		// Comments of HTML, in scripts alone.
		{"a; <!-- b\nc", "global a, global c"},
		{"a\n--> b\nc", "global a, global c"},
		{"/* a\n*/ --> b\nc", "global c"},
		{"--> b\nc", "global c"},
		{"a --> b", "global a, global b"},
		{"import 'a'; b <!--c", "import , string, global b, global c"},
		{"b <!--c\nexport {}", "global b, global c"},
		{"a <!--b /*\n*/ + c", "global a, global b, global c"},

		// Resources.
		{"{ using a = b(); a.c }", "call 0, global b, member c"},
		{"using\na", "global using, global a"},
		{"using in a", "global using, global a"},
		{"using(a); using [b]", "call 1, global using, global a, index, global using, global b"},
		{"await using a = b; a.c", "global b, member c"},
		{"async function f() { await using a = b, c = a; await\nusing }", "function f, global b, global using"},
		{"for (using a of b) a.c", "global b, member c"},
		{"for (await using a of b) a.c", "global b, member c"},
		{"for (using of b) c", "global b, global c"},
		{"for (const a of await using.b) a", "member b, global using"},

		{"if (a) let\nb; let [c] = d", "global a, global let, global b, global d"},

		// Await is a name in scripts.
		{"await (a)", "call 1, global await, global a"},
		{"await (a); import.meta", "global a, import.meta"},
		{"await a", "global a"},
		{"async function f() { await (a) }", "function f, global a"},

		// Ends of lines.
		{"a /*\u2028*/ ++b", "global a, global b"},
		{"a /*\r*/ ++b", "global a, global b"},
		{"a /*\r\n*/ ++b", "global a, global b"},
		{"// a\u2028b", "global b"},
		{"a\u2028b", "global a, global b"},
		{"// a\rb", "global b"},
		{"'a\\\r\nb'", "string"},
		{"a\u00a0(b)", "call 1, global a, global b"},
		{"a.b\u2003.c", "member b, global a, member c"},

		// Numbers and what follows them.
		{"1..toString()", "member toString, call 0, number"},
		{"1.5.toFixed()", "member toFixed, call 0, number"},
		{"1 .a; 1.e3.b; .5.c", "member a, number, member b, number, member c, number"},
		{"0x1f.a; 1n.b; 1e-5.c", "member a, number, member b, number, member c, number"},
		{"017.a; 08.5.b", "member a, number, member b, number"},
		{"1...a", ""},
		{"3in a", ""},

		// Names with escapes are names, and no keywords.
		{"var \\u0061b; ab; a\\u{62}", ""},
		{"a.\\u0062", "member b, global a"},
	} {
		tree, err := Parse([]byte(c.source))
		if refused := c.want == "" && !strings.HasPrefix(c.source, "var"); refused != (err != nil) {
			t.Errorf("%q: %v", c.source, err)
		}
		if err != nil {
			continue
		}
		var got []string
		for _, f := range facts(tree) {
			got = append(got, f.what)
		}
		slices.Sort(got)
		want := strings.Split(c.want, ", ")
		slices.Sort(want)
		if strings.Join(got, ", ") != strings.Join(want, ", ") {
			t.Errorf("%q:\n got %s\nwant %s", c.source, strings.Join(got, ", "), strings.Join(want, ", "))
		}
	}
}

func TestSyntaxErrors(t *testing.T) {
	for _, c := range []struct {
		source string
		offset int
	}{
		{"a b", 2}, {"var = 1", 4}, {"(a", 2}, {"{", 1}, {"a +", 3}, {"'a", 2}, {"f(,)", 2}, {"if a", 3},
		{"`a${b", 5}, {"x = /a", 6}, {"/* a", 4}, {"class { a b }", 10}, {"try {}", 6}, {"()", 2}, {"import a", 8},
		{"\u00e9 \x00", 3},
	} {
		_, err := Parse([]byte(c.source))
		if err == nil {
			t.Errorf("%q: no error", c.source)
		} else if got := offsetOf(err); got != c.offset {
			t.Errorf("%q: error at %d, want %d (%v)", c.source, got, c.offset, err)
		}
	}
}

// Which __dirname is Node's and which is the module's own is told by scopes.
// esbuild's define replaces the same ones.
func TestScopes(t *testing.T) {
	all := append(snippets(t, "testdata/scopes.txt"), snippets(t, "testdata/syntax.txt")...)
	for _, s := range all {
		r := api.Transform(s, api.TransformOptions{
			Define: map[string]string{"__dirname": "NODE_DIRNAME"}, Loader: api.LoaderJS, LogLevel: api.LogLevelSilent,
		})
		if len(r.Errors) > 0 {
			t.Errorf("%s: esbuild says %s", s, r.Errors[0].Text)
			continue
		}
		want := strings.Count(string(r.Code), "NODE_DIRNAME")
		tree, err := Parse([]byte(s))
		if err != nil {
			t.Errorf("%s: %v", s, err)
			continue
		}
		tree.Bind()
		n := 0
		var count func(*Node)
		count = func(x *Node) {
			if x.Kind == Name && x.Name == "__dirname" && x.Scope.Find(x.Name) == nil && !x.IsTarget() {
				n++
			}
			x.Each(count)
		}
		count(tree.Top)
		if n != want {
			t.Errorf("%s: %d of Node, esbuild replaces %d", s, n, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range snippets(f, "testdata/syntax.txt") {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		defer inputtest.Bound(t)()
		s, err := Parse(src)
		if err != nil {
			return
		}
		var check func(*Node)
		check = func(n *Node) {
			if n.Start < 0 || n.End > int32(len(src)) {
				t.Fatalf("a node of %q lies at %d to %d", src, n.Start, n.End)
			}
			n.Each(check)
		}
		check(s.Top)
	})
}

// Nodes that have no text of their own end too: passes take the text of any statement.
func TestEmptyNodesEnd(t *testing.T) {
	tree, err := Parse([]byte("a;;[,b]"))
	if err != nil {
		t.Fatal(err)
	}
	empty, hole := tree.Top.List[1], tree.Top.List[2].X.List[0]
	if empty.Kind != Empty || empty.Start != 2 || empty.End != 3 || hole.Kind != Empty || hole.Start != 4 || hole.End != 4 {
		t.Errorf("an empty statement %d to %d, a hole %d to %d", empty.Start, empty.End, hole.Start, hole.End)
	}
}

// What is read as expressions until an arrow follows must be patterns.
func TestParametersArePatterns(t *testing.T) {
	for _, code := range []string{"(a,b.c)=>1", "(a+=1)=>1", "((a))=>1", "async(a,b())=>1", "([a[0]])=>1", "({a(){}})=>1", "({a:1})=>1"} {
		if _, err := Parse([]byte(code)); err == nil {
			t.Errorf("%s is parsed", code)
		}
	}
	for _, code := range []string{"(a,{b,c:[d,,e=1]={},...f},...[g])=>1", "async({a:{b}=c.d})=>1", "a=>1", "()=>1", "(a=(b),)=>1"} {
		if _, err := Parse([]byte(code)); err != nil {
			t.Errorf("%s: %v", code, err)
		}
	}
}
