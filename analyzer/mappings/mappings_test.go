package mappings

import (
	"encoding/json"
	"fmt"
	"math"
	"os/exec"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
)

func TestVLQ(t *testing.T) {
	values := []int{0, 1, -1, 15, 16, -16, 31, 32, 1023, 1024, -1024, math.MaxInt32, math.MinInt32 + 1}
	var text []byte
	for _, v := range values {
		text = AppendVLQ(text, v)
	}
	at := 0
	for _, want := range values {
		got, next, ok := ReadVLQ(string(text), at)
		if !ok || got != want {
			t.Errorf("got %d, %v, want %d", got, ok, want)
		}
		at = next
	}
	if at != len(text) {
		t.Errorf("%d characters are left", len(text)-at)
	}
	for _, bad := range []string{"", "g", "-", "A é"[1:], strings.Repeat("g", 20)} {
		if v, _, ok := ReadVLQ(bad, 0); ok {
			t.Errorf("%q is %d", bad, v)
		}
	}
}

// Node answers the same for every position of a generated text.
func TestLikeNode(t *testing.T) {
	source := "type T = string\n/* x */ const é: T = '😀' + f<T>(1); export {\n  é as default }\n" +
		"enum E { A = 1, B }\nexport class C { constructor(private readonly e: E = E.B) {} }\n"
	built := api.Transform(source, api.TransformOptions{
		Loader: api.LoaderTS, Sourcemap: api.SourceMapExternal, MinifyWhitespace: true,
	})
	if len(built.Errors) > 0 {
		t.Fatal(built.Errors)
	}
	lines := strings.Split(string(built.Code), "\n")
	program := `const map = new (require('module').SourceMap)(JSON.parse(process.argv[1]))
for (const [line, text] of JSON.parse(process.argv[2]).entries())
  for (let column = 0; column <= text.length; column++) {
    const e = map.findEntry(line, column)
    console.log(line, column, e.generatedLine === line ? e.originalLine + ' ' + e.originalColumn : 'none')
  }`
	asked, err := json.Marshal(lines)
	if err != nil {
		t.Fatal(err)
	}
	answers, err := exec.Command("node", "-e", program, string(built.Map), string(asked)).Output()
	if err != nil {
		t.Skip("node: ", err)
	}
	table, err := ReadTable(built.Map)
	if err != nil {
		t.Fatal(err)
	}
	for want := range strings.Lines(string(answers)) {
		var line, column int
		if _, err := fmt.Sscan(want, &line, &column); err != nil {
			t.Fatal(err)
		}
		got := fmt.Sprintln(line, column, "none")
		if fromLine, fromColumn, ok := table.Original(line, column); ok {
			got = fmt.Sprintln(line, column, fromLine, fromColumn)
		}
		if got != want {
			t.Errorf("got %swant %s", got, want)
		}
	}
}

func TestUnreadable(t *testing.T) {
	for _, sourceMap := range []string{"", "[]", `{"mappings":"é"}`, `{"mappings":"AAAA,g"}`, `{"mappings":1}`} {
		if _, err := ReadTable([]byte(sourceMap)); err == nil {
			t.Errorf("%s was read", sourceMap)
		}
	}
	table, err := ReadTable([]byte(`{"mappings":"A;;C"}`)) // mapped to no source
	if _, _, ok := table.Original(2, 5); ok || err != nil {
		t.Error("a mapping without a source leads somewhere", err)
	}
}
