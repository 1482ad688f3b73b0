package pipeline

import (
	"context"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/reuse"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/boot"
	"github.com/featherpack/featherpack/packager/cache"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/coldstart"
)

// BootOptions control how artifacts are started.
type BootOptions struct {
	boot.Options
	// Events and Answers hold JSON by function ID. The key "" is for all other
	// functions. EventsDir is a folder with files named after functions, "" for the
	// events that discovery found.
	Events, Answers map[string][]Event
	EventsDir       string
	// Strict makes it an error if nothing could be decided.
	Strict bool
	// LoadOnly sends no event and starts no source: only the load is measured.
	LoadOnly bool
}

// bootAll starts every artifact and its source, and adds the results to the report.
// An artifact that does not run as its source is an error of its function. Where
// nothing could be decided, that is a warning, and never counts as a pass.
func bootAll(ctx context.Context, report *reporters.Report, project analyzer.Project, functions []analyzer.Function, out *outdir.Dir, o Options) {
	type place struct {
		name string
		analyzer.Position
	}
	byPlace := map[place]analyzer.Function{}
	for _, f := range functions {
		byPlace[place{f.Name, f.Position}] = f
	}
	var sources *Sources
	if !o.Boot.LoadOnly {
		sources = NewSources(project.Root, *report, o.Boot.Options)
	}
	earlier := reuse.OpenBoots(ctx, o.bootStore(project.CacheBytes), project, o.writes(out)...)
	defer earlier.Close()
	if sources != nil {
		defer sources.Close()
	}
	var wait sync.WaitGroup
	atOnce := runtime.GOMAXPROCS(0)
	if o.Boot.Runs >= coldstart.FewestPairs {
		atOnce = 1 // work in parallel would change the times
	}
	free := make(chan struct{}, atOnce)
	for i := range report.Functions {
		f := &report.Functions[i]
		if f.Artifact == nil {
			continue
		}
		full, known := byPlace[place{f.Name, f.Position}] // it has the environment, which a report leaves out
		var start reuse.Started
		if !known {
			full = f.Function
		} else if start, known = o.start(ctx, earlier, *f, full, sources); known {
			if found, diagnostics, ok := earlier.Find(start); ok {
				f.Boot = &found
				f.Diagnostics = append(f.Diagnostics, diagnostics...)
				if o.Unstarted != nil {
					o.Unstarted(f.ID)
				}
				continue
			}
		}
		o.Step("featherpack: starting %s", f.ID)
		free <- struct{}{}
		wait.Go(func() {
			defer func() { <-free }()
			booted := Boot(ctx, filepath.Join(out.Path, filepath.FromSlash(f.ID)+".zip"), f.ID, full, sources, *o.Boot)
			if known {
				earlier.Keep(start, booted.Boot, booted.Diagnostics)
			}
			f.Boot = &booted.Boot
			f.Diagnostics = append(f.Diagnostics, booted.Diagnostics...)
		})
	}
	wait.Wait()
	o.clear()
}

// bootStore opens the cache for what starts show. Whoever built has warned if it cannot be
// used.
func (o Options) bootStore(capacity int64) *cache.Disk {
	if o.Cache == "" || o.AllowOutside { // a source may open what lies outside
		return nil
	}
	store, err := cache.Open(o.Cache, capacity)
	if err != nil {
		return nil
	}
	return store
}

// writes are the absolute files and folders that the run writes to.
func (o Options) writes(out *outdir.Dir) []string {
	return append([]string{out.Path, o.Cache}, o.Writes...)
}

// start is what the result of starting a function depends on, and false if that is not known.
func (o Options) start(ctx context.Context, earlier *reuse.Boots, f reporters.Function, full analyzer.Function, sources *Sources) (s reuse.Started, known bool) {
	if earlier == nil {
		return s, false
	}
	s = reuse.Started{Artifact: f.Artifact.SHA256, Function: full, OnSource: sources != nil && full.Family == analyzer.Node}
	if s.Program, known = boot.Identity(ctx, full, o.Boot.Options, earlier.Sum); !known {
		return s, false
	}
	held := ""
	if s.OnSource {
		held = sources.held[f.ID].digest()
	}
	s.Asked = struct {
		Events, Answers             []Event
		Strict, LoadOnly, Elsewhere bool
		Held                        string
	}{of(o.Boot.Events, f.ID), of(o.Boot.Answers, f.ID), o.Boot.Strict, o.Boot.LoadOnly, o.Boot.OtherArchitecture, held}
	return s, true
}

// Booted is all that is known of a started artifact.
type Booted struct {
	packager.Boot
	// Runs holds one run for each event, with all values, or one without an event.
	Runs []Run
	// Diagnostics are about the function.
	Diagnostics []analyzer.Diagnostic
}

// Run is one start of an artifact, and of its source. Its values may be secrets: they
// are for the person at the terminal and are in no report.
type Run struct {
	Event string `json:"event,omitempty"`
	boot.Result
	// Source is nil if the source was not started, Compared if it was not compared.
	Source   *boot.Result         `json:"source,omitempty"`
	Compared *packager.BootSource `json:"compared,omitempty"`
}

