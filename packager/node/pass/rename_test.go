package pass

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// alone runs one pass. The tests write names as esbuild never would, so that a change is
// a change.
func alone(t *testing.T, pass, code string, change ...func(*Code)) string {
	t.Helper()
	tree, err := js.Parse([]byte(code))
	if err != nil {
		t.Fatalf("%s: %v", code, err)
	}
	c := Code{Text: []byte(code), Tree: tree, Strict: tree.Module, ShortNames: true, Passes: analyzer.Switches{}}
	for _, p := range passes {
		c.Passes[p.name] = p.name == pass
	}
	for _, f := range change {
		f(&c)
	}
	return string(Run(c).Code)
}

func TestRenameLocals(t *testing.T) {
	for _, test := range []struct{ before, want string }{
		{"function ff(xx,yy){return xx+yy}ff(1)", "function e(e,t){return e+t}e(1)"},
		{"var aa=1;function ff(xx){return xx+aa}", "var e=1;function t(t){return t+e}"},
		{"var aa=1;function ff(xx){return()=>xx+aa}", "var e=1;function t(t){return()=>t+e}"},
		{"var aa=e(xx=>xx+t)", "var n=e(e=>e+t)"},
		{"import{aa as aa,bb}from'x';aa(bb)", "import{aa as aa,bb as e}from'x';aa(e)"},
		{"var ff=function gg(xx){return xx?gg:ff}", "var e=function t(n){return n?t:e}"},
		{"var aa=class BB{static cc=BB;#dd=aa}", "var e=class t{static cc=t;#dd=e}"},
		{"f({aa:1});function gg({aa,bb:cc=aa,dd=2,...ee}){return{aa,cc,dd,ee}}",
			"f({aa:1});function e({aa:e,bb:t=e,dd:n=2,...r}){return{aa:e,cc:t,dd:n,ee:r}}"},
		{"var{aa,bb=1}=x;({aa,bb=2}=y);[aa]=z", "var{aa:e,bb:t=1}=x;({aa:e,bb:t=2}=y);[e]=z"},
		{"aa:for(var bb of x)for(;;)continue aa", "aa:for(var e of x)for(;;)continue aa"},
		{"try{x()}catch(aa){let bb=aa;y(bb)}", "try{x()}catch(e){let t=e;y(t)}"},
		{"try{x()}catch(aa){let bb=1;y(bb)}", "try{x()}catch(e){let t=1;y(t)}"},
		{"try{x()}catch(aa){{let bb=1;y(bb)}}", "try{x()}catch(e){{let e=1;y(e)}}"},
		{"function aa(bb){with(bb){aa;cc}}", "function aa(e){with(e){aa;cc}}"},
		{"for(let aa=0,bb;aa<9;aa++){let cc=aa;f(()=>cc+bb)}", "for(let e=0,t;e<9;e++){let n=e;f(()=>n+t)}"},
		{"switch(x){case 1:let aa;case 2:aa}", "switch(x){case 1:let e;case 2:e}"},
		{"var aa=(xx,yy=xx)=>(xx),bb=((aa))", "var e=(e,t=e)=>(e),t=((e))"},
		{"var aa=async xx=>xx,bb=async(xx)=>{await xx}", "var e=async e=>e,t=async(e)=>{await e}"},
		{"import aa,{bb,cc as dd}from'm';import*as ee from'n';export{aa,bb as ff};dd(ee)",
			"import e,{bb as t,cc as n}from'm';import*as r from'n';export{e as aa,t as ff};n(r)"},
		{"class AA{constructor(bb){this.bb=bb}get cc(){return AA}static{let dd=1;f(dd)}}",
			"class e{constructor(e){this.bb=e}get cc(){return e}static{let e=1;f(e)}}"},
		{"async function*aa(){}function*bb(){yield*aa()}", "async function*e(){}function*t(){yield*e()}"},
		{"f(function(xx){eval('1')},yy=>yy)", "f(function(xx){eval('1')},e=>e)"},
		{"function ff(xx){return`${xx}`+typeof xx}", "function e(e){return`${e}`+typeof e}"},
		{"function ff(xx){'use strict';if(xx){function gg(){}return gg}}", "function e(e){'use strict';if(e){function e(){}return e}}"},
	} {
		if got := alone(t, analyzer.RenameLocals, test.before); got != test.want {
			t.Errorf("%s\nbecame %s\nwant   %s", test.before, got, test.want)
		}
	}
}

