package profile

import (
	"cmp"
	"context"
	"maps"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/chains"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/trial"
	"github.com/featherpack/featherpack/packager/boot"
	"github.com/featherpack/featherpack/reporters"
)

// Init is the time of the package initialisers at the start of the program, in ms.
// It is the median of Runs starts.
type Init struct {
	TotalMillis float64       `json:"totalMillis"`
	Runs        int           `json:"runs"`
	Packages    []PackageInit `json:"packages"` // slowest first

	totals  []float64
	samples map[string][]float64
}

// PackageInit is the time of the initialisers of one package.
type PackageInit struct {
	Package string  `json:"package"`
	Millis  float64 `json:"millis"`
}

// slowInit is the time in ms from which a package is printed.
const slowInit = 0.1

// profileGo profiles the initialisers of a Go program's packages.
func profileGo(ctx context.Context, q trial.Question, runs int) (p Profile, err error) {
	p = Profile{Function: q.Function.ID}
	err = q.Build(ctx, q.Function, func(r reporters.Report, f reporters.Function, out *outdir.Dir) error {
		q.Options.Step("featherpack: %s: measuring its initialisers", q.Function.ID)
		init, reason := MeasureInit(ctx, q, out, cmp.Or(runs, fewestRuns))
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if reason != "" {
			return analyzer.Diagnostic{Code: "not-profiled", Severity: analyzer.Error, Position: q.Function.Position, Function: q.Function.ID, Message: reason}
		}
		p.Runs = init.Runs
		g := chains.New(r, f)
		kept := typical(init.totals)
		p.Load = figureOf(init.totals, kept)
		for _, name := range slices.Sorted(maps.Keys(init.samples)) {
			samples := init.samples[name]
			for len(samples) < len(init.totals) { // of a start in which it took no time
				samples = append(samples, 0)
			}
			row := Row{Name: name, Self: figureOf(samples, kept)}
			row.Total = row.Self.Millis
			at := slices.IndexFunc(g.Inputs, func(in analyzer.Input) bool { return in.Path == name })
			if at >= 0 {
				row.Chain = chainTo(g, map[int]bool{at: true})
			}
			if row.Self.Millis > 0 {
				p.Packages = append(p.Packages, row)
			}
		}
		sortRows(p.Packages)
		return nil
	})
	p.Notes = append(p.Notes, "this is the time of package initialisers, by the Go runtime's trace (GODEBUG=inittrace=1); the start of the runtime and main are not part of it")
	return p, err
}

// MeasureInit starts a Go artifact with the Go runtime's trace of initialisers. If
// that is not possible, it returns the reason.
// Source: https://pkg.go.dev/runtime#hdr-Environment_Variables (inittrace)
func MeasureInit(ctx context.Context, q trial.Question, out *outdir.Dir, runs int) (report *Init, reason string) {
	architecture := map[string]string{"": "amd64", "x86_64": "amd64", "arm64": "arm64"}[q.Function.Architecture]
	if architecture != runtime.GOARCH {
		return nil, "initialisers were not measured: the function is for " + q.Function.Architecture + ", but this machine is not"
	}
	f := q.Function
	f.Environment = maps.Clone(f.Environment)
	if f.Environment == nil {
		f.Environment = map[string]string{}
	}
	f.Environment["GODEBUG"] = strings.Trim(f.Environment["GODEBUG"]+",inittrace=1", ",")
	samples := map[string][]float64{}
	var totals []float64
	for range runs {
		r := boot.Check(ctx, filepath.Join(out.Path, filepath.FromSlash(q.Function.ID)+".zip"), f, boot.Options{})
		if r.Status != boot.Loads {
			return nil, "initialisers were not measured: the function " + cmp.Or(r.Reason, "did not load")
		}
		total := 0.0
		for _, one := range readInitTrace(r.Logs) {
			samples[one.Package] = append(samples[one.Package], one.Millis)
			total += one.Millis
		}
		totals = append(totals, total)
	}
	report = &Init{TotalMillis: middle(totals), totals: totals, samples: samples, Runs: runs, Packages: []PackageInit{}}
	for _, name := range slices.Sorted(maps.Keys(samples)) {
		if ms := middle(samples[name]); ms > 0 {
			report.Packages = append(report.Packages, PackageInit{name, ms})
		}
	}
	slices.SortStableFunc(report.Packages, func(a, b PackageInit) int { return cmp.Compare(b.Millis, a.Millis) })
	return report, ""
}

// middle returns the median, 0 if there are no samples.
func middle(samples []float64) float64 {
	return boot.Measured{LoadMillis: samples}.LoadMedian()
}

// initLine matches a line such as
// "init internal/bytealg @0.008 ms, 0.003 ms clock, 0 bytes, 0 allocs".
var initLine = regexp.MustCompile(`(?m)^init (\S+) @[0-9.e+-]+ ms, ([0-9.]+) ms clock, [0-9]+ bytes, [0-9]+ allocs$`)

func readInitTrace(log string) (all []PackageInit) {
	for _, m := range initLine.FindAllStringSubmatch(log, -1) {
		if ms, err := strconv.ParseFloat(m[2], 64); err == nil {
			all = append(all, PackageInit{m[1], ms})
		}
	}
	return all
}

// Of returns the time of a package's initialisers, nil if the trace has none.
func (r *Init) Of(pkg string) *float64 {
	if r == nil {
		return nil
	}
	if i := slices.IndexFunc(r.Packages, func(m PackageInit) bool { return m.Package == pkg }); i >= 0 {
		return &r.Packages[i].Millis
	}
	return nil
}

// Print writes the slowest packages.
func (r *Init) Print(line func(string, ...any), verbose bool) {
	line("  initialisers take %.2f ms in total (measured, median of %d starts)", r.TotalMillis, r.Runs)
	for i, p := range r.Packages {
		if p.Millis < slowInit && !verbose || p.Millis < slowInit/10 || i == 5 && !verbose || i == 20 {
			break
		}
		line("    %6.2f ms  %s", p.Millis, p.Package)
	}
}
