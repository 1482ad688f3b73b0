package columns

import (
	"slices"
	"testing"
)

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

func TestShortenAll(t *testing.T) {
	for _, test := range []struct{ texts, want []string }{
		{[]string{"orders", "orders-by-region"}, []string{"orders", "orde..gion"}},
		{[]string{"shop-orders-a-v2-prod", "shop-orders-b-v2-prod"}, []string{"shop-orders-a-v2-prod", "shop-orders-b-v2-prod"}},
		{[]string{"shop-orders-v2-a-prod", "shop-orders-v2-b-prod"}, []string{"..2-a-prod", "..2-b-prod"}},
		{[]string{"a-shop-orders", "b-shop-orders"}, []string{"a-sh..ders", "b-sh..ders"}},
		{[]string{"shop-a-orders-prod", "shop-b-orders-prod"}, []string{"shop-a-o..", "shop-b-o.."}},
		{[]string{"the same name", "the same name"}, []string{"the ..name", "the ..name"}},
	} {
		if got := ShortenAll(test.texts, 10); !slices.Equal(got, test.want) {
			t.Errorf("ShortenAll(%q) = %q, want %q", test.texts, got, test.want)
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
