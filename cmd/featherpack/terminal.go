package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/output"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/pipeline"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/trial"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/render"
	"github.com/featherpack/featherpack/reporters/render/columns"

	"golang.org/x/term"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
)

// terminal prints results to stdout and everything else to stderr.
type terminal struct {
	stdout, stderr io.Writer
	quiet, verbose bool
	// notesShown is set if the output contains the notes. Then printAll does not
	// print the number of notes.
	notesShown bool

	ctx  context.Context // ends when the run is interrupted
	ends []func()

	mu       sync.Mutex
	started  time.Time
	after    time.Duration // from started to the first progress line
	showing  bool
	progress bool // stderr is a terminal
}

func newTerminal(stdout, stderr io.Writer) *terminal {
	return &terminal{stdout: stdout, stderr: stderr, started: time.Now(), after: showAfter, progress: isTerminal(stderr)}
}

// atEnd calls f when the command has ended, the last one first.
func (t *terminal) atEnd(f func()) { t.ends = append(t.ends, f) }

func (t *terminal) end() {
	for _, f := range slices.Backward(t.ends) {
		f()
	}
	t.ends = nil
}

// isTerminal reports whether a reader or writer is a terminal.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// width returns the terminal's width in columns, or 80 if there is no terminal.
func (t *terminal) width() int {
	if f, ok := t.stdout.(*os.File); ok {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			return width
		}
	}
	return 80
}

// line prints one line of a result. It wraps the line on a terminal only, so that
// tools such as grep find whole lines.
func (t *terminal) line(format string, args ...any) {
	text := strings.TrimRight(output.Printable(fmt.Sprintf(format, args...)), " ")
	if isTerminal(t.stdout) {
		text = columns.Wrap(text, t.width())
	}
	fmt.Fprintln(t.stdout, text)
}

// write writes a report to every sink. Only a terminal limits the width of the text.
func (t *terminal) write(sinks []output.Sink, r reporters.Report) error {
	options := render.TextOptions{Color: color(t.stdout), Verbose: t.verbose}
	if isTerminal(t.stdout) {
		options.Width, options.Unicode = t.width(), true
	}
	return output.Write(t.stdout, options, sinks, r)
}

// color reports whether to use colours. NO_COLOR decides first, then FORCE_COLOR,
// then whether w is a terminal. An empty variable counts as not set.
func color(w io.Writer) bool {
	switch {
	case os.Getenv("NO_COLOR") != "":
		return false
	case os.Getenv("FORCE_COLOR") != "":
		return os.Getenv("FORCE_COLOR") != "0"
	}
	return isTerminal(w) && os.Getenv("TERM") != "dumb"
}

// showAfter is the time before the first progress line appears. A short command
// shows none.
const showAfter = 500 * time.Millisecond

// Step shows a progress line, on a terminal only.
func (t *terminal) Step(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.progress || t.quiet || time.Since(t.started) < t.after {
		return
	}
	line := fmt.Sprintf(format, args...)
	if width, _, err := term.GetSize(int(os.Stderr.Fd())); err == nil && width > 1 && len(line) >= width {
		line = line[:width-1]
	}
	fmt.Fprintf(t.stderr, "\r\x1b[2K%s", line)
	t.showing = true
}

// Clear removes the progress line.
func (t *terminal) Clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.showing {
		fmt.Fprint(t.stderr, "\r\x1b[2K")
		t.showing = false
	}
}

// fail prints an error and returns its exit status.
func (t *terminal) fail(err error) int {
	var d analyzer.Diagnostic
	if !errors.As(err, &d) {
		d = analyzer.Diagnostic{Severity: analyzer.Error, Message: err.Error()}
	}
	t.print(d)
	return analyzer.ExitStatus([]analyzer.Diagnostic{d})
}

// failAll prints joined errors one by one and returns the highest exit status.
func (t *terminal) failAll(err error) int {
	if errors.Is(err, context.Canceled) {
		err = analyzer.Diagnostic{Severity: analyzer.Error, Message: "interrupted"}
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		status := exitFailed
		for _, one := range joined.Unwrap() {
			status = max(status, t.failAll(one))
		}
		return status
	}
	return t.fail(err)
}

// question finds the function of a folder that a command is asked about.
func (t *terminal) question(dir, function string, o pipeline.Options) (trial.Question, error) {
	project := manifest.Discover(dir, o.Discover)
	q, err := trial.About(project, function, o)
	return q, t.noFunction(project, err)
}

// noFunction makes an error of trial one for the user. Why a project has no function is in
// discovery's diagnostics, which it prints.
func (t *terminal) noFunction(p analyzer.Project, err error) error {
	if errors.Is(err, trial.ErrNoFunction) {
		t.printAll(p.Diagnostics)
		return analyzer.Usage("there is no function here", "give the folder that holds the manifest")
	}
	return err
}

// unbuildable prints discovery's diagnostics about a function that has no entry.
func (t *terminal) unbuildable(q trial.Question) int {
	diagnostics := q.Diagnostics()
	t.printAll(diagnostics)
	return max(exitFailed, analyzer.ExitStatus(diagnostics))
}

// print prints a diagnostic: the position and message on one line, then the hint.
func (t *terminal) print(d analyzer.Diagnostic) {
	t.Clear()
	prefix := "featherpack: "
	switch {
	case d.Severity == analyzer.Warning:
		prefix += "warning: "
	case d.Severity == analyzer.Note:
		prefix += "note: "
	}
	on, off := "", ""
	if color(t.stderr) {
		off = "\x1b[0m"
		switch d.Severity {
		case analyzer.Error, analyzer.Refused:
			on = "\x1b[31m"
		case analyzer.Warning:
			on = "\x1b[33m"
		default:
			on = "\x1b[2m"
		}
	}
	fmt.Fprintf(t.stderr, "%s%s%s%s\n", on, prefix, output.Printable(d.Error()), off)
	if d.Hint != "" {
		fmt.Fprintf(t.stderr, "  hint: %s\n", output.Printable(d.Hint))
	}
}

// printAll prints the diagnostics that the verbosity of the run includes, and the
// number of the notes it leaves out. It prints the same warning about many
// functions once.
func (t *terminal) printAll(diagnostics []analyzer.Diagnostic) {
	type text struct{ code, message, hint string }
	functions := map[text]int{}
	for _, d := range diagnostics {
		functions[text{d.Code, d.Message, d.Hint}]++
	}
	notes := 0
	for _, d := range analyzer.SortDiagnostics(diagnostics) {
		switch {
		case d.Severity == analyzer.Note && !t.verbose:
			notes++
			continue
		case d.Severity == analyzer.Warning && t.quiet:
			continue
		case d.Severity == analyzer.Note || d.Severity == analyzer.Warning:
			key := text{d.Code, d.Message, d.Hint}
			n := functions[key]
			functions[key] = 0
			if n == 0 {
				continue
			}
			if n > 1 {
				d.Message += fmt.Sprintf(" (and %d more like this)", n-1)
			}
		}
		t.print(d)
	}
	if notes > 0 && !t.quiet && !t.notesShown {
		plural := "s"
		if notes == 1 {
			plural = ""
		}
		fmt.Fprintf(t.stderr, "featherpack: %d note%s; --verbose shows them\n", notes, plural)
	}
}

// printJSON prints a command's result as JSON.
func (t *terminal) printJSON(value any) int {
	encoder := json.NewEncoder(t.stdout)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return t.fail(fmt.Errorf("writing the answer: %w", err))
	}
	return exitGood
}
