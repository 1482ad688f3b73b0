package output

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/render"
)

// Sink is the value of one -o: a format and a file. An empty File means stdout.
type Sink struct {
	Format, File string
	// appends is set for a step summary of GitHub Actions, to which other steps
	// write too.
	// Source: docs.github.com, "Workflow commands for GitHub Actions", job summaries
	appends bool
}

// Parse converts the values of -o to sinks. json means -o json. If there are no
// values, the report goes to stdout as text, unless quiet is set.
func Parse(typed []string, json, quiet bool) ([]Sink, error) {
	if json {
		typed = append(typed, "json")
	}
	var sinks []Sink
	toStdout := 0
	for _, text := range typed {
		format, file, named := strings.Cut(text, "=")
		if _, ok := render.Formats[format]; !ok {
			return nil, analyzer.Usage(fmt.Sprintf("there is no report format %q", format), "choose one of "+strings.Join(slices.Sorted(maps.Keys(render.Formats)), ", "))
		}
		if named && file == "" {
			return nil, analyzer.Usage(fmt.Sprintf("-o %s names no file", text), fmt.Sprintf("write -o %s=FILE, or -o %s for stdout", format, format))
		}
		if file == "-" {
			file = ""
		}
		s := Sink{Format: format, File: file}
		if summary := os.Getenv("GITHUB_STEP_SUMMARY"); format == "github-summary" && file == "" && summary != "" {
			s.File, s.appends = summary, true
		}
		if s.File == "" {
			toStdout++
		}
		sinks = append(sinks, s)
	}
	if toStdout > 1 {
		return nil, analyzer.Usage("only one format can go to stdout", "write the others to files, for example -o markdown=pr.md")
	}
	if len(typed) == 0 && !quiet {
		sinks = append(sinks, Sink{Format: "text"})
	}
	return sinks, nil
}

// ForPrograms returns the sinks to write even if nothing was built: a program that
// reads the report must see that.
func ForPrograms(sinks []Sink) []Sink {
	return slices.DeleteFunc(slices.Clone(sinks), func(s Sink) bool { return s.Format != "json" })
}

// Write writes the report to every sink. The text options apply to stdout only.
func Write(stdout io.Writer, options render.TextOptions, sinks []Sink, report reporters.Report) error {
	for _, s := range sinks {
		if s.appends {
			if err := appendTo(s.File, func(w io.Writer) error { return render.Formats[s.Format](w, report) }); err != nil {
				return err
			}
			continue
		}
		if s.File != "" {
			if err := WriteFile(s.File, s.File, func(w io.Writer) error { return render.Formats[s.Format](w, report) }); err != nil {
				return err
			}
			continue
		}
		if s.Format == "text" {
			if err := render.Text(stdout, report, options); err != nil {
				return fmt.Errorf("writing the report: %w", err)
			}
			continue
		}
		if err := render.Formats[s.Format](stdout, report); err != nil {
			return fmt.Errorf("writing the report: %w", err)
		}
	}
	return nil
}

// appendTo appends to the file that GITHUB_STEP_SUMMARY names.
func appendTo(name string, write func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err == nil {
		err = errors.Join(write(f), f.Close())
	}
	if err != nil {
		return analyzer.Usage(fmt.Sprintf("cannot append to the file that GITHUB_STEP_SUMMARY names: %v", analyzer.WithoutPath(err)), "write to another file: -o github-summary=FILE")
	}
	return nil
}
