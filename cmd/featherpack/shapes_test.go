package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
	"github.com/featherpack/featherpack/reporters"
)

// TestShapes discovers and builds one project for each shape of a manifest. Its archive
// in testdata/shapes has the project, the expected list of discover, and what a build
// makes of it: the names of each zip's files, and the errors. The table of all shapes is
// in docs/manifests.md.
func TestShapes(t *testing.T) {
	names, err := filepath.Glob("../../testdata/shapes/*.txtar")
	if err != nil || len(names) < 30 {
		t.Fatal(len(names), err)
	}
	rows := []string{"| shape | found and built |", "|---|---|"}
	for _, name := range names {
		name, err := filepath.Abs(name)
		if err != nil {
			t.Fatal(err)
		}
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		slow := strings.HasPrefix(filepath.Base(name), "go_")
		built := ""
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			if slow && testing.Short() {
				t.Skip("links a program")
			}
			built = shape(t, name, archive)
		})
		title := strings.TrimPrefix(strings.TrimSpace(string(archive.Comment)), "# ")
		rows = append(rows, fmt.Sprintf("| %s | %s |", title, built))
	}
	if testing.Short() {
		return // some shapes were not built
	}
	page := readPage(t, "docs/manifests.md")
	made := generated.ReplaceAllStringFunc(page, func(found string) string {
		if m := generated.FindStringSubmatch(found); m[2] == "shapes" {
			return m[1] + strings.Join(rows, "\n") + "\n" + m[3]
		}
		return found
	})
	clitest.Golden(t, "docs/manifests.md", made)
}

// shape checks one project and summarises its build.
func shape(t *testing.T, name string, archive *txtar.Archive) string {
	project := slices.DeleteFunc(slices.Clone(archive.Files), func(f txtar.File) bool { return strings.HasPrefix(f.Name, "want/") })
	dir := t.TempDir()
	if err := txtar.Write(&txtar.Archive{Files: project}, dir); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	var found, said bytes.Buffer
	status := run([]string{"discover"}, &found, &said)
	fmt.Fprintf(&found, "%sexit status %d\n", said.String(), status)

	var stdout, stderr bytes.Buffer
	status = run([]string{"build", "--json"}, &stdout, &stderr)
	var report reporters.Report
	if stdout.Len() > 0 {
		if err := json.Unmarshal(stdout.Bytes(), &report); err != nil {
			t.Fatal(err)
		}
	}
	var built bytes.Buffer
	summary := []string{}
	for _, f := range report.Functions {
		if f.Artifact == nil {
			fmt.Fprintf(&built, "%s failed\n", f.ID)
			d, _ := firstError(f.Diagnostics)
			summary = append(summary, fmt.Sprintf("`%s`: %s", f.ID, d.Message))
			continue
		}
		var files []string
		for _, e := range f.Artifact.Entries {
			files = append(files, e.Name)
		}
		fmt.Fprintf(&built, "%s: %s\n", f.Artifact.Name, strings.Join(files, " "))
		summary = append(summary, "`"+f.Artifact.Name+"`")
	}
	for _, s := range report.Skipped {
		summary = append(summary, fmt.Sprintf("`%s` skipped: %s", s.Name, s.Reason))
	}
	if len(report.Functions) == 0 {
		d, _ := firstError(report.Diagnostics)
		if d.Message != "" {
			summary = append(summary, d.Message)
		}
	}
	fmt.Fprintf(&built, "%sexit status %d\n", stderr.String(), status)
	want := []txtar.File{{Name: "want/discover", Data: found.Bytes()}, {Name: "want/build", Data: built.Bytes()}}
	got := txtar.Format(&txtar.Archive{Comment: archive.Comment, Files: append(project, want...)})
	clitest.Golden(t, name, string(got))
	return strings.Join(summary, "; ")
}

func firstError(all []analyzer.Diagnostic) (analyzer.Diagnostic, bool) {
	for _, d := range all {
		if d.Severity == analyzer.Error || d.Severity == analyzer.Refused {
			return d, true
		}
	}
	return analyzer.Diagnostic{}, false
}
