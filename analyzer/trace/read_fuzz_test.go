package trace

import (
	"encoding/json"
	"testing"
	"testing/fstest"

	"github.com/featherpack/featherpack/analyzer/inputtest"
	"github.com/featherpack/featherpack/analyzer/trace/value"
)

// A tsconfig.json that extends others, itself too, is read in the end.
func FuzzPathMappings(f *testing.F) {
	f.Add([]byte(`{"extends": "./b", "compilerOptions": {"baseUrl": ".", "paths": {"@/*": ["src/*"]}}, // why
"references": [{"path": "b"},]}`), []byte(`{"extends": ["../tsconfig.json", "../tsconfig.json"]}`))
	f.Add([]byte(`{"extends":[".","./tsconfig.json",".","./b","./b"],"references":[{},{},{},{}]}`), []byte(`{"extends":[".","..","..",".."]}`))
	f.Fuzz(func(t *testing.T, own, other []byte) {
		defer inputtest.Bound(t)()
		tr := &tracer{Evaluator: &value.Evaluator{Setting: value.Setting{Files: fstest.MapFS{
			"tsconfig.json": {Data: own}, "b.json": {Data: other}, "b/tsconfig.json": {Data: other},
		}}}}
		for _, m := range tr.pathMappings("tsconfig.json") {
			if len(m.dir) > 8*(len(own)+len(other)) {
				t.Errorf("%q", m.dir)
			}
		}
	})
}

// What is blanked is no part of the JSON, and nothing moves.
func FuzzPlainJSON(f *testing.F) {
	f.Add([]byte(`{"a": [1, 2, /* c */ ], // "d"
}`))
	f.Add([]byte("{\"a\":\"/*\\\",\"b\"/*"))
	f.Fuzz(func(t *testing.T, text []byte) {
		defer inputtest.Bound(t)()
		if plain := plainJSON(text); len(plain) != len(text) || json.Valid(text) && string(plain) != string(text) {
			t.Errorf("%q became %q", text, plain)
		}
	})
}

func FuzzNamedBy(f *testing.F) {
	for ext, text := range map[string]string{
		".ejs": "<%- include('a') %>", ".pug": "include ../a\nextends b", ".proto": "import public \"a.proto\";", ".css": "@import url(a.css);",
		".html": "<img src='a.png'>{{> b}}", ".mjml": "<mj-include path='a'/>", ".json": "{\"$ref\": \"a.json\"}", ".hbs": "{{> (lookup . 'a') }}",
	} {
		f.Add(ext, []byte(text))
	}
	f.Fuzz(func(t *testing.T, ext string, text []byte) {
		defer inputtest.Bound(t)()
		for _, name := range namedBy(ext, text) {
			if len(name) > len(text)+1 {
				t.Errorf("%q", name)
			}
		}
	})
}
