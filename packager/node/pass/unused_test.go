package pass

import (
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

func TestUnusedCode(t *testing.T) {
	const names = `var dp=Object.defineProperty;var N=(e,t)=>dp(e,"name",{value:t,configurable:!0});`
	for _, test := range []struct{ before, want string }{
		{`class A{}function f(){return new A}f.prototype=A.prototype;g();`, `g();`},
		{`var A=class{};function f(){}f.prototype=A.prototype;g(A);`, `var A=class{};g(A);`},
		{`function f(){}f.a=1,f.b=()=>h();function h(){}g();`, `g();`},
		{`function f(){}function h(){}f.a=1,h.a=2,f.b=3;g(h);`, `function h(){}h.a=2;g(h);`},
		{`function f(){}f.prototype.a=function(){};f.prototype.b=h;function h(){}g();`, `g();`},
		{`var f=()=>1,h=2,i=f;f.a=h;g(h);`, `var h=2;g(h);`},
		{`var h=2,f=()=>1;f.a=h;g(h);`, `var h=2;g(h);`},
		{`var o={a:1};o.b=2;g();`, `g();`},
		{`var k=Symbol.for("k"),o={[k]:1};o.b=k;g();`, `g();`},
		{`class B extends Error{[Symbol.iterator](){}static a=[1,{b:!0}]}B.c=void 0;g();`, `g();`},
		{names + `function f(){}N(f,"f");var h=N(()=>1,"h");f.a=1;g();`, `var dp=Object.defineProperty;g();`},
		{helper + `var w=h((e,t)=>{});function f(){return w()}f.a=1;g();`, `g();`},
		{`function a(){}function b(){return c}function c(){}var o={a:a,b:b,d:()=>1};o.a();`, `function a(){}var o={a:a};o.a();`},
		{`var o={a:()=>1,b:()=>2,c:()=>3};g(o.b);`, `var o={b:()=>2};g(o.b);`},
		{`var o={a:()=>1,b:()=>2};g(()=>o.b());`, `var o={b:()=>2};g(()=>o.b());`},
		{`var o={a(){return this},b:()=>2};g(o.a,new o.b);`, `var o={a(){return this},b:()=>2};g(o.a,new o.b);`},
		{`var o={a:1,b:2};function f(){return o.b}f.x=1;g(o.a);`, `var o={a:1};g(o.a);`},
		{`var o={a:()=>o.b,b:()=>o.c,c:1,d:()=>o.d};g(o.a);`, `var o={a:()=>o.b,b:()=>o.c,c:1};g(o.a);`},
		{`var o={a:()=>1,b:()=>2},p=o.a,q=o.b;g(q);`, `var o={b:()=>2},q=o.b;g(q);`},
		{"var o={a:()=>1,b:()=>2};g(o?.a,`${o.a}`);", "var o={a:()=>1};g(o?.a,`${o.a}`);"},
	} {
		if got := alone(t, analyzer.UnusedCode, test.before); got != test.want {
			t.Errorf("%s\nbecame %s\nwant   %s", test.before, got, test.want)
		}
	}
	for _, same := range []string{
		`function f(){}f.a=1;g(f);`,
		`function f(){}f.a=1;export{f};`,
		`function f(){}f.a=h();g();`,
		`function f(){}f.a=b;g();`,   // not declared
		`function f(){}f.a=b.c;g();`, // may call a getter
		`function f(){}f.a=b;let b=1;g();`,
		`function f(){}f[h]=1;g();`,
		`function f(){}f.name=1;g();`,
		`function f(){}f.__proto__=null;g();`,
		`function f(){}f.a.b=1;g();`,
		`function f(){}f.a+=1;g();`,
		`function f(){}f=h;f.a=1;g();`,
		`f.a=1;var f=()=>1;g();`, // throws
		`var f=h();f.a=1;g();`,
		`class A{static set a(v){g()}}A.a=1;g();`,
		`class A extends B{}A.a=1;class B{}g();`,
		`class A{}A.prototype=1;g();`,
		`class A{set a(v){g()}}A.prototype.a=1;g();`,
		`class A{static{g()}}A.a=1;`,
		`class A{static a=g()}A.a=1;`,
		`class A{[g()]=1}A.a=1;`,
		`function A(){}A.prototype=h;A.prototype.a=1;var h={set a(v){g()}};g();`,
		`var o={set a(v){g()}};o.a=1;`,
		`var o={__proto__:h};o.a=1;g();`,
		`var o={...h};o.a=1;g();`,
		`Object.defineProperty(Function.prototype,"a",{set:g});function f(){}f.a=1;g();`,
		`function f(){}f.a=1;eval("f");`,
		`function f(){}f.a=1,function(){}();g(f);`,

		`var o={a:()=>1,b:()=>2};g(o);`,
		`var o={a:()=>1,b:()=>2};g(o[h]);`,
		`var o={a:()=>1,b:()=>2};g(Object.keys(o),o.a);`,
		`var o={a:()=>1,b:()=>2};g(o.c,o.a);`,
		`var o={a:()=>1,b:()=>2};g(o.hasOwnProperty("b"));`,
		`var o={a(){return this.b()},b(){}};o.a();`,
		`var o={a(){return()=>this},b(){}};o.a();`,
		`var o={a(){return super.x},b(){}};o.a();`,
		"var o={a(){return this},b(){}};o.a`x`;",
		`var o={a:h,b:()=>1};o.a();`,
		`var o={a:f,b:()=>1};o.a();function f(){return this}`,
		`var o={a:f,b:()=>1};f=h;o.a();function f(){}`,
		`var o={a:1,b:2};o.c=3;g(o.a);`,
		`var o={a:1,b:2};o.a++;g(o.a);`,
		`var o={a:1,b:2};[o.a]=h;g(o.a);`,
		`var o={a:1,b:2};({x:o.a=1}=h);g(o.a);`,
		`var o={a:1,b:2};for(o.a of h);g(o.a);`,
		`var o={a:1,b:2};delete o.a;g(o.a);`,
		`var o={a:1,b:2};o=h;g(o.a);`,
		`var o={a:1,b:h()};g(o.a);`,
		`var o={a:1,get b(){return 1}};g(o.a);`,
		`var o={a:1,...h};g(o.a);`,
		`var o={a:1,b:2};export{o};g(o.a);`,
		`var o={a:1,b:2},p=o.a;g(o);`,
		`var p=o.a,o={a:1,b:2};g(o.b);`,
		`var{a:x}=o,o={a:1,b:2};g(o.a);`,
	} {
		if got := alone(t, analyzer.UnusedCode, same); got != same {
			t.Errorf("%s\nbecame %s", same, got)
		}
	}
}
