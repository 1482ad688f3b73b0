package columns

import (
	"testing"
)

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		line  string
		width int
		want  string
	}{
		{"", 20, ""},
		{"orders: 1 B zipped", 20, "orders: 1 B zipped"},
		{"orders: 1,234 B zipped, 5 B", 20, "orders: 1,234 B\n  zipped, 5 B"},
		{"  answered by calls: it is code", 20, "  answered by calls:\n    it is code"},
		{"  1  some words about it", 20, "  1  some words\n     about it"},
		{"   do  this and that and more", 20, "   do  this and that\n       and more"},
		{"   not long: this and that and", 20, "   not long: this\n     and that and"},
		{"   calls a.b  at here.go:1:2", 20, "   calls a.b\n     at here.go:1:2"},
		{"   calls a.b  at somewhere/else/here.go:1:2", 20, "   calls a.b\n     at somewhere/else/here.go:1:2"},
		// The label leaves too little room beside it.
		{"          label  two words here", 20, "          label  two\n            words\n            here"},
		{"see https://example.com/a/long/address today", 20, "see https://example.com/a/long/address\n  today"},
		{"日本語 日本語 日本語 日本語", 20, "日本語 日本語 日本語\n  日本語"},
		{"   ", 20, "   "},
		{"a b c d e f g h i j k l", 3, "a b c d e f g h i j\n  k l"},
	} {
		if got := Wrap(c.line, c.width); got != c.want {
			t.Errorf("%q in %d columns is\n%s\nwant\n%s", c.line, c.width, got, c.want)
		}
	}
}
