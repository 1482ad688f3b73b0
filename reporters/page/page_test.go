package page_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/render"
	"github.com/featherpack/featherpack/reporters/sample"
)

// browserTests has the npm packages that the page is tested with, and the one
// that a part of it comes from.
const browserTests = "../../testdata/browser"

// TestTreemapMatchesItsPackage bundles the two functions that the page uses out of
// the npm package again.
func TestTreemapMatchesItsPackage(t *testing.T) {
	installBrowserTests(t)
	licence, err := os.ReadFile(filepath.Join(browserTests, "node_modules/d3-hierarchy/LICENSE"))
	if err != nil {
		t.Fatal(err)
	}
	built := api.Build(api.BuildOptions{
		Stdin: &api.StdinOptions{
			Contents: `export { hierarchy, treemap } from "d3-hierarchy"`, ResolveDir: abs(t, browserTests),
		},
		AbsWorkingDir:    abs(t, browserTests),
		Bundle:           true,
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true,
		Format: api.FormatIIFE, GlobalName: "d3", Target: api.ES2022, LegalComments: api.LegalCommentsNone,
	})
	if len(built.Errors) > 0 {
		t.Fatal(built.Errors[0].Text)
	}
	want := "/* hierarchy and treemap of d3-hierarchy 3.1.3, d3js.org/d3-hierarchy\n\n" + string(licence) + "*/\n" +
		string(built.OutputFiles[0].Contents)
	const name = "scripts/d3-hierarchy.js"
	if *sample.Update {
		if err := os.WriteFile(name, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not what the npm package bundles to (-update rewrites it)", name)
	}
}

func abs(t *testing.T, name string) string {
	t.Helper()
	name, err := filepath.Abs(name)
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// installBrowserTests installs them by the lockfile, once.
func installBrowserTests(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("needs npm and a browser")
	}
	if err := installOnce(); err != nil {
		t.Fatal(err)
	}
}

var installOnce = sync.OnceValue(func() error {
	locked, err := os.Stat(filepath.Join(browserTests, "package-lock.json"))
	if err != nil {
		return err
	}
	// npm writes its own copy of the lockfile last.
	if installed, err := os.Stat(filepath.Join(browserTests, "node_modules/.package-lock.json")); err == nil &&
		!installed.ModTime().Before(locked.ModTime()) {
		return nil
	}
	npm := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	npm.Dir = browserTests
	if out, err := npm.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci in testdata/browser: %w\n%s", err, out)
	}
	return nil
})

// TestModelOfThePage has a script ask the page's own scripts what they show.
func TestModelOfThePage(t *testing.T) {
	installBrowserTests(t)
	runScript(t, "model.test.mjs", pageFiles(t)...)
}

// pageFiles are the pages as files.
func pageFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(pageFolder(t), "*.html"))
	if err != nil || len(files) != len(pages(t)) {
		t.Fatal(files, err)
	}
	return files
}

// TestHTMLInABrowser has a script read the pages as people do.
// testdata/browser/report.test.mjs is the specification. The pages and their
// screenshots stay in the folder that FEATHERPACK_SCREENSHOTS names.
func TestHTMLInABrowser(t *testing.T) {
	if testing.Short() || os.Getenv("FEATHERPACK_LONG") != "1" {
		t.Skip("starts a browser for each check; FEATHERPACK_LONG=1 runs it, and .ci/run does")
	}
	installBrowserTests(t)
	browser := chromium(t)
	pageFiles(t)
	runScript(t, "report.test.mjs", browser, pageFolder(t))
}

// chromium is the browser to test with.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal(
		"there is no chromium on PATH, which the HTML report is tested in: apt-get install chromium (or go test -short)",
	)
	return ""
}

// runScript runs a script of testdata/browser; each check that it tells becomes
// a test.
func runScript(t *testing.T, name string, args ...string) {
	t.Helper()
	node := exec.Command("node", append([]string{name}, args...)...)
	node.Dir = browserTests
	var stderr bytes.Buffer
	node.Stderr = &stderr
	out, err := node.Output()
	if err != nil {
		t.Errorf("%s: %v\n%s", name, err, stderr.String())
	}
	checks := 0
	for line := range bytes.Lines(out) {
		var check struct {
			Name, Error, Note string
			Seconds           float64
		}
		if err := json.Unmarshal(line, &check); err != nil {
			t.Fatalf("%s says %q: %v", name, line, err)
		}
		if check.Note != "" {
			t.Log(check.Note)
			continue
		}
		checks++
		t.Run(check.Name, func(t *testing.T) {
			t.Logf("%.1f s in the browser", check.Seconds)
			if check.Error != "" {
				t.Error(check.Error)
			}
		})
	}
	if checks == 0 {
		t.Errorf("%s checked nothing", name)
	}
}

