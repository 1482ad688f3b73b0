package mappings

import (
	"slices"
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
)

// Mappings that a source map of a project holds are refused or read. A place that is found
// is one of them.
func FuzzReadTable(f *testing.F) {
	f.Add([]byte(`{"version":3,"sources":["a.ts"],"mappings":"AAAA,SAAS,CAAC;;AACA"}`), 1, 2)
	f.Add([]byte(`{"mappings":"gggggggggggggggE,//////D;;;"}`), 0, 0)
	f.Add([]byte(`{"mappings":";;;;A"}`), -1, 1<<40)
	f.Fuzz(func(t *testing.T, sourceMap []byte, line, column int) {
		defer inputtest.Bound(t)()
		table, err := ReadTable(sourceMap)
		if fromLine, fromColumn, ok := table.Original(line, column); ok && (err != nil || len(table.positions) == 0) {
			t.Errorf("%d:%d comes from %d:%d, %v", line, column, fromLine, fromColumn, err)
		}
		for _, p := range table.positions {
			if p.line < 0 || p.column < 0 || p.fromLine < 0 || p.fromColumn < 0 {
				t.Errorf("%+v", p)
			}
		}
	})
}

// Sources finds what reading every mapping finds, where they are valid and in order.
func FuzzSources(f *testing.F) {
	f.Add("AAAA,SAAS,CCAC;;ADCA,GACCA;A,C,GAAA")
	f.Add("EAAA,A;gggggggggggggggE,ADAA")
	f.Fuzz(func(t *testing.T, text string) {
		defer inputtest.Bound(t)()
		type stretch struct{ line, column, source int }
		var want, got []stretch
		ordered, before := true, Mapping{}
		r := NewReader(text)
		for m, ok := r.Next(); ok; m, ok = r.Next() {
			whole := m.Fields != 2 && m.Fields != 3 && (r.at == len(text) || text[r.at] == ',' || text[r.at] == ';')
			ordered = ordered && whole && (m.Line > before.Line || m.Column >= before.Column)
			if before = m; m.Fields >= 4 && (len(want) == 0 || want[len(want)-1].source != m.Source) {
				want = append(want, stretch{m.Line, m.Column, m.Source})
			}
		}
		all := Sources(text, func(line, column, source int) { got = append(got, stretch{line, column, source}) })
		if !r.Failed() && ordered && (!all || !slices.Equal(got, want)) {
			t.Errorf("%q: got %v, %v, want %v", text, got, all, want)
		}
	})
}
