package pass

import (
	"testing"

	"github.com/featherpack/featherpack/analyzer/js"
)

func TestLocals(t *testing.T) {
	for source, want := range map[string]string{
		"function outer(first,second){const sum=first+second;return sum}":                   "function outer(e,t){const n=e+t;return n}",
		"exports.a=function(value){let twice=value*2;return{value,twice}}":                  "exports.a=function(e){let t=e*2;return{value:e,twice:t}}",
		"const top=1;exports.a=(value)=>top+value":                                          "const top=1;exports.a=(e)=>top+e",
		"(function(global,factory){factory(exports)})(this,function(exports){exports.a=1})": "(function(global,e){e(exports)})(this,function(exports){exports.a=1})",
		"(()=>{function inner(value){return value}exports.a=inner})()":                      "(()=>{function inner(e){return e}exports.a=inner})()",
		"(()=>{class Inner{set(value){this.v=value}}exports.a=Inner})()":                    "(()=>{class Inner{set(e){this.v=e}}exports.a=Inner})()",
		"(()=>{const named=()=>{},other=(function(){});let later;later=class{}})()":         "(()=>{const named=()=>{},other=(function(){});let later;later=class{}})()",
		"(()=>{const plain=named=>named,named=function own(){}})()":                         "(()=>{const plain=e=>e,e=function own(){}})()",
		"((value=()=>{},{other=class{}})=>[value,other])()":                                 "((value=()=>{},{other=class{}})=>[value,other])()",
		"exports.a=function(value){eval('value')}":                                          "exports.a=function(value){eval('value')}",
		"exports.a=function(value){with(value)return other}":                                "exports.a=function(e){with(e)return other}",
	} {
		tree, err := js.Parse([]byte(source))
		if err != nil {
			t.Fatal(err)
		}
		if got := js.Apply([]byte(source), Locals(tree)); got != want {
			t.Errorf("%s\nbecomes %s\nwant    %s", source, got, want)
		}
	}
}
