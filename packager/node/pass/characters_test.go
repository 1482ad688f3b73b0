package pass

import (
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// Characters beyond Latin-1 in strings, templates and quoted names become escapes, if they are
// few. Where one stands elsewhere, the code stays as it is.
func TestCharacters(t *testing.T) {
	for _, c := range []struct{ code, want string }{
		{`a="é–";`, `a="é\u2013";`},
		{`a='\\n💩';`, `a='\\n\ud83d\udca9';`},
		{"a=`é–${b(`–`,\"—\")}…`;", "a=`é\\u2013${b(`\\u2013`,\"\\u2014\")}\\u2026`;"},
		{"a=b`x${\"–\"}y`;", "a=b`x${\"\\u2013\"}y`;"},
		{"a=\"\u2028\ufeff\";", `a="\u2028\ufeff";`},
		{`a={"\"–":"–",'…'(){return"–"},["–"]:1};`, `a={"\"\u2013":"\u2013",'\u2026'(){return"\u2013"},["\u2013"]:1};`},
		{`class a{"–"=1;static b(){}}`, `class a{"\u2013"=1;static b(){}}`},
		{`let{"–":a}=b;`, `let{"\u2013":a}=b;`},
		{`é="\é",a=/[à-ÿ]|\é/;//é`, ""},
		{`a={get"–"(){}};`, ""},
		{"a=b`–`;", ""},
		{`ā="–";`, ""},
		{`a={ā:"–"};`, ""},
		{`a="–";//–`, ""},
		{`a="\–";`, ""},
		{`a=/\–/;`, ""},
		{`a="–",b=/[à-ÿ]|💩/u.source;`, ""},
		{"a=\"\xff\";", ""},
		{`a="` + strings.Repeat("–", 200) + `";`, ""},
	} {
		code := c.code + strings.Repeat("b();", 500)
		want := strings.Replace(code, c.code, c.want, 1)
		if c.want == "" {
			want = code
		}
		for _, asked := range []bool{true, false} {
			tree, err := js.Parse([]byte(code))
			if err != nil {
				t.Fatal(err)
			}
			if !asked {
				want = code
			}
			got := Run(Code{Text: []byte(code), Tree: tree, OneByte: asked, Passes: analyzer.Switches{}})
			if string(got.Code) != want {
				t.Errorf("%s became\n%.60s, not\n%.60s", c.code, got.Code, want)
			}
		}
	}
}

// Constants and tables that other passes move get escapes too.
func TestCharactersMoved(t *testing.T) {
	for _, c := range []struct{ code, want string }{
		{`var a="…";f(a,"é–",P);`, `f("\u2026","é\u2013",P);`},
		{`var a=["…\\",P];f("–");`, `var e=JSON.parse('["\u2026\\\\",P]');f("\u2013");`},
		{`var a=["` + strings.Repeat("…", 200) + `",P];f("–");`, `var e=JSON.parse('["` + strings.Repeat("…", 200) + `",P]');f("–");`},
		{`var a="\…";f(a,"–",P);`, `f("\…","–",P);`},
	} {
		code := padded(c.code)
		tree, err := js.Parse([]byte(code))
		if err != nil {
			t.Fatal(err)
		}
		got := Run(Code{Text: []byte(code), Tree: tree, OneByte: true, ShortNames: true})
		if string(got.Code) != padded(c.want) {
			t.Errorf("%s became\n%s, not\n%s", c.code, strings.ReplaceAll(string(got.Code), pad, "P"), c.want)
		}
	}
}
