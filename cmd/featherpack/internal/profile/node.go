package profile

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/scratch"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/chains"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/trial"
	"github.com/featherpack/featherpack/packager/boot"
	"github.com/featherpack/featherpack/reporters"
)

// The rows of what is no module's.
const (
	// rowCompiling is the load before the bundle's first statement, and after its last: Node
	// finds, reads and compiles it.
	rowCompiling = "(finding, reading and compiling)"
	// rowBetween is the time between modules, and of those that are too short to be listed.
	rowBetween = "(between modules)"
)

// fairOff is the share of the load by which the rows may be off before the profile says so.
const fairOff = 0.10

// profileNode starts the artifact as it ships and an instrumented one in turn.
func profileNode(ctx context.Context, q trial.Question, runs int) (p Profile, err error) {
	folder, err := scratch.New("", "profile")
	if err != nil {
		return p, fmt.Errorf("making a folder for the profile: %w", analyzer.WithoutPath(err))
	}
	defer folder.Close()
	f := q.Function
	f.Build.Readable, f.Build.CodeCache = true, ""
	instrumented := filepath.Join(folder.Path, "instrumented.zip")
	var g chains.Graph
	err = q.Build(ctx, f, func(r reporters.Report, built reporters.Function, out *outdir.Dir) error {
		g = chains.New(r, built)
		order, _ := g.Reach(func(chains.Edge) bool { return false })
		used := map[int]bool{}
		for _, i := range order {
			used[i] = true
		}
		return replaceBundle(instrumented, zipOf(out, q.Function.ID), f.Entry, g.Inputs, used, !q.Function.Build.NoMinify)
	})
	if err != nil {
		return p, err
	}
	p = Profile{Function: q.Function.ID, Runs: runs}
	var whole, within []float64
	var times []recorded
	err = q.Build(ctx, q.Function, func(_ reporters.Report, _ reporters.Function, out *outdir.Dir) error {
		start := func(zip string) (boot.Result, error) {
			r := boot.Check(ctx, zip, q.Function, boot.Options{OtherArchitecture: true})
			if err := ctx.Err(); err != nil {
				return r, err
			}
			if r.Status != boot.Loads || len(r.Measured.HandlerMillis) == 0 {
				return r, analyzer.Diagnostic{Code: "not-profiled", Severity: analyzer.Error, Position: q.Function.Position, Function: q.Function.ID,
					Message: "cannot be profiled: the function " + cmp.Or(r.Reason, "did not load"), Hint: "featherpack boot " + q.Function.ID + " shows more"}
			}
			return r, nil
		}
		for n := range runs + 1 {
			q.Options.Step("featherpack: %s: profiling start %d of %d", q.Function.ID, n, runs)
			plain, err := start(zipOf(out, q.Function.ID))
			if err != nil {
				return err
			}
			inner, err := start(instrumented)
			if err != nil {
				return err
			}
			read, ok := readTimes(inner.Logs)
			if !ok {
				return analyzer.Usage("cannot be profiled: the instrumented function printed no times", "")
			}
			if n == 0 { // it has warmed the machine's caches
				p.Node, p.StoodIn = plain.Node, plain.StoodIn
				continue
			}
			whole, within = append(whole, plain.Measured.HandlerMillis[0]), append(within, inner.Measured.HandlerMillis[0])
			times = append(times, read)
		}
		return nil
	})
	if err != nil {
		return p, err
	}
	p.Load = figureOf(whole)
	i := figureOf(within)
	p.Instrumented = &i
	p.fill(g, times, within)
	p.judgeSum()
	return p, nil
}

// judgeSum holds the rows, which were measured in another build and another process, against
// the load of the artifact as it ships.
func (p *Profile) judgeSum() {
	if p.Load.Millis <= 0 {
		return
	}
	p.Off = (p.Sum.Millis - p.Load.Millis) / p.Load.Millis
	if math.Abs(p.Off) > fairOff {
		p.Notes = append(p.Notes, fmt.Sprintf("the rows add up to %.1f ms, %s than the load of the artifact as it ships: "+
			"read them as shares, and measure more runs on an idle machine (--runs 30)", p.Sum.Millis, offText(p.Off)))
	}
}

// fill sets the rows from the times of each run. within are the loads of the same runs.
func (p *Profile) fill(g chains.Graph, times []recorded, within []float64) {
	self := map[int][]float64{}
	compiling, between, all := make([]float64, len(times)), make([]float64, len(times)), make([]float64, len(times))
	for n, one := range times {
		compiling[n], between[n] = max(0, within[n]-one.whole), one.rest
		all[n] = compiling[n] + between[n]
		for module, ms := range one.modules {
			all[n] += ms
			if self[module] == nil {
				self[module] = make([]float64, len(times))
			}
			self[module][n] = ms
		}
	}
	packages := map[[2]string][]float64{}
	members := map[[2]string]map[int]bool{}
	for _, module := range slices.Sorted(maps.Keys(self)) {
		in := g.Inputs[module]
		p.Modules = append(p.Modules, Row{Name: in.Path, Version: in.Version, Package: in.Package, Self: figureOf(self[module]), Chain: chainTo(g, map[int]bool{module: true})})
		key := [2]string{cmp.Or(in.Package, reporters.RowOwn), in.Version}
		if packages[key] == nil {
			packages[key], members[key] = make([]float64, len(times)), map[int]bool{}
		}
		members[key][module] = true
		for n, ms := range self[module] {
			packages[key][n] += ms
		}
	}
	mean := func(inputs map[int]bool) (total float64) {
		for i := range inputs {
			total += figureOf(self[i]).Millis
		}
		return total
	}
	for i := range p.Modules {
		at := slices.IndexFunc(g.Inputs, func(in analyzer.Input) bool { return in.Path == p.Modules[i].Name })
		p.Modules[i].Total = max(p.Modules[i].Self.Millis, mean(g.LostInputs(func(e chains.Edge) bool { return e.To == at })))
	}
	for key, samples := range packages {
		row := Row{Name: key[0], Version: key[1], Self: figureOf(samples)}
		row.Total = row.Self.Millis
		if key[0] != reporters.RowOwn {
			row.Total = max(row.Total, mean(g.LostInputs(func(e chains.Edge) bool { return members[key][e.To] })))
			row.Chain = packagesOf(g, members[key])
		}
		p.Packages = append(p.Packages, row)
	}
	for name, samples := range map[string][]float64{rowCompiling: compiling, rowBetween: between} {
		row := Row{Name: name, Self: figureOf(samples)}
		row.Total = row.Self.Millis
		p.Packages, p.Modules = append(p.Packages, row), append(p.Modules, row)
	}
	p.Sum = figureOf(all)
	sortRows(p.Packages)
	sortRows(p.Modules)
}

// chainTo is the shortest import chain to some inputs.
func chainTo(g chains.Graph, inputs map[int]bool) (names []string) {
	found := g.ChainsTo(inputs)
	if len(found) == 0 {
		return nil
	}
	for _, i := range found[0] {
		names = append(names, g.Inputs[i].Path)
	}
	return names
}

// packagesOf is the same chain with a package in place of its modules.
func packagesOf(g chains.Graph, inputs map[int]bool) (names []string) {
	found := g.ChainsTo(inputs)
	if len(found) == 0 {
		return nil
	}
	for _, i := range found[0] {
		if name := cmp.Or(g.Inputs[i].Package, g.Inputs[i].Path); len(names) == 0 || names[len(names)-1] != name {
			names = append(names, name)
		}
	}
	return names
}

func zipOf(out *outdir.Dir, id string) string {
	return filepath.Join(out.Path, filepath.FromSlash(id)+".zip")
}
