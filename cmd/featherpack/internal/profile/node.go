package profile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
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

// profileNode starts the artifact as it ships and one with clocks in turn.
func profileNode(ctx context.Context, q trial.Question, runs int) (p Profile, err error) {
	folder, err := scratch.New("", "profile")
	if err != nil {
		return p, fmt.Errorf("making a folder for the profile: %w", analyzer.WithoutPath(err))
	}
	defer folder.Close()
	if q.Function.Build.CodeCache != "" {
		q.Function.Build.CodeCache = ""
		p.Notes = append(p.Notes, "both builds are without the compiled code of codeCache, which V8 takes only with the very code that it was made for")
	}
	f := q.Function
	f.Build.MapToModules, f.Build.SourceMap = true, ""
	clocked := filepath.Join(folder.Path, "clocked.zip")
	var g chains.Graph
	err = q.Build(ctx, f, func(r reporters.Report, built reporters.Function, out *outdir.Dir) error {
		g = chains.New(r, built)
		sourceMap, err := readMap(out, q.Function.ID)
		if err != nil {
			return err
		}
		return replaceBundle(clocked, zipOf(out, q.Function.ID), sourceMap, modulesOf(g))
	})
	if err != nil {
		return p, err
	}
	p.Function = q.Function.ID
	var s starts
	err = q.Build(ctx, q.Function, func(_ reporters.Report, _ reporters.Function, out *outdir.Dir) error {
		plain := zipOf(out, q.Function.ID)
		for n := 0; n <= cmp.Or(runs, mostRuns) && (runs > 0 || !s.precise()); n++ {
			q.Options.Step("featherpack: %s: profiling start %d of %d", q.Function.ID, n, cmp.Or(runs, mostRuns))
			order := []string{plain, clocked}
			if n%2 == 1 { // what runs second may find the machine in another state
				slices.Reverse(order)
			}
			var results [2]boot.Result
			for _, zip := range order {
				r, err := start(ctx, q.Function, zip)
				if err != nil {
					return err
				}
				if zip == plain {
					results[0] = r
				} else {
					results[1] = r
				}
			}
			read, ok := readTimes(results[1].Logs)
			if !ok {
				return analyzer.Usage("cannot be profiled: the instrumented function printed no times", "")
			}
			p.Node, p.StoodIn = results[0].Node, results[0].StoodIn
			if n > 0 { // the first has warmed the machine's caches
				s.add(results[0].Measured.HandlerMillis[0], results[1].Measured.HandlerMillis[0], read)
			}
		}
		return nil
	})
	if err != nil {
		return p, err
	}
	p.Runs = len(s.loads)
	p.Load = figureOf(s.loads, typical(s.loads))
	i := figureOf(s.within, typical(s.sums))
	p.Instrumented = &i
	p.fill(g, s)
	p.judgeSum()
	return p, nil
}

// start loads an artifact in a new process.
func start(ctx context.Context, f analyzer.Function, zip string) (boot.Result, error) {
	r := boot.Check(ctx, zip, f, boot.Options{OtherArchitecture: true})
	if err := ctx.Err(); err != nil {
		return r, err
	}
	if r.Status != boot.Loads || len(r.Measured.HandlerMillis) == 0 {
		return r, analyzer.Diagnostic{Code: "not-profiled", Severity: analyzer.Error, Position: f.Position, Function: f.ID,
			Message: "cannot be profiled: the function " + cmp.Or(r.Reason, "did not load"), Hint: "featherpack boot " + f.ID + " shows more"}
	}
	return r, nil
}

// starts are what was measured, a value for each run.
type starts struct {
	loads  []float64 // of the artifact as it ships
	within []float64 // of the one with clocks
	times  []recorded
	sums   []float64 // what each of times adds up to, with compiling
}

func (s *starts) add(load, within float64, read recorded) {
	s.loads, s.within, s.times = append(s.loads, load), append(s.within, within), append(s.times, read)
	sum := within - read.whole + read.rest
	for _, ms := range read.modules {
		sum += ms
	}
	s.sums = append(s.sums, sum)
}

// Without --runs, there are as many starts as it takes to know how far the sum of the rows is
// off the load: by an interval of preciseOff to both sides, or one that leaves no doubt
// that it is within fairOff.
const (
	fewestRuns = 10
	mostRuns   = 40
	preciseOff = 0.04
)

func (s *starts) precise() bool {
	if len(s.loads) < fewestRuns {
		return false
	}
	_, low, high := s.off()
	return (high-low)/2 <= preciseOff || low >= -fairOff && high <= fairOff
}

