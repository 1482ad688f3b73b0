package pass

import (
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// A few characters in strings and templates become escapes. Where one stands elsewhere, or
// there are many, the code stays as it is.
func TestCharacters(t *testing.T) {
	for _, c := range []struct{ code, want string }{
		{`a="é–";`, `a="\u00e9\u2013";`},
		{`a='\\n💩';`, `a='\\n\ud83d\udca9';`},
		{"a=`é${b(`è`,\"ê\")}ë`;", "a=`\\u00e9${b(`\\u00e8`,\"\\u00ea\")}\\u00eb`;"},
		{"a=b`x${\"é\"}y`;", "a=b`x${\"\\u00e9\"}y`;"},
		{"a=\"\u2028\ufeff\";", `a="\u2028\ufeff";`},
		{"a=b`é`;", ""},
		{`é="è";`, ""},
		{`a={é:"è"};`, ""},
		{`a={"é":1};`, ""},
		{`a="è";//é`, ""},
		{`a="\é";`, ""},
		{`a=/\é/;`, ""},
		{`a="é",b=/[à-ÿ]|💩/u.source;`, ""},
		{"a=\"\xff\";", ""},
		{`a="` + strings.Repeat("é", 100) + `";`, ""},
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
			got := Run(Code{Text: []byte(code), Tree: tree, ASCII: asked, Passes: analyzer.Switches{}})
			if string(got.Code) != want {
				t.Errorf("%s became\n%.60s, not\n%.60s", c.code, got.Code, want)
			}
		}
	}
}
