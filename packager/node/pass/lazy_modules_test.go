package pass

import (
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/mappings"
)

func unwrap(t *testing.T, code string) string {
	t.Helper()
	tree, err := js.Parse([]byte(lazy + code))
	if err != nil {
		t.Fatal(err)
	}
	edits := unwrapLazy(Code{Text: []byte(lazy + code), Tree: tree, Strict: true, ShortNames: true}, nil)
	return strings.TrimPrefix(js.Apply([]byte(lazy+code), edits), lazy)
}

// late is an import() of the module m.
const late = "f(Promise.resolve().then(()=>(m(),n)));"

func TestLazyModules(t *testing.T) {
	for _, test := range []struct{ before, want string }{
		{"var m=p(()=>{});" + late, "f(Promise.resolve().then(()=>(n)));"},
		{`var a,b,m=p(()=>{a=()=>b,b="x"});` + late, `var a=()=>b,b="x";f(Promise.resolve().then(()=>(n)));`},
		{`var a,b,m=p(()=>{a=1;b={c:a,d(){}}});m();`, `var a=1,b={c:a,d(){}};`},
		{"var a,k=p(()=>{a=class{}});var b,m=p(()=>{k();b=class extends a{}});" + late, "var a=class{};var b=class extends a{};f(Promise.resolve().then(()=>(n)));"},
		// what has effects runs when it did
		{"var a,k=p(()=>{a=g()});var b,m=p(()=>{k();b=1});" + late, "var a,k=p(()=>{a=g()});var b=1;f(Promise.resolve().then(()=>(k(),n)));"},
		{"var k=p(()=>{g()});var l=p(()=>{g()});var b,m=p(()=>{k();l();b=1});m();", "var k=p(()=>{g()});var l=p(()=>{g()});var b=1,m=p(()=>{k();l()});m();"},
		{"var k=p(()=>{g()});var l=p(()=>{k();h()});var m=p(()=>{l();k();i()});m();k();", "var k=p(()=>{g()});var l=p(()=>{k();h()});var m=p(()=>{l();i()});m();"},
		{"var k=p(()=>{g()});var l=p(()=>{k();h()});var m=p(()=>{k();l();i()});m();", "var k=p(()=>{g()});var l=p(()=>{k();h()});var m=p(()=>{k();l();i()});m();"},
		{"var a,b,c,m=p(()=>{k();a=1,b=g(),c=2});var k=p(()=>{g()});m();", "var a=1,b,c,m=p(()=>{k();b=g(),c=2});var k=p(()=>{g()});m();"},
		// an enum
		{`var e,m=p(()=>{(function(t){t.A="a",t.B="b"})(e||(e={}))});` + late, `var e={A:"a",B:"b"};f(Promise.resolve().then(()=>(n)));`},
		// a variable that functions of the module set later
		{"var a,m=p(()=>{a=!1});function x(){a=!0}m();", "var a=!1;function x(){a=!0}"},
		{`var a,b,m=p(()=>{a=Symbol.for("x"),b=class{static c=new Map;*[Symbol.iterator](){}}});m();`, `var a=Symbol.for("x"),b=class{static c=new Map;*[Symbol.iterator](){}};`},
		{"var o,a,m=p(()=>{a=60*2});m();", "var o,a=60*2;"},
	} {
		if got := unwrap(t, test.before); got != test.want {
			t.Errorf("%s\nbecame\n%s, not\n%s", test.before, got, test.want)
		}
	}
	for _, same := range []string{
		"var a,m=p(()=>{a=g()});m();",                                                // a call
		"var a,m=p(()=>{a=b.c});m();var b;",                                          // a getter
		"var a,m=p(()=>{a=b});m();var b=1;",                                          // a variable that has no value yet
		"var a,m=p(()=>{a=b});m();let b=1;b=2;",                                      // one that changes
		"var a,m=p(()=>{a=class extends b{}});m();var b=g();",                        // a base that may be anything
		"var a,m=p(()=>{a=class{static b=g()}});m();",                                // runs
		"var a,m=p(()=>{a=class{static{g()}}});m();",                                 // runs
		"var a,m=p(()=>{a={[g]:1}});m();",                                            // calls toString
		"var a,m=p(()=>{a={...g}});m();",                                             // calls getters
		"var a,m=p(()=>{a={__proto__:g}});m();",                                      // a prototype
		"var a,m=p(()=>{a=`${g}`});m();",                                             // calls toString
		"var a,m=p(()=>{b=1});m();",                                                  // a global
		"var a,m=p(async()=>{a=1});m();",                                             // waits
		"var a,m=p(e=>{a=1});m();",                                                   // not the bundler's
		"var a,m=p(()=>{a=1});g(m);",                                                 // handed on
		"var a,m=p(()=>{a=1});function x(){return m(),a}",                            // required at any time
		"var a,k=p(()=>{a=1});var m=p(()=>{k();g()});function x(){return m(),n}",     // the same, below
		"var a,k=p(()=>{m();a=1});var b,m=p(()=>{k();b=1});" + late,                  // a circle
		"var a,m=p(()=>{a=1});f(Promise.resolve().then(async()=>(m(),n)),m);",        // handed on
		"var a,m=p(()=>{if(g)a=1});m();",                                             // a statement
		`var a,m=p(()=>{(function(t){t[t.A=0]="A"})(a||(a={}))});m();`,               // a numeric enum
		"var a=new X,m=p(()=>{a.b=1});m();",                                          // a property
		"var a,m=p(()=>{a=[" + strings.Repeat("1,", fewestLateBytes/2) + "1]});m();", // takes time
		"var a,m=p(()=>{a=new RegExp(\"(\")});m();",                                  // may fail
		"var Symbol,a,m=p(()=>{a=Symbol.for(\"x\")});m();",                           // another Symbol
		"var a,m=p(()=>{eval(\"a\");a=1});m();",                                      // eval sees it
	} {
		if got := unwrap(t, same); got != same {
			t.Errorf("%s\nbecame\n%s", same, got)
		}
	}
}

