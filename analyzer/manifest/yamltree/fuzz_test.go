package yamltree_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/inputtest"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"a: 1\nb: [x, {c: d}]\n", "a: &a {b: c}\nd: {<<: *a}\n", "- !Sub 'x'\n- |\n  y\n", "{\"a\":\t1}", "? a\n: b\n",
		"a: !!str 1\n...\n---\nb\n",
	} {
		f.Add([]byte(s))
	}
	f.Add([]byte("a: " + strings.Repeat("<", 5000)))
	f.Fuzz(func(t *testing.T, source []byte) {
		defer inputtest.Bound(t)()
		start := inputtest.CPUTime()
		v, p := yamltree.Parse("m.yml", source)
		if (v == nil) == (p == nil) {
			t.Fatalf("%v %v", v, p)
		}
		lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(source)), "\n")
		check := func(at analyzer.Position) {
			if at.Line < 0 || at.Line > len(lines)+1 || at.Column < 0 {
				t.Errorf("position %v of %d lines", at, len(lines))
			}
		}
		if p != nil {
			check(p.Position)
			if !utf8.ValidString(p.Message) || p.Message == "" {
				t.Errorf("message %q", p.Message)
			}
		}
		nodes := 0
		var visit func(v *yamltree.Value)
		visit = func(v *yamltree.Value) {
			if nodes++; nodes > 3*yamltree.MaxAliasNodes {
				return
			}
			check(v.At)
			if v.Kind == yamltree.Mapping && len(v.Keys) != len(v.Items) {
				t.Error("keys and items differ")
			}
			for _, item := range v.Items {
				visit(item)
			}
		}
		if v != nil {
			visit(v)
		}
		if spent := inputtest.CPUTime() - start; spent > 2*time.Second {
			t.Errorf("took %v", spent)
		}
	})
}