// What the tree does not show of names: nothing changes.
func TestRenameLocalsLeavesAlone(t *testing.T) {
	for _, same := range []string{
		"var aa=1;function bb(cc){eval('aa+cc')}",
		"var aa=1;(()=>{eval?.('1');(eval)('aa')})()",
		"{function aa(){}}aa()",
		"function aa(){{function bb(){}}bb()}var bb;switch(1){case 1:function aa(){}}",
		"try{f()}catch(aa){var aa=1;g(aa)}",
		"var aa=1;(function(e=()=>aa){var aa=2;return e})()",
		`var \u0061a=1;aa++`,
		"var arguments=1;arguments",
		"var __proto__=1;f({__proto__})",
		"export var aa=1;export function bb(){}export class cc{}",
		"export const{aa,bb:[cc]}=x",
		"f(this.aa,x.bb,{cc:1,dd(){}},'aa');undefined;NaN;Infinity",
	} {
		if got := alone(t, analyzer.RenameLocals, same); got != same {
			t.Errorf("%s\nbecame %s", same, got)
		}
	}
	long := "function ff(xx){return xx}"
	if got := alone(t, analyzer.RenameLocals, long, func(c *Code) { c.ShortNames = false }); got != long {
		t.Errorf("the names of code that is not minified became %s", got)
	}
}

// Names of several variables of one scope do not run into words of the language.
func TestShortNames(t *testing.T) {
	n := newShortNames()
	seen := map[string]bool{}
	for i := range int32(300_000) {
		text := n.at(i)
		if seen[text] {
			t.Fatalf("%s comes twice", text)
		}
		seen[text] = true
		if at := n.place(text); len(text) <= maxShort && at != i {
			t.Fatalf("%s is at %d, not at %d", text, i, at)
		}
	}
	for _, word := range []string{"do", "if", "in", "for", "let", "new", "try", "var"} {
		if !n.reserved[n.place(word)] {
			t.Errorf("a variable may get the name %s", word)
		}
	}
	if len(n.at(maxVariables)) > maxShort {
		t.Errorf("%s is longer than what is compared", n.at(maxVariables))
	}
}

