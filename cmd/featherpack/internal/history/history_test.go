package history

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
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

func sizeOf(p reporters.Recorded, id string) reporters.RecordedSize {
	size, _ := p.Functions.Of(id)
	return size
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
			got = append(got, fmt.Sprint(p.Subject, ": ", sizeOf(p, "orders")))
		}
		if want := "[first: {100 300 20000} second | with\x1f a separator: {250 750 20000}]"; fmt.Sprint(got) != want {
			t.Errorf("in a file: %t: %v, want %s", file, got, want)
		}
		if points, err := below.Points(t.Context(), time.Time{}); err != nil || len(points) != 1 || sizeOf(points[0], "orders").Zip != 7 {
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
	if second := points[1]; sizeOf(second, "orders").Zip != 120 || sizeOf(second, "users").Zip != 7 {
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
	var points []record
	err := l.read(func(r record) error {
		points = append(points, r)
		return nil
	})
	if err != nil || len(points) != maxRecords || points[0].Commit != "c1" || points[len(points)-1].Commit != "new" {
		t.Errorf("%d points from %v, %v", len(points), points[0], err)
	}
}

func TestMemory(t *testing.T) {
	const commits, functions = 100, 2000
	dir, _ := checkout(t)
	var made strings.Builder
	for i := range commits {
		fmt.Fprintf(&made, "commit refs/heads/main\nmark :%d\ncommitter a <a@example.org> %d +0000\ndata 1\na\n", i+1, 1_790_000_000+i)
	}
	made.WriteString("commit refs/notes/featherpack\ncommitter a <a@example.org> 1790000000 +0000\ndata 1\na\n")
	size := 0
	for i := range commits {
		r := record{Version: version, Dir: ".", Functions: map[string]reporters.RecordedSize{}}
		for n := range functions {
			r.Functions[fmt.Sprintf("services/team-%d/function-%d", n%40, n)] = reporters.RecordedSize{Zip: int64(100_000 + i*n), Unzipped: 300_000}
		}
		line, err := r.line()
		if err != nil {
			t.Fatal(err)
		}
		size += len(line)
		fmt.Fprintf(&made, "N inline :%d\ndata %d\n%s\n", i+1, len(line), line)
	}
	cmd := exec.Command("git", "-C", dir, "fast-import", "--quiet")
	cmd.Stdin = strings.NewReader(made.String())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := exec.Command("git", "-C", dir, "symbolic-ref", "HEAD", "refs/heads/main").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	log, err := Open(t.Context(), dir, Notes)
	if err != nil {
		t.Fatal(err)
	}
	cmd, made = nil, strings.Builder{}
	held := func() int {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int(m.HeapAlloc)
	}
	before := held()
	points, err := log.Points(t.Context(), time.Time{})
	if err != nil || len(points) != commits {
		t.Fatal(len(points), err)
	}
	const most = commits*functions*24 + 2<<20 // three numbers each, the names once, and what the test is of
	if after := held(); after-before > most || size < most {
		t.Errorf("%d bytes are held of notes of %d bytes", after-before, size)
	}
	runtime.KeepAlive(points)
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
			points = append(points, reporters.Recorded{Functions: reporters.NewSizes(r.Functions, reporters.Sizes{})})
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
		sizes := map[string]reporters.RecordedSize{"a": {Zip: zip}}
		if i == 3 {
			sizes["new"] = reporters.RecordedSize{Zip: 1}
		}
		points = append(points, reporters.Recorded{Commit: fmt.Sprint("c", i), Functions: reporters.NewSizes(sizes, reporters.Sizes{})})
	}
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
