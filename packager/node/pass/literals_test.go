package pass

import (
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// exporter and common are esbuild's helpers as it minifies them.
const exporter = "var dp=Object.defineProperty;var E=(e,t)=>{for(var n in t)dp(e,n,{get:t[n],enumerable:!0})};"

func TestLiterals(t *testing.T) {
	for _, test := range []struct{ before, want string }{
		{`var a="x";f(a);`, `f("x");`},
		{`var a=1,b=2,c=g();f(a,b);`, `var c=g();f(1,2);`},
		{`var c=g(),a=1,b=2;f(a,b);`, `var c=g();f(1,2);`},
		{`var a=1,c=g(),b=2;f(a,b);`, `var c=g();f(1,2);`},
		{`var a="x";f({a},{b:a},{[a]:1});`, `f({a:"x"},{b:"x"},{["x"]:1});`},
		{`var a=5;var g=()=>a+a;f(g);`, `var g=()=>5+5;f(g);`},
		{`var a=!0;f(a===b);var g=function(){return a};`, `f(!0===b);var g=function(){return !0};`},
		{"var a='x';f(`${a}`,a.length,a[0]);", "f(`${'x'}`,'x'.length,'x'[0]);"},
		{`var a="a long string of one use";f(a);`, `f("a long string of one use");`},
		{`var a=1;function g(){return a}g();`, `function g(){return 1}g();`},
		{`function g(){return a}function h(){return g()}var a=1;h();`, `function g(){return 1}function h(){return g()}h();`},
		{`var g=()=>a;var a=1;g();`, `var g=()=>1;g();`},
		{helper + `var g=h(()=>{f(a)});var a=1;g();`, helper + `var g=h(()=>{f(1)});g();`},
		{exporter + `var x={};E(x,{g:()=>g});module.exports=toC(x);var a=1;function g(){return a}`,
			exporter + `var x={};E(x,{g:()=>g});module.exports=toC(x);function g(){return 1}`},
	} {
		if got := alone(t, analyzer.Literals, test.before); got != test.want {
			t.Errorf("%s\nbecame %s\nwant   %s", test.before, got, test.want)
		}
	}
	for _, same := range []string{
		`f(a);var a=1;`, // undefined
		`function g(){return a}g();var a=1;`,
		`function g(){return a}function h(){return g()}f(h);var a=1;`,
		`var g=()=>a;f(g);var a=1;`,
		`var g=()=>a,b=g(),a=1;`,
		`class C{static b=a}var a=1;`,
		helper + `var g=h(()=>{f(a)});g();var a=1;`,
		exporter + `var x={};E(x,{g:()=>g});f(x);var a=1;function g(){return a}`,
		`var a=1;a=2;f(a);`,
		`var a=1;a++;f(a);`,
		`var a=1;[a]=b;f(a);`,
		`var a=1;for(a of b);f(a);`,
		`var a=1;var a=2;f(a);`,
		`var a=1;var a;f(a);`,
		`var a=1;function a(){}f(a);`,
		`if(b){var a=1}f(a);`,
		`var{a=1}=b;f(a);`,
		`var a=1;export{a};f(a);`,
		`var a=1;eval("a");f(a);`,
		`var a=f(),b=/x/,c=[],d={},e=1+1;g(b,c,d,e);`,
		`var a="a long string of two uses";f(a,a);`,
		`var a="use strict";a;`,
		`var a="x";a();`,
		"var a='x';a`y`;",
		`var a="x";new a;`,
		`var a=1;f(a.toFixed(),b?a:c);`,
		`var a=1;a?.b;f(a?.b);`,
		`var a=!0;f(a.b,-a);`,
		`var a=-1;f(b-a);`,
		`function g(){var a=1;return a}`, // esbuild does that
	} {
		if got := alone(t, analyzer.Literals, same); got != same {
			t.Errorf("%s\nbecame %s", same, got)
		}
	}
}

// The names of constants that have gone are free for others.
func TestLiteralsThenNames(t *testing.T) {
	code := `var aa="x",bb=f(aa);g({aa},bb);`
	tree, err := js.Parse([]byte(code))
	if err != nil {
		t.Fatal(err)
	}
	got := string(Run(Code{Text: []byte(code), Tree: tree, ShortNames: true}).Code)
	if want := `var e=f("x");g({aa:"x"},e);`; got != want {
		t.Errorf("%s became %s, want %s", code, got, want)
	}
}
