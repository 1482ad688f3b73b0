package pass

import (
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/inputtest"
	"github.com/featherpack/featherpack/analyzer/js"
)

// What the passes make of code that parses parses too.
func FuzzRun(f *testing.F) {
	for _, code := range []string{
		helper + lazy + "var a=h((e,t)=>{t.exports=1}),b=p(()=>{q=1});a();b()",
		helper + "var a=h((e,t)=>{Object.defineProperty(e,'__esModule',{value:!0});e.b=e.c=1;function f(){return this+arguments}}),n=a();n.b",
		"const x=\"0123456789012345678901234567890123456789\";f(x,x,x);var t={a:1,b:[x,'\\u2028']};export{t}",
		"function first(second,third){return(()=>second+third)()}class A{static{this.#b=1}#b}label:for(;;)break label",
	} {
		f.Add([]byte(code), true)
		f.Add([]byte(code), false)
	}
	f.Fuzz(func(t *testing.T, code []byte, strict bool) {
		tree, err := js.Parse(code)
		if err != nil {
			return
		}
		defer inputtest.Bound(t)()
		r := Run(Code{Text: code, Tree: tree, Strict: strict || tree.Module, OneByte: true, ShortNames: strict, Passes: analyzer.Switches{}})
		if _, err := js.Parse(r.Code); err != nil {
			t.Errorf("%q became %q: %v", code, r.Code, err)
		}
	})
}

// Origins answer for every place of a code, whatever its source map says.
func FuzzOrigins(f *testing.F) {
	f.Add([]byte("var a=1;\nb(\"\u00e9\")"), []byte(`{"sources":["a.js"],"names":["first"],"mappings":"AAAA,IAAMA,EAAI;AACV"}`))
	f.Add([]byte("a"), []byte(`{"sources":[],"mappings":"AAggggggE,CADDDD"}`))
	f.Fuzz(func(t *testing.T, code, sourceMap []byte) {
		defer inputtest.Bound(t)()
		o, err := NewOrigins(code, sourceMap)
		if err != nil {
			return
		}
		for at := range min(len(code)+1, 1000) {
			o.Source(at)
			o.Name(at)
		}
	})
}
