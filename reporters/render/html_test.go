package render

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

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/sample"
)

// browserTests has the npm packages that the page is tested with, and the one
// that a part of it comes from.
const browserTests = "../../testdata/browser"

// TestTreemapIsAsPublished bundles the two functions that the page uses out of
// the npm package again.
func TestTreemapIsAsPublished(t *testing.T) {
	installBrowserTests(t)
	licence, err := os.ReadFile(filepath.Join(browserTests, "node_modules/d3-hierarchy/LICENSE"))
	if err != nil {
		t.Fatal(err)
	}
	built := api.Build(api.BuildOptions{
		Stdin:            &api.StdinOptions{Contents: `export { hierarchy, treemap } from "d3-hierarchy"`, ResolveDir: abs(t, browserTests)},
		AbsWorkingDir:    abs(t, browserTests),
		Bundle:           true,
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true,
		Format: api.FormatIIFE, GlobalName: "d3", Target: api.ES2022, LegalComments: api.LegalCommentsNone,
	})
	if len(built.Errors) > 0 {
		t.Fatal(built.Errors[0].Text)
	}
	want := "/* hierarchy and treemap of d3-hierarchy 3.1.3, d3js.org/d3-hierarchy\n\n" + string(licence) + "*/\n" + string(built.OutputFiles[0].Contents)
	const name = "html/d3-hierarchy.js"
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
	if installed, err := os.Stat(filepath.Join(browserTests, "node_modules/.package-lock.json")); err == nil && !installed.ModTime().Before(locked.ModTime()) {
		return nil
	}
	npm := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	npm.Dir = browserTests
	if out, err := npm.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci in testdata/browser: %w\n%s", err, out)
	}
	return nil
})

// TestHTMLInABrowser writes reports and has a script read them as people do.
// testdata/browser/report.test.mjs is the specification. The pages and their
// screenshots stay in the folder that FEATHERPACK_SCREENSHOTS names.
func TestHTMLInABrowser(t *testing.T) {
	installBrowserTests(t)
	browser := chromium(t)
	folder := os.Getenv("FEATHERPACK_SCREENSHOTS")
	if folder == "" {
		folder = t.TempDir()
	}
	names := []string{}
	for name, r := range pages(t) {
		file := filepath.Join(folder, name+".html")
		if err := os.WriteFile(file, pageOf(t, r), 0o644); err != nil {
			t.Fatal(err)
		}
		names = append(names, file)
	}
	slices.Sort(names)
	runScript(t, "model.test.mjs", names...)
	runScript(t, "report.test.mjs", browser, abs(t, folder))
}

// chromium is the browser to test with.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("there is no chromium on PATH, which the HTML report is tested in: apt-get install chromium (or go test -short)")
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

func pageOf(t *testing.T, r reporters.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := HTML(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// pages are the reports that the browser opens.
func pages(t *testing.T) map[string]reporters.Report {
	all := sample.Reviews(t)
	all["shop"] = shopWithStart(t)
	all["hostile"] = hostilePage()
	all["many"] = sample.WithStarts(sample.Many(2000))
	return all
}

// shopWithStart is the sample service with a package of several files, of which
// one function holds two versions, and with a function that was started.
func shopWithStart(t *testing.T) reporters.Report {
	s := sample.Shop(t)
	s.Module("node_modules/tslib@2.6.2/modules/index.js", 8_000)
	s.Module("node_modules/tslib@2.6.2/tslib.es6.js", 9_000, "node_modules/tslib/modules/index.js")
	s.Module("src/twice.ts", 700, "node_modules/tslib/tslib.es6.js", "node_modules/ulid/index.js")
	s.Function("twice", "src/twice.ts")
	r := s.Report()
	for i := range r.Functions {
		if r.Functions[i].ID == "orders" {
			r.Functions[i].Boot = &packager.Boot{Status: "answers", Node: "22.20.0", LoadMillis: []float64{210, 190, 260, 205, 230}, CPUMillis: []float64{180, 170, 200, 178, 190}}
		}
	}
	return r
}

// hostilePage has markup and worse wherever a project can name something.
func hostilePage() reporters.Report {
	const bad, end = "<img src=x onerror=pwned=1>", "</script><script>pwned=1</script>"
	at := analyzer.Position{File: end + "<!--", Line: 1}
	f := reporters.Function{ID: bad, Status: reporters.StatusBuilt, EntryInput: 0}
	f.Name, f.Runtime, f.Architecture, f.Entry, f.Position = bad, bad, end, end, at
	f.Artifact = &packager.Artifact{Name: bad, ZipBytes: 100, UnzippedBytes: 300, Entries: []packager.Entry{}}
	f.Waterfall = []packager.Step{{Name: end, Bytes: 900}, {Name: bad, Bytes: 100}}
	f.Packages = []reporters.PackageBytes{{Name: end, Version: bad, Unzipped: 200, Zipped: 60}, {Name: "(" + bad + ")", Unzipped: 100, Zipped: 40}}
	f.Inputs = []reporters.InputBytes{{Input: 1, Unzipped: 200, Zipped: 60}}
	f.Kept = []packager.Kept{{Package: end, Reason: bad, Files: 1, Bytes: 200}}
	f.Settings = []packager.Setting{{Name: bad, Value: end}}
	f.Diagnostics = []analyzer.Diagnostic{{Code: bad, Severity: analyzer.Note, Message: "{{script}} a\u202eb \u2028 " + end, Hint: bad, Position: at, Function: bad}}
	f.ColdStart = &reporters.ColdStart{Head: &reporters.Start{}, Against: end, Change: &reporters.StartChange{LoadSource: bad, Label: end, Local: &reporters.LocalLoad{What: bad, Before: []float64{1}, After: []float64{1}}}, Notes: []string{bad, end}, Money: &reporters.Money{Line: bad}}
	return reporters.Report{
		Schema: reporters.SchemaVersion, Tool: reporters.Tool{Name: "featherpack", Version: bad}, Functions: []reporters.Function{f},
		Skipped:    []analyzer.Skipped{{Name: bad, Reason: end, Position: at}},
		Duplicates: []reporters.Duplicate{{Package: end, Function: bad, Copies: []reporters.Copy{{Version: bad, Path: end, Bytes: 1, AskedBy: []string{bad}}}}},
		Inputs: []analyzer.Input{
			{Path: "src/" + bad, Imports: []analyzer.Import{{To: 1, Kind: end, Specifier: bad, Line: 3}}},
			{Path: "node_modules/" + end + "/" + bad, Package: end, Version: bad, Format: end},
		},
	}
}

func TestHTMLAddsLittleToItsData(t *testing.T) {
	page := pageOf(t, reporters.Report{})
	if len(page) > 96<<10 {
		t.Errorf("an empty page has %d bytes", len(page))
	}
	t.Logf("an empty page has %d bytes", len(page))
	for _, part := range []string{"</script", "<!--", "\r"} {
		if strings.Contains(htmlScript, part) {
			t.Errorf("the script holds %q, which a browser takes for something else", part)
		}
	}
}
