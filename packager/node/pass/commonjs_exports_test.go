package pass

import (
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer/js"
)

// toESMHelper is esbuild's __toESM as it is minified, with what it needs.
const toESMHelper = `var i=Object.create,s=Object.defineProperty,a=Object.getPrototypeOf,c=()=>{},` +
	`l=(n,r,o)=>(o=n!=null?i(a(n)):{},c(r||!n||!n.__esModule?s(o,"default",{value:n,enumerable:!0}):o,n));f(l);`

func TestCommonJSExports(t *testing.T) {
	const marked = `Object.defineProperty(e,"__esModule",{value:!0});`
	for _, test := range []struct{ before, after string }{
		{`var q=h(e=>{e.a=1;e.b=2});f(q().a);`, `var q=h(e=>{e.a=1;});f(q().a);`},
		{`var q=h(e=>{e.a=1,e.b=2,e.c=3});f(q().b);`, `var q=h(e=>{e.b=2});f(q().b);`},
		{`var q=h(e=>{e.a=e.b=e.c=void 0;e.a=z;function z(){}function y(){}e.b=y});f(q().a);`, `var q=h(e=>{e.a=void 0;e.a=z;function z(){}});f(q().a);`},
		{`var q=h(e=>{function z(){return y()}function y(){return z()}e.b=z;e.a=1});var r=q();f(r.a);`, `var q=h(e=>{e.a=1});var r=q();f(r.a);`},
		{`var p=h(e=>{e.x=1}),q=h(e=>{e.b=()=>p().x;e.a=1});var{a:r}=q();f(r);`, `var p,q=h(e=>{e.a=1});var{a:r}=q();f(r);`},
		{`var q=h(e=>{const z={},y=[z];let x=class{m(){}};e.b=y;e.c=x;e.a=1});f(q().a);`, `var q=h(e=>{e.a=1});f(q().a);`},
		{`var q=h(e=>{const z={},y=1;e.b=z;e.a=y});f(q().a);`, `var q=h(e=>{const z=0,y=1;e.a=y});f(q().a);`},
		{`var q=h((e,t)=>{t.exports={a:1,b(){},c:z,get d(){return z()}};function z(){}});f(q().a);`, `var q=h((e,t)=>{t.exports={a:1};});f(q().a);`},
		{`var q=h((e,t)=>{t.exports.a=1;t.exports.b=2});f(q().a);`, `var q=h((e,t)=>{t.exports.a=1;});f(q().a);`},
		{`var q=h(e=>{Object.defineProperty(e,"b",{enumerable:!0,get:function(){return z.b}});e.a=1;var z=g()});f(q().a);`, `var q=h(e=>{e.a=1;var z=g()});f(q().a);`},
		{`var q=h(e=>{` + marked + `e.a=1;e.default=2;e.b=3});var r=l(q());f(r.a);`, `var q=h(e=>{` + marked + `e.a=1;});var r=l(q());f(r.a);`},
		{`var q=h(e=>{` + marked + `e.a=1;e.default=2});var r=l(q());f((0,r.default)());`, `var q=h(e=>{` + marked + `e.default=2});var r=l(q());f((0,r.default)());`},
		{`var q=h(e=>{e.a=1;e.b=2});var r=l(q(),1);f(r.default.a);`, `var q=h(e=>{e.a=1;});var r=l(q(),1);f(r.default.a);`},
		{
			`var q=h(e=>{` + marked + `e.default=1;e.b=2}),p=h(e=>{var d=function(e){return e&&e.__esModule?e:{default:e}},z=d(q());e.a=()=>z.default});f(p().a);`,
			`var q=h(e=>{` + marked + `e.default=1;}),p=h(e=>{var d=function(e){return e&&e.__esModule?e:{default:e}},z=d(q());e.a=()=>z.default});f(p().a);`,
		},
		{`var q=h(e=>{e.a=function(){return e.b};e.b=1;e.c=2});f(q().a);`, `var q=h(e=>{e.a=function(){return e.b};e.b=1;});f(q().a);`},
		{`var q=h(e=>{e.a=()=>1;e.b=1});q().a();`, `var q=h(e=>{e.a=()=>1;});q().a();`},
		{`var q=h(e=>{x=e.b=e.c=1;e.a=1});f(q().a,x);`, `var q=h(e=>{x=1;e.a=1});f(q().a,x);`},

		{`var q=h(e=>{e.b=1,function(){g()}(),e.c=2,e.a=3});f(q().a);`, `var q=h(e=>{0,function(){g()}(),e.a=3});f(q().a);`},

		{`var q=h(e=>{e.a=function(){return this.b};e.b=1});q().a();`, ``},
		{`var q=h(e=>{e.a=z.a;e.b=1;var z=g()});q().a();`, ``},
		{`var q=h(e=>{e.a=1;e.b=2});q().hasOwnProperty(k);f(q().a);`, ``},
		{`var q=h(e=>{e.a=1;e.b=2});f(q());`, ``},
		{`var q=h(e=>{e.a=1;e.b=2});f(q()[k]);`, ``},
		{`var q=h(e=>{e.a=1;e.b=2});var{a:r,...o}=q();f(r,o);`, ``},
		{`var q=h(e=>{e.a=1;e.b=2});var r=q();f({r});`, ``},
		{`var q=h(e=>{e.a=1;e.b=2});var r=q();r=g();f(r.a);`, ``},
		{`var q=h(e=>{e.a=1;e.b=2});q().c=3;f(q().a);`, ``},
		{`var q=h(e=>{e.a=1;e.b=2});f("b"in q(),q().a);`, ``},
		{`var q=h(e=>{e.a=1;e.b=2});f(q().a);module.exports=q();`, ``},
		{`var q=h(e=>{e.a=1;e.b=2});f(l(q()));`, ``},
		{`var q=h(e=>{e.a=1;e.b=2});var r=l(q());f(r.default);`, ``},
		{`var q=h(e=>{` + marked + `e.a=1;e.default=2});var r=l(q(),1);f(r.default);`, ``},
		{`var q=h(e=>{e.a=1;e.b=g();e.c=z.c});f(q().a);`, ``},
		{`var q=h(e=>{e.a=1;e.b=z;let z=1});f(q().a);`, ``},
		{`var q=h(e=>{e.a=1;e.b=2;Object.keys(e)});f(q().a);`, ``},
		{`var q=h(e=>{e.a=1;e[k]=2;e.b=3});f(q().a);`, ``},
		{`var q=h(e=>{e.a=1;e.b=2;g(e)});f(q().a);`, ``},
		{`var q=h((e,t)=>{e.a=1;t.exports={a:2,b:3}});f(q().a);`, ``},
		{`var q=h((e,t)=>{t.exports={a:2,...z};var z={b:1}});f(q().a);`, ``},
		{`var q=h((e,t)=>{t.exports=z;e.a=1;function z(){}});f(q().a);`, ``},
		{`var q=h(e=>{e.a=1;e.b=2;eval("e.b")});f(q().a);`, ``},
		{"var q=h(e=>{e.a=1;e.b=`\n`});f(q().a);", ``},
		{`var q=h(e=>{if(k)e.b=2;e.a=1});f(q().a);`, ``},
		{`var q=h(e=>{class z extends y{}e.a=1;e.b=class extends y{};e.c=class{static d=g()};var y=z});f(q().a);`, ``},
	} {
		want := test.after
		if want == "" {
			want = test.before
		}
		if got := dropped(t, helper+toESMHelper+test.before); got != helper+toESMHelper+want {
			t.Errorf("%s\nbecame %s\nwant   %s", test.before, strings.TrimPrefix(got, helper+toESMHelper), want)
		}
	}
}

// dropped is a code after the pass alone.
func dropped(t *testing.T, code string) string {
	t.Helper()
	tree, err := js.Parse([]byte(code))
	if err != nil {
		t.Fatal(err)
	}
	edits := dropUnusedExports(&bundle{Code: Code{Text: []byte(code), Tree: tree, ShortNames: true}, wrappers: findWrappers(tree), cut: map[*js.Node]bool{}})
	after := js.Apply([]byte(code), edits)
	if _, err := js.Parse([]byte(after)); err != nil {
		t.Errorf("%s does not parse: %v", after, err)
	}
	return after
}
