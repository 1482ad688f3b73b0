package node

import (
	"compress/flate"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/node/builds"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/kept"
)

// The pass one-build takes the ES build of a package for both import and require, where a
// settled function holds its CommonJS build. Package builds says under which conditions
// that changes nothing but the size. Some functions grow by it, because what is required
// is never shaken: so the function is linked once more, and keeps the smaller of the two
// programs. A function that has no such package is not linked again.

// trial is a second plan for a function that is settled already.
type trial struct {
	before plan // what the function goes back to
	size   int64
	// entered are the packages of which the first program had both builds.
	bothBuilds map[string]bool
}

// How many bytes of a bundle the CommonJS builds must have, and which part of it, for
// another link to be worth its time. With less there is little to gain: for two small
// packages of fastify the program grew by 254 bytes.
const (
	minSwapped     = 2 << 10
	minSwappedPart = 0.02
)

// tryOneBuild plans a trial for a settled function. It reports whether there is one.
func (b *builder) tryOneBuild(l *linked, tree *kept.Tree) (planned bool, err error) {
	if l.tried || !l.f.Build.Passes.On(analyzer.OneBuild) {
		return false, nil
	}
	l.tried = true
	swaps, err := b.comparer(l.job).Swaps(l.Linked)
	if err != nil || len(swaps) == 0 {
		return false, err
	}
	swapped := map[string]bool{}
	for _, s := range swaps {
		swapped[installed.PackageDir(s.From)] = true
	}
	var bytes int64
	for input, share := range l.Output.Inputs {
		if l.Inputs[input].Format == "cjs" && swapped[installed.PackageDir(input)] {
			bytes += share.BytesInOutput
		}
	}
	if bytes < minSwapped || float64(bytes) < minSwappedPart*float64(len(l.Code)) {
		return false, nil
	}
	l.trial = &trial{before: l.plan, size: sizeOf(l, tree), bothBuilds: bothBuilds(l)}
	for _, s := range swaps {
		add(&l.plan.swaps, s.From+"\x00"+s.To)
	}
	return true, nil
}

// comparer is that of a function's resolution.
func (b *builder) comparer(j *job) *builds.Comparer {
	c := b.comparers[j.resolution]
	if c == nil {
		c = builds.NewComparer(b.packages, j.resolution)
		b.comparers[j.resolution] = c
	}
	return c
}

// endTrial goes back to the first plan where the trial has errors, has a second build of
// something, or is not smaller. It reports whether it did.
func endTrial(l *linked, tree *kept.Tree) (again bool) {
	t := l.trial
	if t == nil {
		return false
	}
	l.trial = nil
	good := len(l.Errors) == 0 && sizeOf(l, tree) < t.size && !slices.ContainsFunc(l.plan.swaps, func(swap string) bool {
		from, _, _ := strings.Cut(swap, "\x00")
		return l.Included(from)
	})
	for dir := range bothBuilds(l) {
		good = good && t.bothBuilds[dir]
	}
	if !good {
		l.plan = t.before
	}
	return !good
}

// bothBuilds are the packages that a bundle enters by a CommonJS and by an ES module.
func bothBuilds(l *linked) map[string]bool {
	formats := map[string]map[string]bool{}
	for _, input := range l.Reached {
		for _, im := range l.Inputs[input].Imports {
			dir, format := installed.PackageDir(im.Path), l.Inputs[im.Path].Format
			if im.External || dir == "" || dir == installed.PackageDir(input) || l.Bytes(im.Path) == 0 || format != "cjs" && format != "esm" {
				continue
			}
			if formats[dir] == nil {
				formats[dir] = map[string]bool{}
			}
			formats[dir][format] = true
		}
	}
	both := map[string]bool{}
	for dir, found := range formats {
		both[dir] = len(found) == 2
	}
	maps.DeleteFunc(both, func(_ string, both bool) bool { return !both })
	return both
}

// sizeOf is what a program weighs: its code compressed, and the files beside it.
func sizeOf(l *linked, tree *kept.Tree) int64 {
	var n counter
	w, _ := flate.NewWriter(&n, flate.BestCompression) // the level exists
	_, _ = w.Write(l.Code)                             // a counter takes everything
	_ = w.Close()
	if tree != nil {
		for _, f := range tree.Files() {
			n += counter(f.Bytes)
		}
	}
	return int64(n)
}

type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// swappedPackages are the folders of the packages whose ES build a plan takes, although
// something requires them.
func swappedPackages(p plan) (dirs []string) {
	for _, swap := range p.swaps {
		from, _, _ := strings.Cut(swap, "\x00")
		add(&dirs, installed.PackageDir(from))
	}
	return dirs
}

// swapped answers a request for a file that the plan swaps.
func (r *resolver) swapped(build api.PluginBuild, file string) (result api.OnResolveResult) {
	rel := r.packages.Relative(file)
	i, _ := slices.BinarySearch(r.plan.swaps, rel+"\x00")
	if i == len(r.plan.swaps) {
		return result
	}
	from, to, _ := strings.Cut(r.plan.swaps[i], "\x00")
	if from != rel {
		return result
	}
	result.Path = r.packages.Absolute(to)
	got := r.resolution.Ask(build, filepath.Dir(result.Path), "./"+filepath.Base(result.Path), api.ResolveJSImportStatement)
	result.SideEffects = r.effects(result.Path, got.SideEffects)
	return result
}
