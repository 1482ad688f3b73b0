package pass

import (
	"slices"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/mappings"
)

// helper and lazy are esbuild's helpers as it minifies them.
const (
	helper = "var h=(e,t)=>()=>{try{return t||e((t={exports:{}}).exports,t),t.exports}catch(r){throw t=0,r}};"
	lazy   = "var p=(e,t,r)=>()=>{if(r)throw r[0];try{return e&&(t=e(e=0)),t}catch(n){throw r=[n],n}};"
)

func run(t *testing.T, code string, strict bool) Result {
	t.Helper()
	tree, err := js.Parse([]byte(code))
	if err != nil {
		t.Fatal(err)
	}
	return Run(Code{Text: []byte(code), Tree: tree, Strict: strict})
}

func TestWrappersBecomeFunctions(t *testing.T) {
	for _, test := range []struct{ before, want string }{
		{"var a=h((e,t)=>{t.exports=1});", "var a=h(function(e,t){t.exports=1});"},
		{"var a=h(()=>{x()}),b=1;", "var a=h(function(){x()}),b=1;"},
		{"var a=h(e=>{e.a=1});", "var a=h(function(e){e.a=1});"},
		{"var q,a=p(()=>{q=1});", "var q,a=p(function(){q=1});"},
		{"var a=p(async()=>{await x});", "var a=p(async function(){await x});"},
		{"var a=h(e=>{function f(){return this+arguments}});", "var a=h(function(e){function f(){return this+arguments}});"},
		{"var a=h(e=>{class C{x=this;m(){super.m()}}});", "var a=h(function(e){class C{x=this;m(){super.m()}}});"},
		{"var a=h(e=>{return(x)});", "var a=h(function(e){return(x)});"},
	} {
		if got := string(run(t, helper+lazy+test.before, false).Code); got != helper+lazy+test.want {
			t.Errorf("%s became %s", test.before, strings.TrimPrefix(got, helper+lazy))
		}
	}
	for _, same := range []string{
		"var a=h(e=>{this.x=1});",
		"var a=h(e=>{(()=>arguments[0])()});",
		"var a=h(e=>{class C extends this.B{}});",
		"var a=h(e=>{class C{[this.x](){}}});",
		"var a=h(e=>{()=>new.target});",
		"var a=h(e=>{eval('this')});",
		"var a=h(e=>e.a=1);",
		"var a=h(function(e){});",
		"var a=h((e=1)=>{});",
		"var a=h(e=>{},1);",
		"var a=g(e=>{});",
		"f(()=>h(e=>{}));",
		"return_(h)(e=>{});",
	} {
		if got := string(run(t, helper+lazy+same, false).Code); got != helper+lazy+same {
			t.Errorf("%s became %s", same, strings.TrimPrefix(got, helper+lazy))
		}
	}
	other := "var h=(e,t)=>()=>{try{return t||e.call(1,(t={exports:{}}).exports,t),t.exports}catch(r){throw t=0,r}};var a=h(e=>{});"
	if got := string(run(t, other, false).Code); got != other {
		t.Errorf("another helper: %s", got)
	}
}

