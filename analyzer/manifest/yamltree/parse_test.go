package yamltree_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer/inputtest"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/manifest/manifesttest"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

func TestParse(t *testing.T) {
	for _, test := range []struct{ name, source, want string }{
		{"empty", "", "null"},
		{"only a comment", "# nothing\n", "null"},
		{
			"scalars", "a: 1\nb: true\nc: ~\nd: 'it''s'\ne: 1e3\nf: yes\ng:\n",
			`{a: 1, b: true, c: null, d: "it's", e: "1e3", f: "yes", g: null}`,
		},
		{"keys of other kinds", "1: a\ntrue: b\nnull: c\n", `{1: "a", true: "b", null: "c"}`},
		{"blocks", "f: |\n  one\n  two\ng: >-\n  fold\n  ed\n", `{f: "one\ntwo\n", g: "fold ed"}`},
		{"CRLF and a byte order mark", "\ufeffa: 1\r\nb:\r\n  - x\r\n", `{a: 1, b: ["x"]}`},
		{"short tags", "a: !Sub x\nb: !If [c, 1, !Ref X]\nc: !GetAtt a.b\nd: !Join\n  - ','\n  - [a]\n",
			`{a: !Sub "x", b: !If ["c", 1, !Ref "X"], c: !GetAtt "a.b", d: !Join [",", ["a"]]}`},
		{"core tags say nothing", "a: !!str 1\nb: !!int 2\n", `{a: "1", b: 2}`},
		{"aliases and merge keys", "x: &x {a: 1, b: 2}\ny: *x\nz: {<<: *x, b: 3}\nw:\n  <<: [*x, {c: 4}]\n",
			`{x: {a: 1, b: 2}, y: {a: 1, b: 2}, z: {b: 3, a: 1}, w: {a: 1, b: 2, c: 4}}`},
		{"a tag on an alias leaves the anchor alone", "a: &x v\nb: !Ref *x\nc: *x\n", `{a: "v", b: !Ref "v", c: "v"}`},
		{
			"JSON with tabs and escapes", "{\n\t\"a\": \"\\u00e9\\/\\ud83d\\ude00\",\n\t\"b\": [1, null]\n}",
			`{a: "é/😀", b: [1, null]}`,
		},
		{"colons inside texts", "a: {b: !Ref AWS::NoValue, c: [arn:aws:x, !If [D, e, !Ref AWS::Region]], AWS::X: 1," +
			" u: https://x:1/y, 'q:r': \"s:t\"}\nAWS::Y: z:w # a:b\nt: |\n  e:f\n",
			`{a: {b: !Ref "AWS::NoValue", c: ["arn:aws:x", !If ["D", "e", !Ref "AWS::Region"]], AWS::X: 1, u:` +
				` "https://x:1/y", q:r: "s:t"}, AWS::Y: "z:w", t: "e:f\n"}`},
		{"compact JSON", `{"a":1,"b":[{"c":"d:e"}],"f::g":true}`, `{a: 1, b: [{c: "d:e"}], f::g: true}`},
		{"a document marker", "---\na: 1\n", `{a: 1}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			v, p := yamltree.Parse("m.yml", []byte(test.source))
			if p != nil {
				t.Fatal(p.Error())
			}
			if diff := cmp.Diff(test.want, v.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPositions(t *testing.T) {
	v, p := yamltree.Parse("m.yml", []byte("é:\n  - ключ: {h: src/a.h}\nt: !Sub x\n"))
	if p != nil {
		t.Fatal(p)
	}
	h := v.Get("é").Items[0].Get("ключ", "h")
	for what, got := range map[string]string{
		"m.yml:2:19": h.At.String(),
		"m.yml:2:5":  v.Get("é").Items[0].Keys[0].At.String(),
		"m.yml:3:4":  v.Get("t").At.String(),
		"m.yml:1:1":  v.At.String(),
	} {
		if got != what {
			t.Errorf("want %s, got %s", what, got)
		}
	}
	v, p = yamltree.Parse("m.json", []byte("{\n\t\"functions\": {\n\t\t\"a\": 1\n\t}\n}"))
	if p != nil {
		t.Fatal(p)
	}
	if got := v.Get("functions").Keys[0].At.String() + " " + v.Keys[0].At.String(); got != "m.json:3:3 m.json:2:2" {
		t.Error(got)
	}
}

func TestParseErrors(t *testing.T) {
	bomb := "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c < 'k'; c++ {
		bomb += fmt.Sprintf("%c: &%c [%s*%c]\n", c, c, strings.Repeat(fmt.Sprintf("*%c, ", c-1), 9), c-1)
	}
	merges := "a: &a {" + strings.Repeat("k%d: 1, ", 400) + "z: 1}\n"
	for i := range 400 {
		merges = strings.Replace(merges, "%d", fmt.Sprint(i), 1)
	}
	for i := range 400 {
		merges += fmt.Sprintf("m%d: {<<: *a}\n", i)
	}
	for _, test := range []struct{ name, source, want string }{
		{
			"a tab", "a: 1\nb:\n\tc: 2\n",
			"m.yml:3:1: a tab is used for indentation | YAML is indented with spaces: replace the tab",
		},
		{
			"indented under a value", "a: 1\nb: x\n\n   c: 2\n",
			"m.yml:4:4: a mapping is not allowed here" +
				" | line 4 is indented as if it belonged to line 2, which has a value already",
		},
		{
			"two colons", "a: b: c\n",
			"m.yml:1:5: a mapping is not allowed here | put quotation marks around a text that holds a colon",
		},
		{
			"a key twice", "é: {}\nb: 2\né: 3\n",
			`m.yml:3:1: "é" appears twice: first in line 1, again in line 3 | give one of the two another name, or remove it`,
		},
		{
			"a key twice in JSON", "{\"f\": {\n  \"a\": 1,\n  \"a\": 2\n}}",
			`m.yml:3:3: "a" appears twice: first in line 2, again in line 3 | give one of the two another name, or remove it`,
		},
		{
			"an open quotation mark", "a: 1\nb: \"x\nc: 1\n",
			"m.yml:2:4: could not find end character of double-quoted text | close the quotation mark that opens here",
		},
		{
			"an open bracket", "a: [1, 2\nb: 3\n",
			"m.yml:2:1: ',' or ']' is missing" +
				" | a comma is missing before this, or a bracket that was opened above is not closed",
		},
		{"a reserved character", "a: @x\n", "m.yml:1:4: '@' is a reserved character"},
		{"an unknown alias", "a: *nope\n", "m.yml:1:4: alias *nope names no anchor above it | define it before with &nope"},
		{
			"an alias in its own anchor", "a: &a [*a]\n",
			"m.yml:1:8: alias *a names no anchor above it | define it before with &a",
		},
		{"merging a text", "a: {<<: x}\n", "m.yml:1:9: << needs a mapping and got a text | merge a mapping: <<: *name"},
		{
			"several documents", "a: 1\n---\nb: 2\n",
			"m.yml:3:1: holds several documents | keep one document and drop the line with ---",
		},
		{"not UTF-8", "a: 1\nb: \xff\n", "m.yml:2:4: is not UTF-8 text | save it as UTF-8"},
		{"a NUL byte", "a: \x00\n", "m.yml:1:4: holds a NUL byte | remove it: a manifest is text"},
		{
			"an alias bomb", bomb,
			"m.yml:5:36: aliases expand to more than 100000 values | write the values out, or use fewer aliases",
		},
		{
			"a merge bomb", merges,
			"m.yml:85:11: aliases expand to more than 100000 values | write the values out, or use fewer aliases",
		},
		{
			"deep brackets", "a: " + strings.Repeat("[", 100_000),
			"m.yml:1:204: is nested deeper than 200 levels | no manifest needs that",
		},
		{
			"deep lists", strings.Repeat("- ", 100_000) + "x",
			"m.yml:1:401: is nested deeper than 200 levels | no manifest needs that",
		},
		{
			"too many entries", "a:\n" + strings.Repeat("  - x\n", yamltree.MaxEntries+1),
			"m.yml:10002:1: has more than 10000 entries in one list or mapping | split it into several manifests",
		},
		{
			"too many lines", strings.Repeat("\n", yamltree.MaxLines),
			"m.yml:100000:1: has more than 100000 lines | split it into several manifests",
		},
		{
			"too large", "a: " + strings.Repeat("x", yamltree.MaxBytes),
			"m.yml: is larger than 2 MiB | split it into several manifests",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			start := inputtest.CPUTime()
			_, p := yamltree.Parse("m.yml", []byte(test.source))
			if p == nil {
				t.Fatal("no error")
			}
			got := p.Error()
			if p.Hint != "" {
				got += " | " + p.Hint
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			if spent := inputtest.CPUTime() - start; spent > 5*time.Second {
				t.Errorf("took %v", spent)
			}
		})
	}
}

// Block nesting by indentation is bounded through the conversion.
func TestDeepIndentation(t *testing.T) {
	var b strings.Builder
	for i := range 1500 {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	if _, p := yamltree.Parse("m.yml", []byte(b.String())); p == nil || !strings.Contains(p.Message, "nested deeper") {
		t.Errorf("got %v", p)
	}
}

// What the limits let through is read in bounded time: 30,000 lines in blocks of
// 10,000 entries, a line of 2 MiB, and a service of 5,000 functions.
func TestLargestManifests(t *testing.T) {
	var blocks, service strings.Builder
	for i := range 3 {
		fmt.Fprintf(&blocks, "b%d:\n", i)
		for j := range 9_999 {
			fmt.Fprintf(&blocks, "  k%d:\n", j)
		}
	}
	service.WriteString(manifesttest.ServerlessHead + "functions:\n")
	for i := range 5000 {
		fmt.Fprintf(
			&service,
			"  f%d:\n    handler: src/f.handler\n    memorySize: 512\n    environment:\n      T: ${self:service}-%d\n", i, i,
		)
	}
	flow := "a: [" + strings.Repeat("é,", yamltree.MaxBytes/3-10) + "x]"
	for name, source := range map[string]string{"blocks": blocks.String(), "flow": flow, "service": service.String()} {
		start := inputtest.CPUTime()
		if _, p := yamltree.Parse("m.yml", []byte(source)); p != nil {
			t.Errorf("%s: %v", name, p)
		}
		spent := inputtest.CPUTime() - start
		t.Logf("%s: %d bytes, %v CPU", name, len(source), spent)
		if spent > 20*time.Second {
			t.Errorf("%s took %v", name, spent)
		}
	}
	start := inputtest.CPUTime()
	p := manifesttest.Discover(
		t, manifesttest.Files{"serverless.yml": service.String(), "src/f.ts": ""}, manifest.Options{},
	)
	if len(p.Functions) != 5000 || len(p.Diagnostics) != 0 || p.Functions[4999].Environment["T"] != "shop-4999" {
		t.Errorf("%d functions, %v", len(p.Functions), manifesttest.Reported(p))
	}
	t.Logf("discovering 5,000 functions: %v CPU", inputtest.CPUTime()-start)
}
