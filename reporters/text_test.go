package reporters

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
)

func textOf(t *testing.T, r Report, o TextOptions) string {
	t.Helper()
	var b bytes.Buffer
	if err := Text(&b, r, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTextGolden(t *testing.T) {
	r := shop(t).report()
	r.Timings = []Timing{{"discover", 40 * time.Millisecond}, {"build and pack", 3200 * time.Millisecond}}
	for _, width := range []int{40, 80, 120} {
		golden(t, fmt.Sprintf("shop-%d.txt", width), []byte(textOf(t, r, TextOptions{Width: width})))
		golden(t, fmt.Sprintf("shop-verbose-%d.txt", width), []byte(textOf(t, r, TextOptions{Width: width, Verbose: true, Unicode: width > 80})))
	}
}

func TestTextKeepsToItsWidth(t *testing.T) {
	s := shop(t)
	s.module("src/wide.ts", 5000)
	s.function("ein-sehr-langer-name-einer-funktion-die-niemand-so-nennen-würde-日本語-関数", "src/wide.ts")
	r := s.report()
	for width := 30; width <= 200; width += 5 {
		for _, verbose := range []bool{false, true} {
			for _, line := range strings.Split(textOf(t, r, TextOptions{Width: width, Verbose: verbose, Unicode: true}), "\n") {
				if columns(line) > width && strings.Contains(strings.TrimLeft(line, " "), "  ") {
					t.Errorf("width %d: %q has %d columns", width, line, columns(line))
				}
			}
		}
	}
}

func TestColourAddsNoMeaning(t *testing.T) {
	r := shop(t).report()
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
	for i, c := range []byte(textOf(t, shop(t).report(), TextOptions{Verbose: true})) {
		if c >= 0x80 || c < ' ' && c != '\n' {
			t.Fatalf("byte %d is %#x", i, c)
		}
	}
}

func TestHostileNamesDoNotDriveTheTerminal(t *testing.T) {
	s := newService(t)
	s.module("src/a.ts", 500, "node_modules/\x1b]0;owned\a/i.js")
	s.module("node_modules/\x1b]0;owned\a@1.0\u202e.0/i.js", 500)
	s.function("a", "src/a.ts")
	s.failing("b\r\nnext: rm -rf /", "can\x1b[2Jnot \u009b31m", s.project.Functions[0].Position)
	for _, verbose := range []bool{false, true} {
		got := textOf(t, s.report(), TextOptions{Verbose: verbose, Width: 120})
		if strings.ContainsAny(got, "\x1b\a\r\u202e\u009b") || strings.Contains(got, "\nnext: rm") {
			t.Errorf("%q", got)
		}
	}
}

func TestManyFunctionsAreCutUnlessAskedFor(t *testing.T) {
	s := newService(t)
	s.module("src/a.ts", 500)
	s.function("f", "src/a.ts")
	for i := range 150 {
		b := s.built[0]
		b.Bundle.ID = fmt.Sprintf("f%03d", i)
		s.built = append(s.built, b)
	}
	r := s.report()
	short, long := textOf(t, r, TextOptions{}), textOf(t, r, TextOptions{Verbose: true})
	if n := strings.Count(short, "\nf"); n != 100 || !strings.Contains(short, "51 more, ") {
		t.Errorf("%d functions: %s", n, short)
	}
	if strings.Contains(long, "51 more") {
		t.Error("--verbose leaves some out")
	}
}

func TestWhatToDoNext(t *testing.T) {
	broken := shop(t).report()
	if got := next(broken); got != "mend src/refunds.ts:3:21 and build again" {
		t.Error(got)
	}
	s := shop(t)
	s.built = s.built[:3]
	if got := next(s.report()); got != "featherpack why orders @aws-sdk/client-s3" {
		t.Error(got)
	}
	s.built = s.built[2:]
	if got := next(s.report()); got != "deploy ping.zip" {
		t.Error(got)
	}
	if got := next(Report{}); got != "featherpack discover, to see what was found" {
		t.Error(got)
	}
}

func TestSizes(t *testing.T) {
	for bytes, want := range map[int64]string{
		0: "0 B", 1023: "1023 B", 1024: "1.00 KiB", 10_234: "9.99 KiB", 10_239: "10.0 KiB", 102_348: "99.9 KiB", 102_399: "100 KiB",
		1_048_064: "1.00 MiB", 1_047_000: "1022 KiB", 262_144_000: "250 MiB", -1536: "-1.50 KiB", 1 << 40: "1.00 TiB", 1 << 52: "4096 TiB",
	} {
		if got := size(bytes); got != want {
			t.Errorf("size(%d) = %s, want %s", bytes, got, want)
		}
	}
	for _, test := range []struct {
		before, after int64
		want          string
	}{
		{1000, 13, "-98.7%"}, {1_000_000, 200, "-99.98%"}, {1_000_000, 1, "-99.99%"}, {100, 0, "-100.0%"}, {0, 5, ""},
		{100, 100, "+0.0%"}, {10, 500, "+4900%"}, {1000, 1194, "+19.4%"},
	} {
		if got := change(test.before, test.after); got != test.want {
			t.Errorf("change(%d, %d) = %s, want %s", test.before, test.after, got, test.want)
		}
	}
	for part, want := range map[int64]string{0: "0.0%", 1: "<0.1%", 5_000: "5.0%", 99_500: "100%", 16_400: "16%"} {
		if got := share(part, 100_000); got != want {
			t.Errorf("share(%d) = %s, want %s", part, got, want)
		}
	}
	if got := count(1_234_567) + " " + count(-999) + " " + count(12_345); got != "1,234,567 -999 12,345" {
		t.Error(got)
	}
}

func TestShorten(t *testing.T) {
	for _, test := range []struct {
		text  string
		width int
		want  string
	}{
		{"orders", 6, "orders"}, {"orders-by-region", 10, "orde..gion"}, {"日本語の関数です", 9, "日本..す"}, {"abc", 2, "ab"}, {"", 0, ""},
	} {
		got := shorten(test.text, test.width)
		if got != test.want || columns(got) > test.width {
			t.Errorf("shorten(%q, %d) = %q, want %q", test.text, test.width, got, test.want)
		}
	}
}
