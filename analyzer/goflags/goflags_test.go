package goflags

import (
	"slices"
	"strings"
	"testing"
)

func TestOfCommand(t *testing.T) {
	for _, test := range []struct{ command, tags, ldflags string }{
		{"go build ./cmd/a", "", ""},
		{"GOOS=linux go build -tags a,b -o x", "a b", ""},
		{`go build -tags="a b" -trimpath`, "a b", ""},
		{`go build -ldflags="-s -w -X main.version=1"`, "", "-X main.version=1"},
		{`go build -ldflags '-X=main.a=1 -X main.b=2' --tags=c`, "c", "-X main.a=1|-X main.b=2"},
		{`go build -ldflags "-X 'main.a=one two'"`, "", "-X 'main.a=one two'"},
		{"go build -tags", "", ""},
		{"", "", ""},
	} {
		tags, ldflags := OfCommand(test.command)
		if strings.Join(tags, " ") != test.tags || strings.Join(ldflags, "|") != test.ldflags {
			t.Errorf("%s: tags %q, ldflags %q", test.command, tags, ldflags)
		}
	}
}

func TestJoin(t *testing.T) {
	for _, words := range [][]string{nil, {"a"}, {"a b", "c"}, {"it's", `say "x"`}, {""}, {"-X", "a=b c"}} {
		text, err := Join(words)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := Split(text); err != nil || !slices.Equal(again, words) {
			t.Errorf("%q becomes %q becomes %q, %v", words, text, again, err)
		}
	}
	if text, err := Join([]string{`a ' "`}); err == nil {
		t.Errorf("both kinds of quotes give %q", text)
	}
}
