package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/scratch"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/pipeline"
	"github.com/featherpack/featherpack/packager/cache"
	"github.com/featherpack/featherpack/packager/cache/remote"
	"github.com/featherpack/featherpack/reporters"
)

var cacheCommand = command{
	name: "cache", operands: "stats|clean|verify", summary: "look after the functions that are kept for later runs",
	help: `Shows the size of the cache, empties it, or reads all of it and removes what is
damaged. A build never fails for its cache: what is damaged counts as missing.

Examples:
  featherpack cache stats                              how large it is
  featherpack cache clean                              empty it
  featherpack cache verify --cache .cache              read all of another one
  featherpack cache stats --cache https://cache.lan    whether a server answers`,
	flags: func(set *pflag.FlagSet) func(context.Context, *terminal, []string) int {
		var folder string
		set.StringVar(&folder, "cache", "", "`PLACE`: "+cacheUsage)
		return func(ctx context.Context, t *terminal, args []string) int { return runCache(ctx, t, folder, args) }
	},
}

// cacheActs are the operands of the command.
var cacheActs = []string{"stats", "clean", "verify"}

func runCache(ctx context.Context, t *terminal, typed string, args []string) int {
	if len(args) != 1 || !slices.Contains(cacheActs, args[0]) {
		return t.fail(analyzer.Usage("cache needs one of "+strings.Join(cacheActs, ", "), "for example featherpack cache stats"))
	}
	at, err := cachePlace(typed)
	if err != nil {
		return t.fail(err)
	}
	if at.address != "" {
		return askServer(ctx, t, at.address, args[0])
	}
	dir := at.folder
	if dir == "" {
		return t.fail(analyzer.Usage("the cache is off", "name its folder with --cache"))
	}
	store, err := cache.Open(dir, 0)
	if err != nil {
		return t.fail(analyzer.Usage(err.Error(), "name another folder with --cache"))
	}
	defer store.Close()
	switch args[0] {
	case "stats":
		s := store.Stats()
		fmt.Fprintf(t.stdout, "%s: %d results, %d files, %s of at most %s\n", dir, s.Results, s.Blobs, reporters.Size(s.Bytes), reporters.Size(s.Cap))
	case "clean":
		before, err := store.Clean()
		if err != nil {
			return t.fail(fmt.Errorf("emptying the cache: %w", err))
		}
		fmt.Fprintf(t.stdout, "removed %d results and %d files, %s\n", before.Results, before.Blobs, reporters.Size(before.Bytes))
	case "verify":
		damaged, err := store.Verify(ctx)
		if err != nil {
			return t.fail(interruption(err))
		}
		s := store.Stats()
		fmt.Fprintf(t.stdout, "%d results and %d files are whole; %d damaged ones were removed\n", s.Results, s.Blobs, damaged)
	}
	return exitGood
}

// askServer says whether a remote cache answers.
func askServer(ctx context.Context, t *terminal, address, act string) int {
	if act != "stats" {
		return t.fail(analyzer.Usage("cache "+act+" works on a folder, and the cache is on a server", "name the folder with --cache, or do this on the server"))
	}
	failed := false
	server, err := remote.Open(ctx, remote.Options{Address: address, Getenv: takeenv, Warn: func(d analyzer.Diagnostic) {
		failed = failed || d.Code == "remote-cache"
		t.printAll([]analyzer.Diagnostic{d})
	}})
	if err != nil {
		return t.fail(err)
	}
	since := time.Now()
	err = server.Ping()
	took := time.Since(since)
	server.Close()
	if err != nil {
		if !failed {
			return t.fail(fmt.Errorf("the cache at %s cannot be used: %w", server.Name(), err))
		}
		return exitFailed
	}
	fmt.Fprintf(t.stdout, "%s answers, in %d ms\n", server.Name(), took.Milliseconds())
	return exitGood
}

// cacheVariable names the cache where no flag does.
const cacheVariable = "FEATHERPACK_CACHE"

const cacheUsage = "folder or server (http, https, grpc, grpcs) that keeps built functions for later runs, or off (default: $" + cacheVariable + ", else in the user's cache folder)"

func cacheFlags(set *pflag.FlagSet, name *string, write *bool) {
	set.StringVar(name, "cache", "", "`PLACE`: "+cacheUsage)
	set.BoolVar(write, "cache-write", false, "also upload built functions to the server of --cache, for trusted builds only")
}

// keptAt is where built functions are kept: an absolute folder, "" for none, and the address
// of a server behind it, "" for none.
type keptAt struct{ folder, address string }

// cachePlace reads --cache and the variable. In front of a server is always a folder.
func cachePlace(typed string) (p keptAt, err error) {
	name, variable := typed, os.Getenv(cacheVariable)
	if name == "" {
		name = variable
	}
	if remote.IsAddress(name) {
		p.address = name
		if name = variable; remote.IsAddress(name) || name == "off" {
			name = ""
		}
	}
	switch name {
	case "off":
		return keptAt{}, nil
	case "":
		user, err := os.UserCacheDir()
		if err == nil && filepath.IsAbs(user) { // else there is no place for one
			p.folder = filepath.Join(user, "featherpack", "cache")
		}
		return p, nil
	}
	if p.folder, err = filepath.Abs(name); err != nil {
		return p, analyzer.Usage(fmt.Sprintf("--cache: %v", analyzer.WithoutPath(err)), "give a folder, a server, or off")
	}
	return p, nil
}

// openCache sets where built functions are kept. What it opens is closed when the command
// ends.
func (b *buildFlags) openCache(t *terminal, s *pipeline.Options) error {
	p, err := cachePlace(b.cache)
	if err != nil {
		return err
	}
	s.Cache = p.folder
	if p.address == "" {
		if b.cacheWrite {
			return analyzer.Usage("--cache-write needs a server", "name it with --cache https://...; a folder is always written to")
		}
		return nil
	}
	if s.Remote, err = remote.Open(t.ctx, remote.Options{Address: p.address, Write: b.cacheWrite, Getenv: takeenv, Warn: s.Warn}); err != nil {
		return err
	}
	if s.Cache == "" {
		dir, err := scratch.New("", "cache")
		if err != nil {
			return err
		}
		s.Cache = dir.Path
		t.atEnd(func() { _ = dir.Close() })
	}
	t.atEnd(func() {
		s.Remote.Close()
		if b.verbose {
			functions, written := s.Remote.Counts()
			fmt.Fprintf(t.stderr, "featherpack: %s had %d functions, and took %d files\n", s.Remote.Name(), functions, written)
		}
	})
	return nil
}

// takeenv reads a variable and removes it: no manifest and no program that is started may
// see the credentials.
func takeenv(name string) string {
	value := os.Getenv(name)
	_ = os.Unsetenv(name)
	return value
}

// reason tells why a function was built, or that it was not.
func (t *terminal) reason(id, why string) {
	if why == "" {
		fmt.Fprintf(t.stderr, "featherpack: %s is unchanged\n", id)
		return
	}
	fmt.Fprintf(t.stderr, "featherpack: %s is built: %s\n", id, why)
}

// unmeasured tells that an earlier run has measured a trial.
func (t *terminal) unmeasured(id, what string) {
	fmt.Fprintf(t.stderr, "featherpack: a trial of %s is not %s: an earlier run measured the same\n", id, what)
}

// unstarted tells that an earlier run has started a function.
func (t *terminal) unstarted(id string) {
	fmt.Fprintf(t.stderr, "featherpack: %s is not started again: an earlier run started it with the same files, events and settings\n", id)
}
