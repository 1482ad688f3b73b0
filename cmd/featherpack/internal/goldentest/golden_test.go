package goldentest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/baseline"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
	"github.com/featherpack/featherpack/reporters/render"
)

// change is a commit to a sample service, with the exit status of checking it against
// the service. Its files are in testdata/golden/SERVICE/NAME/commit. The expected
// reports are beside that folder.
type change struct {
	name   string
	status int
	// against holds the flags that choose the baseline.
	against []string
}

var againstBase = []string{"--compare-ref", "base"}

// TestGoldenOrders checks real commits to three functions of the sample service with
// their real packages, which are installed from the lockfile. The baseline is built in
// a worktree. One run writes all formats. -update rewrites the expected reports.
func TestGoldenOrders(t *testing.T) {
	s := newGolden(t, "orders")
	for _, c := range []change{
		{"no-baseline", clitest.Failed, nil},
		{"heavy-import", clitest.Over, againstBase},
		{"import-removed", clitest.Good, againstBase},
		{"no-change", clitest.Good, againstBase},
		{"tiny-change", clitest.Good, againstBase},
		{"version-bump", clitest.Good, againstBase}, // last, since it installs other packages
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.name == "version-bump" {
				clitest.SkipUnlessLong(t) // installs the service a second time
			}
			out := s.check(t, c)
			for _, format := range slices.Sorted(maps.Keys(out)) {
				text := s.steady(format, out[format])
				if format == "html" {
					text = pageOf(t, text, out["json"])
				}
				// Only one change has files with whole import graphs. In the others
				// they would be megabytes of the same content.
				if (format == "json" || format == "metafile") && c.name != "heavy-import" {
					text = withoutGraph(t, text)
				}
				s.compare(t, c, format, text)
			}
		})
	}
}

// TestGoldenIngest does the same for two Go functions, whose import chains also have
// files and lines. Sizes, and so the order of rows, differ with each patch release of
// Go. So only the formats that list findings are compared, without figures.
// TestGoldenOrders compares the others.
func TestGoldenIngest(t *testing.T) {
	s := newGolden(t, "ingest")
	for _, c := range []change{
		{"heavy-import", clitest.Over, againstBase},
		{"import-removed", clitest.Good, againstBase},
		{"no-change", clitest.Good, againstBase},
		{"version-bump", clitest.Good, againstBase},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.name != "no-change" {
				clitest.SkipUnlessLong(t) // the same for a Go function, of what TestGoldenOrders compares
			}
			out := s.check(t, c)
			for _, format := range []string{"github", "gitlab", "junit", "markdown", "sarif"} {
				s.compare(t, c, format, withoutFigures(out[format]))
			}
		})
	}
}

var figures = regexp.MustCompile(`[+-]?\b[0-9][0-9.,]* (B|KiB|MiB)\b|[+-]?[<0-9][0-9.]*%(25)?|\bgo1\.[0-9.]+`)

func withoutFigures(text string) string {
	return figures.ReplaceAllStringFunc(text, func(figure string) string {
		switch {
		case strings.HasPrefix(figure, "go1."):
			return "go1.N"
		case strings.HasSuffix(figure, "B"):
			return "SIZE"
		}
		return "SHARE"
	})
}

// goldenService is a sample service in a repository of its own.
type goldenService struct{ name, dir, repo string }

// newGolden commits a sample service and tags the commit as base. The files in
// testdata/golden/NAME/base reduce its functions and packages.
func newGolden(t *testing.T, name string) goldenService {
	t.Helper()
	if testing.Short() {
		t.Skip("builds a service at several commits")
	}
	s := goldenService{name, clitest.Testdata(t, "golden", name), filepath.Join(t.TempDir(), name)}
	clitest.Overlay(t, clitest.Testdata(t, "apps", name), s.repo)
	clitest.Overlay(t, filepath.Join(s.dir, "base"), s.repo)
	// The commit hashes are the same on every machine, whatever the user's settings.
	for key, value := range map[string]string{
		"GIT_CONFIG_GLOBAL": os.DevNull, "GIT_CONFIG_SYSTEM": os.DevNull,
		"GIT_AUTHOR_NAME": "Dev", "GIT_AUTHOR_EMAIL": "dev@example.org", "GIT_AUTHOR_DATE": "2026-11-02T09:00:00Z",
		"GIT_COMMITTER_NAME": "Dev", "GIT_COMMITTER_EMAIL": "dev@example.org",
		"GIT_COMMITTER_DATE": "2026-11-02T09:00:00Z",
		"NO_COLOR":           "1",
	} {
		t.Setenv(key, value)
	}
	for _, name := range baseline.Variables() {
		t.Setenv(name, "") // of the CI system that the test itself may run in
	}
	s.git(t, "init", "-q", "-b", "main", ".")
	s.git(t, "add", ".")
	s.git(t, "commit", "-q", "-m", "base")
	s.git(t, "tag", "base")
	return s
}

