package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/cache"
	"github.com/featherpack/featherpack/reporters"
)

var cacheCommand = command{
	name: "cache", operands: "stats|clean|verify", summary: "look after the functions that are kept for later runs",
	help: `Shows the size of the cache, empties it, or reads all of it and removes what is
damaged. A build never fails for its cache: what is damaged counts as missing.

Examples:
  featherpack cache stats                       how large it is
  featherpack cache clean                       empty it
  featherpack cache verify --cache .cache       read all of another one`,
	flags: func(set *pflag.FlagSet) func(context.Context, *terminal, []string) int {
		var folder string
		cacheFlag(set, &folder)
		return func(ctx context.Context, t *terminal, args []string) int { return runCache(ctx, t, folder, args) }
	},
}

// cacheActs are the operands of the command.
var cacheActs = []string{"stats", "clean", "verify"}

func runCache(ctx context.Context, t *terminal, typed string, args []string) int {
	if len(args) != 1 || !slices.Contains(cacheActs, args[0]) {
		return t.fail(analyzer.Usage("cache needs one of "+strings.Join(cacheActs, ", "), "for example featherpack cache stats"))
	}
	dir, err := cacheFolder(typed)
	if err != nil {
		return t.fail(err)
	}
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

// cacheVariable names the folder of the cache where no flag does.
const cacheVariable = "FEATHERPACK_CACHE"

func cacheFlag(set *pflag.FlagSet, name *string) {
	set.StringVar(name, "cache", "", "`DIR`: folder that keeps built functions for later runs, or off (default: $"+cacheVariable+", else in the user's cache folder)")
}

// cacheFolder is the absolute folder of the cache, "" for none.
func cacheFolder(typed string) (string, error) {
	name := typed
	if name == "" {
		name = os.Getenv(cacheVariable)
	}
	switch name {
	case "off":
		return "", nil
	case "":
		user, err := os.UserCacheDir()
		if err != nil || !filepath.IsAbs(user) {
			return "", nil // there is no place for one
		}
		return filepath.Join(user, "featherpack", "cache"), nil
	}
	abs, err := filepath.Abs(name)
	if err != nil {
		return "", analyzer.Usage(fmt.Sprintf("--cache: %v", analyzer.WithoutPath(err)), "give a folder, or off")
	}
	return abs, nil
}

// reason tells why a function was built, or that it was not.
func (t *terminal) reason(id, why string) {
	if why == "" {
		fmt.Fprintf(t.stderr, "featherpack: %s is unchanged\n", id)
		return
	}
	fmt.Fprintf(t.stderr, "featherpack: %s is built: %s\n", id, why)
}

// unstarted tells that an earlier run has started a function.
func (t *terminal) unstarted(id string) {
	fmt.Fprintf(t.stderr, "featherpack: %s is not started again: an earlier run started it with the same files, events and settings\n", id)
}
