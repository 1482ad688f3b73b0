package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/scratch"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/advise"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/output"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/pipeline"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/reuse"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/watch"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/reporters"
)

// Exit statuses of a process that a signal has ended, as shells report them.
const (
	exitInterrupted = 128 + int(syscall.SIGINT)
	exitTerminated  = 128 + int(syscall.SIGTERM)
)

// watched runs `featherpack build --watch`: a build, and another one whenever a file has
// changed, until a signal ends it. An error does not.
func watched(ctx context.Context, t *terminal, typed buildFlags, args []string, external bool) int {
	if flag := typed.notWatched(external); flag != "" {
		return t.fail(analyzer.Usage(fmt.Sprintf("--watch and %s cannot be combined", flag), "remove one of them"))
	}
	got := make(chan os.Signal, 1)
	signal.Notify(got, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(got)

	t.quiet, t.verbose = typed.quiet, typed.verbose
	settings, err := typed.settings(t)
	if err != nil {
		return t.fail(err)
	}
	if settings.Cache == "" { // what has not changed is kept between two builds all the same
		folder, err := scratch.New("", "watch")
		if err != nil {
			return t.fail(err)
		}
		defer folder.Close()
		settings.Cache = filepath.Join(folder.Path, "cache")
	}
	sinks, err := output.Parse(typed.formats, false, typed.quiet)
	if err != nil {
		return t.fail(err)
	}
	if slices.ContainsFunc(sinks, func(s output.Sink) bool { return s.File == "" && s.Format != "text" }) {
		return t.fail(analyzer.Usage("--watch would write a report to stdout after every change", "write it to a file, for example -o json=report.json"))
	}
	dir, err := chosen(args, typed, &settings)
	if err != nil {
		return t.fail(err)
	}
	out := filepath.Join(dir, ".featherpack")
	if typed.out != "" {
		out = typed.out
	}
	if out, err = filepath.Abs(out); err != nil {
		return t.fail(err)
	}
	terms := typed.coldStart.read(&settings)
	settings.Advise = advise.Untried{Terms: terms, Kept: &advise.Kept{}}
	root := manifest.Discover(dir, settings.Discover).Root
	skip := append(watch.PrintedTo(root, t.stdout, t.stderr), out, settings.Cache)
	files := watch.Below(root, append(skip, settings.Writes...)...)

	settings.Memory = &reuse.Memory{}
	defer settings.Memory.Close()
	b := building{dir: dir, out: typed.out, settings: settings, terms: terms, sinks: sinks}
	look := files.Now()
	before := zipsOf(t.buildOnce(ctx, b).report)
	b.sinks = slices.DeleteFunc(sinks, func(s output.Sink) bool { return s.File == "" })
	t.say("waiting for changes below %s; Ctrl-C ends it", root)
	pipeline.Rest()
	b.repeats = true
	var changed []string
	for repeat := false; ; {
		if !repeat {
			if changed, err = files.Change(ctx, look); err != nil {
				break
			}
		}
		t.quiet = true // the warnings were printed by the first build
		look = files.Now()
		began := time.Now()
		o := t.buildOnce(ctx, b)
		if ctx.Err() != nil {
			break
		}
		if repeat = o.repeat; repeat { // a file changed once more
			continue
		}
		after := zipsOf(o.report)
		t.say("%s: %s, %d ms", some(changed, "changed"), toldOf(o, before, after), time.Since(began).Milliseconds())
		if o.measured {
			before = after
		}
		pipeline.Rest()
	}
	select {
	case s := <-got:
		if s == syscall.SIGTERM {
			return exitTerminated
		}
	case <-time.After(time.Second): // ctx heard the signal first
	}
	return exitInterrupted
}

// say prints a line about what happens while files are watched.
func (t *terminal) say(format string, args ...any) {
	t.Clear()
	fmt.Fprintf(t.stdout, "featherpack: "+format+"\n", args...)
}

// notWatched is a flag that has no place beside --watch, "" if there is none.
func (b *buildFlags) notWatched(external bool) string {
	for _, flag := range []struct {
		name  string
		given bool
	}{
		{"--external", external}, {"--json", b.json}, {"--config -", b.config == "-"}, {"--functions -", b.functions == "-"},
		{"--install", b.install}, {"--shard", b.shard != ""},
		{"-o trace", slices.ContainsFunc(b.formats, func(f string) bool { return strings.HasPrefix(f, "trace=") })},
	} {
		if flag.given {
			return flag.name
		}
	}
	return ""
}

// zipsOf are the zips in a report, by function.
func zipsOf(r reporters.Report) map[string]*packager.Artifact {
	zips := map[string]*packager.Artifact{}
	for _, f := range r.Functions {
		if f.Artifact != nil {
			zips[f.ID] = f.Artifact
		}
	}
	return zips
}

// toldOf says in a few words how a build went, with the sizes of the zips that it made and
// what these were before.
func toldOf(o outcome, before, after map[string]*packager.Artifact) string {
	if !o.measured {
		return "not built"
	}
	var built, failed []string
	for _, f := range o.report.Functions {
		is, was := after[f.ID], before[f.ID]
		switch {
		case is == nil:
			failed = append(failed, f.ID)
		case was == nil:
			built = append(built, fmt.Sprintf("%s built, %s", f.ID, reporters.Size(is.ZipBytes)))
		case was.SHA256 != is.SHA256:
			built = append(built, fmt.Sprintf("%s built, %s (%s)", f.ID, reporters.Size(is.ZipBytes), grown(is.ZipBytes-was.ZipBytes)))
		}
	}
	switch {
	case len(failed) > 0:
		return some(failed, "failed")
	case o.status != exitGood:
		return "failed"
	case len(built) > 0:
		return few(built, "; ")
	}
	return "no zip changed"
}

func grown(bytes int64) string {
	if bytes == 0 {
		return "the same size"
	}
	return reporters.SignedSize(bytes)
}

// some lists a few names, and says what became of them.
func some(names []string, what string) string { return few(names, ", ") + " " + what }

func few(all []string, separator string) string {
	const most = 3
	text := strings.Join(all[:min(len(all), most)], separator)
	if more := len(all) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
