package columns

import "testing"

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"plain": "plain", "日本語 é": "日本語 é", "a\nb\tc\x00": "a\uFFFDb\uFFFDc\uFFFD",
		"\u202ea\u2066\u200b": "\uFFFDa\uFFFD\uFFFD", "\xffx": "\uFFFDx", "\u009b": "\uFFFD", "": "",
	} {
		if got := Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestShorten(t *testing.T) {
	for _, test := range []struct {
		text  string
		width int
		want  string
	}{
		{"orders", 6, "orders"}, {"orders-by-region", 10, "orde..gion"}, {"日本語の関数です", 9, "日本..す"},
		{"abc", 2, "ab"}, {"", 0, ""},
	} {
		got := Shorten(test.text, test.width)
		if got != test.want || Count(got) > test.width {
			t.Errorf("Shorten(%q, %d) = %q, want %q", test.text, test.width, got, test.want)
		}
	}
}
