package render

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/budget"
	"github.com/featherpack/featherpack/reporters/sample"
	"github.com/featherpack/featherpack/reporters/schematest"
)

func rendered(t *testing.T, format string, r reporters.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := Formats[format](&b, r); err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return b.String()
}

func eachAttack(t *testing.T, format string, check func(t *testing.T, name, text string)) {
	t.Helper()
	for _, name := range sample.Hostile() {
		check(t, name, rendered(t, format, sample.Attacked(t, name)))
	}
}

func TestGitHubCommandsCannotBeInjected(t *testing.T) {
	command := regexp.MustCompile(
		`^::(error|warning|notice) (?:file=[^,:\r\n]*,)?(?:line=\d+,)?(?:col=\d+,)?` +
			`title=featherpack%3A [^,:\r\n]*::[^\r\n]*$`,
	)
	eachAttack(t, "github", func(t *testing.T, name, text string) {
		lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
		if len(lines) > maxAnnotations || len(lines) < 5 {
			t.Errorf("%q makes %d lines", name, len(lines))
		}
		for _, line := range lines {
			if !command.MatchString(line) {
				t.Errorf("%q makes the line %q", name, line)
			}
		}
	})
}

func TestGitHubCountsOmittedFindings(t *testing.T) {
	r := reporters.Report{}
	for i := range 25 {
		r.Diagnostics = append(r.Diagnostics, analyzer.Diagnostic{
			Code: "c", Severity: analyzer.Warning, Message: fmt.Sprint("number ", i),
		})
	}
	r.Diagnostics = append(r.Diagnostics, analyzer.Diagnostic{Code: "c", Severity: analyzer.Error, Message: "worst"})
	lines := strings.Split(strings.TrimSpace(rendered(t, "github", r)), "\n")
	if len(lines) != 10 || !strings.HasPrefix(lines[0], "::error title=featherpack%3A c::worst") ||
		!strings.Contains(lines[9], "17 more findings") {
		t.Errorf("%q", lines)
	}
}

// withoutFences removes fenced blocks: a line of three or more backticks in a list item, and all
// up to the line that has as many.
func withoutFences(t *testing.T, text string) string {
	var out strings.Builder
	fence := ""
	for line := range strings.Lines(text) {
		opened := regexp.MustCompile("^  (```+)(diff)?\n$").FindStringSubmatch(line)
		switch {
		case fence == "" && opened != nil:
			fence = "  " + opened[1] + "\n"
		case fence == "":
			out.WriteString(line)
		case line == fence:
			fence = ""
		}
	}
	if fence != "" {
		t.Errorf("a fence is not closed: %q", fence)
	}
	return out.String()
}

// outsideCode is what a Markdown text holds outside of its code spans.
func outsideCode(t *testing.T, text string) string {
	text = withoutFences(t, text)
	var out strings.Builder
	for i := 0; i < len(text); {
		if text[i] != '`' {
			out.WriteByte(text[i])
			i++
			continue
		}
		n := len(text[i:]) - len(strings.TrimLeft(text[i:], "`"))
		fence := text[i : i+n]
		end := -1
		for at := i + n; at < len(text) && text[at] != '\n'; at++ {
			if strings.HasPrefix(text[at:], fence) && text[at-1] != '`' && (at+n == len(text) || text[at+n] != '`') {
				end = at
				break
			}
		}
		if end < 0 {
			t.Errorf("a code span is not closed: %.80q", text[i:])
			return out.String()
		}
		i = end + n
	}
	return out.String()
}

func TestMarkdownShowsNamesAsTheyAre(t *testing.T) {
	allowed := regexp.MustCompile(`<!-- featherpack:default -->|</?details>|</?summary>|<0\.1%`)
	for _, format := range []string{"markdown", "github-summary"} {
		eachAttack(t, format, func(t *testing.T, name, text string) {
			outside := allowed.ReplaceAllString(outsideCode(t, text), "")
			if strings.ContainsAny(outside, "<@[]\x1b\r\u2028\u202e`") || strings.Contains(outside, "www.") ||
				strings.Contains(outside, "alert") || strings.Contains(outside, "owned") {
				t.Errorf("%q as %s:\n%s", name, format, outside)
			}
			for _, line := range strings.Split(text, "\n") {
				if strings.HasPrefix(line, "|") && strings.Count(strings.ReplaceAll(line, `\|`, ""), "|") > 7 {
					t.Errorf("%q breaks the row %q", name, line)
				}
			}
		})
	}
}

