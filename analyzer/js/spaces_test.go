package js

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
)

func TestDense(t *testing.T) {
	for _, test := range []struct{ source, want string }{
		{"", ""},
		{"// only a comment", ""},
		{"a = 1 ; b = 2", "a=1;b=2"},
		{"a = 1\n  b = 2\n", "a=1\nb=2"},
		{"/* one */ a /* two\nlines */ ()", "a\n()"},
		{"/*! notice */\r\n\r\n  a // x\r\nb", "\n\na\nb"},
		{"return_ a", ""}, // no program
		{"(function () { return /* none */ a })()", "(function(){return a})()"},
		{"(function () { return /* a\nline */ a })()", "(function(){return\na})()"},
		{"a + +b - -c - --d + ++e", "a+ +b- -c- --d+ ++e"},
		{"a ++ + b", "a++ +b"},
		{"a / b / /c d/g.exec(e)", "a/ b/ /c d/g.exec(e)"},
		{"a = /[/]  *  [*]/ ; b", "a=/[/]  *  [*]/;b"},
		{"/a/ in b", "/a/ in b"},
		{"1 .toFixed(); 1. .toFixed(); a .b", "1 .toFixed();1. .toFixed();a .b"},
		{"a ? .5 : b", "a?.5:b"},
		{"a < !--b; c-- > d; e<! --f", "a< !--b;c-- >d;e<! --f"},
		{"`a  ${ b /* c */ }  d`  ", "`a  ${b}  d`"},
		{"`a ${ `b  ${ c }` } //d`", "`a ${`b  ${c}`} //d`"},
		{"'a  \\\n  b' // c", "'a  \\\n  b'"},
		{"x = ( a , b ) => { }\n;[ 1 ]", "x=(a,b)=>{}\n;[1]"},
		{"#!/usr/bin/env node\n// x\na", "#!/usr/bin/env node\n\na"},
		{"class A { static #b = 1 ; get #c ( ) { return #b in this } }", "class A{static #b=1;get #c(){return #b in this}}"},
		{"a\u2028b\u00a0= c", "a\nb=c"},
		{"\ufeffa", "a"},
		{"async (a) => { for await (const b of a) yield_ (b) }", "async(a)=>{for await(const b of a)yield_(b)}"},
		{"import { a } from 'a'\nexport { a as default }", "import{a}from'a'\nexport{a as default}"},
		{"a\n<!-- b\n--> c\nd", "a\n\n\nd"},
		{"if (a) /b/.test(c); else d", "if(a)/b/.test(c);else d"},
		{"0 && (module.exports = { a, b })", "0&&(module.exports={a,b})"},
	} {
		got, err := Dense([]byte(test.source))
		if test.want == "" && err != nil && test.source == "return_ a" {
			continue
		}
		if err != nil || string(got) != test.want {
			t.Errorf("%q becomes %q, want %q (%v)", test.source, got, test.want, err)
		}
	}
}

// Another parser finds the same program, and every line is where it was. The files
// are those of this repository.
func TestDenseIsTheSameProgram(t *testing.T) {
	var files []string
	for _, pattern := range []string{"testdata/apps/packages/functions/*", "testdata/apps/orders/src/*", "packager/boot/client/*"} {
		some, err := filepath.Glob(filepath.Join("..", "..", filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, some...)
	}
	n := 0
	for _, file := range files {
		if ext := filepath.Ext(file); ext != ".js" && ext != ".mjs" && ext != ".cjs" {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		dense, err := Dense(source)
		if err != nil {
			continue
		}
		n++
		options := api.TransformOptions{Loader: api.LoaderJS, MinifyWhitespace: true, LegalComments: api.LegalCommentsNone, LogLevel: api.LogLevelSilent}
		before, after := api.Transform(string(source), options), api.Transform(string(dense), options)
		if string(before.Code) != string(after.Code) || len(before.Errors) != len(after.Errors) {
			t.Errorf("%s is another program:\n%s", file, dense)
		}
		for i, line := range strings.Split(string(dense), "\n") {
			if line != "" && !strings.Contains(strings.Split(string(source), "\n")[i], line[:1]) {
				t.Errorf("%s:%d: %s is not on its line", file, i+1, line)
			}
		}
	}
	if n < 50 {
		t.Errorf("only %d files were read", n)
	}
}
