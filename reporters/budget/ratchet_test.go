package budget

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/inputtest"
	"github.com/featherpack/featherpack/reporters"
)

// verdictAt is what a judged report says about a max written at a place.
func verdictAt(line, column int, metric, limit string, value int64, outcome string) reporters.Verdict {
	return reporters.Verdict{
		Outcome: outcome, Level: "error", Metric: metric, Kind: "max", Limit: limit, Value: value,
		Rule: analyzer.Position{File: "featherpack.yaml", Line: line, Column: column},
	}
}

func TestRatchet(t *testing.T) {
	const before = `# budgets of the shop
budgets:
  - match: "orders-*"   # the public ones
    zip: {max: 1.2 MiB, grow: 2%}   # max: 1.2 MiB
    unzipped:
      # what Lambda takes
      level: warn
      max: "90% of lambda-unzipped"  # keep
    package:zod: 500 kB
  - match: users
    zip: 300 KiB
    unzipped: {grow: 1%, level: warn}
    load: 250 ms
`
	r := reporters.Report{Verdicts: []reporters.Verdict{
		verdictAt(4, 10, "zip", "1.2 MiB", 500_000, reporters.OutcomePass),
		verdictAt(4, 10, "zip", "1.2 MiB", 820_000, reporters.OutcomePass),
		verdictAt(7, 7, "unzipped", "90% of lambda-unzipped", 30_000_000, reporters.OutcomePass),
		verdictAt(9, 18, "package:zod", "500 kB", 0, reporters.OutcomePass),
		verdictAt(11, 10, "zip", "300 KiB", 306_900, reporters.OutcomePass),
		verdictAt(13, 11, "load", "250 ms", 20_000, reporters.OutcomePass),
	}}
	const after = `# budgets of the shop
budgets:
  - match: "orders-*"   # the public ones
    zip: {max: 801 KiB, grow: 2%}   # max: 1.2 MiB
    unzipped:
      # what Lambda takes
      level: warn
      max: "11.5% of lambda-unzipped"  # keep
    package:zod: 0 B
  - match: users
    zip: 300 KiB
    unzipped: {grow: 1%, level: warn}
    load: 250 ms
`
	for _, ending := range []string{"\n", "\r\n"} {
		text, lowered, err := Ratchet("featherpack.yaml", []byte(strings.ReplaceAll(before, "\n", ending)), r)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.ReplaceAll(after, "\n", ending), string(text)); diff != "" {
			t.Error(diff)
		}
		if len(lowered) != 3 || lowered[0].Before != "1.2 MiB" || lowered[0].After != "801 KiB" ||
			lowered[0].Line != 4 {
			t.Errorf("%+v", lowered)
		}
	}
}

func TestRatchetNeverRaises(t *testing.T) {
	const text = "- zip: 1 MiB\n"
	for name, verdicts := range map[string][]reporters.Verdict{
		"broken": {verdictAt(1, 8, "zip", "1 MiB", 2<<20, reporters.OutcomeFail)},
		"broken by one": {
			verdictAt(1, 8, "zip", "1 MiB", 9, reporters.OutcomePass),
			verdictAt(1, 8, "zip", "1 MiB", 2<<20, reporters.OutcomeWarn),
		},
		"one is not measured": {
			verdictAt(1, 8, "zip", "1 MiB", 9, reporters.OutcomePass),
			verdictAt(1, 8, "zip", "1 MiB", 0, reporters.OutcomeUnmeasured),
		},
		"accepted":     {verdictAt(1, 8, "zip", "1 MiB", 2<<20, reporters.OutcomeAccepted)},
		"nearly there": {verdictAt(1, 8, "zip", "1 MiB", 1<<20-1, reporters.OutcomePass)},
		"another file": {
			{
				Outcome: reporters.OutcomePass, Kind: "max", Metric: "zip", Limit: "1 MiB", Value: 9,
				Rule: analyzer.Position{File: "other.yaml", Line: 1, Column: 8},
			},
		},
	} {
		got, lowered, err := Ratchet("featherpack.yaml", []byte(text), reporters.Report{Verdicts: verdicts})
		if err != nil || string(got) != text || len(lowered) != 0 {
			t.Errorf("%s: %q, %+v, %v", name, got, lowered, err)
		}
	}
	for value := int64(0); value < 5<<20; value = value*21/20 + 1 {
		for _, limit := range []string{"1 MiB", "1 MB", "2% of lambda-unzipped", "4 MiB", "700 B"} {
			was, _ := parseAmount(limit, "zip", false)
			text := lower(limit, "zip", value)
			if text == "" {
				continue
			}
			is, err := parseAmount(text, "zip", false)
			if err != nil || is.units < value || is.units >= was.units {
				t.Errorf("%d under %s becomes %s, which is %d: %v", value, limit, text, is.units, err)
			}
			if slack := float64(is.units-value) / math.Max(float64(value), 1024); slack > 0.011 &&
				!strings.Contains(limit, "%") {
				t.Errorf("%d under %s becomes %s, which leaves %.1f%%", value, limit, text, slack*100)
			}
		}
	}
}