func TestMarkdownHasItsMarker(t *testing.T) {
	for key, want := range map[string]string{
		"": "default", "web": "web", "a/b c": "abc", "--> <script>": "script", "a--b": "a-b", "😀": "default",
		"-->": "default",
	} {
		var b bytes.Buffer
		if err := Markdown(&b, reporters.Report{}, MarkdownOptions{Key: key}); err != nil {
			t.Fatal(err)
		}
		if first, _, _ := strings.Cut(b.String(), "\n"); first != "<!-- featherpack:"+want+" -->" {
			t.Errorf("%q gives %q", key, first)
		}
	}
}

func TestMarkdownIsCutToFit(t *testing.T) {
	base, head := reporters.Report{}, reporters.Report{}
	for i := range 3000 {
		f := platformFunction(fmt.Sprintf("function-%04d-日本語", i), int64(10_000+i))
		head.Functions = append(head.Functions, f)
		f.Artifact = platformFunction(f.ID, 5000).Artifact
		f.Artifact.SHA256 = "before"
		base.Functions = append(base.Functions, f)
	}
	head.Totals = reporters.Total(head.Functions)
	text := rendered(t, "markdown", reporters.Compare(base, head, reporters.CompareOptions{
		Ref: strings.Repeat("x", 100_000),
	}))
	if n := utf8.RuneCountInString(text); n > 60_000 || n < 55_000 {
		t.Errorf("it has %d characters", n)
	}
	if !strings.Contains(text, "**Shortened to fit: ") || !strings.Contains(text, "Redeploys 3,000 of 3,000") {
		t.Errorf("%.300s ... %s", text, text[len(text)-400:])
	}
	if n := strings.Count(text, "<details>"); n != strings.Count(text, "</details>") {
		t.Error("a fold is not closed")
	}
	if !strings.Contains(text, "function-2999") || strings.Contains(text, "function-0001") {
		t.Error("the worst is not what was kept")
	}
	summary := rendered(t, "github-summary", reporters.Compare(base, head, reporters.CompareOptions{}))
	if n := utf8.RuneCountInString(summary); n <= 60_000 || n > 1<<20 {
		t.Errorf("the summary has %d characters", n)
	}
}

func platformFunction(id string, zip int64) reporters.Function {
	f := reporters.New(analyzer.Project{}, []reporters.Built{
		{Artifact: sample.NewArtifact(zip)},
	}, nil, nil, "1").Functions[0]
	f.ID = id
	return f
}

func TestGitLabFingerprintsStayTheSame(t *testing.T) {
	prints := func(r reporters.Report) map[string]string {
		var list []codeQuality
		if err := json.Unmarshal([]byte(rendered(t, "gitlab", r)), &list); err != nil {
			t.Fatal(err)
		}
		all := map[string]string{}
		for _, q := range list {
			if all[q.Fingerprint] != "" {
				t.Errorf("%q and %q have one fingerprint", q.Description, all[q.Fingerprint])
			}
			all[q.Fingerprint] = q.CheckName
		}
		return all
	}
	o := reporters.CompareOptions{}
	one := prints(
		budget.Judge(
			reporters.Compare(sample.Platform(t, nil), sample.Platform(t, sample.HeavyImport), o), sample.Rules(),
			budget.Options{},
		),
	)
	other := prints(budget.Judge(reporters.Compare(sample.Platform(t, nil), sample.Platform(t, func(s *sample.Service) {
		sample.HeavyImport(s)
		s.Sizes["node_modules/googleapis/build/index.js"] = 60_000
	}), o), sample.Rules(), budget.Options{}))
	if fmt.Sprint(one) != fmt.Sprint(other) || len(one) < 5 {
		t.Errorf("other figures, other fingerprints:\n%v\n%v", one, other)
	}
	eachAttack(t, "gitlab", func(t *testing.T, name, text string) {
		var list []codeQuality
		if err := json.Unmarshal([]byte(text), &list); err != nil || len(list) == 0 {
			t.Errorf("%q: %v", name, err)
		}
		for _, q := range list {
			if q.Location.Path == "" || q.Location.Lines.Begin < 1 || q.Fingerprint == "" || q.Description == "" {
				t.Errorf("%q: %+v", name, q)
			}
		}
	})
	if got := rendered(t, "gitlab", reporters.Report{}); got != "[]\n" {
		t.Errorf("nothing to say is %q", got)
	}
}

