package sample

import (
	"fmt"
	"testing"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/budget"
)

// Small is a service with the given functions, each with its own module.
func Small(t *testing.T, edit func(*Service), names ...string) reporters.Report {
	s := NewService(t)
	s.Module("src/shared.ts", 800)
	for _, name := range names {
		s.Module("src/"+name+".ts", 400, "src/shared.ts")
	}
	if edit != nil {
		edit(s)
	}
	for _, name := range names {
		s.Function(name, "src/"+name+".ts")
	}
	return s.Report()
}

// Platform is fourteen functions that share a file of their own, and two that
// do not. edit changes the sources before they are built.
func Platform(t *testing.T, edit func(s *Service)) reporters.Report {
	s := NewService(t)
	s.Project.Skipped = nil
	s.Module("node_modules/zod@3.23.8/index.mjs", 26_000)
	s.Module("node_modules/tslib@2.6.2/tslib.js", 5_000)
	s.Module("src/lib/shared.ts", 2_000, "node_modules/zod/index.mjs")
	s.Module("src/ping.ts", 300)
	s.Module("src/report.ts", 1_500, "node_modules/tslib/tslib.js")
	for i := range 14 {
		s.Module(fmt.Sprintf("src/api/f%02d.ts", i), 500+20*i, "src/lib/shared.ts")
	}
	if edit != nil {
		edit(s)
	}
	for i := range 14 {
		s.Function(fmt.Sprintf("api-%02d", i), fmt.Sprintf("src/api/f%02d.ts", i))
	}
	s.Function("ping", "src/ping.ts")
	s.Function("report", "src/report.ts")
	return s.Report()
}

// HeavyImport adds an import of a large package to a file that many functions share.
func HeavyImport(s *Service) {
	s.Module("node_modules/gaxios@6.7.0/index.js", 9_000)
	s.Module("node_modules/googleapis@173.0.0/build/index.js", 48_000, "node_modules/gaxios/index.js")
	s.Module("src/lib/sheets.ts", 700, "node_modules/googleapis/build/index.js")
	s.Module("src/lib/shared.ts", 2_100, "node_modules/zod/index.mjs", "src/lib/sheets.ts")
}

// VersionMove updates one package, and adds a second version of another.
func VersionMove(s *Service) {
	at := s.Graph.Intern("node_modules/zod/index.mjs")
	s.Graph.Inputs[at].Version = "3.24.1"
	s.Sizes["node_modules/zod/index.mjs"] = 29_000
	s.Module("node_modules/uuid@9.0.1/index.js", 800, "node_modules/uuid/node_modules/tslib/tslib.js")
	s.Module("node_modules/uuid/node_modules/tslib@1.14.1/tslib.js", 6_000)
	s.Module("src/report.ts", 1_500, "node_modules/tslib/tslib.js", "node_modules/uuid/index.js")
}

// Rules are budgets of the platform, some of which its changes break.
func Rules() []analyzer.BudgetRule {
	return []analyzer.BudgetRule{
		{
			Match: "api-*", Forbid: []string{"googleapis"}, NoNewDuplicates: true,
			Position: analyzer.Position{File: "featherpack.yaml", Line: 8, Column: 5},
			Limits: map[string]analyzer.BudgetLimit{
				"zip": {
					Max: "10 KiB", Grow: "5%", Position: analyzer.Position{File: "featherpack.yaml", Line: 9, Column: 10},
				},
				"unzipped": {
					Max: "90% of lambda-unzipped", Level: "warn",
					Position: analyzer.Position{File: "featherpack.yaml", Line: 10, Column: 15},
				},
				"package:zod": {Max: "30 kB", Position: analyzer.Position{File: "featherpack.yaml", Line: 11, Column: 18}},
			},
		},
		{
			Match: "report", NoNewDuplicates: true, Position: analyzer.Position{
				File: "featherpack.yaml", Line: 13, Column: 5,
			},
			Limits: map[string]analyzer.BudgetLimit{"load": {Max: "250 ms", Level: "warn"}},
		},
		{Group: "all", Limits: map[string]analyzer.BudgetLimit{"zip": {Grow: "16 KiB", Level: "warn"}}},
	}
}

// Locate replaces the lexer: every import is on line 7.
func Locate(from analyzer.Input, _ analyzer.Import) analyzer.Position {
	return analyzer.Position{File: from.Path, Line: 7, Column: 1}
}

// Reviews are the changes by name, compared and judged.
func Reviews(t *testing.T) map[string]reporters.Report {
	small, heavy := Platform(t, nil), Platform(t, HeavyImport)
	bumped := Platform(t, VersionMove)
	ids := heavy.Functions
	small.Advice = []reporters.Advice{PerInvocation(small.Functions[0].ID, small.Functions[1].ID)}
	heavy.Advice = []reporters.Advice{PerInvocation(ids[0].ID, ids[1].ID), WholePackage(ids[len(ids)-1].ID)}
	day := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	o := reporters.CompareOptions{Ref: "1a2b3c4", Method: "first parent of the merge commit", Locate: Locate}
	judged := func(r reporters.Report) reporters.Report {
		return budget.Judge(r, Rules(), budget.Options{Today: day, Locate: Locate})
	}
	return map[string]reporters.Report{
		"heavy-import": judged(reporters.Compare(small, heavy, o)),
		"removed":      judged(reporters.Compare(heavy, small, o)),
		"version-move": judged(reporters.Compare(small, bumped, o)),
		"nothing":      judged(reporters.Compare(small, Platform(t, nil), o)),
		"cold-start":   judged(WithStarts(reporters.Compare(small, heavy, o))),
		"runtimes":     judged(WithRuntimes(reporters.Compare(small, Platform(t, nil), o))),
		"no-baseline":  judged(reporters.NoBaseline(small, "main has no commit that builds")),
	}
}
