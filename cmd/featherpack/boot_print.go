package main

import (
	"fmt"
	"strings"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/output"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/pipeline"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/boot"
)

// booting is what boot --json prints: what a report holds, and each run with its
// answer, error and log.
type booting struct {
	packager.Boot
	Runs []pipeline.Run `json:"runs"`
}

func printBoot(t *terminal, id string, b pipeline.Booted) {
	fmt.Fprintf(t.stdout, "%s: %s", id, b.Status)
	if n := len(b.LoadMillis); n > 0 {
		fmt.Fprintf(t.stdout, ", loaded in %.0f ms (CPU %.0f ms, measured, median of %d)", boot.Measured{LoadMillis: b.LoadMillis}.LoadMedian(), boot.Measured{CPUMillis: b.CPUMillis}.CPUMedian(), n)
	}
	if b.PeakMemoryBytes > 0 {
		fmt.Fprintf(t.stdout, ", peak memory %d MiB", b.PeakMemoryBytes>>20)
	}
	if b.Node != "" {
		fmt.Fprintf(t.stdout, ", Node %s", b.Node)
		if b.StoodIn {
			fmt.Fprint(t.stdout, " in place of the runtime's version or architecture")
		}
	}
	fmt.Fprintln(t.stdout)
	if len(b.Uncontained) > 0 {
		fmt.Fprintf(t.stdout, "  not contained: %s\n", strings.Join(b.Uncontained, ", "))
	}
	if len(b.Placeholders) > 0 {
		fmt.Fprintf(t.stdout, "  placeholders for: %s\n", strings.Join(b.Placeholders, ", "))
	}
	for _, run := range b.Runs {
		if len(b.Runs) > 1 {
			t.line("%s: %s", run.Event, run.Status)
		}
		printSource(t, run.Compared)
		if len(run.Answer) > 0 {
			fmt.Fprintf(t.stdout, "%s\n", output.Printable(string(run.Answer)))
		}
		if t.verbose {
			printRun(t, "", run.Result)
			if run.Source != nil {
				printRun(t, "the source's ", *run.Source)
			}
		}
	}
}

// printSource prints how the zip compares with its source.
func printSource(t *terminal, s *packager.BootSource) {
	if s == nil {
		return
	}
	line := "  " + s.Verdict
	if s.Event != "" {
		line += ", with " + s.Event
	}
	if len(s.Varying) > 0 {
		line += "; left out, since it differs between two runs: " + strings.Join(s.Varying, ", ")
	}
	t.line("%s", line)
	for _, only := range []struct {
		what  string
		names []string
	}{{"read variables", s.Variables}, {"started programs", s.Programs}} {
		if len(only.names) > 0 {
			t.line("  only the source %s: %s", only.what, strings.Join(only.names, ", "))
		}
	}
}

// printRun prints the error and the log of one run.
func printRun(t *terminal, whose string, r boot.Result) {
	if e := r.Error; e != nil {
		t.line("%serror: %s: %s", whose, e.Type, e.Message)
		for _, at := range e.Stack {
			t.line("  %s", at)
		}
	}
	if strings.TrimSpace(r.Logs) == "" {
		return
	}
	t.line("%slog:", whose)
	for line := range strings.Lines(r.Logs) {
		t.line("  %s", strings.TrimRight(line, "\n"))
	}
}