func TestRatchetReportsMissingBudgets(t *testing.T) {
	for _, text := range []string{
		"", "- zip: 2 MiB\n", "- zip: {max: 2 MiB}\n- zip: {max: 1 MiB}\n",
		"- zip:\n    max: 2 MiB\n- zip:\n    max: 1 MiB\n",
	} {
		column := 8
		if strings.Contains(text, "    max") {
			column = 5
		}
		line := 1 + strings.Count(text[:min(len(text), 8)], "\n")
		_, _, err := Ratchet("featherpack.yaml", []byte(text), reporters.Report{
			Verdicts: []reporters.Verdict{verdictAt(line, column, "zip", "1 MiB", 9, reporters.OutcomePass)},
		})
		var d analyzer.Diagnostic
		if !errors.As(err, &d) || d.File != "featherpack.yaml" {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzRatchet(f *testing.F) {
	f.Add("- zip: {max: 1 MiB}\n", 1, 8, "1 MiB", int64(9))
	f.Add("- zip:\n    max: '1 MiB'\n", 2, 5, "1 MiB", int64(900))
	f.Add("é: \"90% of lambda-zip\"", 1, 5, "90% of lambda-zip", int64(900))
	f.Fuzz(func(t *testing.T, text string, line, column int, limit string, value int64) {
		defer inputtest.Bound(t)()
		got, lowered, err := Ratchet("featherpack.yaml", []byte(text), reporters.Report{
			Verdicts: []reporters.Verdict{verdictAt(line, column, "zip", limit, value, reporters.OutcomePass)},
		})
		if err == nil && len(lowered) == 0 && string(got) != text {
			t.Errorf("%q became %q", text, got)
		}
		if len(lowered) == 1 && len(got) != len(text)-len(lowered[0].Before)+len(lowered[0].After) {
			t.Errorf("%q became %q", text, got)
		}
	})
}

func TestReadAcceptances(t *testing.T) {
	list, err := ReadAcceptances(strings.NewReader(`# reviewed by the platform team
- function: orders-*
  budget: zip
  up-to: 1.4 MiB
  reason: "until the renderer is a service: soon"
  until: 2027-03-01   # the day it moves
- {function: users, budget: forbid, package: moment, reason: legacy, until: "2026-12-31"}
`), "accepted.yaml")
	if err != nil {
		t.Fatal(err)
	}
	want := []Acceptance{
		{
			Function: "orders-*", Metric: "zip", UpTo: "1.4 MiB", Reason: "until the renderer is a service: soon",
			Until: "2027-03-01", Position: analyzer.Position{File: "accepted.yaml", Line: 2, Column: 3},
		},
		{
			Function: "users", Metric: "forbid", Package: "moment", Reason: "legacy", Until: "2026-12-31",
			Position: analyzer.Position{File: "accepted.yaml", Line: 7, Column: 4},
		},
	}
	if diff := cmp.Diff(want, list); diff != "" {
		t.Error(diff)
	}
	if !list[0].holds(time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)) {
		t.Error("what was read does not hold")
	}
	for name, test := range map[string]struct{ text, want string }{
		"nothing":    {"", ""},
		"a comment":  {"# none yet\n", ""},
		"no list":    {"function: a\n", "accepted.yaml:1:1: acceptances must be a list"},
		"no mapping": {"- a\n", "accepted.yaml:1:3: an acceptance must be a mapping"},
		"no reason": {
			"- function: a\n  budget: zip\n  until: 2027-01-01\n", "accepted.yaml:1:3: the acceptance has no reason",
		},
		"no end":      {"- function: a\n  budget: zip\n  reason: x\n", `until: "" is not a day`},
		"never ends":  {"- function: a\n  budget: zip\n  reason: x\n  until: never\n", `until: "never" is not a day`},
		"no budget":   {"- function: a\n  reason: x\n  until: 2027-01-01\n", "does not say which budget"},
		"no function": {"- budget: zip\n  reason: x\n  until: 2027-01-01\n", "function must be a glob"},
		"bad glob": {
			"- function: '['\n  budget: zip\n  reason: x\n  until: 2027-01-01\n", "function must be a glob",
		},
		"bad amount": {
			"- function: a\n  budget: zip\n  up-to: much\n  reason: x\n  until: 2027-01-01\n",
			`up-to: "much" is not an amount`,
		},
		"a typo":      {"- function: a\n  resaon: x\n", `accepted.yaml:2:3: an acceptance has no setting "resaon"`},
		"not a text":  {"- function: [a]\n", "function must be a string"},
		"not YAML":    {"- function: 'a\n", "this is not YAML"},
		"deep":        {strings.Repeat("[", 20_000), "too large or too deep"},
		"deep dashes": {strings.Repeat("- ", 20_000), "too large or too deep"},
		"large":       {"# " + strings.Repeat("x", 70_000), "too large or too deep"},
	} {
		_, err := ReadAcceptances(strings.NewReader(test.text), "accepted.yaml")
		if test.want == "" && err == nil {
			continue
		}
		var d analyzer.Diagnostic
		if !errors.As(err, &d) || d.Hint == "" || !strings.Contains(d.Error(), test.want) || test.want == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzAcceptances(f *testing.F) {
	f.Add("- function: a\n  budget: zip\n  reason: x\n  until: 2027-01-01\n")
	f.Add("- {function: a, <<: *x}\n")
	f.Add("- &a [*a]\n")
	f.Add("- reason: " + strings.Repeat("<", 300))
	f.Fuzz(func(t *testing.T, text string) {
		defer inputtest.Bound(t)()
		list, err := ReadAcceptances(strings.NewReader(text), "a.yaml")
		if err != nil {
			var d analyzer.Diagnostic
			if !errors.As(err, &d) {
				t.Errorf("%T: %v", err, err)
			}
			return
		}
		for _, a := range list {
			if a.Reason == "" || a.Until == "" || a.Function == "" {
				t.Errorf("%+v", a)
			}
		}
	})
}
