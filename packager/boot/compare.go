package boot

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/scratch"
)

// Verdicts of a [Comparison].
const (
	RunsAsSource    = "runs as its source"         // both answered alike
	LoadsAsSource   = "loads as its source"        // both loaded; there was no event
	BehavesAsSource = "behaves as its source"      // both reported the same error for the event
	Differs         = "does not run as its source" // the artifact is not fit to deploy
	Undecided       = "not decided"
)

// Comparison says whether an artifact runs as the source tree that it was built
// from.
type Comparison struct {
	Verdict string
	// Reason is a clause: why nothing was decided, or how the two differ. It holds no
	// value of an answer.
	Reason string
	// ByBundler is set if nothing was decided because the source does not run without
	// its bundler, although the artifact does.
	ByBundler bool
	// Source is the result of the source tree. Its texts are as clean as those of the
	// artifact's, and its answer has the artifact's paths.
	Source Result
	// Differences are the JSON paths at which the answers differ, or "error.message".
	// Varying are those left out, because the artifact gives them another value each
	// time.
	Differences, Varying []string
	// Opened are files below the project that the source opened.
	Opened []Opened
	// Modules, Variables and Programs are what the source loaded, read and started,
	// and the artifact, if it was observed, did not.
	Modules, Variables, Programs []string
}

// Opened is a file of the source tree that was opened, or looked for and left out of
// the tree, since it may hold secrets.
type Opened struct {
	// File is relative to the project's root.
	File string
	// By is the code that opened it, in a file of the project. It has no file if that
	// is unknown.
	By analyzer.Position
	// Module is set if it was loaded as a module.
	Module bool
}

// Compare starts the source tree as [Check] starts the artifact, whose result is r.
// It runs the artifact a second time only if the two differ.
func Compare(ctx context.Context, zipPath string, t *Tree, f analyzer.Function, o Options, r Result) Comparison {
	o.Runs = 1
	if r.Status == NotRun {
		return Comparison{Verdict: Undecided, Reason: "the zip was not started: " + r.Reason}
	}
	if len(r.Uncontained) > 0 {
		return Comparison{Verdict: Undecided, Reason: "the source is only started where its process can be contained"}
	}
	source, seen := start(ctx, "", t, f, o)
	c := Comparison{Source: source}
	c.judge(r)
	own := ownVariables(seen.variables, f)
	again := c.Verdict == Differs && c.Source.Loaded || len(seen.programs) > 0 || len(unnamed(zipPath, own)) > 0
	if again && ctx.Err() == nil {
		second, watched := start(ctx, zipPath, nil, f, o)
		c.settle(r, second)
		if second.Status == c.Source.Status { // one that failed did less anyway
			c.Programs, c.Variables = missing(seen.programs, watched.programs), missing(own, watched.variables)
		}
	}
	c.Opened = t.opened(seen)
	if ctx.Err() != nil {
		return Comparison{Verdict: Undecided, Reason: "the check was interrupted"}
	}
	return c
}

// ownVariables are those that the function's manifest sets.
func ownVariables(names map[string]bool, f analyzer.Function) map[string]bool {
	own := map[string]bool{}
	for name := range names {
		if _, set := f.Environment[name]; set || slices.Contains(f.EnvironmentUnknown, name) {
			own[name] = true
		}
	}
	return own
}

// unnamed returns the names that no code in a zip contains: that code cannot read
// these variables, unless it computes their names.
func unnamed(zipPath string, names map[string]bool) map[string]bool {
	left := maps.Clone(names)
	r, err := zip.OpenReader(zipPath)
	if err != nil {
		return nil
	}
	defer r.Close()
	for _, entry := range r.File {
		if len(left) == 0 {
			break
		}
		if !slices.Contains([]string{".js", ".mjs", ".cjs"}, path.Ext(entry.Name)) {
			continue
		}
		in, err := entry.Open()
		if err != nil {
			continue
		}
		text, err := io.ReadAll(io.LimitReader(in, maxUnzipped))
		in.Close()
		if err != nil {
			continue
		}
		for name := range left {
			if bytes.Contains(text, []byte(name)) {
				delete(left, name)
			}
		}
	}
	return left
}

// start starts the source tree, or the artifact if t is nil, and observes it.
func start(ctx context.Context, zipPath string, t *Tree, f analyzer.Function, o Options) (Result, observed) {
	folder, err := scratch.New("", "boot")
	if err != nil {
		return Result{Status: NotRun, Reason: "cannot make a temporary folder: " + analyzer.WithoutPath(err).Error()}, observed{}
	}
	defer folder.Close()
	work := folder.Path
	c := check{f: f, o: o, work: work, task: filepath.Join(work, "task"), tree: t}
	c.watch = true
	r := c.run(ctx, zipPath)
	seen := c.journal.take()
	for again := 0; t != nil && again < maxAgain && ctx.Err() == nil; again++ {
		needsModules := r.Status == Failed && r.Error != nil && strings.Contains(r.Error.Message, "require() of ES Module")
		if !t.grows(seen) && (!needsModules || c.program.requiresModules) {
			break
		}
		t.RequiresModules = t.RequiresModules || needsModules
		c.program.requiresModules = t.RequiresModules
		c.journal, c.logs = journal{}, tail{}
		r = c.runs(ctx, Result{Node: r.Node, StoodIn: r.StoodIn})
		seen = c.journal.take()
	}
	c.clean(&r)
	if t != nil {
		r.Answer = []byte(strings.ReplaceAll(string(r.Answer), t.place(), lambdaPlaces.task))
	}
	return r, seen
}

