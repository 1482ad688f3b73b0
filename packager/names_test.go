package packager

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

func TestNamesThatAreNotPacked(t *testing.T) {
	const bad, leaves, twice = "bad-name", "name-leaves-root", "duplicate-name"
	for _, test := range []struct {
		names   []string
		code    string // "" for names that are fine
		message string
	}{
		{[]string{"index.js", "a/b/c.js", "..a", "a..", "a/..b", "trailing.", " ", "-", "ab:c", "%2e%2e/x", "~", "con"}, "", ""},
		{[]string{"日本.js", "a\nb", strings.Repeat("x", 65535)}, "", ""},
		{[]string{""}, bad, `"" is not a name for a file`},
		{[]string{".."}, leaves, `".." would be unpacked outside of the target folder`},
		{[]string{"../evil"}, leaves, ""},
		{[]string{"a/../../evil"}, leaves, ""},
		{[]string{"/etc/passwd"}, leaves, ""},
		{[]string{`\etc\passwd`}, leaves, ""},
		{[]string{`..\evil`}, leaves, ""},
		{[]string{`a\..\..\evil`}, leaves, ""},
		{[]string{`\\server\share`}, leaves, ""},
		{[]string{"c:evil"}, leaves, ""},
		{[]string{"C:/evil"}, leaves, ""},
		{[]string{"../\x00"}, leaves, ""},
		{[]string{"a\x00b"}, bad, `"a\x00b" contains a NUL byte`},
		{[]string{`a\b`}, bad, `"a\\b" contains a backslash, which Windows reads as a folder separator`},
		{[]string{"a\xffb"}, bad, `"a\xffb" is not valid UTF-8`},
		{[]string{strings.Repeat("x", 65536)}, bad, `"` + strings.Repeat("x", 200) + `..." has 65536 bytes, more than the 65535 a zip can hold`},
		{[]string{"."}, bad, ""},
		{[]string{"./a"}, bad, `"./a" has an empty, "." or ".." element`},
		{[]string{"a/../b"}, bad, ""},
		{[]string{"a//b"}, bad, ""},
		{[]string{"a/"}, bad, ""},
		{[]string{"a", "b", "a"}, twice, `"a" is used by two files`},
		{[]string{"a", "a.js", "a/b"}, twice, `"a" is both a file and a folder, which contains "a/b"`},
		{[]string{"a/b/c/d", "a/b"}, twice, `"a/b" is both a file and a folder, which contains "a/b/c/d"`},
	} {
		var b Bundle
		for _, name := range test.names {
			b.Files = append(b.Files, File{Name: name})
		}
		twins, err := checkNames(b, "fn.zip")
		if len(twins) > 0 {
			t.Errorf("%.60q: %v", test.names, twins)
		}
		if test.code == "" {
			if err != nil {
				t.Errorf("%.60q: %v", test.names, err)
			}
			continue
		}
		var d analyzer.Diagnostic
		if !errors.As(err, &d) || d.Code != test.code || d.Hint == "" || test.message != "" && d.Message != test.message {
			t.Errorf("%.60q: got %v, want %s: %s", test.names, err, test.code, test.message)
		}
		want := analyzer.Error
		if test.code == leaves {
			want = analyzer.Refused
		}
		if d.Severity != want {
			t.Errorf("%.60q: severity %s, want %s", test.names, d.Severity, want)
		}
	}
}

func TestNamesBesideTheZip(t *testing.T) {
	for name, code := range map[string]string{
		"fn.zip":        "duplicate-name",
		"fn.zip/a":      "duplicate-name",
		"../report":     "name-leaves-root",
		"a\\b":          "bad-name",
		"fn.js.map":     "",
		"service/x.map": "",
	} {
		_, err := checkNames(Bundle{Beside: []File{{Name: name}}}, "fn.zip")
		var d analyzer.Diagnostic
		if errors.As(err, &d); d.Code != code {
			t.Errorf("%s: got %v, want %q", name, err, code)
		}
	}
	// The function's ID becomes a file name too.
	for id, code := range map[string]string{"../x": "name-leaves-root", "/x": "name-leaves-root", "a//b": "bad-name"} {
		_, err := checkNames(Bundle{}, id+".zip")
		var d analyzer.Diagnostic
		if errors.As(err, &d); d.Code != code {
			t.Errorf("%s: got %v, want %q", id, err, code)
		}
	}
}

func TestEveryFaultIsReportedMostSevereFirst(t *testing.T) {
	b := Bundle{ID: "fn", Files: []File{{Name: "a"}, {Name: "a"}, {Name: "b\x00"}, {Name: "../c"}}}
	_, err := Pack(t.Context(), b, t.TempDir(), Options{})
	several, ok := err.(interface{ Unwrap() []error })
	if !ok {
		t.Fatalf("got %v", err)
	}
	var codes []string
	for _, one := range several.Unwrap() {
		d := one.(analyzer.Diagnostic)
		codes = append(codes, d.Code)
		if d.Function != "fn" {
			t.Errorf("%v is about function %q", d, d.Function)
		}
	}
	if want := []string{"name-leaves-root", "bad-name", "duplicate-name"}; !slices.Equal(codes, want) {
		t.Errorf("got %q, want %q", codes, want)
	}
}

func TestLookalikeNamesGiveAWarning(t *testing.T) {
	for _, test := range []struct {
		a, b    string
		message string
	}{
		{"README.md", "readme.md", `"README.md" and "readme.md" differ only in case or in how their characters are composed`},
		{"caf\u00e9", "cafe\u0301", `"cafe\u0301" and "caf\u00e9" differ only in case or in how their characters are composed`},
		{"\u212a", "k", `"k" and "\u212a" differ only in case or in how their characters are composed`},
		{"a.js", "b.js", ""},
		{"e", "é", ""},
		{"A/x", "a/y", ""},
	} {
		a := mustPack(t, Bundle{ID: "fn", Files: []File{{Name: test.a}, {Name: test.b}}}, t.TempDir(), Options{})
		switch {
		case test.message == "" && len(a.Diagnostics) > 0:
			t.Errorf("%q, %q: %v", test.a, test.b, a.Diagnostics)
		case test.message != "":
			if len(a.Diagnostics) != 1 || a.Diagnostics[0].Message != test.message ||
				a.Diagnostics[0].Severity != analyzer.Warning || a.Diagnostics[0].Function != "fn" {
				t.Errorf("%q, %q: got %v, want %s", test.a, test.b, a.Diagnostics, test.message)
			}
		}
	}
}