// Boot starts one artifact and its source tree with each of its events.
func Boot(ctx context.Context, zip, id string, f analyzer.Function, sources *Sources, o BootOptions) Booted {
	events := of(o.Events, id)
	if len(events) == 0 {
		events = []Event{{}}
	}
	var b Booted
	for i, event := range events {
		options := o.Options
		options.Event = event.JSON
		if i > 0 {
			options.Runs = 1
		}
		tree, known := sources.of(ctx, id, f)
		first := options
		if tree != nil {
			first.Runs = 1 // more of them run next to the source's
		}
		r := boot.Check(ctx, zip, f, first)
		run := Run{Event: event.Name, Result: r}
		var source *packager.BootSource
		var problems []analyzer.Diagnostic
		if tree != nil {
			c := boot.Compare(ctx, zip, tree, f, options, r)
			if options.Runs > 1 && r.Loaded && c.Verdict != boot.Differs {
				r = b.measure(ctx, zip, tree, f, options, r, c)
				run.Result = r
			}
			source = known.describe(c, event.Name)
			if c.Source.Status != "" {
				run.Source = &c.Source
			}
			run.Compared = source
			problems = compared(id, f, r, c, source, o.Strict)
		} else {
			problems = alone(id, f, r, o.Strict)
		}
		status := r.Status
		if len(problems) == 0 || problems[0].Severity != analyzer.Error {
			if paths := unexpected(of(o.Answers, id), r); len(paths) > 0 {
				status = "differs"
				b.Differences = paths
				problems = append(problems, problem(analyzer.Error, "boot-differs", id, f,
					"run the function from its source tree and compare the answers", "its answer is not the one given with --expect, at "+boot.FirstOf(paths)))
			}
		}
		b.Runs = append(b.Runs, run)
		b.Diagnostics = append(b.Diagnostics, problems...)
		if i == 0 || worse(problems) {
			b.result(status, r, i == 0)
		}
		b.Source = joined(b.Source, source)
		if worse(problems) {
			break // the first event that fails decides
		}
	}
	b.Diagnostics = analyzer.SortDiagnostics(b.Diagnostics)
	return b
}

// measure starts the source tree and the artifact in turn, where that gives enough pairs
// to tell how the load changed. Else it starts the artifact alone, as often as wanted.
func (b *Booted) measure(ctx context.Context, zip string, tree *boot.Tree, f analyzer.Function, o boot.Options, r boot.Result, c boot.Comparison) boot.Result {
	if o.Runs >= coldstart.FewestPairs && c.Source.Loaded {
		p := boot.Pairs(ctx, boot.Subject{Tree: tree, Function: f}, boot.Subject{ZipPath: zip, Function: f}, o.Runs, o)
		if p.Reason == "" {
			b.SourceMillis = p.Before.HandlerMillis
			p.After.FilesOpened = r.Measured.FilesOpened
			p.After.PeakMemoryBytes = max(p.After.PeakMemoryBytes, r.Measured.PeakMemoryBytes)
			r.Measured = p.After
			return r
		}
	}
	return boot.Check(ctx, zip, f, o)
}

func worse(problems []analyzer.Diagnostic) bool { return analyzer.ExitStatus(problems) != 0 }

// result takes what a report holds. The measured times are those of the first event.
func (b *Booted) result(status string, r boot.Result, measured bool) {
	b.Status, b.Reason, b.ErrorType = status, r.Reason, ""
	if r.Error != nil {
		b.ErrorType = r.Error.Type
	}
	if !measured {
		return
	}
	b.Node, b.StoodIn, b.Uncontained, b.Placeholders = r.Node, r.StoodIn, r.Uncontained, r.Placeholders
	b.LoadMillis, b.CPUMillis, b.HandlerMillis = r.Measured.LoadMillis, r.Measured.CPUMillis, r.Measured.HandlerMillis
	b.PeakMemoryBytes, b.FilesOpened = r.Measured.PeakMemoryBytes, r.Measured.FilesOpened
}

func unexpected(answers []Event, r boot.Result) []string {
	if len(answers) == 0 || r.Status != boot.Answers {
		return nil
	}
	return boot.Differences(answers[0].JSON, r.Answer)
}

func problem(severity analyzer.Severity, code, id string, f analyzer.Function, hint, message string) analyzer.Diagnostic {
	d := analyzer.Problem(severity, code, f.Position, hint, "%s", message)
	d.Function = id
	return d
}

// alone judges an artifact that is not compared with its source.
func alone(id string, f analyzer.Function, r boot.Result, strict bool) []analyzer.Diagnostic {
	switch {
	case r.Status == boot.NotRun || r.WantsNetwork:
		return []analyzer.Diagnostic{notStarted(id, f, r, strict)}
	case r.Status == boot.Failed:
		return []analyzer.Diagnostic{problem(analyzer.Error, "boot-failed", id, f, showsLog(id), "does not run from its zip: "+failure(r))}
	}
	return nil
}

// notStarted is the diagnostic for an artifact that this machine cannot judge.
func notStarted(id string, f analyzer.Function, r boot.Result, strict bool) analyzer.Diagnostic {
	severity := analyzer.Warning
	if strict {
		severity = analyzer.Error
	}
	if r.WantsNetwork {
		return problem(severity, "boot-undecided", id, f, "nothing outside can be reached while a function is checked; "+showsLog(id), "not decided: "+wants(r))
	}
	hint := "the zip was not checked; fix the cause, then run featherpack boot " + id
	if r.OtherMachine {
		hint = "the zip was not checked; run featherpack boot " + id + " on a machine of that architecture, such as a CI runner"
	}
	return problem(severity, "not-booted", id, f, hint, "was not started: "+r.Reason)
}

func wants(r boot.Result) string {
	if r.Loaded {
		return "it needs the network for its event"
	}
	return "it needs the network while it loads"
}

// failure describes a failed start without any value of the function's.
func failure(r boot.Result) string {
	if r.Error == nil || r.Error.Type == "Sandbox.Timedout" {
		return r.Reason
	}
	return r.Error.Shown()
}

func showsLog(id string) string { return "featherpack boot " + id + " --verbose shows its log" }
