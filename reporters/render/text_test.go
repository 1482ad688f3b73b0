package render

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/render/columns"
	"github.com/featherpack/featherpack/reporters/sample"
)

func textOf(t *testing.T, r reporters.Report, o TextOptions) string {
	t.Helper()
	var b bytes.Buffer
	if err := Text(&b, r, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTextGolden(t *testing.T) {
	r := sample.Shop(t).Report()
	r.Timings = []reporters.Timing{{Stage: "discover", Duration: 40 * time.Millisecond},
		{Stage: "build and pack", Duration: 3200 * time.Millisecond},
	}
	for _, width := range []int{40, 80, 120} {
		sample.Golden(t, fmt.Sprintf("shop-%d.txt", width), []byte(textOf(t, r, TextOptions{Width: width})))
		sample.Golden(t, fmt.Sprintf("shop-verbose-%d.txt", width), []byte(textOf(t, r, TextOptions{
			Width: width, Verbose: true, Unicode: width > 80,
		})))
	}
}

func TestTextKeepsToItsWidth(t *testing.T) {
	s := sample.Shop(t)
	s.Module("src/wide.ts", 5000)
	s.Function("ein-sehr-langer-name-einer-funktion-die-niemand-so-nennen-würde-日本語-関数", "src/wide.ts")
	r := s.Report()
	for width := 30; width <= 200; width += 5 {
		for _, verbose := range []bool{false, true} {
			for _, line := range strings.Split(textOf(t, r, TextOptions{
				Width: width, Verbose: verbose, Unicode: true,
			}), "\n") {
				if columns.Count(line) > width && strings.Contains(strings.TrimLeft(line, " "), "  ") {
					t.Errorf("width %d: %q has %d columns", width, line, columns.Count(line))
				}
			}
		}
	}
}

func TestColourAddsNoMeaning(t *testing.T) {
	r := sample.Shop(t).Report()
	o := TextOptions{Width: 100, Verbose: true, Unicode: true}
	plain := textOf(t, r, o)
	o.Color = true
	coloured := textOf(t, r, o)
	if !strings.Contains(coloured, "\x1b[31m") || !strings.Contains(coloured, "\x1b[32m") {
		t.Error("nothing is coloured")
	}
	for strings.Contains(coloured, "\x1b[") {
		at := strings.Index(coloured, "\x1b[")
		end := strings.IndexByte(coloured[at:], 'm')
		coloured = coloured[:at] + coloured[at+end+1:]
	}
	if coloured != plain {
		t.Errorf("without its colours the text is another:\n%s\n%s", coloured, plain)
	}
}

func TestPipesGetASCII(t *testing.T) {
	for i, c := range []byte(textOf(t, sample.Shop(t).Report(), TextOptions{Verbose: true})) {
		if c >= 0x80 || c < ' ' && c != '\n' {
			t.Fatalf("byte %d is %#x", i, c)
		}
	}
}

func TestHostileNamesDoNotDriveTheTerminal(t *testing.T) {
	s := sample.NewService(t)
	s.Module("src/a.ts", 500, "node_modules/\x1b]0;owned\a/i.js")
	s.Module("node_modules/\x1b]0;owned\a@1.0\u202e.0/i.js", 500)
	s.Function("a", "src/a.ts")
	s.Failing("b\r\nnext: rm -rf /", "can\x1b[2Jnot \u009b31m", s.Project.Functions[0].Position)
	for _, verbose := range []bool{false, true} {
		got := textOf(t, s.Report(), TextOptions{Verbose: verbose, Width: 120})
		if strings.ContainsAny(got, "\x1b\a\r\u202e\u009b") || strings.Contains(got, "\nnext: rm") {
			t.Errorf("%q", got)
		}
	}
}

func TestManyFunctionsAreCutOnATerminal(t *testing.T) {
	s := sample.NewService(t)
	s.Module("src/a.ts", 500)
	s.Function("f", "src/a.ts")
	for i := range 150 {
		b := s.Built[0]
		b.Bundle.ID = fmt.Sprintf("f%03d", i)
		s.Built = append(s.Built, b)
	}
	r := s.Report()
	short := textOf(t, r, TextOptions{Width: 80})
	if n := strings.Count(short, "\nf"); n != 100 || !strings.Contains(short, "51 more, ") {
		t.Errorf("%d functions: %s", n, short)
	}
	for what, o := range map[string]TextOptions{"a pipe": {}, "--verbose": {Width: 80, Verbose: true}} {
		if text := textOf(t, r, o); strings.Contains(text, "51 more") || strings.Count(text, "\nf") < 151 {
			t.Errorf("%s leaves functions out", what)
		}
	}
}

func TestWhatToDoNext(t *testing.T) {
	broken := sample.Shop(t).Report()
	if got := next(broken); got != "fix src/refunds.ts:3:21 and build again" {
		t.Error(got)
	}
	for i := range broken.Functions {
		for j := range broken.Functions[i].Diagnostics {
			d := &broken.Functions[i].Diagnostics[j]
			d.Code, d.Hint = "write-failed", "free some space, or write elsewhere with --out"
		}
	}
	if got := next(broken); got != "free some space, or write elsewhere with --out, and build again" {
		t.Error(got)
	}
	s := sample.Shop(t)
	s.Built = s.Built[:3]
	if got := next(s.Report()); got != "featherpack why orders @aws-sdk/client-s3" {
		t.Error(got)
	}
	s.Built = s.Built[2:]
	two := s.Report()
	two.Totals.Functions = 2
	if got := next(two); got != "deploy the 2 zips" {
		t.Error(got)
	}
	if got := next(s.Report()); got != "deploy ping.zip" {
		t.Error(got)
	}
	if got := next(reporters.Report{}); got != "featherpack discover, to see what was found" {
		t.Error(got)
	}
}
