package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer/migrate"
)

// TestMigrating compares the page about other tools with init. Every option that init
// reads must have a row in its tool's table, or in a table that this one refers to.
func TestMigrating(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("hook", "MIGRATING.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string][]string{} // first cells, by section
	section := ""
	for line := range strings.Lines(string(page)) {
		if title, ok := strings.CutPrefix(line, "## "); ok {
			section = strings.TrimSpace(title)
		} else if cells := strings.Split(line, " | "); strings.HasPrefix(line, "| `") {
			if len(cells) != 2 || len(strings.TrimSpace(cells[1])) < 5 {
				t.Errorf("the row does not have two cells: %s", line)
			}
			rows[section] = append(rows[section], cells[0])
		}
	}
	sections := map[string]string{
		"serverless-esbuild": "serverless-esbuild", "serverless-webpack": "serverless-webpack",
		"serverless-go-plugin":       "serverless-go-plugin",
		"serverless (build.esbuild)": "Serverless Framework 4", "sam build (esbuild)": "SAM with esbuild",
	}
	known := migrate.MigrationOptions()
	if len(known) != len(sections) {
		t.Errorf("init reads the options of %d tools, but the page has sections for %d", len(known), len(sections))
	}
	has := func(section, option string) bool {
		return slices.ContainsFunc(rows[section], func(cell string) bool {
			return strings.Contains(cell,
				"`"+option+"`")
		})
	}
	for tool, options := range known {
		for _, option := range options {
			// esbuild's own options are in the first table, in esbuild's spelling.
			own := strings.ToLower(option[:1]) + option[1:]
			refers := tool == "serverless (build.esbuild)" || tool == "sam build (esbuild)"
			if !has(sections[tool], option) && (!refers || !has("serverless-esbuild", own)) {
				t.Errorf("%s: option %s has no row", tool, option)
			}
		}
	}
}
