package reporters_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/sample"
	"github.com/featherpack/featherpack/reporters/schematest"
)

// partsOf builds a service in n shards, each with a graph of its own.
func partsOf(t *testing.T, make func(*testing.T) *sample.Service, n int) []reporters.Part {
	t.Helper()
	var ids []string
	for _, b := range make(t).Built {
		ids = append(ids, b.Bundle.ID)
	}
	slices.Sort(ids)
	var parts []reporters.Part
	for i := range n {
		shard := reporters.NewShard(i+1, n, slices.Values(ids))
		s := make(t)
		s.Built = slices.DeleteFunc(s.Built, func(b reporters.Built) bool { return !shard.Holds(b.Bundle.ID) })
		report := advised(s.Report())
		report.Shard = shard
		var saved bytes.Buffer
		if err := reporters.JSON(&saved, report); err != nil {
			t.Fatal(err)
		}
		if err := schematest.Validate(t, schematest.Compile(t, reporters.Schema()), saved.String()); err != nil {
			t.Error(err)
		}
		read, err := reporters.Read(&saved)
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, reporters.Part{Name: fmt.Sprintf("part-%d.json", i+1), Report: read})
	}
	return parts
}

// advised adds advice about all functions together, and about the last.
func advised(r reporters.Report) reporters.Report {
	r.Advice = []reporters.Advice{}
	var ids []string
	for _, f := range r.Functions {
		ids = append(ids, f.ID)
		if f.ID == "users" {
			r.Advice = append(r.Advice, sample.WholePackage(f.ID))
		}
	}
	if len(ids) > 0 {
		r.Advice = append(r.Advice, sample.PerInvocation(ids...))
	}
	reporters.SortAdvice(r.Advice)
	return r
}

func TestMergeIsOneBuild(t *testing.T) {
	whole := sample.JSON(t, advised(sample.Shop(t).Report()))
	for _, n := range []int{1, 2, 7, 64} {
		parts := partsOf(t, sample.Shop, n)
		slices.Reverse(parts) // their order is nobody's business
		merged, err := reporters.Merge(parts)
		if err != nil {
			t.Fatalf("%d shards: %v", n, err)
		}
		if got := sample.JSON(t, merged); got != whole {
			t.Errorf("%d shards give another report:\n%s\nwant\n%s", n, got, whole)
		}
	}
}

func TestMergeRefuses(t *testing.T) {
	good := partsOf(t, sample.Shop, 3)
	change := func(edit func(*reporters.Report)) []reporters.Part {
		parts := slices.Clone(good)
		shard := *parts[1].Report.Shard
		parts[1].Report.Shard = &shard
		edit(&parts[1].Report)
		return parts
	}
	holding := slices.IndexFunc(good, func(p reporters.Part) bool { return len(p.Report.Functions) > 0 })
	cases := map[string][]reporters.Part{
		"nothing to merge":                        nil,
		"no report is of shard 2/3":               {good[0], good[2]},
		"no report is of shard 1/3, 3/3":          {good[1]},
		"part-3.json: shard 3/3 is given twice":   {good[0], good[1], good[2], good[2]},
		"of a whole build, not of a shard":        change(func(r *reporters.Report) { r.Shard = nil }),
		"part-2.json: the report is of shard 2/4": change(func(r *reporters.Report) { r.Shard.Of = 4 }),
		"is of featherpack 2.0.0, but":            change(func(r *reporters.Report) { r.Tool.Version = "2.0.0" }),
		"built with other settings":               change(func(r *reporters.Report) { r.Settings = nil }),
		"a project with other functions":          change(func(r *reporters.Report) { r.Shard.Digest = "0" }),
		"another state of the project":            change(func(r *reporters.Report) { r.Skipped = nil }),
		"compared with a baseline already":        change(func(r *reporters.Report) { r.Delta = &reporters.Delta{} }),
		"does not belong to shard 2/3": change(func(r *reporters.Report) {
			r.Functions = slices.Concat(r.Functions, good[(holding+1)%3].Report.Functions, good[holding].Report.Functions)
		}),
		"functions together, but the project has": func() []reporters.Part {
			parts := slices.Clone(good)
			parts[holding].Report.Functions = nil
			return parts
		}(),
	}
	for _, want := range slices.Sorted(maps.Keys(cases)) {
		_, err := reporters.Merge(cases[want])
		var d analyzer.Diagnostic
		if !errors.As(err, &d) || !strings.Contains(d.File+": "+d.Message, want) || d.Hint == "" {
			t.Errorf("want %q, got %+v", want, err)
		}
	}
}

// A shard is a promise to every machine: it must not change between versions.
func TestShardsStay(t *testing.T) {
	want := map[string]int{"orders": 0, "orders-api/create": 0, "Ünïcode": 0}
	for id := range want {
		for i := range 7 {
			if (reporters.Shard{Index: i + 1, Of: 7}).Holds(id) {
				want[id] = i + 1
			}
		}
	}
	if got := fmt.Sprint(want); got != "map[orders:7 orders-api/create:2 Ünïcode:1]" {
		t.Error(got)
	}
}
