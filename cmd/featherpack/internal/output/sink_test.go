package output

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/render"
)

func TestParse(t *testing.T) {
	t.Setenv("GITHUB_STEP_SUMMARY", "")
	for _, test := range []struct {
		typed       string
		json, quiet bool
		want        string // format=file ..., or the message
	}{
		{want: "text="},
		{quiet: true, want: ""},
		{typed: "json", want: "json="},
		{json: true, quiet: true, want: "json="},
		{typed: "json=a=b.json html=r.html", want: "json=a=b.json html=r.html"},
		{typed: "json markdown", want: "only one format can go to stdout"},
		{typed: "markdown", json: true, want: "only one format can go to stdout"},
		{typed: "pdf", want: `there is no report format "pdf"`},
	} {
		sinks, err := Parse(strings.Fields(test.typed), test.json, test.quiet)
		var all []string
		for _, s := range sinks {
			all = append(all, s.Format+"="+s.File)
		}
		got := strings.Join(all, " ")
		if err != nil {
			got = err.(analyzer.Diagnostic).Message
		}
		if got != test.want {
			t.Errorf("%q: %q, want %q", test.typed, got, test.want)
		}
	}
}

// Other steps of a workflow write to the same summary.
func TestWriteSummary(t *testing.T) {
	dir := t.TempDir()
	summary, saved := filepath.Join(dir, "summary.md"), filepath.Join(dir, "report.md")
	for _, name := range []string{summary, saved} {
		if err := os.WriteFile(name, []byte("of another step\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("GITHUB_STEP_SUMMARY", summary)
	sinks, err := Parse([]string{"github-summary", "github-summary=" + saved}, false, false)
	if err != nil {
		t.Fatal(err)
	}
	var stdout bytes.Buffer
	if err := Write(&stdout, render.TextOptions{}, sinks, reporters.Report{}); err != nil {
		t.Fatal(err)
	}
	if stdout.Len() > 0 {
		t.Errorf("stdout has %q", &stdout)
	}
	for name, kept := range map[string]bool{summary: true, saved: false} {
		text, err := os.ReadFile(name)
		if err != nil || strings.HasPrefix(string(text), "of another step\n") != kept || len(text) < 30 {
			t.Errorf("%s: %q, %v", filepath.Base(name), text, err)
		}
	}
}
