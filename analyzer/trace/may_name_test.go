package trace

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
)

// namedFile is what mayNameFile stands for.
var namedFile = regexp.MustCompile("resolve\\(\\s*[\"'`]|[\"'`](?:\\./)?[\\w.-]+/[^\"'`\n]*[\"'`]|(?i:dir|folder|path|views|root|file|locales|templates?|partials|layouts?|schemas?)\\w*[\"']?\\s*(?::|\\()\\s*\\[?\\s*[\"'`]")

var namedTexts = []string{
	`require.resolve( "x")`, `resolve ("x")`, `"./x"`, `'a.b-c/d' `, `"a/` + "\n" + `"`, `"/a"`, `"a b/c"`, "`a/b'", `"a/b`, `""/""`,
	`dir: "x"`, `{"viewsFolder" : [ 'x'] }`, `rootOf("x")`, `fileName: x, "y"`, `Dir: "x"`, `partial: "x"`, `partials: "x"`, `dirs["x"]`,
	`[: "x"`, `directory['"]: "x"`, `path'": "x"`, `view\u017f: "x"`, "view\u017f: 'x'", "\u00e9dir: 'x'", "dir\u00e9: 'x'", "dir\u017f: 'x'", "", `"`, `:"`, `("`, `["`,
}

func TestMayNameFile(t *testing.T) {
	texts := namedTexts
	err := filepath.WalkDir("testdata", func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		texts = append(texts, string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	some := map[bool]int{}
	for _, text := range texts {
		for n := range min(len(text), 200) + 1 {
			part := []byte(text[n:])
			got := mayNameFile(part)
			if some[got]++; got != namedFile.Match(part) {
				t.Errorf("%.200q: %v", part, got)
			}
		}
	}
	if some[true] < 100 || some[false] < 100 {
		t.Errorf("true and false so often: %v", some)
	}
}

func FuzzMayNameFile(f *testing.F) {
	for _, text := range namedTexts {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		defer inputtest.Bound(t)()
		if got := mayNameFile(text); got != namedFile.Match(text) {
			t.Errorf("%q: %v", text, got)
		}
	})
}
