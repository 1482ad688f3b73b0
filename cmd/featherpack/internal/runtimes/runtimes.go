package runtimes

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/pipeline"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/trial"
	"github.com/featherpack/featherpack/packager/boot"
	"github.com/featherpack/featherpack/reporters"
)

// Verdicts of a [Row].
const (
	Loads   = "loads"   // no event was sent
	Same    = "same"    // answers as under its own runtime
	Differs = "differs" // answers otherwise
	Varies  = "varies"  // answers differ under its own runtime too
	Fails   = "fails"   // does not run, but does under its own runtime
	Unknown = "unknown" // could not be started, or does not run under its own runtime either
)

// Row is one function under one runtime. Times are in ms of processor time.
type Row struct {
	Function, Runtime string
	Verdict           string
	// Reason is a clause: why it fails or is unknown.
	Reason string
	// At is the place of the failure in the zip, and Source the place in the source that it
	// comes from; the zero value if it is not known.
	At, Source analyzer.Position
	// Node is the version that ran.
	Node string
	// Own and Load are the median loads under its own runtime and under this one, 0 if
	// they were not measured.
	Own, Load float64
	// Zip is the size of the zip, and Rebuilt that of one built for the runtime; 0 if
	// that cannot be built.
	Zip, Rebuilt int64
}

// loads is the number of processes in which a load is measured.
const loads = 5

// Ask starts the built functions of a report whose zips are in out. It leaves out those that
// are not for Node, and the runtime that a function has.
func Ask(ctx context.Context, p analyzer.Project, r reporters.Report, out *outdir.Dir, runtimes []string, o pipeline.Options) (rows []Row, err error) {
	for _, f := range p.Functions {
		i := slices.IndexFunc(r.Functions, func(built reporters.Function) bool { return built.ID == f.ID })
		if i < 0 || r.Functions[i].Artifact == nil || f.Family != analyzer.Node {
			continue
		}
		q, err := trial.About(p, f.ID, o)
		if err != nil {
			return nil, err
		}
		event := eventOf(p, f)
		zip := filepath.Join(out.Path, filepath.FromSlash(f.ID)+".zip")
		start := func(runtime string) boot.Result {
			of := f
			of.Runtime = runtime
			o.Step("featherpack: %s: starting it on %s", f.ID, runtime)
			return boot.Check(ctx, zip, of, boot.Options{Event: event, Runs: loads, Node: "auto", OtherArchitecture: true})
		}
		var own, again boot.Result
		for _, runtime := range runtimes {
			if runtime == f.Runtime {
				continue
			}
			if own.Status == "" {
				own = start(f.Runtime)
				if again = own; own.Status == boot.Answers {
					again = start(f.Runtime)
				}
			}
			row := compare(runtime, own, again, start(runtime))
			row.Source = sourceOf(zip, f.Entry, row.At)
			row.Function, row.Runtime, row.Zip = f.ID, runtime, r.Functions[i].Artifact.ZipBytes
			of := f
			of.Runtime = runtime
			_ = q.Build(ctx, of, func(_ reporters.Report, built reporters.Function, _ *outdir.Dir) error {
				row.Rebuilt = built.Artifact.ZipBytes
				return nil
			}) // its errors are those of a runtime that the function does not have
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// compare judges a start under another runtime by two under the function's own.
func compare(runtime string, own, again, other boot.Result) Row {
	row := Row{Node: other.Node, Own: middle(own.Measured), Load: middle(other.Measured)}
	ran := func(r boot.Result) bool { return r.Status == boot.Loads || r.Status == boot.Answers }
	switch {
	case other.Node != "" && !strings.HasPrefix("nodejs"+other.Node, strings.TrimSuffix(runtime, "x")):
		row.Verdict, row.Reason = Unknown, "featherpack has no Node of this runtime; Node "+other.Node+" ran"
	case !ran(own):
		row.Verdict, row.Reason = Unknown, "under its own runtime it "+cmp.Or(own.Reason, "does not run")
		if own.Error != nil {
			row.Reason += " (" + own.Error.Shown() + ")"
		}
	case other.Status == boot.NotRun:
		row.Verdict, row.Reason = Unknown, other.Reason
	case !ran(other):
		row.Verdict, row.Reason, row.At = Fails, other.Reason, placeIn(other.Error)
		if other.Error != nil {
			row.Reason += " (" + other.Error.Shown() + ")"
		}
	case other.Status == boot.Loads:
		row.Verdict = Loads
	case bytes.Equal(own.Answer, other.Answer) && failedAs(own) == failedAs(other):
		row.Verdict = Same
	case !bytes.Equal(own.Answer, again.Answer):
		row.Verdict = Varies
	default:
		row.Verdict, row.At = Differs, placeIn(other.Error)
	}
	return row
}

func failedAs(r boot.Result) string {
	if r.Error == nil {
		return ""
	}
	return r.Error.Type
}

func middle(m boot.Measured) float64 {
	return boot.Measured{LoadMillis: m.HandlerMillis}.LoadMedian()
}

// maxEvent is the largest event that Lambda takes.
const maxEvent = 6 << 20

// eventOf is the first event beside the manifest, nil if there is none.
func eventOf(p analyzer.Project, f analyzer.Function) []byte {
	if len(f.Events) == 0 {
		return nil
	}
	text, err := projectfs.New(p.Root, projectfs.Allowances{}).Read(f.Events[0], maxEvent)
	if err != nil {
		return nil
	}
	return text
}

// Diagnostics are warnings about what would break, and notes about what would not.
func Diagnostics(rows []Row) (all []analyzer.Diagnostic) {
	for _, r := range rows {
		d := analyzer.Diagnostic{Function: r.Function, Severity: analyzer.Note, Code: "runtime-works", Position: r.Source, Message: "on " + r.Runtime + " it " + r.text()}
		switch r.Verdict {
		case Fails, Differs:
			d.Severity, d.Code, d.Hint = analyzer.Warning, "runtime-breaks", "mend it before the runtime is changed"
		case Unknown, Varies:
			d.Code = "runtime-undecided"
		}
		all = append(all, d)
	}
	return all
}

func (r Row) text() string {
	text := map[string]string{
		Loads: "loads; there is no event to compare an answer", Same: "answers as before", Differs: "answers otherwise",
		Varies: "answers, and its answers differ from run to run", Fails: "does not run: it " + r.Reason, Unknown: "was not judged: " + r.Reason,
	}[r.Verdict]
	switch {
	case r.Source.File != "":
		text += ", at " + r.Source.String()
	case r.At.File != "":
		text += ", at " + r.At.String() + " of the zip"
	}
	return text
}

// Print writes the rows as a table. It calls line for each line.
func Print(line func(format string, args ...any), rows []Row) {
	line("")
	line("RUNTIMES")
	for _, r := range rows {
		text := r.text()
		if r.Own > 0 && r.Load > 0 {
			text += fmt.Sprintf("; loads in %.1f ms, %.1f on its own runtime (processor time, %d starts, Node %s)", r.Load, r.Own, loads, r.Node)
		}
		switch {
		case r.Rebuilt == 0:
			text += "; cannot be built for it"
		case r.Rebuilt != r.Zip:
			text += fmt.Sprintf("; built for it: %s zipped, %s now", reporters.Size(r.Rebuilt), reporters.Size(r.Zip))
		default:
			text += "; built for it: the same size"
		}
		line("  %s on %s: %s", r.Function, r.Runtime, text)
	}
}
