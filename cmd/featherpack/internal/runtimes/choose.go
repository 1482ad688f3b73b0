package runtimes

import (
	"context"
	"fmt"
	"go/version"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/golang/toolchain"
)

// Wanted are the runtimes to try.
type Wanted struct {
	Node []string                 // such as nodejs24.x
	Go   []toolchain.Installation // other than the one on PATH
	own  string                   // the version of Go on PATH, if Go was asked for
	same string                   // what was typed for it
}

// Forms of a runtime. A version of Go is one release, or a release's newest patch, or all.
var (
	nodeRuntime = regexp.MustCompile(`^nodejs[1-9][0-9]\.x$`)
	goRelease   = regexp.MustCompile(`^go(1\.[0-9]+(\.[0-9]+|(rc|beta)[0-9]+)?)?$`)
)

// Choose reads runtimes as they are typed: nodejs24.x, go1.25.3, go1.25 for the newest patch
// that is installed, and go for every toolchain that is. A toolchain that is not installed is
// an error: none is downloaded.
func Choose(ctx context.Context, root string, typed []string) (w Wanted, err error) {
	var installed []toolchain.Installation
	for _, name := range typed {
		switch {
		case nodeRuntime.MatchString(name):
			w.Node = append(w.Node, name)
			continue
		case !goRelease.MatchString(name):
			return w, analyzer.Usage(fmt.Sprintf("--runtimes: %q is not a runtime of Node, and not a version of Go", name),
				"for example --runtimes nodejs22.x,nodejs24.x, or go1.25.3, or go for all that are installed")
		}
		if w.own == "" {
			own, err := toolchain.Find(ctx, root, "")
			if err != nil {
				return w, err
			}
			w.own, installed = own.Version, own.Others()
		}
		found := slices.DeleteFunc(slices.Clone(installed), func(i toolchain.Installation) bool { return !matches(i.Version, name) })
		switch {
		case name == "go" && len(found) == 0:
			return w, analyzer.Usage("--runtimes: the only Go on this machine is "+w.own+", which builds the zips anyway", install("go1.N.M"))
		case name == "go":
			w.Go = append(w.Go, found...)
		case matches(w.own, name) && (len(found) == 0 || version.Compare(found[0].Version, w.own) < 0):
			w.same = name
		case len(found) > 0:
			w.Go = append(w.Go, found[0]) // the newest
		default:
			return w, analyzer.Usage(fmt.Sprintf("--runtimes: %s is not installed, and featherpack never downloads a toolchain; there is %s", name, listed(w.own, installed)), install(name))
		}
	}
	slices.SortFunc(w.Go, func(a, b toolchain.Installation) int { return version.Compare(a.Version, b.Version) })
	w.Go = slices.CompactFunc(w.Go, func(a, b toolchain.Installation) bool { return a.Version == b.Version })
	return w, nil
}

// matches reports whether a release is what was typed.
func matches(release, typed string) bool {
	return typed == "go" || release == typed || release == typed+".0" || strings.HasPrefix(release, typed+".")
}

func listed(own string, others []toolchain.Installation) string {
	names := []string{own}
	for _, o := range others {
		names = append(names, o.Version)
	}
	return strings.Join(names, ", ")
}

func install(name string) string {
	if strings.Count(name, ".") < 2 && !strings.ContainsAny(name, "rb") {
		name += ".M"
	}
	return fmt.Sprintf("`GOTOOLCHAIN=%s go version` downloads one into the module cache; those on PATH and in ~/sdk are found too", name)
}

// Idle are diagnostics about runtimes that no function was tried on.
func (w Wanted) Idle(functions []analyzer.Function) (all []analyzer.Diagnostic) {
	of := func(family analyzer.Family) func(analyzer.Function) bool {
		return func(f analyzer.Function) bool { return f.Family == family }
	}
	unused := func(name string) {
		all = append(all, analyzer.Diagnostic{
			Code: "runtime-unused", Severity: analyzer.Warning, Message: fmt.Sprintf("--runtimes lists %s, and no function is written for it", name),
			Hint: "leave it out, or name the runtimes of the functions that there are",
		})
	}
	if len(w.Node) > 0 && !slices.ContainsFunc(functions, of(analyzer.Node)) {
		unused("runtimes of Node")
	}
	if w.own == "" {
		return all
	}
	if !slices.ContainsFunc(functions, of(analyzer.Go)) {
		unused("versions of Go")
	} else if w.same != "" {
		all = append(all, analyzer.Diagnostic{
			Code: "runtime-unused", Severity: analyzer.Note, Message: fmt.Sprintf("--runtimes: %s is the Go of this build, %s, so it is not tried again", w.same, w.own),
		})
	}
	return all
}
