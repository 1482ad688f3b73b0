package compiled

import (
	"bytes"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/boot"
)

const (
	listed = "\n0 && (module.exports = {handler,\n  other\n});\n"
	filler = "//"
)

// A program keeps its bytes, and Node finds the names of its exports in the short file.
func TestShorten(t *testing.T) {
	long := "exports.handler = async () => 1;" + strings.Repeat(filler, searched) + listed
	for _, test := range []struct {
		name, runtime, program string
		short                  bool
		edit                   func(b *packager.Bundle)
	}{
		{"Node 24", "nodejs24.x", long, true, nil},
		{"Node 26", "nodejs26.x", long, true, nil},
		{"Node 22", "nodejs22.x", long, false, nil},
		{"another runtime", "provided.al2023", long, false, nil},
		{"small", "nodejs24.x", "exports.handler = async () => 1;" + listed, false, nil},
		{"without a list", "nodejs24.x", strings.TrimSuffix(long, listed), false, nil},
		{"a hashbang", "nodejs24.x", "#!/usr/bin/env node\n" + long, false, nil},
		{"its map inside", "nodejs24.x", long + "//# sourceMappingURL=main.js.map\n", false, nil},
		{"an ES module", "nodejs24.x", long, false, func(b *packager.Bundle) { b.Files[0].Name = "src/main.mjs" }},
		{"to be read", "nodejs24.x", long, false, func(b *packager.Bundle) { b.Function.Build.NoMinify = true }},
		{"compiled", "nodejs24.x", long, false, func(b *packager.Bundle) { b.Settings = []packager.Setting{{Name: Setting}} }},
	} {
		b := bundle(function("f", test.runtime), test.program, map[string]string{"src/main.program.js": "taken"})
		if test.edit != nil {
			test.edit(&b)
		}
		before := b.Files
		Shorten(&b)
		switch {
		case !test.short:
			if len(b.Files) != len(before) || string(b.Files[0].Content) != test.program {
				t.Errorf("%s: it has changed", test.name)
			}
		case b.Files[1].Name != "src/main-.program.js" || string(b.Files[1].Content) != test.program:
			t.Errorf("%s: the program became %s, %.50s", test.name, b.Files[1].Name, b.Files[1].Content)
		case !strings.HasSuffix(string(b.Files[0].Content), strings.TrimPrefix(listed, "\n")) || len(b.Files[0].Content) > 300:
			t.Errorf("%s: the short file is %.500s", test.name, b.Files[0].Content)
		}
	}
}

// What a program can see of itself, of its module and of its process is the same, and so is
// what it throws.
func TestCompiledShort(t *testing.T) {
	needLong(t)
	t.Parallel()
	c := compiler(t, "nodejs24.x")
	programs := []string{
		facts[strings.Index(facts, "\n"):],
		`throw new TypeError("at load")`,
		`module.exports = { handler: async () => [module.exports.size, module.loaded, module.children.length, require.main === module], size: 3 }`,
		`exports.handler = async () => { throw new RangeError("own") }`,
		`const x = () => y; var y = 1; with_ = 1; exports.handler = async () => [x(), with_, (function () { return typeof this })()]`,
		`"use strict"; exports.handler = awslambda.streamifyResponse(async (e, out) => { out.write("a"); out.end("b") })`,
	}
	for _, program := range programs {
		f := function("f", "nodejs24.x")
		plain := bundle(f, program+"\n"+strings.Repeat(filler, searched)+listed, map[string]string{
			"src/own.json": `{"a": 1}`, "src/other.mjs": `export const name = import.meta.url.split("/").at(-1);`,
		})
		short := plain
		Shorten(&short)
		if len(short.Files) != len(plain.Files)+1 {
			t.Fatalf("not shortened: %.60s", program)
		}
		want, got := check(t, plain, c, `{"b":2}`), check(t, short, c, `{"b":2}`)
		if want.Status != got.Status || !bytes.Equal(want.Answer, got.Answer) || failure(want) != failure(got) || want.Status == boot.NotRun {
			t.Errorf("%.60s\n%s %s %s\n%s %s %s\n%s", program, want.Status, want.Answer, failure(want), got.Status, got.Answer, failure(got), got.Logs)
		}
	}
}
