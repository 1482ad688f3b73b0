package yamltree_test

import (
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

// fallbacks resolves a text "?x" to what is known only once deployed, with the
// rest of the text as its fallback, and "?" to what has none.
type fallbacks struct{}

func (fallbacks) Resolve(v *yamltree.Value) *yamltree.Value {
	if v == nil || v.Kind != yamltree.Text || v.Text == "" || v.Text[0] != '?' {
		return v
	}
	u := yamltree.NewDeployed(v.Text, "later", v.At)
	if v.Text != "?" {
		u.Fallback = yamltree.NewText(v.Text[1:], v.At)
	}
	return u
}

func TestJoiner(t *testing.T) {
	for _, test := range []struct {
		pieces []string
		want   string
	}{
		{nil, `""`},
		{[]string{"a", "b"}, `"ab"`},
		{[]string{"src/", "?orders", ".handler"}, `"src/?orders.handler" <?orders: later>|"src/orders.handler"`},
		{[]string{"?a", "?b"}, `"?a?b" <?a: later>|"ab"`},
		{[]string{"?a", "-", "?"}, `"?a-?" <?a: later>`},
	} {
		var text yamltree.Joiner
		for _, p := range test.pieces {
			if v := yamltree.NewText(p, analyzer.Position{}); !text.AddValue(fallbacks{}.Resolve(v), p) {
				t.Errorf("%q is refused", p)
			}
		}
		if got := text.Value(analyzer.Position{}).String(); got != test.want {
			t.Errorf("%q: %s, want %s", test.pieces, got, test.want)
		}
	}
	for _, v := range []*yamltree.Value{{Kind: yamltree.Mapping}, yamltree.NewMistake("?", "wrong", analyzer.Position{})} {
		if new(yamltree.Joiner).AddValue(v, "") {
			t.Errorf("%v is a part of a text", v)
		}
	}
}

func TestAtAndWithin(t *testing.T) {
	root, p := yamltree.Parse("m.yml", []byte("a: {b: [x, '?y', '?'], c: '?d'}\n"))
	if p != nil {
		t.Fatal(p)
	}
	lost := yamltree.NewDeployed("?root", "later", root.At)
	lost.Fallback = root
	for _, test := range []struct {
		from *yamltree.Value
		keys []string
		want string
	}{
		{root, []string{"a", "b", "0"}, `"x"`},
		{root, []string{"a", "b", "1"}, `<?y: later>|"y"`},
		{root, []string{"a", "b", "3"}, "nil"},
		{root, []string{"a", "c", "e"}, `<?d: later>`},
		{lost, []string{"a", "b", "0"}, `<?root: later>|"x"`},
		{lost, []string{"a", "c"}, `<?root: later>|"d"`},
		{lost, []string{"none"}, `<?root: later>`},
	} {
		if got := yamltree.At(fallbacks{}, test.from, test.keys...).String(); got != test.want {
			t.Errorf("%v: %s, want %s", test.keys, got, test.want)
		}
	}
	used := 0
	all := yamltree.Deep(fallbacks{}, root).SettledWithin(func(*yamltree.Value) { used++ })
	if want := `{a: {b: ["x", "y", <?: later>], c: "d"}}`; all.String() != want || used != 2 {
		t.Errorf("%d used: %s", used, all)
	}
	if lost := all.FirstUnknown(); lost == nil || lost.Missing.Name != "?" {
		t.Errorf("first unknown: %v", lost)
	}
}
