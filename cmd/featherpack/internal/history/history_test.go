package history

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/featherpack/featherpack/analyzer/inputtest"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/reporters"
)

// a report of one function with a zip of so many bytes.
func sized(zip int64) reporters.Report {
	f := reporters.Function{Status: reporters.StatusBuilt, Artifact: &packager.Artifact{ZipBytes: zip, UnzippedBytes: 3 * zip}}
	f.ID = "orders"
	f.Boot = &packager.Boot{LoadMillis: []float64{30, 10, 20}}
	return reporters.Report{Functions: []reporters.Function{f}}
}

func checkout(t *testing.T) (dir string, commit func(subject string)) {
	t.Helper()
	dir = t.TempDir()
	run := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=a", "-c", "user.email=a@example.org"}, args...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v\n%s", args[0], err, out)
		}
	}
	run("init", "-q", ".")
	if err := os.MkdirAll(filepath.Join(dir, "services", "a"), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir, func(subject string) { run("commit", "-q", "--allow-empty", "-m", subject) }
}

func TestRecordAndRead(t *testing.T) {
	for _, file := range []bool{false, true} {
		dir, commit := checkout(t)
		place := Notes
		if file {
			place = filepath.Join(t.TempDir(), "sizes.jsonl")
		}
		log, err := Open(t.Context(), dir, place)
		if err != nil {
			t.Fatal(err)
		}
		below, err := Open(t.Context(), filepath.Join(dir, "services", "a"), place)
		if err != nil {
			t.Fatal(err)
		}
		record := func(l *Log, zip int64) {
			t.Helper()
			if _, whyNot, err := l.Record(t.Context(), sized(zip), false); whyNot != "" || err != nil {
				t.Fatal(whyNot, err)
			}
		}
		commit("first")
		record(log, 100)
		record(below, 7) // another folder of the repository
		commit("second | with\x1f a separator")
		record(log, 1)
		record(log, 250) // in place of the one before
		points, err := log.Points(t.Context(), time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range points {
			got = append(got, fmt.Sprint(p.Subject, ": ", p.Functions["orders"]))
		}
		if want := "[first: {100 300 20000} second | with\x1f a separator: {250 750 20000}]"; fmt.Sprint(got) != want {
			t.Errorf("in a file: %t: %v, want %s", file, got, want)
		}
		if points, err := below.Points(t.Context(), time.Time{}); err != nil || len(points) != 1 || points[0].Functions["orders"].Zip != 7 {
			t.Errorf("of the other folder: %v, %v", points, err)
		}
		if points, err := log.Points(t.Context(), time.Now().Add(time.Hour)); err != nil || len(points) != 0 {
			t.Errorf("of the future: %v, %v", points, err)
		}
	}
}

// A file that a CI cache keeps has the commits of other branches too. A part of the
// functions does not take the others out of a commit's record.
func TestFileOfSeveralBranches(t *testing.T) {
	dir, commit := checkout(t)
	git := func(args ...string) {
		t.Helper()
		if out, err := exec.Command("git", append([]string{"-C", dir}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v\n%s", args[0], err, out)
		}
	}
	log, err := Open(t.Context(), dir, filepath.Join(t.TempDir(), "sizes.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	record := func(r reporters.Report, partial bool) {
		t.Helper()
		if _, whyNot, err := log.Record(t.Context(), r, partial); whyNot != "" || err != nil {
			t.Fatal(whyNot, err)
		}
	}
	commit("first")
	record(sized(100), false)
	git("checkout", "-q", "-b", "other")
	commit("elsewhere")
	record(sized(900), false)
	git("checkout", "-q", "-")
	commit("second")
	other := sized(7)
	other.Functions[0].ID = "users"
	record(sized(120), false)
	record(other, true)
	points, err := log.Points(t.Context(), time.Time{})
	if err != nil || len(points) != 2 || points[1].Subject != "second" {
		t.Fatal(points, err)
	}
	if second := points[1].Functions; second["orders"].Zip != 120 || second["users"].Zip != 7 {
		t.Errorf("a part replaced the whole: %v", second)
	}
}

func TestFileHasAnEnd(t *testing.T) {
	l := &Log{dir: ".", file: filepath.Join(t.TempDir(), "sizes.jsonl")}
	var text strings.Builder
	for i := range maxRecords {
		fmt.Fprintf(&text, `{"featherpack":1,"dir":".","commit":"c%d","time":%d,"functions":{"a":{"zip":%d}}}`+"\n", i, i, i)
	}
	if err := os.WriteFile(l.file, []byte(text.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	newest := record{Version: version, Dir: ".", Commit: "new", Time: maxRecords, Functions: map[string]reporters.RecordedSize{"a": {Zip: 1}}}
	if err := l.append(newest, false); err != nil {
		t.Fatal(err)
	}
	points, err := l.read()
	if err != nil || len(points) != maxRecords || points[0].Commit != "c1" || points[len(points)-1].Commit != "new" {
		t.Errorf("%d points from %v, %v", len(points), points[0], err)
	}
}

func TestBrokenRecordsAreLeftOut(t *testing.T) {
	text := `{"featherpack":1,"dir":".","functions":{"a":{"zip":5},"b":{"zip":-1},"c":{"zip":9000000000000000000}}}
{"featherpack":2,"dir":".","functions":{"a":{"zip":5}}}
{"featherpack":1,"dir":".","functions":{}}
{"featherpack":1,"dir"
a note of somebody else
`
	all := recordsIn(text)
	if len(all) != 1 || len(all[0].Functions) != 1 || all[0].Functions["a"].Zip != 5 {
		t.Errorf("%+v", all)
	}
}

func FuzzRecords(f *testing.F) {
	f.Add(`{"featherpack":1,"dir":".","functions":{"a":{"zip":5,"unzipped":6,"load":7}}}`)
	f.Add("{}\n[1]\nnull\n")
	f.Fuzz(func(t *testing.T, text string) {
		defer inputtest.Bound(t)()
		var points []reporters.Recorded
		for _, r := range recordsIn(text) {
			points = append(points, reporters.Recorded{Functions: r.Functions})
		}
		for _, l := range Lines(points) {
			if n := len([]rune(l.Sparkline(20))); n == 0 || n > 20 || l.Moved >= len(l.Steps) {
				t.Errorf("%+v", l)
			}
		}
	})
}

func TestLines(t *testing.T) {
	var points []reporters.Recorded
	for i, zip := range []int64{100, 100, 100, 150, 150, 90, 90, 90} {
		points = append(points, reporters.Recorded{Commit: fmt.Sprint("c", i), Functions: map[string]reporters.RecordedSize{"a": {Zip: zip}}})
	}
	points[3].Functions["new"] = reporters.RecordedSize{Zip: 1}
	lines := Lines(points)
	if len(lines) != 2 || lines[0].ID != "a" || lines[1].ID != "new" {
		t.Fatal(lines)
	}
	var steps []string
	for _, s := range lines[0].Steps {
		steps = append(steps, fmt.Sprintf("%s %d %+d", s.Point.Commit, s.Size.Zip, s.By))
	}
	if got := strings.Join(steps, ", "); got != "c0 100 +0, c2 100 +0, c3 150 +50, c4 150 +0, c5 90 -60, c7 90 +0" {
		t.Error(got)
	}
	if moved := lines[0].Steps[lines[0].Moved]; moved.Point.Commit != "c5" {
		t.Error(moved)
	}
	if got := lines[0].Sparkline(20); got != "▂▂██▁▁" {
		t.Error(got)
	}
}
