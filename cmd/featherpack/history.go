package main

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/history"
	"github.com/featherpack/featherpack/reporters"
)

var historyCommand = command{
	name: "history", operands: "[DIR] [FUNCTION...]", summary: "show the sizes of functions over commits",
	help: `Shows what featherpack check --history has recorded: how the zip of each function
changed over the commits, and the commit that changed it most. With functions, lists
every commit that changed them. Functions that are gone are shown too.

The history is in git notes, or in a file. git push origin refs/notes/featherpack
shares the notes.

Examples:
  featherpack check --history notes        record the current commit
  featherpack history                      every function
  featherpack history orders --since 90d   one function, commit by commit
  featherpack history --from sizes.jsonl   what check --history sizes.jsonl recorded`,
	flags: func(set *pflag.FlagSet) func(context.Context, *terminal, []string) int {
		var typed historyFlags
		declareDir(set, &typed.dir)
		set.StringVar(&typed.from, "from", history.Notes, "`PLACE`: where the history is: notes, or a file")
		set.StringVar(&typed.since, "since", "30d", "`TIME`: how far back: days (30d), weeks (8w), or a date (2026-11-01)")
		set.BoolVar(&typed.json, "json", false, "print JSON")
		return func(ctx context.Context, t *terminal, args []string) int { return showHistory(ctx, t, typed, args) }
	},
}

type historyFlags struct {
	dir, from, since string
	json             bool
}

func showHistory(ctx context.Context, t *terminal, typed historyFlags, args []string) int {
	since, err := readSince(typed.since, time.Now())
	if err != nil {
		return t.fail(err)
	}
	dir, wanted := typed.dir, []string{}
	for _, word := range args {
		if dir == "" && (isPath(word) || isFolder(word)) {
			dir = word
			continue
		}
		wanted = append(wanted, word)
	}
	if dir == "" {
		dir = "."
	}
	kept, err := history.Open(ctx, dir, typed.from)
	if err != nil {
		return t.fail(err)
	}
	points, err := kept.Points(ctx, since)
	if err != nil {
		return t.fail(err)
	}
	if len(points) == 0 {
		return t.fail(analyzer.Usage(fmt.Sprintf("nothing was recorded for %s since %s", dir, since.Format(time.DateOnly)),
			"featherpack check --history notes records a commit; git fetch origin refs/notes/featherpack:refs/notes/featherpack brings what others recorded"))
	}
	lines := history.Lines(points)
	if lines, err = chooseLines(lines, wanted); err != nil {
		return t.fail(err)
	}
	switch {
	case typed.json:
		return t.printJSON(linesAsJSON(lines))
	case len(wanted) > 0:
		for i, l := range lines {
			if i > 0 {
				fmt.Fprintln(t.stdout)
			}
			t.printSteps(l)
		}
	default:
		t.printLines(lines)
	}
	return exitGood
}

var span = regexp.MustCompile(`^([0-9]{1,5})([dw])$`)

// readSince reads 30d, 8w or 2026-11-01.
func readSince(text string, now time.Time) (time.Time, error) {
	if m := span.FindStringSubmatch(text); m != nil {
		n, _ := strconv.Atoi(m[1])
		if m[2] == "w" {
			n *= 7
		}
		return now.AddDate(0, 0, -n).UTC(), nil
	}
	if date, err := time.Parse(time.DateOnly, text); err == nil {
		return date, nil
	}
	return time.Time{}, analyzer.Usage(fmt.Sprintf("--since %q is not a time", text), "for example 30d, 8w or 2026-11-01")
}

// chooseLines returns the lines of the wanted functions, by ID or by name, or all.
func chooseLines(lines []history.Line, wanted []string) ([]history.Line, error) {
	if len(wanted) == 0 {
		return lines, nil
	}
	var chosen []history.Line
	for _, name := range wanted {
		found := slices.DeleteFunc(slices.Clone(lines), func(l history.Line) bool { return l.ID != name && !strings.HasSuffix(l.ID, "/"+name) })
		if len(found) == 0 {
			return nil, analyzer.Usage(fmt.Sprintf("no function %q was recorded", name), "featherpack history lists those that were")
		}
		chosen = append(chosen, found...)
	}
	return chosen, nil
}

// printLines prints a table with a row a function.
func (t *terminal) printLines(lines []history.Line) {
	rows := [][]string{{"FUNCTION", "ZIP", "BEFORE", "CHANGE", "MOST BY", "COMMIT"}}
	drawn := isTerminal(t.stdout)
	if drawn {
		rows[0] = slices.Insert(rows[0], 4, "OVER TIME")
	}
	for _, l := range lines {
		first, last := l.Steps[0].Size.Zip, l.Steps[len(l.Steps)-1].Size.Zip
		row := []string{l.ID, reporters.Size(last), reporters.Size(first), change(first, last), "", ""}
		if moved := l.Steps[l.Moved]; moved.By != 0 {
			row[4], row[5] = reporters.SignedSize(moved.By), commitOf(moved)
		}
		if drawn {
			row = slices.Insert(row, 4, l.Sparkline(20))
		}
		rows = append(rows, row)
	}
	t.printColumns(rows)
}

// printSteps prints a function commit by commit, the last first.
func (t *terminal) printSteps(l history.Line) {
	t.line("%s", l.ID)
	rows := [][]string{{"DATE", "ZIP", "CHANGE", "LOAD", "COMMIT"}}
	for _, s := range slices.Backward(l.Steps) {
		load := "-"
		if s.Size.Load > 0 {
			load = fmt.Sprintf("%.0f ms", float64(s.Size.Load)/1000)
		}
		by := "same"
		if s.By != 0 {
			by = change(s.Size.Zip-s.By, s.Size.Zip)
		}
		rows = append(rows, []string{s.Point.Time.Format(time.DateOnly), reporters.Size(s.Size.Zip), by, load, commitOf(s)})
	}
	rows[len(rows)-1][2] = "first"
	t.printColumns(rows)
}

func change(before, after int64) string {
	if before == after {
		return "same"
	}
	return reporters.SignedSize(after-before) + " (" + reporters.PercentChange(before, after) + ")"
}

func commitOf(s history.Step) string {
	return s.Point.Commit[:min(10, len(s.Point.Commit))] + " " + s.Point.Subject
}

// stepJSON is a step as --json prints it. Sizes are in bytes, times in RFC 3339.
type stepJSON struct {
	Commit   string `json:"commit"`
	Time     string `json:"time"`
	Subject  string `json:"subject"`
	Zip      int64  `json:"zip"`
	Unzipped int64  `json:"unzipped"`
	// LoadMicros is the measured load time in microseconds, 0 if it was not measured.
	LoadMicros int64 `json:"loadMicros,omitempty"`
}

func linesAsJSON(lines []history.Line) map[string][]stepJSON {
	all := map[string][]stepJSON{}
	for _, l := range lines {
		for _, s := range l.Steps {
			all[l.ID] = append(all[l.ID], stepJSON{s.Point.Commit, s.Point.Time.Format(time.RFC3339), s.Point.Subject, s.Size.Zip, s.Size.Unzipped, s.Size.Load})
		}
	}
	return all
}
