package prelude

import (
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
	"github.com/featherpack/featherpack/analyzer/js"
)

// A free name is in neither of two texts, and the first of its stem.
func FuzzFree(f *testing.F) {
	f.Add("__a", "__a __a2 __a31", "__a4")
	f.Add("a", "aa2aa3a", "")
	f.Add("aa", "aaa2", "aaaa3")
	f.Fuzz(func(t *testing.T, stem, text, settings string) {
		if stem == "" || strings.ContainsAny(stem, "0123456789") {
			return
		}
		defer inputtest.Bound(t)()
		if name := Free(stem, []byte(text), settings); strings.Contains(text, name) || strings.Contains(settings, name) || !strings.HasPrefix(name, stem) {
			t.Errorf("%q", name)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("const __featherpackRoot2 = 1; export { __featherpackRoot2 as a }"), true)
	f.Add([]byte("#!/usr/bin/env node\n'use strict'; class A { #a; static { await } }"), false)
	f.Fuzz(func(t *testing.T, text []byte, esm bool) {
		defer inputtest.Bound(t)()
		c := Code{Text: text, Name: "a.js", ESM: esm, EntryESM: esm}
		if _, declares, refused := Parse(c, &js.Nodes{}); refused == nil {
			c.Text = Open(c, declares).Before(text)
			Strict(c)
		}
	})
}