func TestHTMLAddsLittleToItsData(t *testing.T) {
	page := pageOf(t, reporters.Report{})
	if len(page) > 112<<10 {
		t.Errorf("an empty page has %d bytes", len(page))
	}
	t.Logf("an empty page has %d bytes", len(page))
	_, script, _ := bytes.Cut(page, []byte("<script>"))
	script, _, _ = bytes.Cut(script, []byte("</script>\n</body>"))
	if !bytes.HasSuffix(script, []byte("})();\n")) {
		t.Errorf("the script ends with %q", script[max(0, len(script)-40):])
	}
	for _, part := range []string{"</script", "<!--", "\r"} {
		if bytes.Contains(script, []byte(part)) {
			t.Errorf("the script holds %q, which a browser takes for something else", part)
		}
	}
}

// TestPageContainsItsReport: what a page was made of can be taken out of it.
func TestPageContainsItsReport(t *testing.T) {
	for name, r := range pages(t) {
		if name == "many" { // the browser reads it
			continue
		}
		_, data, _ := bytes.Cut(pageOf(t, r), []byte(`<script type="application/json" id="report">`))
		data, _, _ = bytes.Cut(data, []byte("</script>"))
		if string(data) != sample.JSON(t, r) {
			t.Errorf("the page of %s does not hold its report.json", name)
		}
	}
}

// shown is what a page's scripts make of its report, by the names of the lists.
func shown(t *testing.T, name string) []byte {
	t.Helper()
	node := exec.Command("node", "shown.mjs", filepath.Join(pageFolder(t), name+".html"))
	node.Dir = browserTests
	node.Stderr = os.Stderr
	out, err := node.Output()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestPageListsGolden(t *testing.T) {
	for name := range pages(t) {
		if name != "many" {
			sample.Golden(t, name+".json", shown(t, name))
		}
	}
}

// The page says the same words about the comparison with the source as the other formats.
func TestPageBootSummary(t *testing.T) {
	for name, r := range pages(t) {
		if name == "many" {
			continue
		}
		var page struct{ Booted string }
		if err := json.Unmarshal(shown(t, name), &page); err != nil {
			t.Fatal(err)
		}
		if want := reporters.BootSummary(r); page.Booted != want {
			t.Errorf("%s says %q, want %q", name, page.Booted, want)
		}
	}
}

// The page says the same about other runtimes as the other formats.
func TestPageRuntimes(t *testing.T) {
	r := pages(t)["runtimes"]
	var page struct {
		Functions []struct {
			ID       string
			Runtimes []struct{ Runtime, Result, Load, Built string }
		}
	}
	if err := json.Unmarshal(shown(t, "runtimes"), &page); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range page.Functions {
		for _, o := range f.Runtimes {
			got[f.ID+" "+o.Runtime] = strings.Join([]string{o.Result, o.Load, o.Built}, "; ")
		}
	}
	rows := reporters.RuntimeRows(r)
	for _, row := range rows {
		if want := strings.Join([]string{row.Result(), row.Load(), row.Built()}, "; "); got[row.ID+" "+row.Runtime] != want {
			t.Errorf("%s on %s: %q, want %q", row.ID, row.Runtime, got[row.ID+" "+row.Runtime], want)
		}
	}
	if len(got) != len(rows) || len(rows) == 0 {
		t.Errorf("%d rows, want %d", len(got), len(rows))
	}
}

// TestPageFindingsMatchGitLab sets the findings against those of GitLab's
// format, which is made in Go. Growth is a cause on the page.
func TestPageFindingsMatchGitLab(t *testing.T) {
	for name, r := range pages(t) {
		if name == "many" || name == "hostile" { // the second is cleaned where it is shown
			continue
		}
		var page struct {
			Findings []struct{ Code, Message, Hint string }
		}
		if err := json.Unmarshal(shown(t, name), &page); err != nil {
			t.Fatal(err)
		}
		var got, want []string
		for _, f := range page.Findings {
			text := "featherpack/" + f.Code + ": " + f.Message
			if f.Hint != "" {
				text += " (" + f.Hint + ")"
			}
			got = append(got, text)
		}
		var b bytes.Buffer
		if err := render.GitLab(&b, r); err != nil {
			t.Fatal(err)
		}
		var quality []struct {
			Description string
			CheckName   string `json:"check_name"`
		}
		if err := json.Unmarshal(b.Bytes(), &quality); err != nil {
			t.Fatal(err)
		}
		for _, q := range quality {
			if code := strings.TrimPrefix(q.CheckName, "featherpack/"); code != "growth" && !advised(r, code) { // they have sections of their own
				want = append(want, q.CheckName+": "+q.Description)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func advised(r reporters.Report, code string) bool {
	return slices.ContainsFunc(r.Advice, func(a reporters.Advice) bool { return a.Code == code })
}