// maxAgain is how often a source tree is started again with more of what it needs.
const maxAgain = 3

// judge compares the source's result with the artifact's.
func (c *Comparison) judge(zip Result) {
	source := c.Source
	undecided := func(format string, args ...any) { c.Verdict, c.Reason = Undecided, fmt.Sprintf(format, args...) }
	ran := func(r Result) bool { return r.Status == Answers || r.Status == Loads }
	switch {
	case source.Status == NotRun:
		undecided("the source was not started: %s", source.Reason)
	case ran(source) && ran(zip):
		c.Verdict = RunsAsSource
		if source.Status == Loads {
			c.Verdict = LoadsAsSource
			break
		}
		if zip.AnswerEncoding != source.AnswerEncoding {
			c.Differences = []string{"$"}
		} else {
			c.Differences = Differences(source.Answer, zip.Answer)
		}
		if len(c.Differences) > 0 {
			c.Verdict, c.Reason = Differs, "its answer differs at "+FirstOf(c.Differences)
		}
	case ran(source):
		c.Verdict, c.Reason = Differs, "the source "+verb(source)+", and the zip "+failureOfIt(zip)
	case ran(zip):
		c.ByBundler = true
		undecided("the source needs its bundler: it %s", failureOfIt(source))
	case !source.Loaded:
		undecided("neither the source nor the zip runs here: the source %s", failureOfIt(source))
	case !zip.Loaded:
		c.Verdict, c.Reason = Differs, "the source loads, and the zip "+failureOfIt(zip)
	default:
		c.Verdict = BehavesAsSource
		c.Reason = "both report " + kind(zip) + " for the event"
		if kind(source) != kind(zip) {
			c.Verdict, c.Reason = Differs, fmt.Sprintf("the source reports %s for the event, and the zip %s", kind(source), kind(zip))
		} else if message(source) != message(zip) {
			c.Verdict, c.Reason = Differs, "both report "+kind(zip)+" for the event, with another message"
			c.Differences = []string{errorMessage}
		}
	}
}

const errorMessage = "error.message"

// settle leaves out what differs between two runs of the artifact.
func (c *Comparison) settle(first, second Result) {
	if c.Verdict != Differs || len(c.Differences) == 0 {
		return
	}
	if c.Differences[0] == errorMessage {
		if first.Error != nil && second.Error != nil && first.Error.Message != second.Error.Message {
			c.Verdict, c.Reason = BehavesAsSource, "both report "+kind(first)+" for the event, with a message that varies"
			c.Differences, c.Varying = nil, []string{errorMessage}
		}
		return
	}
	if second.Status != Answers {
		return
	}
	varying := Differences(first.Answer, second.Answer)
	left := without(c.Differences, varying)
	c.Varying = slices.DeleteFunc(slices.Clone(c.Differences), func(path string) bool { return slices.Contains(left, path) })
	c.Differences = left
	c.Reason = "its answer differs at " + FirstOf(left)
	if len(left) == 0 {
		c.Verdict, c.Reason = RunsAsSource, ""
	}
}

// FirstOf lists the first of some paths.
func FirstOf(paths []string) string {
	const most = 5
	if len(paths) <= most {
		return strings.Join(paths, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(paths[:most], ", "), len(paths)-most)
}

func verb(r Result) string {
	if r.Status == Loads {
		return "loads"
	}
	return "answers"
}

// failureOfIt says as a clause how something failed.
func failureOfIt(r Result) string {
	if r.Error == nil || r.Error.Type == "Sandbox.Timedout" {
		return r.Reason
	}
	what := "fails while it loads"
	if r.Loaded {
		what = "fails on the event"
	}
	return what + " with " + r.Error.Shown()
}

func kind(r Result) string {
	if r.Error == nil {
		return "a failure"
	}
	return r.Error.Type
}

// message is the error's message where two runs of the same code must give the
// same. JavaScript's own errors name the variables, which a bundle renames.
func message(r Result) string {
	if r.Error == nil {
		return r.Reason
	}
	if slices.Contains([]string{"TypeError", "ReferenceError", "RangeError", "SyntaxError"}, r.Error.Type) || strings.HasPrefix(r.Error.Type, "Runtime.") {
		return ""
	}
	return r.Error.Message
}

// missing returns the elements of a, sorted, that are not in b.
func missing(a, b map[string]bool) []string {
	var names []string
	for name := range a {
		if !b[name] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
