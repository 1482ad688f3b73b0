package sample

import (
	"fmt"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/budget"
)

// Hostile lists names that a hostile project or report could contain.
func Hostile() []string {
	return []string{
		"<script>alert(1)</script>", "</td></table><img src=x onerror=alert(1)>", "--> <b>", "`code` **bold** ~~no~~",
		"a|b|c", "@everyone #1",
		"[click](https://example.com)", "www.example.com", "::error::owned", "x\n::set-output name=a::b",
		"x\r\n##[error]owned", "%0A::error::owned",
		"=HYPERLINK(\"https://example.com\")", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\uff1d1+1", "\"quoted\",comma", "]]>",
		"&lt;&#x3c;", "\x1b[31mred", "\u202egpj.exe",
		"```\nfence\n```", "``", "` `", "</details>", "a\u2028b", "\xff\xfe",
	}
}

// Attacked is a report in which every text that a project controls is hostile.
func Attacked(t *testing.T, name string) reporters.Report {
	s := NewService(t)
	s.version = name
	s.Module("src/a.ts", 400, "node_modules/evil/index.js")
	s.Module("node_modules/evil@1.0.0/index.js", 20_000)
	s.Function("victim", "src/a.ts")
	for i := range s.Graph.Inputs {
		in := &s.Graph.Inputs[i]
		in.Path = strings.Replace(in.Path, "a.ts", name+".ts", 1)
		if in.Package != "" {
			in.Package, in.Version = name, name
		}
		for e := range in.Imports {
			in.Imports[e].Specifier = name
		}
	}
	s.Failing("broken", name, analyzer.Position{File: name, Line: 1, Column: 2})
	for i := range s.Built {
		b := &s.Built[i].Bundle
		b.ID = name + fmt.Sprint(i)
		b.Function.Name, b.Function.Service, b.Function.Runtime, b.Function.Architecture = name, name, name, name
		b.Diagnostics = append(b.Diagnostics, analyzer.Diagnostic{
			Code: name, Severity: analyzer.Warning, Message: name, Hint: name, Position: analyzer.Position{File: name},
		})
	}
	head := s.Report()
	head.Duplicates = []reporters.Duplicate{
		{
			Package: name, Function: head.Functions[0].ID,
			Copies: []reporters.Copy{{Version: name, Path: name, AskedBy: []string{name}}, {Version: name}}, Bytes: 5,
		},
	}
	head.Advice = []reporters.Advice{{
		Diagnostic: analyzer.Diagnostic{Code: name, Severity: analyzer.Note, Message: name, Hint: name, Position: analyzer.Position{File: name, Line: 1, Column: 2}},
		Functions:  []string{head.Functions[0].ID}, Kind: "size", Holds: &reporters.Held{Unzipped: 5, Zipped: 2},
		Projected: name, Change: name, Behaviour: name, Link: name, Subject: name,
	}, {
		Diagnostic: analyzer.Diagnostic{Code: "linked", Severity: analyzer.Note, Message: "m", Hint: "h"},
		Functions:  []string{head.Functions[0].ID}, Kind: "price", Change: "--- a\n+++ b\n" + name, Link: "https://example.com/" + name, Subject: "m",
	}}
	head.Functions[0].Runtimes = []reporters.OnRuntime{
		{Runtime: name, Verdict: reporters.RuntimeFails, Node: name, Reason: name, At: analyzer.Position{File: name, Line: 1}, NotBuilt: name},
		{Runtime: name, Verdict: name, Source: analyzer.Position{File: name, Line: 1}, OwnMillis: 1, LoadMillis: 2, BuiltBytes: 3},
	}
	before := Small(t, nil, "a")
	before.Functions[0].ID = name + "0"
	before.Tool.Version = name
	r := reporters.Compare(before, head, reporters.CompareOptions{Ref: name, Method: name})
	return budget.Judge(r, []analyzer.BudgetRule{
		{
			Match: "**", Limits: map[string]analyzer.BudgetLimit{"zip": {Max: "1 B"}, "package:" + name: {Max: "1 B"}},
			Forbid: []string{name}, NoNewDuplicates: true, Position: analyzer.Position{File: name, Line: 1},
		},
		{Group: name, Limits: map[string]analyzer.BudgetLimit{"zip": {Max: "1 B"}}},
	}, budget.Options{Before: []analyzer.BudgetRule{{Match: name, Forbid: []string{name}}}})
}
