package slim

import (
	"encoding/json"
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
)

// What is slim is still JSON, and as small again.
func FuzzJSON(f *testing.F) {
	f.Add([]byte("{ \"name\" : \"a\", \"name\": 1.50, \"_id\": [ ], \"jest\": {}, \"\\u0065xports\": {\"a\": \"\\u2028\"} }"))
	f.Add([]byte("[[[[[[ 1 ]]]]]]"))
	f.Add([]byte("{\"a\":1}}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		defer inputtest.Bound(t)()
		for name, of := range map[string]func([]byte) ([]byte, bool){"a manifest": Manifest, "JSON": JSON} {
			slim, ok := of(text)
			if !ok {
				continue
			}
			if !json.Valid(slim) || len(slim) >= len(text) {
				t.Errorf("%s: %q became %q", name, text, slim)
			}
			if again, ok := of(slim); ok {
				t.Errorf("%s: %q became %q, then %q", name, text, slim, again)
			}
		}
	})
}

// Slim code is code.
func FuzzCode(f *testing.F) {
	f.Add([]byte("'use strict'\n// a comment\nexports.a = function named(first, second) { return first + second }\n"), true)
	f.Add([]byte("var a = /* b */ `${ 1 }`, { c = (d) => d } = e"), false)
	f.Fuzz(func(t *testing.T, text []byte, rename bool) {
		defer inputtest.Bound(t)()
		if slim, ok := Code(text, rename); ok && len(slim) > len(text) {
			t.Errorf("%q became %q", text, slim)
		}
		ReadsTexts(text)
	})
}
