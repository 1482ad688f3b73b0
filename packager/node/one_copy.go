package node

import (
	"fmt"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// The pass one-copy takes equal copies of a package for one. [builds.Comparer.Copies] says when.

// growByCopies plans to take copies for one.
func (b *builder) growByCopies(l *linked) (grew bool) {
	if !l.f.Build.Passes.On(analyzer.OneCopy) {
		return false
	}
	for _, c := range b.comparer(l.job).Copies(l.Linked) {
		if add(&l.plan.copies, c.From+"\x00"+c.To) {
			l.copied = append(l.copied, c)
			grew = true
		}
	}
	return grew
}

// oneCopy is a package's folder, or that of the copy that a plan takes in its place.
func (p plan) oneCopy(dir string) string {
	i, _ := slices.BinarySearch(p.copies, dir+"\x00")
	if i < len(p.copies) {
		if from, to, _ := strings.Cut(p.copies[i], "\x00"); from == dir {
			return to
		}
	}
	return dir
}

// ofOneCopy is the same file in the package that the plan takes.
func (r *resolver) ofOneCopy(file string) string {
	input := r.packages.Relative(file)
	dir := installed.PackageDir(input)
	return r.packages.Absolute(r.plan.oneCopy(dir) + strings.TrimPrefix(input, dir))
}

// copiesTaken names the packages of which a function has one copy for several.
func (b *builder) copiesTaken(s *settled) (diagnostics []analyzer.Diagnostic) {
	bytes := map[string]int64{}
	var dirs []string
	for _, c := range s.copied {
		if slices.Contains(s.plan.copies, c.From+"\x00"+c.To) {
			add(&dirs, c.To)
			bytes[c.To] += c.Bytes
		}
	}
	for _, dir := range dirs {
		name, version := installed.NameOf(dir), ""
		if m := b.packages.Manifest(b.packages.Absolute(dir)); m != nil {
			version = m.Version
		}
		diagnostics = append(diagnostics, analyzer.Diagnostic{
			Code: "one-copy", Severity: analyzer.Note, Function: s.f.ID, Position: s.f.Position,
			Message: fmt.Sprintf("%s %s is installed more than once, and the bundle takes the equal copies for one: %d bytes less", name, version, bytes[dir]),
			Hint:    "npm dedupe does the same in node_modules; if the copies must not share their state, set build.passes to {one-copy: off}",
		})
	}
	return diagnostics
}