func TestJUnitIsWellFormed(t *testing.T) {
	check := func(t *testing.T, name, text string) {
		var s junitSuites
		if err := xml.Unmarshal([]byte(text), &s); err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		tests, failures := 0, 0
		for _, suite := range s.Suites {
			tests += len(suite.Cases)
			for _, c := range suite.Cases {
				if c.Failure != nil {
					failures++
				}
			}
		}
		if tests != s.Tests || failures != s.Failures || tests == 0 || failures == 0 {
			t.Errorf(
				"%q: it counts %d tests and %d failures, and holds %d and %d", name, s.Tests, s.Failures, tests,
				failures,
			)
		}
		for d := xml.NewDecoder(strings.NewReader(text)); ; {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if e, ok := token.(xml.StartElement); ok &&
				!strings.Contains(
					" testsuites testsuite testcase failure error skipped system-out ", " "+e.Name.Local+" ",
				) {
				t.Errorf("%q makes an element %s", name, e.Name.Local)
			}
		}
	}
	eachAttack(t, "junit", check)
}

func TestUnmeasuredIsAnErrorInJUnit(t *testing.T) {
	text := rendered(t, "junit", budget.Judge(sample.Platform(t, nil), sample.Rules(), budget.Options{}))
	if !strings.Contains(text, `<error message="the zip of &#34;api-00&#34; is unknown: there is no baseline">`) {
		t.Error(text)
	}
}

func TestSARIFIsValid(t *testing.T) {
	source, err := os.ReadFile("testdata/sarif-2.1.0.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(source))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("sarif.json", v); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range reviews(t) {
		if err := schematest.Validate(t, schema, rendered(t, "sarif", r)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := schematest.Validate(t, schema, rendered(t, "sarif", reporters.Report{})); err != nil {
		t.Error(err)
	}
	eachAttack(t, "sarif", func(t *testing.T, name, text string) {
		if err := schematest.Validate(t, schema, text); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	})
	if schematest.Validate(t, schema, `{"version":"2.1.0","runs":[{}]}`) == nil {
		t.Error("a run without a tool is valid")
	}
}

func TestCSVHoldsNoFormula(t *testing.T) {
	eachAttack(t, "csv", func(t *testing.T, name, text string) {
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil || len(rows) < 3 {
			t.Fatalf("%q: %d rows, %v", name, len(rows), err)
		}
		number := regexp.MustCompile(`^-?\d+$`)
		for _, row := range rows {
			for _, cell := range row {
				first, _ := utf8.DecodeRuneInString(cell)
				if strings.ContainsRune("=+-@\t\r\uff1d\uff0b\uff0d\uff20", first) && !number.MatchString(cell) {
					t.Errorf("%q makes the cell %q", name, cell)
				}
			}
		}
	})
}

func TestMetafileIsReadByEsbuild(t *testing.T) {
	r := sample.Shop(t).Report()
	text := rendered(t, "metafile", r)
	shown := api.AnalyzeMetafile(text, api.AnalyzeMetafileOptions{})
	for _, want := range []string{"orders.zip", "node_modules/zod/index.mjs", "users.zip", "205.1kb"} {
		if !strings.Contains(shown, want) {
			t.Errorf("esbuild shows no %s in\n%s", want, shown)
		}
	}
	eachAttack(t, "metafile", func(t *testing.T, name, text string) {
		if !json.Valid([]byte(text)) {
			t.Errorf("%q breaks it", name)
		}
	})
}

func TestTextOfHostileReports(t *testing.T) {
	for _, name := range sample.Hostile() {
		r := sample.Attacked(t, name)
		for _, verbose := range []bool{false, true} {
			text := textOf(t, r, TextOptions{Verbose: verbose, Width: 100})
			if strings.ContainsAny(text, "\x1b\r\t\u2028\u202e") || !utf8.ValidString(text) {
				t.Errorf("%q: %q", name, text)
			}
		}
	}
}

func TestCodeSpans(t *testing.T) {
	for _, test := range []struct {
		text  string
		table bool
		want  string
	}{
		{"a", false, "`a`"}, {"a|b", true, "`a\\|b`"}, {"a|b", false, "`a|b`"}, {"a`b", false, "``a`b``"},
		{"``", false, "``` `` ```"}, {"", false, "-"}, {"  ", true, "-"}, {" a ", false, "`  a  `"},
	} {
		if got := code(test.text, test.table); got != test.want {
			t.Errorf("code(%q) = %s, want %s", test.text, got, test.want)
		}
	}
}
