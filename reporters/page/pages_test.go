package page_test

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/page"
	"github.com/featherpack/featherpack/reporters/render"
	"github.com/featherpack/featherpack/reporters/sample"
)

// made are the pages that the tests share, made by the first that asks.
var made struct {
	once    sync.Once
	reports map[string]reporters.Report
	folder  string
}

func TestMain(m *testing.M) {
	status := m.Run()
	if made.folder != "" && os.Getenv("FEATHERPACK_SCREENSHOTS") == "" {
		os.RemoveAll(made.folder)
	}
	os.Exit(status)
}

// pages are the reports that the browser opens.
func pages(t *testing.T) map[string]reporters.Report {
	t.Helper()
	made.once.Do(func() {
		made.reports = sample.Reviews(t)
		made.reports["shop"] = shopWithStart(t)
		made.reports["recorded"] = sample.Recorded(shopWithStart(t), 30)
		made.reports["hostile"] = hostilePage()
		made.reports["many"] = sample.Recorded(sample.WithStarts(sample.Many(2000)), reporters.MaxHistory)
		made.folder = writePages(t, made.reports)
	})
	return made.reports
}

// pageFolder has their pages.
func pageFolder(t *testing.T) string {
	t.Helper()
	pages(t)
	return made.folder
}

func writePages(t *testing.T, reports map[string]reporters.Report) string {
	t.Helper()
	folder := os.Getenv("FEATHERPACK_SCREENSHOTS")
	if folder == "" {
		made, err := os.MkdirTemp("", "featherpack-pages-*")
		if err != nil {
			t.Fatal(err)
		}
		folder = made
	}
	for name, r := range reports {
		if err := os.WriteFile(filepath.Join(folder, name+".html"), pageOf(t, r), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	// Not among the reports: it is none.
	if err := os.MkdirAll(filepath.Join(folder, "profile"), 0o755); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := page.WriteProfile(&b, "featherpack: orders", "orders loads in 40.0 ms", profiled()); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "profile", "orders.html"), b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return abs(t, folder)
}

// profiled is a profile as featherpack profile -o json writes it: a file of the function
// imports zod, which took no time itself, and that imports a module of hostile name.
func profiled() any {
	type m = map[string]any
	figure := func(ms, off float64) m { return m{"millis": ms, "low": ms - off, "high": ms + off} }
	const bad = "</script><script>pwned=1</script>"
	row := func(name, pkg string, ms, off float64, chain ...string) m {
		return m{"name": name, "package": pkg, "version": "4.0.0", "self": figure(ms, off), "total": ms, "chain": chain}
	}
	const own, index, parse = "src/orders.ts", "node_modules/zod/index.js", "node_modules/zod/parse.js"
	return m{
		"function": "orders", "load": figure(40, 1), "sum": figure(44, 2), "off": 0.1, "runs": 10, "node": "22.20.0",
		"packages": []m{
			row("zod", "", 30, 1, own, "zod"), row("(own code)", "", 9, 0.5), row("(finding, reading and compiling)", "", 4.9, 0.2),
			row(bad, "", 0.02, 0.2, own, "zod", bad),
		},
		"modules": []m{
			row(parse, "zod", 30, 1, own, index, parse), row(own, "", 9, 0.5, own), row("(finding, reading and compiling)", "", 4.9, 0.2),
			row("node_modules/"+bad+"/x.js", bad, 0.02, 0.2, own, index, parse, "node_modules/"+bad+"/x.js"),
		},
		"notes": []string{bad},
	}
}

func pageOf(t *testing.T, r reporters.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := render.HTML(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// shopWithStart is the sample service with a package of several files, of which
// one function holds two versions, and with functions that were started, each with
// another verdict on its source.
func shopWithStart(t *testing.T) reporters.Report {
	s := sample.Shop(t)
	s.Module("node_modules/tslib@2.6.2/modules/index.js", 8_000)
	s.Module("node_modules/tslib@2.6.2/tslib.es6.js", 9_000, "node_modules/tslib/modules/index.js")
	s.Module("src/twice.ts", 700, "node_modules/tslib/tslib.es6.js", "node_modules/ulid/index.js")
	s.Function("twice", "src/twice.ts")
	r := s.Report()
	started := map[string]*packager.Boot{
		"orders": {
			Status: "answers", Node: "22.20.0", LoadMillis: []float64{210, 190, 260, 205, 230},
			CPUMillis: []float64{180, 170, 200, 178, 190}, Source: differing(),
		},
		"users": {Status: "answers", Source: &packager.BootSource{Verdict: "runs as its source", Event: "events/users.json"}},
		"twice": {Status: "loads", Source: &packager.BootSource{
			Verdict: "not decided", Reason: "neither loads: Cannot find module 'aws-xray'",
		}},
	}
	for i := range r.Functions {
		r.Functions[i].Boot = started[r.Functions[i].ID]
	}
	return r
}

// differing is a zip that does not run as its source, with all that a comparison can find.
func differing() *packager.BootSource {
	return &packager.BootSource{
		Verdict: "does not run as its source", Reason: "the answers differ at 2 places", Event: "events/orders.json",
		Differences: []string{"$.body.total", "$.items[3]['a name']"}, Varying: []string{"$.requestId"},
		Files: []packager.BootFile{
			{File: "src/views/order.hbs", Include: "src/views/**", By: analyzer.Position{File: "src/orders.ts", Line: 12, Column: 3}},
			{File: ".env", Reason: "it may hold secrets"},
		},
		Modules: []string{"src/rules/vat.ts"}, Variables: []string{"RATES"}, Programs: []string{"git"},
	}
}

// hostilePage has markup and worse wherever a project can name something.
func hostilePage() reporters.Report {
	const bad, end = "<img src=x onerror=pwned=1>", "</script><script>pwned=1</script>"
	at := analyzer.Position{File: end + "<!--", Line: 1}
	f := reporters.Function{Status: reporters.StatusBuilt, EntryInput: 0}
	f.ID, f.Name, f.Runtime, f.Architecture, f.Entry, f.Position = bad, bad, bad, end, end, at
	f.Artifact = &packager.Artifact{Name: bad, ZipBytes: 100, UnzippedBytes: 300, Entries: []packager.Entry{}}
	f.Waterfall = []packager.Step{{Name: end, Bytes: 900}, {Name: bad, Bytes: 100}}
	f.Packages = []reporters.PackageBytes{
		{Name: end, Version: bad, Unzipped: 200, Zipped: 60}, {Name: "(" + bad + ")", Unzipped: 100, Zipped: 40},
	}
	f.Inputs = []reporters.InputBytes{{Input: 1, Unzipped: 200, Zipped: 60}}
	f.Kept = []packager.Kept{{Package: end, Reason: bad, Files: 1, Bytes: 200}}
	f.Settings = []packager.Setting{{Name: bad, Value: end}}
	f.Diagnostics = []analyzer.Diagnostic{
		{
			Code: bad, Severity: analyzer.Note, Message: "{{script}} a\u202eb \u2028 " + end, Hint: bad, Position: at,
			Function: bad,
		},
	}
	f.ColdStart = &reporters.ColdStart{
		Head: &reporters.Start{}, Against: end,
		Change: &reporters.StartChange{
			LoadSource: bad, Label: end,
			Local: &reporters.LocalLoad{What: bad, Before: []float64{1}, After: []float64{1}},
		},
		Notes: []string{bad, end}, Money: &reporters.Money{Line: bad},
	}
	f.Boot = &packager.Boot{Status: bad, Reason: end, Source: &packager.BootSource{
		Verdict: end, Reason: bad, Event: end, Differences: []string{bad}, Varying: []string{end}, Modules: []string{bad},
		Files:     []packager.BootFile{{File: bad, Include: end, By: at}, {File: end, Reason: bad}},
		Variables: []string{end}, Programs: []string{bad},
	}}
	return reporters.WithHistory(reporters.Report{
		Schema: reporters.SchemaVersion, Tool: reporters.Tool{
			Name: "featherpack", Version: bad,
		}, Functions: []reporters.Function{f},
		Skipped: []analyzer.Skipped{{Name: bad, Reason: end, Position: at}},
		Duplicates: []reporters.Duplicate{
			{
				Package: end, Function: bad,
				Copies: []reporters.Copy{{Version: bad, Path: end, Bytes: 1, AskedBy: []string{bad}}},
			},
		},
		Inputs: []analyzer.Input{
			{Path: "src/" + bad, Imports: []analyzer.Import{{To: 1, Kind: end, Specifier: bad, Line: 3}}},
			{Path: "node_modules/" + end + "/" + bad, Package: end, Version: bad, Format: end},
		},
	}, []reporters.Recorded{
		{Commit: end, Subject: bad, Functions: reporters.NewSizes(map[string]reporters.RecordedSize{bad: {Zip: 1}}, reporters.Sizes{})},
		{Commit: bad, Subject: end, Functions: reporters.NewSizes(map[string]reporters.RecordedSize{bad: {Zip: 9}}, reporters.Sizes{})},
	}, "")
}