// Every mapping that is left leads to a token of the same place of the source.
func TestMappingsOfLazyModules(t *testing.T) {
	code, list := bundled(t, map[string]string{
		"entry": "import { e } from 'c'\nexport const handler = async () => [e(), (await import('b')).text, await import('c')]\n",
		"b":     "import { e } from 'c'\nexport const text = 'ä\U0001F600', other = () => text + e, late = globalThis.x\nexport class D { f = text }\n",
		"c":     "import { D } from 'd'\nexport function e() { return new F() }\nexport class F extends D { m() { return 'm' } }\nexport const g = /x/\n",
		"d":     "export class D {}\n",
	}, true)
	tree, err := js.Parse([]byte(code))
	if err != nil {
		t.Fatal(err)
	}
	edits := unwrapLazy(Code{Text: []byte(code), Tree: tree, Strict: true, ShortNames: true}, nil)
	r := Result{source: []byte(code)}.apply(edits)
	read := func(code, list string) map[mappings.Mapping]string {
		all, found := tokens(code, list), map[mappings.Mapping]string{}
		mappings.Each(list, func(m mappings.Mapping) {
			at := mappings.Mapping{Source: m.Source, FromLine: m.FromLine, FromColumn: m.FromColumn}
			found[at] += all[0] + "\n"
			all = all[1:]
		})
		return found
	}
	before, after := read(code, list), read(string(r.Code), string(r.Mappings([]byte(list))))
	if len(edits) < 5 || len(after) < 20 {
		t.Fatalf("%d edits, %d mappings of\n%s", len(edits), len(after), r.Code)
	}
	for at, tokens := range after {
		for token := range strings.Lines(tokens) {
			if !strings.Contains("\n"+before[at], "\n"+token) {
				t.Errorf("%+v led to %q, leads to %q in\n%s", at, before[at], token, r.Code)
			}
		}
	}
}

// The passes behind it see plain declarations, and source maps lead to the same tokens.
func TestLazyModulesAreParsedAgain(t *testing.T) {
	code := lazy + `var a,b,m=p(()=>{a="x";b=()=>a});m();export{b};`
	tree, err := js.Parse([]byte(code))
	if err != nil {
		t.Fatal(err)
	}
	r := Run(Code{Text: []byte(code), Tree: tree, Strict: true, ShortNames: true})
	if got := string(r.Code); !strings.HasSuffix(got, `var t=()=>"x";export{t as b};`) {
		t.Errorf("got %s", got)
	}
	if r.Changes[0].Name != "lazy-modules" || r.Changes[0].Bytes >= 0 {
		t.Errorf("%+v", r.Changes)
	}
}
