package reporters

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/featherpack/featherpack/analyzer"
)

// platform is fourteen functions that share a file of their own, and two that
// do not. edit changes the sources before they are built.
func platform(t *testing.T, edit func(s *service)) Report {
	s := newService(t)
	s.project.Skipped = nil
	s.module("node_modules/zod@3.23.8/index.mjs", 26_000)
	s.module("node_modules/tslib@2.6.2/tslib.js", 5_000)
	s.module("src/lib/shared.ts", 2_000, "node_modules/zod/index.mjs")
	s.module("src/ping.ts", 300)
	s.module("src/report.ts", 1_500, "node_modules/tslib/tslib.js")
	for i := range 14 {
		s.module(fmt.Sprintf("src/api/f%02d.ts", i), 500+20*i, "src/lib/shared.ts")
	}
	if edit != nil {
		edit(s)
	}
	for i := range 14 {
		s.function(fmt.Sprintf("api-%02d", i), fmt.Sprintf("src/api/f%02d.ts", i))
	}
	s.function("ping", "src/ping.ts")
	s.function("report", "src/report.ts")
	return s.report()
}

// The four changes that a pull request may make.
func heavyImport(s *service) {
	s.module("node_modules/gaxios@6.7.0/index.js", 9_000)
	s.module("node_modules/googleapis@173.0.0/build/index.js", 48_000, "node_modules/gaxios/index.js")
	s.module("src/lib/sheets.ts", 700, "node_modules/googleapis/build/index.js")
	s.module("src/lib/shared.ts", 2_100, "node_modules/zod/index.mjs", "src/lib/sheets.ts")
}

func versionMove(s *service) {
	at := s.graph.Intern("node_modules/zod/index.mjs")
	s.graph.Inputs[at].Version = "3.24.1"
	s.sizes["node_modules/zod/index.mjs"] = 29_000
	s.module("node_modules/uuid@9.0.1/index.js", 800, "node_modules/uuid/node_modules/tslib/tslib.js")
	s.module("node_modules/uuid/node_modules/tslib@1.14.1/tslib.js", 6_000)
	s.module("src/report.ts", 1_500, "node_modules/tslib/tslib.js", "node_modules/uuid/index.js")
}

var platformRules = []analyzer.BudgetRule{
	{
		Match: "api-*", Forbid: []string{"googleapis"}, NoNewDuplicates: true, Position: analyzer.Position{File: "featherpack.yaml", Line: 8, Column: 5},
		Limits: map[string]analyzer.BudgetLimit{
			"zip":         {Max: "10 KiB", Grow: "5%", Position: analyzer.Position{File: "featherpack.yaml", Line: 9, Column: 10}},
			"unzipped":    {Max: "90% of lambda-unzipped", Level: "warn", Position: analyzer.Position{File: "featherpack.yaml", Line: 10, Column: 15}},
			"package:zod": {Max: "30 kB", Position: analyzer.Position{File: "featherpack.yaml", Line: 11, Column: 18}},
		},
	},
	{
		Match: "report", NoNewDuplicates: true, Position: analyzer.Position{File: "featherpack.yaml", Line: 13, Column: 5},
		Limits: map[string]analyzer.BudgetLimit{"load": {Max: "250 ms", Level: "warn"}},
	},
	{Group: "all", Limits: map[string]analyzer.BudgetLimit{"zip": {Grow: "16 KiB", Level: "warn"}}},
}

// locate stands for the lexer: every import is on line 7.
func locate(from analyzer.Input, _ analyzer.Import) analyzer.Position {
	return analyzer.Position{File: from.Path, Line: 7, Column: 1}
}

// reviews are the changes by name, compared and judged.
func reviews(t *testing.T) map[string]Report {
	small, heavy := platform(t, nil), platform(t, heavyImport)
	bumped := platform(t, versionMove)
	day := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	o := CompareOptions{Ref: "1a2b3c4", Method: "first parent of the merge commit", Locate: locate}
	judged := func(r Report) Report { return Judge(r, platformRules, JudgeOptions{Today: day, Locate: locate}) }
	return map[string]Report{
		"heavy-import": judged(Compare(small, heavy, o)),
		"removed":      judged(Compare(heavy, small, o)),
		"version-move": judged(Compare(small, bumped, o)),
		"nothing":      judged(Compare(small, platform(t, nil), o)),
		"cold-start":   judged(withStarts(Compare(small, heavy, o))),
		"no-baseline":  judged(NoBaseline(small, "main has no commit that builds")),
	}
}

func TestReviewGolden(t *testing.T) {
	for name, r := range reviews(t) {
		for format, write := range Formats {
			if format == "text" || format == "html" || format == "metafile" || format == "json" && name != "heavy-import" {
				continue
			}
			var b bytes.Buffer
			if err := write(&b, r); err != nil {
				t.Fatal(err)
			}
			golden(t, "review/"+name+"."+format, b.Bytes())
		}
		for _, width := range []int{40, 80, 120} {
			golden(t, fmt.Sprintf("review/%s-%d.txt", name, width), []byte(textOf(t, r, TextOptions{Width: width, Unicode: width > 80})))
		}
	}
}

func TestReviewsAreTheSameEveryTime(t *testing.T) {
	first, second := reviews(t), reviews(t)
	for name, r := range first {
		for format, write := range Formats {
			var a, b bytes.Buffer
			if err := write(&a, r); err != nil {
				t.Fatal(err)
			}
			if err := write(&b, second[name]); err != nil {
				t.Fatal(err)
			}
			if a.String() != b.String() {
				t.Errorf("%s as %s differs from run to run", name, format)
			}
		}
	}
}

func TestReviewsSurviveBeingSaved(t *testing.T) {
	s := compile(t, Schema())
	for name, r := range reviews(t) {
		text := encode(t, r)
		if err := validate(t, s, text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		back, err := Read(bytes.NewReader([]byte(text)))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for format, write := range Formats {
			var a, b bytes.Buffer
			if err := write(&a, r); err != nil {
				t.Fatal(err)
			}
			if err := write(&b, back); err != nil {
				t.Fatal(err)
			}
			if a.String() != b.String() {
				t.Errorf("%s as %s is another once saved", name, format)
			}
		}
	}
}

func TestReviewKeepsToItsWidth(t *testing.T) {
	for name, r := range reviews(t) {
		for width := 40; width <= 200; width += 16 {
			text := textOf(t, r, TextOptions{Width: width, Unicode: true})
			for line := range bytes.Lines([]byte(text)) {
				if columns(string(bytes.TrimRight(line, "\n"))) > width {
					t.Errorf("%s at %d: %q", name, width, line)
				}
			}
		}
	}
}

func TestFormatsPassErrorsOn(t *testing.T) {
	r := reviews(t)["heavy-import"]
	for _, format := range slices.Sorted(maps.Keys(Formats)) {
		if Formats[format](fullDisk{}, r) != io.ErrShortWrite {
			t.Errorf("%s swallows the error of its writer", format)
		}
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
