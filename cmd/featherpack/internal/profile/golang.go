package profile

import (
	"cmp"
	"context"
	"fmt"
	"maps"
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

	samples map[string][]float64
	cut     bool // the first lines of the trace are missing
}

// PackageInit is the time of the initialisers of one package.
type PackageInit struct {
	Package string  `json:"package"`
	Millis  float64 `json:"millis"`
}

// slowInit is the time in ms from which a package is printed.
const slowInit = 0.1

// rowRest is what a Go program's load takes besides initialisers: what is left of the load.
const rowRest = "(the rest: the start of the runtime, and main)"

// profileGo profiles the initialisers of a Go program's packages. The trace has times of a
// clock on the wall, to which other processes only add: the least of them counts. The load is
// that of the artifact without the trace, which takes as long to write as many a load.
func profileGo(ctx context.Context, q trial.Question, runs int) (p Profile, err error) {
	runs = cmp.Or(runs, fewestRuns)
	p = Profile{Function: q.Function.ID, Runs: runs}
	err = q.Build(ctx, q.Function, func(r reporters.Report, f reporters.Function, out *outdir.Dir) error {
		q.Options.Step("featherpack: %s: measuring its initialisers", q.Function.ID)
		init, reason := MeasureInit(ctx, q, out, runs)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		var loads []float64
		for n := 0; n < runs && reason == ""; n++ {
			q.Options.Step("featherpack: %s: profiling start %d of %d", q.Function.ID, n+1, runs)
			r := boot.Check(ctx, zipOf(out, q.Function.ID), q.Function, boot.Options{})
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if r.Status != boot.Loads || len(r.Measured.CPUMillis) == 0 {
				reason = "cannot be profiled: the function " + cmp.Or(r.Reason, "did not load")
			}
			loads = append(loads, r.Measured.CPUMillis...)
		}
		if reason != "" {
			return analyzer.Diagnostic{Code: "not-profiled", Severity: analyzer.Error, Position: q.Function.Position, Function: q.Function.ID, Message: reason}
		}
		p.Load = figureOf(loads, typical(loads))
		p.fillInit(chains.New(r, f), init)
		return nil
	})
	return p, err
}

// fillInit sets the rows of a Go program. They add up to its load.
func (p *Profile) fillInit(g chains.Graph, init *Init) {
	total := 0.0
	for _, name := range slices.Sorted(maps.Keys(init.samples)) {
		samples := init.samples[name]
		row := Row{Name: name, Self: Figure{Millis: slices.Min(samples), Low: slices.Min(samples), High: middle(samples)}}
		row.Total = row.Self.Millis
		if at := slices.IndexFunc(g.Inputs, func(in analyzer.Input) bool { return in.Path == name }); at >= 0 {
			row.Chain = chainTo(g, map[int]bool{at: true})
		}
		if total += row.Self.Millis; row.Self.Millis > 0 {
			p.Packages = append(p.Packages, row)
		}
	}
	p.Notes = append(p.Notes, fmt.Sprintf("initialisers take %.2f ms: the least time of each, by the Go runtime's trace (GODEBUG=inittrace=1); the rest is what is left of the load", total))
	if init.cut {
		p.Notes = append(p.Notes, "the trace is longer than what is kept of it: the first initialisers are part of the rest")
	}
	if left := p.Load.Millis - total; left >= 0 {
		p.Packages = append(p.Packages, Row{Name: rowRest, Self: Figure{left, left - (p.Load.High-p.Load.Low)/2, left + (p.Load.High-p.Load.Low)/2}, Total: left})
	} else {
		p.Notes = append(p.Notes, "that is more than the load: measure more runs on an idle machine (--runs 30)")
	}
	sortRows(p.Packages)
}

// longestTrace is a little less than what is kept of a function's output, in bytes.
const longestTrace = 32<<10 - 256

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
	cut := false
	for range runs {
		r := boot.Check(ctx, zipOf(out, q.Function.ID), f, boot.Options{})
		if r.Status != boot.Loads {
			return nil, "initialisers were not measured: the function " + cmp.Or(r.Reason, "did not load")
		}
		cut = cut || len(r.Logs) > longestTrace
		total := 0.0
		for _, one := range readInitTrace(r.Logs) {
			samples[one.Package] = append(samples[one.Package], one.Millis)
			total += one.Millis
		}
		totals = append(totals, total)
	}
	report = &Init{TotalMillis: middle(totals), samples: samples, cut: cut, Runs: runs, Packages: []PackageInit{}}
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
