package render

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/render/columns"
	"github.com/featherpack/featherpack/reporters/sample"
	"github.com/featherpack/featherpack/reporters/schematest"
)

// made are the reviews that the tests share, made by the first that asks.
var made struct {
	once    sync.Once
	reviews map[string]reporters.Report
}

func reviews(t *testing.T) map[string]reporters.Report {
	t.Helper()
	made.once.Do(func() { made.reviews = sample.Reviews(t) })
	return made.reviews
}

func TestReviewGolden(t *testing.T) {
	for name, r := range reviews(t) {
		for format, write := range Formats {
			if format == "text" || format == "html" || format == "metafile" ||
				format == "json" && name != "heavy-import" {
				continue
			}
			var b bytes.Buffer
			if err := write(&b, r); err != nil {
				t.Fatal(err)
			}
			sample.Golden(t, "review/"+name+"."+format, b.Bytes())
		}
		for _, width := range []int{40, 80, 120} {
			sample.Golden(t, fmt.Sprintf("review/%s-%d.txt", name, width), []byte(textOf(t, r, TextOptions{
				Width: width, Unicode: width > 80,
			})))
		}
	}
}

func TestReviewsAreTheSameEveryTime(t *testing.T) {
	first, second := reviews(t), sample.Reviews(t)
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
	s := schematest.Compile(t, reporters.Schema())
	for name, r := range reviews(t) {
		text := sample.JSON(t, r)
		if err := schematest.Validate(t, s, text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		back, err := reporters.Read(bytes.NewReader([]byte(text)))
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
				if columns.Count(string(bytes.TrimRight(line, "\n"))) > width {
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

func TestNoBaselineShowsNoPercentage(t *testing.T) {
	s := sample.NewService(t)
	s.Failing("a", "no", analyzer.Position{})
	d := reporters.Compare(s.Report(), sample.Small(t, nil, "a"), reporters.CompareOptions{}).Delta
	if bytes, percent := changeOfZip(d.Functions[0]); bytes != "no baseline" || percent != "" {
		t.Errorf("it shows as %q %q", bytes, percent)
	}
}
