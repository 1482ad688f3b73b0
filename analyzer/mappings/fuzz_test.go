package mappings

import (
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
