package analyzer

import "testing"

func TestNearest(t *testing.T) {
	for _, test := range []struct {
		word       string
		candidates []string
		want       string
	}{
		{"lodahs", []string{"express", "lodash"}, "lodash"},
		{"Orders", []string{"order", "orders"}, "orders"},
		{"handler", []string{"handlr", "main"}, "handlr"},
		{"order", []string{"orders-archive", "users"}, "orders-archive"},
		{"x", []string{"unrelated"}, ""},
		{"same", []string{"same"}, ""},
		{"anything", nil, ""},
	} {
		if got := Nearest(test.word, test.candidates); got != test.want {
			t.Errorf("Nearest(%q, %q) = %q, want %q", test.word, test.candidates, got, test.want)
		}
	}
}
