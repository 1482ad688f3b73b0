package reporters_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/sample"
)

// TestReadStarts refuses projections that no run of ours writes.
func TestReadStarts(t *testing.T) {
	one := []float64{1}
	for name, spoil := range map[string]func(*reporters.ColdStart){
		"cold start is empty":        func(c *reporters.ColdStart) { c.Head, c.Refused = nil, "" },
		"is out of range":            func(c *reporters.ColdStart) { c.Head.Load.Low = c.Head.Load.High + 1 },
		"cold start is out of range": func(c *reporters.ColdStart) { c.Change.Total = reporters.Millis{-1e300, 0, 1} },
		"are not pairs":              func(c *reporters.ColdStart) { c.Change.Local = &reporters.LocalLoad{Before: one} },
		"the sizes of its cold":      func(c *reporters.ColdStart) { c.Given.After.LoadedBytes = -1 },
		"its cold start is out":      func(c *reporters.ColdStart) { c.Money.High = -1 },
	} {
		r := sample.WithStarts(sample.Shop(t).Report())
		for i := range r.Functions {
			if c := r.Functions[i].ColdStart; c != nil && c.Money != nil && c.Change != nil {
				spoil(c)
				break
			}
		}
		if _, err := reporters.Read(bytes.NewReader([]byte(sample.JSON(t, r)))); err == nil ||
			!strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