// off is how much more the sum of the rows is than the load, as a share of it, with its 95%
// interval. A start of each build is a pair.
func (s *starts) off() (off, low, high float64) {
	loads, sums := typical(s.loads), typical(s.sums)
	share := func(ofLoads, ofSums []int) float64 {
		load := meanOf(s.loads, ofLoads)
		if load <= 0 {
			return 0
		}
		return meanOf(s.sums, ofSums)/load - 1
	}
	shares := make([]float64, resamplings)
	for n := range shares {
		shares[n] = share(loads.resampled[n], sums.resampled[n])
	}
	low, high = middle95(shares)
	off = share(loads.runs, sums.runs)
	return off, min(low, off), max(high, off)
}

// judgeSum says so where the rows, which were measured in other processes, add up to another
// time than the load of the artifact as it ships.
func (p *Profile) judgeSum() {
	if math.Abs(p.Off) > fairOff {
		p.Notes = append(p.Notes, fmt.Sprintf("the rows add up to %.1f ms, %s than the load of the artifact as it ships: "+
			"read them as shares, and measure more runs on an idle machine (--runs 60)", p.Sum.Millis, offText(p.Off)))
	} else if p.OffHigh-p.OffLow > 2*fairOff {
		p.Notes = append(p.Notes, fmt.Sprintf("whether the rows add up to the load was not measured to 10%%: the starts differ "+
			"too much (%+.0f%% to %+.0f%%); measure more runs on an idle machine (--runs 60)", 100*p.OffLow, 100*p.OffHigh))
	}
}

// fill sets the rows from the times of each run.
func (p *Profile) fill(g chains.Graph, s starts) {
	kept := typical(s.sums)
	self := map[int][]float64{}
	compiling, between := make([]float64, len(s.times)), make([]float64, len(s.times))
	for n, one := range s.times {
		compiling[n], between[n] = s.within[n]-one.whole, one.rest
		for module, ms := range one.modules {
			if self[module] == nil {
				self[module] = make([]float64, len(s.times))
			}
			self[module][n] = ms
		}
	}
	packages := map[[2]string][]float64{}
	members := map[[2]string]map[int]bool{}
	for _, module := range slices.Sorted(maps.Keys(self)) {
		in := g.Inputs[module]
		p.Modules = append(p.Modules, Row{Name: in.Path, Version: in.Version, Package: in.Package, Self: figureOf(self[module], kept), Chain: chainTo(g, map[int]bool{module: true})})
		key := [2]string{cmp.Or(in.Package, reporters.RowOwn), in.Version}
		if packages[key] == nil {
			packages[key], members[key] = make([]float64, len(s.times)), map[int]bool{}
		}
		members[key][module] = true
		for n, ms := range self[module] {
			packages[key][n] += ms
		}
	}
	mean := func(inputs map[int]bool) (total float64) {
		for i := range inputs {
			total += figureOf(self[i], kept).Millis
		}
		return total
	}
	for i := range p.Modules {
		at := slices.IndexFunc(g.Inputs, func(in analyzer.Input) bool { return in.Path == p.Modules[i].Name })
		p.Modules[i].Total = max(p.Modules[i].Self.Millis, mean(g.LostInputs(func(e chains.Edge) bool { return e.To == at })))
	}
	for key, samples := range packages {
		row := Row{Name: key[0], Version: key[1], Self: figureOf(samples, kept)}
		row.Total = row.Self.Millis
		if key[0] != reporters.RowOwn {
			row.Total = max(row.Total, mean(g.LostInputs(func(e chains.Edge) bool { return members[key][e.To] })))
			row.Chain = packagesOf(g, members[key])
		}
		p.Packages = append(p.Packages, row)
	}
	for name, samples := range map[string][]float64{rowCompiling: compiling, rowBetween: between} {
		row := Row{Name: name, Self: figureOf(samples, kept)}
		row.Total = row.Self.Millis
		p.Packages, p.Modules = append(p.Packages, row), append(p.Modules, row)
	}
	p.Sum = figureOf(s.sums, kept)
	p.Off, p.OffLow, p.OffHigh = s.off()
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

// modulesOf finds the modules of a function by the sources of its source map. Of those that
// the bundler made itself there are none.
func modulesOf(g chains.Graph) func(source string) (int, bool) {
	order, _ := g.Reach(func(chains.Edge) bool { return false })
	byPath := map[string]int{}
	for _, i := range order {
		byPath[g.Inputs[i].Path] = i
	}
	return func(source string) (int, bool) {
		i, known := byPath[source]
		return i, known
	}
}

// readMap reads the source map that a build has written beside the zip of a function.
func readMap(out *outdir.Dir, id string) ([]byte, error) {
	for _, extension := range []string{".js", ".mjs", ".cjs"} {
		f, err := out.Read(id + extension + ".map")
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("reading the source map: %w", analyzer.WithoutPath(err))
		}
		defer f.Close()
		return io.ReadAll(f)
	}
	return nil, errors.New("reading the source map: there is none")
}

func zipOf(out *outdir.Dir, id string) string {
	return filepath.Join(out.Path, filepath.FromSlash(id)+".zip")
}