func (s goldenService) git(t *testing.T, args ...string) {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = s.repo
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %s: %v\n%s", args[0], err, out)
	}
}

// check commits a change and returns the report in each format.
func (s goldenService) check(t *testing.T, c change) map[string]string {
	t.Helper()
	s.git(t, "checkout", "-q", "--force", "--detach", "base")
	s.git(t, "clean", "-q", "--force", "-d")
	if commit := filepath.Join(s.dir, c.name, "commit"); clitest.Exists(commit) {
		clitest.Overlay(t, commit, s.repo)
		s.git(t, "add", ".")
		s.git(t, "commit", "-q", "-m", c.name)
	}
	work := t.TempDir()
	args := append([]string{"check", "--install", "--out", filepath.Join(work, "out")}, c.against...)
	for format := range render.Formats {
		args = append(args, "-o", format+"="+filepath.Join(work, format))
	}
	r := clitest.Run(t, append(args, s.repo)...)
	if r.Status != c.status {
		t.Fatalf("exit status %d, want %d\n%s", r.Status, c.status, r.Stderr)
	}
	if r.Stdout != "" {
		t.Errorf("all reports go to files, but stdout has %q", r.Stdout)
	}
	out := map[string]string{}
	for format := range render.Formats {
		data, err := os.ReadFile(filepath.Join(work, format))
		if err != nil {
			t.Fatal(err)
		}
		out[format] = string(data)
	}
	s.again(t, work, out)
	return out
}

// again prints the saved report in every format. The result is the same, except for the
// duration of the run.
func (s goldenService) again(t *testing.T, work string, want map[string]string) {
	t.Helper()
	again := filepath.Join(work, "again")
	args := []string{"report", filepath.Join(work, "json")}
	for format := range want {
		args = append(args, "-o", format+"="+again+"."+format)
	}
	clitest.Must(t, args...)
	for format, text := range want {
		data, err := os.ReadFile(again + "." + format)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(s.steady(format, text), s.steady(format, string(data))); diff != "" {
			t.Errorf("%s of the saved report differs: %s", format, diff)
		}
	}
}

var tookTime = regexp.MustCompile(`(?m)^slowest step: .*\n`)

// steady removes the only line that differs from run to run: the duration of the run.
// Everything else is the same on every machine.
func (goldenService) steady(format, text string) string {
	if format == "text" {
		return tookTime.ReplaceAllString(text, "")
	}
	return text
}

// compare compares a format's text with the golden file, or rewrites the file.
func (s goldenService) compare(t *testing.T, c change, format, got string) {
	t.Helper()
	name := filepath.Join(s.dir, c.name, format)
	clitest.Golden(t, name, got)
}

var (
	pageData = regexp.MustCompile(`(?s)<script type="application/json" id="report">(.*?)</script>`)
	pageCode = regexp.MustCompile(`(?s)<(style|script)>.*?</(?:style|script)>`)
	pageHash = regexp.MustCompile(`sha256-[A-Za-z0-9+/=]+`)
)

// pageOf returns the page around the report, followed by what the page's scripts derive
// from the report. It leaves out style, scripts and their hashes, which are in
// reporters/page. The report in the page must be the saved one.
func pageOf(t *testing.T, page, saved string) string {
	t.Helper()
	data := pageData.FindStringSubmatch(page)
	if data == nil || data[1] != saved {
		t.Error("the page does not hold its report.json")
	}
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	shown, err := exec.Command("node", clitest.Testdata(t, "browser", "shown.mjs"), file).Output()
	if err != nil {
		t.Fatalf("running the page's scripts: %v", err)
	}
	page = pageHash.ReplaceAllString(pageCode.ReplaceAllString(pageData.ReplaceAllString(page, ""), "<$1></$1>"),
		"sha256-...")
	return page + string(shown)
}

// graphKeys are the keys of the import graph's parts, in the report and the metafile.
var graphKeys = []string{"inputs", "imports"}

// withoutGraph replaces each part of the import graph by its number of elements.
func withoutGraph(t *testing.T, text string) string {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return indented(t, counted(v))
}

func counted(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, each := range v {
			v[key] = counted(each)
			if !slices.Contains(graphKeys, key) {
				continue
			}
			switch each := each.(type) {
			case map[string]any:
				v[key] = fmt.Sprintf("%d entries", len(each))
			case []any:
				v[key] = fmt.Sprintf("%d entries", len(each))
			}
		}
	case []any:
		for i := range v {
			v[i] = counted(v[i])
		}
	}
	return v
}

func indented(t *testing.T, v any) string {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return numbers.ReplaceAllStringFunc(b.String(),
		func(list string) string { return strings.Join(strings.Fields(list), " ") })
}

// numbers matches a list of numbers only, which is written on one line.
var numbers = regexp.MustCompile(`\[\s+-?[0-9.]+(?:,\s+-?[0-9.]+)*\s+\]`)
