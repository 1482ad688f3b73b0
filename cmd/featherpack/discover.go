package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/output"
)

var discoverCommand = command{
	name: "discover", operands: "[DIR]", summary: "list the functions found, and why others are skipped",
	help: `Finds the functions in DIR (default: the current folder) as a build would, and
lists those that are skipped with the reason. It changes nothing.

Examples:
  featherpack discover
  featherpack discover --stage prod services/orders
  featherpack discover --json | jq '.functions[].name'`,
	flags: func(set *pflag.FlagSet) func(context.Context, *terminal, []string) int {
		var typed buildFlags
		set.StringArrayVar(&typed.entry, "entry", nil, "`FILE`: source file to build as a function, where no manifest lists it (repeatable)")
		set.StringVar(&typed.stage, "stage", "", "`STAGE`: stage for the manifest's variables")
		set.StringArrayVar(&typed.params, "param", nil, "`KEY=VALUE`: parameter of the manifest (repeatable)")
		set.StringVar(&typed.config, "config", "", "`FILE`: manifest or featherpack.yaml to use")
		set.BoolVar(&typed.json, "json", false, "print JSON")
		set.BoolVarP(&typed.verbose, "verbose", "v", false, "also print notes")
		declareDir(set, &typed.dir)
		typed.compress = "default"
		return func(_ context.Context, t *terminal, args []string) int { return discover(t, typed, args) }
	},
}

func discover(t *terminal, typed buildFlags, args []string) int {
	t.verbose = typed.verbose
	settings, err := typed.settings(t)
	if err != nil {
		return t.fail(err)
	}
	dir, err := folderOnly(args, typed.dir)
	if err != nil {
		return t.fail(err)
	}
	project := manifest.Discover(dir, settings.Discover)
	if typed.json {
		encoder := json.NewEncoder(t.stdout)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(project); err != nil {
			return t.fail(fmt.Errorf("writing the list: %w", err))
		}
		return analyzer.ExitStatus(project.Diagnostics)
	}
	t.printAll(project.Diagnostics)
	t.printFunctions(project)
	return analyzer.ExitStatus(project.Diagnostics)
}

// printFunctions prints a table of the functions found, then one of those skipped.
func (t *terminal) printFunctions(p analyzer.Project) {
	rows := [][]string{{"FUNCTION", "RUNTIME", "ARCH", "MEMORY", "ENTRY", "DEFINED AT"}}
	events := slices.ContainsFunc(p.Functions, func(f analyzer.Function) bool { return len(f.Events) > 0 })
	if events {
		rows[0] = append(rows[0], "EVENTS")
	}
	for _, f := range p.Functions {
		memory := "default"
		if f.MemoryUnknown {
			memory = "unknown"
		} else if f.MemoryMB > 0 {
			memory = fmt.Sprintf("%d MB", f.MemoryMB)
		}
		row := []string{f.ID, f.Runtime, f.Architecture, memory, f.Entry, f.Position.String()}
		if events {
			row = append(row, strings.Join(f.Events, " "))
		}
		rows = append(rows, row)
	}
	if len(rows) > 1 {
		t.printColumns(rows)
	}
	if len(p.Skipped) == 0 {
		return
	}
	if len(rows) > 1 {
		fmt.Fprintln(t.stdout)
	}
	rows = [][]string{{"SKIPPED", "WHY", "DEFINED AT"}}
	for _, s := range p.Skipped {
		rows = append(rows, []string{s.Name, s.Reason, s.Position.String()})
	}
	t.printColumns(rows)
}

// printColumns pads each column except the last to its widest cell. On a terminal that is
// too narrow for that, it prints the cells of each row below each other.
func (t *terminal) printColumns(rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], len([]rune(cell)))
		}
	}
	total := 2 * (len(widths) - 1)
	for _, w := range widths {
		total += w
	}
	if isTerminal(t.stdout) && total > t.width() {
		for _, row := range rows[1:] {
			t.line("%s", row[0])
			for _, cell := range row[1:] {
				t.line("  %s", cell)
			}
		}
		return
	}
	for _, row := range rows {
		var b strings.Builder
		for i, cell := range row {
			cell = output.Printable(cell)
			b.WriteString(cell)
			if i < len(row)-1 {
				b.WriteString(strings.Repeat(" ", widths[i]-len([]rune(cell))+2))
			}
		}
		fmt.Fprintln(t.stdout, strings.TrimRight(b.String(), " "))
	}
}