// Renaming goes together with the passes that write names themselves.
func TestRenameLocalsBesideOtherPasses(t *testing.T) {
	all := func(code string, strict bool, change func(*Code)) string {
		tree, err := js.Parse([]byte(code))
		if err != nil {
			t.Fatal(err)
		}
		c := Code{Text: []byte(code), Tree: tree, Strict: strict, ShortNames: true, Passes: analyzer.Switches{analyzer.UnusedCode: false}}
		if change != nil {
			change(&c)
		}
		return string(Run(c).Code)
	}
	got := all(helper+"var aa=h((ee,tt)=>{tt.exports=function ff(nn){return nn?arguments.callee(nn-1):xx=1}});aa();", true, nil)
	want := "var e=(e,t)=>()=>{try{return t||e((t={exports:{}}).exports,t),t.exports}catch(e){throw t=0,e}};" +
		"var t=e(function(e,t){t.exports=function ff(e){return e?ff(e-1):globalThis.xx=1}});t();"
	if got != want {
		t.Errorf("became %s\nwant   %s", got, want)
	}

	names := `var dd=Object.defineProperty,nn=(ee,tt)=>dd(ee,"name",{value:tt,configurable:!0});` +
		`function ff(xx){return xx}nn(ff,"ff");var gg=nn(yy=>yy,"gg"),hh=nn(()=>gg,"hh");class kk{static{nn(this,"kk")}}`
	for keep, want := range map[Keep]string{
		KeepNone:     `function n(e){return e}var r=e=>e,i=()=>r;class a{}`,
		KeepByHelper: `function n(e){return e}t(n,"ff");var r=t(e=>e,"gg"),i=t(()=>r,"hh");class a{static{t(this,"kk")}}`,
		KeepByItself: `function ff(e){return e}var n={gg:e=>e}.gg,r={hh:()=>n}.hh;class kk{}`,
	} {
		got := all(names, true, func(c *Code) {
			c.Origins, c.Passes = mapped(t, names), analyzer.Switches{analyzer.Names: false, analyzer.UnusedCode: false}
			c.Keep = func(string) Keep { return keep }
		})
		if want = `var e=Object.defineProperty,t=(t,n)=>e(t,"name",{value:n,configurable:!0});` + want; got != want {
			t.Errorf("became %s\nwant   %s", got, want)
		}
	}
	got = all(names, true, func(c *Code) {
		c.Origins, c.Keep = mapped(t, names), func(string) Keep { return KeepByHelper }
	})
	want = `var e=Object.defineProperty,t=(t,n)=>e(t,"name",{value:n,configurable:!0});` +
		`function n(e){return e}var gg=e=>e,hh=()=>gg;class r{static{t(this,"kk")}}`
	if got != want {
		t.Errorf("where a variable gives a function its name: became %s\nwant   %s", got, want)
	}
}

// mapped are the origins of code without mappings.
func mapped(t *testing.T, code string) *Origins {
	t.Helper()
	o, err := NewOrigins([]byte(code), []byte(`{"version":3,"sources":[],"names":[],"mappings":""}`))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// Programs print the same with their variables renamed.
func TestRenamedProgramsPrintTheSame(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip(err)
	}
	for _, program := range []string{
		"var ff=function gg(nn){return nn?nn*gg(nn-1):1};console.log(ff(5))",
		"var aa=1;function ff(bb,cc=()=>aa){var aa=bb;return[aa,cc()]}console.log(ff(2))",
		"function ff(aa){try{throw 1}catch(aa){var aa=2}return aa}console.log(ff(3))",
		"console.log(typeof aa);{function aa(){}}console.log(typeof aa)",
		"var e=1,t=2;with({e:3}){console.log(e+t)}",
		"function ff(xx){var yy=2;return eval('xx+yy')}console.log(ff(1))",
		"var aa=[];for(let ii=0;ii<3;ii++)aa.push(()=>ii);console.log(aa.map(ff=>ff()))",
		"class AA{static bb=()=>AA;#cc=1;dd(){return this.#cc}}console.log(AA.bb()===AA,new AA().dd())",
		"function ff(aa,bb){arguments[0]=9;return[aa,bb,arguments.length]}console.log(ff(1,2))",
		"var{aa,bb:{cc=aa}={}}={aa:4};console.log(JSON.stringify({aa,cc}))",
		"var xx=1;{let xx=2;{var yy=xx}console.log(xx)}console.log(xx,yy)",
		"aa:for(var aa=0;aa<3;aa++)for(;;){if(aa)break aa;continue aa}console.log(aa)",
		"function outer(){return inner();function inner(){return late}var late=1}console.log(outer())",
	} {
		var printed []string
		for _, code := range []string{program, alone(t, analyzer.RenameLocals, program)} {
			name := filepath.Join(t.TempDir(), "program.cjs")
			if err := os.WriteFile(name, []byte(code), 0o644); err != nil {
				t.Fatal(err)
			}
			out, err := exec.Command("node", name).CombinedOutput()
			if err != nil {
				t.Fatalf("%s: %s", code, out)
			}
			printed = append(printed, strings.TrimSpace(string(out)))
		}
		if printed[0] != printed[1] {
			t.Errorf("%s\nprinted %s, as %s\nprinted %s", program, printed[0], alone(t, analyzer.RenameLocals, program), printed[1])
		}
	}
}
