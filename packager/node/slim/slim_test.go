package slim

import "testing"

func TestCode(t *testing.T) {
	for _, test := range []struct{ source, want string }{
		{"// a\nexports.a = 1", "\nexports.a=1"},
		{"/*! licence */ a( b )", "a(b)"},
		{`Object.defineProperty(exports, "a", { enumerable: true, get: function () { return b.a; } });`,
			`Object.defineProperty(exports,"a",{enumerable:true,get:function(){return b.a;}});`},
		{"const require = createRequire(import.meta.url) // a", "const require=createRequire(import.meta.url)"},
		{"const dir = dirname(fileURLToPath(import.meta.url)) // a", "const dir=dirname(fileURLToPath(import.meta.url))"},
		{"new Worker( __filename )", "new Worker(__filename)"},
		{"if (require.main === module) a()", "if(require.main===module)a()"},

		{"throw Error('import.meta') // a", "throw Error('import.meta')"},
		{"a() // not import.meta.url", "a()"},
		{"read('a', import.meta.url) // a", ""},
		{"a=1", ""},                            // nothing to leave out
		{"read(__filename) // a", ""},          // it may read itself
		{"read(module.filename) // a", ""},     //
		{"read(import.meta.url) // a", ""},     //
		{"read(import.meta) // a", ""},         //
		{"module.exports = {{ // a", ""},       // no program
		{"const a: number = 1 // a", ""},       //
		{"<a>{b}</a> // a", ""},                //
		{`{ "a": 1, "b": [ 1, 2 ] } // a`, ""}, // JSON
	} {
		got, ok := Code([]byte(test.source), false)
		if ok != (test.want != "") || ok && string(got) != test.want {
			t.Errorf("%s becomes %q, %v", test.source, got, ok)
		}
	}
}

func TestReadsTexts(t *testing.T) {
	for source, want := range map[string]bool{
		"Function.prototype.toString.call(a)": true,
		"fn.toString()":                       true,
		"const s = callback . toString ( )":   true,
		"(function () {/* a */}).toString()":  true,
		"String(function () {/* a */})":       true,
		"funcToString.call(a)":                true,

		"Object.prototype.toString.call(a)": false,
		"buffer.toString('utf8')":           false,
		"String(1)":                         false,
		"toString: () => ''":                false,
	} {
		if got := ReadsTexts([]byte(source)); got != want {
			t.Errorf("%s reads texts of functions: %v", source, got)
		}
	}
}

func TestManifest(t *testing.T) {
	for _, test := range []struct{ source, want string }{
		{`{"name": "a", "scripts": {"test": "b"}, "version": "1.0.0", "_id": "a@1"}`, `{"name":"a","version":"1.0.0"}`},
		{`{"exports": {"import": "./a.mjs", "default": "./a.js"}, "types": "a.d.ts", "dependencies": {"b": "1"}}`,
			`{"exports":{"import":"./a.mjs","default":"./a.js"},"dependencies":{"b":"1"}}`},
		{`{"description": "a"}`, `{}`},
		{`{"config": {"a": "<b> é\u0041"}, "author": "c"}`, `{"config":{"a":"<b> é\u0041"}}`},
		{`{"binary": {"module_path": "./b"}, "os": ["linux"], "keywords": []}`, `{"binary":{"module_path":"./b"},"os":["linux"]}`},

		{`{"name":"a"}`, ""},                   // nothing to leave out
		{`["author"]`, ""},                     // not a package.json
		{`{"name": "a", "author": "b"} x`, ""}, // what Node refuses
		{`{"name": "a", "author": }`, ""},      //
		{``, ""},                               //
	} {
		got, ok := Manifest([]byte(test.source))
		if ok != (test.want != "") || ok && string(got) != test.want {
			t.Errorf("%s becomes %s, %v", test.source, got, ok)
		}
	}
}

func TestJSON(t *testing.T) {
	for text, want := range map[string]string{
		"{\n  \"a\": [1.0, 1e3],\n  \"a\": \"\\u2028 <x>\"\n}\n": `{"a":[1.0,1e3],"a":"\u2028 <x>"}`,
		`{"a":1}`:               "",
		"{\"a\": 1} // comment": "",
		"\ufeff{\"a\": 1}":      "",
	} {
		got, ok := JSON([]byte(text))
		if ok != (want != "") || ok && string(got) != want {
			t.Errorf("%s became %s", text, got)
		}
	}
}