// The wrappers of a finished bundle are found after the passes have renamed what is in the
// helpers, and where the code was not minified.
func TestWrappersOfFinishedBundles(t *testing.T) {
	code := string(run(t, helper+lazy+"var a=h((e,t)=>{t.exports=1}),b=p(()=>{q=1}),c=h(e=>{this.x=1}),d=g(()=>{});", false).Code) +
		`var e=(e,t)=>()=>{try{return t||e((t={exports:{}}).exports,t),t.exports}catch(e){throw t=0,e}};var i=e(function(e){e.b=1});` +
		`var j=__commonJS({"j.js"(exports){k()}}),l=__esm2({"l.js"(){m()}}),n=__export({"n.js"(){o()}});`
	tree, err := js.Parse([]byte(code))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range Wrappers(tree) {
		got = append(got, code[w.Code.Start:w.Code.End])
		if body := code[w.Body.X.Start:w.Body.X.End]; !strings.HasPrefix(body, "{") || !strings.HasSuffix(body, "}") {
			t.Error(body)
		}
	}
	want := []string{
		"function(e,t){t.exports=1}", "function(){q=1}", "e=>{this.x=1}", "function(e){e.b=1}", `{"j.js"(exports){k()}}`, `{"l.js"(){m()}}`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSloppyCodeInStrictMode(t *testing.T) {
	before := func(body string) string { return helper + "var a=h(e=>{" + body + "});" }
	module := func(body string) string { return helper + "var a=h(function(e){" + body + "});" }
	for _, test := range []struct{ before, want string }{
		{"x=1", "globalThis.x=1"},
		{"for(k in e);", "for(globalThis.k in e);"},
		{"for(k of e);", "for(globalThis.k of e);"},
		{"[x,,...y]=e", "[globalThis.x,,...globalThis.y]=e"},
		{"({x,y:z=2,w=3}=e)", "({x:globalThis.x,y:globalThis.z=2,w:globalThis.w=3}=e)"},
		{"(()=>{x=1})()", "(()=>{globalThis.x=1})()"},
		{"!function(){this.x=1}()", "!function(){globalThis.x=1}()"},
		{"e.f=function(n){return n&&arguments.callee(n-1)}", "e.f=function called(n){return n&&called(n-1)}"},
		{"function f(){return(()=>arguments.callee)()}", "function f(){return(()=>f)()}"},
		{"function f(a,b){a=a||{};return e(arguments)}",
			"function f(a,b){a=(x=>arguments.length>0?arguments[0]=x:x)(a||{});return e(arguments)}"},
		{"function f(a,b){b||=1;return[arguments[1],arguments.length]}",
			"function f(a,b){b||=(x=>arguments.length>1?arguments[1]=x:x)(1);return[arguments[1],arguments.length]}"},
		{"e.f=function(a){return(()=>{a=(1,2);return[...arguments]})()}",
			"e.f=function(a){return(()=>{a=(x=>arguments.length>0?arguments[0]=x:x)((1,2));return[...arguments]})()}"},
		{"(function f(){f=1,f+=2,f++;for(f in e);(()=>{f=3})()})()", "(function f(){[f][0]=1,[f][0]+=2,[f][0]++;for([f][0] in e);(()=>{[f][0]=3})()})()"},
		{"var r=function(){return(()=>this)()}()", "var r=function(){return(()=>globalThis)()}()"},
	} {
		if got := string(run(t, before(test.before), true).Code); got != module(test.want) {
			t.Errorf("%s became %s", test.before, strings.TrimPrefix(got, helper))
		}
		if got := string(run(t, before(test.before), false).Code); got != module(test.before) {
			t.Errorf("outside strict mode %s became %s", test.before, strings.TrimPrefix(got, helper))
		}
	}
	for _, same := range []string{
		"var x;x=1", "function f(x){x=1}", "let k;for(k in e);", "for(var k in e);", "x+=1", "x++", "x??=1", "e.x=1", "exports=e", "require=1",
		"'use strict';x=1", "function f(){'use strict';x=1}", "class C{static{x=1}}", "var r=function(){return this}.call(e)",
		"new function(){this.x=1}", "function f(){return this}f()", "!function(){'use strict';this.x=1}()", "!function(){function g(){this.x=1}}()",
		"function f(a){a=1;return arguments.length}", "function f(a,b){a=1;return arguments[1]}", "function f(a=2){a=1;return arguments}",
		"function f(...a){a=1;return arguments}", "function f(a){'use strict';a=1;return arguments}", "function f(a){return()=>{let a;a=1;e(arguments)}}",
		"function f(a){return function(){a=1;return arguments}}", "function f(a,arguments){a=1;return arguments}", "function f(a){var b;b=1;e(arguments)}",
		"function f(a){[a=1]=e;return arguments}", "function f(a){return(a=1)=>arguments}",
		"function f(){f=1}", "e=function f(){var f;f=1}", "e=function f(f){f=1}", "e=function f(){'use strict';f=1}", "e=function f(){{let f;f=1}}",
		"e=function f(){function f(){}f=1}", "e=function f(){for(var f of e)f=1}", "e=function f(){var{a:f}=e;f=1}",
		"function f(f){return arguments.callee}", "e={m(){return arguments.callee}}", "function f(){'use strict';arguments.callee}",
	} {
		if got := string(run(t, before(same), true).Code); got != module(same) {
			t.Errorf("%s became %s", same, strings.TrimPrefix(got, helper))
		}
	}
	outside := helper + "x=1;!function(){this.y=1}();var a=p(()=>{z=1});"
	if got := string(run(t, outside, true).Code); got != outside {
		t.Errorf("code that is strict in its source became %s", got)
	}
}

// Every mapping of a bundle leads to the same token before and after the passes.
func TestMappingsLeadToTheSameTokens(t *testing.T) {
	modules := map[string]string{
		"entry": "import a from 'a'\nimport b from 'b'\nexport const handler = async () => [a, b, await import('c'), '\U0001F600', ünï()]\n" +
			"const ünï = () => globalThis.x\n",
		"a": "exports.a = 1; x = 'ä\U0001F600'; exports.b = require('b'); exports.c = require('c').c\n",
		"b": "module.exports = function () { return this }\nvar root = (function () { return this })()\nmodule.exports.root = root\n",
		"c": "export const c = 'c'\nexport function d() { return c }\n",
	}
	for _, minify := range []bool{true, false} {
		code, mappings := bundled(t, modules, minify)
		r := run(t, code, true)
		if len(r.Changes) == 0 {
			t.Fatalf("nothing has changed in\n%s", code)
		}
		before := tokens(code, mappings)
		tree, _ := js.Parse([]byte(code))
		renamed := Run(Code{Text: []byte(code), Tree: tree, Strict: true, ShortNames: true})
		for i, got := range tokens(string(renamed.Code), string(renamed.Mappings([]byte(mappings)))) {
			want := before[i]
			if word := words.FindString(want) != ""; minify && got != want && (!word || words.FindString(got) == "") {
				t.Errorf("with other names, mapping %d led to %q, leads to %q", i, want, got)
			}
		}
		after := tokens(string(r.Code), string(r.Mappings([]byte(mappings))))
		if len(before) < 40 || len(before) != len(after) {
			t.Fatalf("%d mappings, then %d", len(before), len(after))
		}
		for i := range before {
			want := before[i]
			if want == "this" && after[i] == "globalThis" {
				continue
			}
			if after[i] != want {
				t.Errorf("mapping %d led to %q, leads to %q", i, want, after[i])
			}
		}
	}
}

// bundled bundles modules, and returns the code and the mappings of its source map.
func bundled(t *testing.T, modules map[string]string, minify bool) (code, mappings string) {
	t.Helper()
	result := api.Build(api.BuildOptions{
		EntryPoints: []string{"entry"}, Bundle: true, Write: false, Outdir: "out", Format: api.FormatESModule, Platform: api.PlatformNode,
		MinifyWhitespace: minify, MinifyIdentifiers: minify, MinifySyntax: minify, Sourcemap: api.SourceMapExternal,
		Charset: api.CharsetUTF8,
		Plugins: []api.Plugin{{Name: "modules", Setup: func(build api.PluginBuild) {
			build.OnResolve(api.OnResolveOptions{Filter: "."}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
				return api.OnResolveResult{Path: args.Path, Namespace: "made"}, nil
			})
			build.OnLoad(api.OnLoadOptions{Filter: ".", Namespace: "made"}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
				text := modules[args.Path]
				return api.OnLoadResult{Contents: &text}, nil
			})
		}}},
	})
	if len(result.Errors) > 0 {
		t.Fatal(result.Errors)
	}
	for _, f := range result.OutputFiles {
		if strings.HasSuffix(f.Path, ".map") {
			_, rest, _ := strings.Cut(string(f.Contents), `"mappings": "`)
			mappings, _, _ = strings.Cut(rest, `"`)
		} else {
			code = string(f.Contents)
		}
	}
	return code, mappings
}

// tokens are what each mapping leads to: a word, or one character.
func tokens(code, list string) []string {
	var found []string
	lines := strings.Split(code, "\n")
	for n, line := range strings.Split(list, ";") {
		column := 0
		for _, segment := range strings.Split(line, ",") {
			if segment == "" {
				continue
			}
			delta, _, _ := mappings.ReadVLQ(segment, 0)
			column += delta
			found = append(found, tokenAt(lines[n], column))
		}
	}
	return found
}

func tokenAt(line string, column int) string {
	at := 0
	for i, c := range line {
		if at >= column {
			rest := line[i:]
			if word := words.FindStringIndex(rest); word != nil && word[0] == 0 {
				return rest[:word[1]]
			}
			return string([]rune(rest)[:1])
		}
		at += length([]byte(string(c)))
	}
	return "the end"
}
