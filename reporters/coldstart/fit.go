package coldstart

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/coldstart/logs"
)

// Started is an artifact whose load was measured locally: one side of a fit.
type Started struct {
	Function     string
	Name         string
	Family       string
	Runtime      string
	Architecture string
	// LocalMillis has a sample for each fresh process, in ms, including the
	// process's own start: processor time for Node, time to the first poll for Go.
	LocalMillis []float64
}

// StartedOf returns the artifacts of a report whose start was measured, sorted by
// ID.
func StartedOf(r reporters.Report) []Started {
	var list []Started
	for _, f := range r.Functions {
		if f.Boot == nil {
			continue
		}
		s := Started{Function: f.ID, Name: f.Name, Family: string(f.Family), Runtime: f.Runtime, Architecture: f.Architecture, LocalMillis: f.Boot.CPUMillis}
		if f.Family == analyzer.Go {
			s.LocalMillis = f.Boot.LoadMillis
		}
		if len(s.LocalMillis) > 0 {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(a, b Started) int { return cmp.Compare(a.Function, b.Function) })
	return list
}

// FitOptions are values that neither the logs nor a report contain.
type FitOptions struct {
	// LocalBase is the local start of an empty function of the runtime, in ms,
	// measured as the loads are; 0 if unknown. A fit to one artifact needs it. A
	// line fit uses it only to compute Calibration.Base.
	LocalBase float64
	// Base is the init of an empty function on Lambda in ms, 0 for the published one.
	Base float64
}

// The limits of a fit.
const (
	lineArtifacts = 3
	lineColds     = 30
	// singleDoubt is the factor by which a fit to one artifact may be wrong.
	singleDoubt = 1.5
	// spreadOverNoise is the least ratio of the spread of the local loads to their
	// noise. With less, a line through them means nothing.
	spreadOverNoise = 3
)

// sample is a group of cold starts and the artifact that it started.
type sample struct {
	group    logs.Group
	artifact Started
	local    Range
	init     Range // the median of the group
}

// Fit finds the ms of init per local ms, for every runtime, architecture and memory
// size that the logs allow. The diagnostics say why a fit was not possible; refused
// groups carry their own reason.
func Fit(groups []logs.Group, started []Started, c Coefficients, o FitOptions) ([]Calibration, []analyzer.Diagnostic) {
	type cell struct {
		runtime, architecture string
		memoryMB              int
	}
	var said []analyzer.Diagnostic
	warn := func(function, message, hint string) {
		said = append(said, analyzer.Diagnostic{Code: "not-calibrated", Severity: analyzer.Warning, Function: function, Message: message, Hint: hint})
	}
	cells := map[cell][]sample{}
	var order []cell
	for _, s := range pair(groups, started, warn) {
		k := cell{s.artifact.Runtime, s.artifact.Architecture, s.group.MemoryMB}
		if cells[k] == nil {
			order = append(order, k)
		}
		cells[k] = append(cells[k], s)
	}
	slices.SortFunc(order, func(a, b cell) int {
		return cmp.Or(cmp.Compare(a.runtime, b.runtime), cmp.Compare(a.architecture, b.architecture), cmp.Compare(a.memoryMB, b.memoryMB))
	})
	var fits []Calibration
	for _, k := range order {
		samples := cells[k]
		fit := Calibration{Runtime: k.runtime, Architecture: k.architecture, MemoryMB: k.memoryMB}
		var full []sample
		for _, s := range samples {
			if len(s.group.Inits) >= lineColds {
				full = append(full, s)
			}
		}
		var problem, hint string
		if len(full) >= lineArtifacts {
			problem, hint = fit.line(full, o)
		} else {
			problem, hint = fit.single(samples, c, o)
		}
		if problem != "" {
			warn("", fmt.Sprintf("%s %s with %d MB: %s", k.runtime, k.architecture, k.memoryMB, problem), hint)
			continue
		}
		fits = append(fits, fit)
	}
	return fits, said
}

// pair finds the artifact of each group.
func pair(groups []logs.Group, started []Started, warn func(function, message, hint string)) []sample {
	var samples []sample
	versions := map[string][]string{}
	best := map[string]int{} // by function and memory, the index into samples
	for _, g := range groups {
		if g.Refused != "" {
			continue
		}
		s, ok := artifactOf(g, started)
		if !ok {
			warn(g.Function, "the report has no measured start of this function", "build the deployed commit with --boot --runs 15, and pass the logs as FUNCTION=FILE")
			continue
		}
		if runtime := g.Runtime(); runtime != "" && runtime != s.Runtime {
			warn(g.Function, fmt.Sprintf("the logs are of %s but the artifact is for %s", runtime, s.Runtime), "use logs and a report of the same deployment")
			continue
		}
		if len(s.LocalMillis) < FewestPairs {
			warn(g.Function, fmt.Sprintf("the artifact was started only %s, too few to estimate the noise", reporters.Plural(len(s.LocalMillis), "time", "times")), "build with --boot --runs 15")
			continue
		}
		if !slices.Contains(versions[s.Function], g.Version) {
			versions[s.Function] = append(versions[s.Function], g.Version)
		}
		key := fmt.Sprintf("%d %s", g.MemoryMB, s.Function)
		i, there := best[key]
		switch {
		case !there:
			best[key] = len(samples)
			samples = append(samples, sample{g, s, MedianRange(s.LocalMillis), MedianRange(g.Inits)})
		case len(g.Inits) > len(samples[i].group.Inits):
			samples[i].group, samples[i].init = g, MedianRange(g.Inits)
		}
	}
	for function, list := range versions {
		if len(list) > 1 {
			slices.Sort(list)
			samples = slices.DeleteFunc(samples, func(s sample) bool { return s.artifact.Function == function })
		} else {
			delete(versions, function)
		}
	}
	for _, function := range slices.Sorted(maps.Keys(versions)) {
		warn(function, "the logs mix the versions "+strings.Join(versions[function], ", "), "narrow the logs to the version that the report describes")
	}
	return samples
}

// artifactOf finds a function of the logs among the artifacts: by ID, by name, or
// by the end of the deployed name ("shop-prod-orders" is orders). Logs without a
// function name belong to the only artifact, if there is just one.
func artifactOf(g logs.Group, started []Started) (Started, bool) {
	if g.Function == "" {
		if len(started) == 1 {
			return started[0], true
		}
		return Started{}, false
	}
	for _, same := range []func(Started) bool{
		func(s Started) bool { return s.Function == g.Function },
		func(s Started) bool { return s.Name == g.Function },
	} {
		if i := slices.IndexFunc(started, same); i >= 0 {
			return started[i], true
		}
	}
	found, longest, ambiguous := -1, 0, false
	for i, s := range started {
		if !strings.HasSuffix(g.Function, "-"+s.Name) || s.Name == "" {
			continue
		}
		switch {
		case len(s.Name) > longest:
			found, longest, ambiguous = i, len(s.Name), false
		case len(s.Name) == longest:
			ambiguous = true
		}
	}
	if found < 0 || ambiguous {
		return Started{}, false
	}
	return started[found], true
}

// line fits a Theil-Sen line through at least three artifacts. Its slope is the
// factor. The start of the process and the runtime scales differently and ends up
// in the intercept, which has no meaning of its own and may be below 0.
func (fit *Calibration) line(samples []sample, o FitOptions) (problem, hint string) {
	points := make([]point, len(samples))
	noise, least, most := 0.0, samples[0].local.Central, samples[0].local.Central
	for i, s := range samples {
		points[i] = point{s.local.Central, s.init.Central}
		noise = max(noise, (s.local.High-s.local.Low)/2)
		least, most = min(least, s.local.Central), max(most, s.local.Central)
	}
	if most-least < spreadOverNoise*noise || most == least {
		return fmt.Sprintf("the local loads differ by %.1f ms, less than %d times their noise of %.1f ms", most-least, spreadOverNoise, noise),
			"add a function that loads much more or much less, or measure with more --runs on a quiet machine"
	}
	slope, intercept, slopes, _ := theilSen(points)
	interval := between(bootstrapSlopes(samples), slope)
	sen := senInterval(slopes, len(points))
	interval = Range{min(interval.Low, sen.Low), slope, max(interval.High, sen.High)}
	switch {
	case slope <= 0:
		return fmt.Sprintf("the fitted slope is not positive (%.2f ms of init per local ms): functions that load longer locally start sooner on Lambda", slope),
			"check that the logs and the report are of the same deployment"
	case interval.Low <= 0:
		return fmt.Sprintf("the slope %.2f (%.2f..%.2f) cannot be distinguished from 0", slope, interval.Low, interval.High),
			"use more cold starts, or functions whose loads differ more"
	}
	fit.sum(samples)
	fit.Method = "Theil-Sen line"
	if o.LocalBase > 0 {
		fit.Base = exactly(max(0, intercept+slope*o.LocalBase))
	}
	fit.Factor = Estimate{Range: interval, Unit: "ms of init per local ms", Source: fmt.Sprintf("own logs: %d artifacts, %d cold starts", fit.Artifacts, fit.Colds)}
	return "", ""
}

// single fits the factor to the artifact with the most cold starts.
func (fit *Calibration) single(samples []sample, c Coefficients, o FitOptions) (problem, hint string) {
	s := slices.MaxFunc(samples, func(a, b sample) int {
		return cmp.Or(cmp.Compare(len(a.group.Inits), len(b.group.Inits)), cmp.Compare(b.artifact.Function, a.artifact.Function))
	})
	base, ok := c.HelloOf(fit.Runtime, fit.Architecture)
	if o.Base > 0 {
		base, ok = exactly(o.Base), true
	}
	few := fmt.Sprintf("%s with %d or more cold starts, too few for a line (%d needed)", reporters.Plural(countFull(samples), "artifact", "artifacts"), lineColds, lineArtifacts)
	local := s.local.Central - o.LocalBase
	switch {
	case o.LocalBase <= 0:
		return few + "; a fit to one artifact needs the local start of an empty function",
			"boot an empty function with --runs 15 and pass its CPU ms (Go: its load ms) as --local-base"
	case !ok:
		return few + "; a fit to one artifact needs the Init Duration of an empty function of this runtime", "pass it in ms as --base"
	case local < max(spreadOverNoise*(s.local.High-s.local.Low)/2, 1):
		return fmt.Sprintf("%s loads %.1f ms longer than an empty function locally, which is within the noise", s.artifact.Function, local), "use a function that loads more"
	case s.init.Central <= base.Central:
		return fmt.Sprintf("%s starts in %.0f ms, no slower than an empty function in %.0f ms", s.artifact.Function, s.init.Central, base.Central),
			"pass the Init Duration of an empty function in your account as --base"
	}
	factor := (s.init.Central - base.Central) / local
	fit.sum([]sample{s})
	fit.Method = "single artifact"
	fit.Base = base
	fit.Factor = Estimate{
		Range: Range{factor / singleDoubt, factor, factor * singleDoubt}, Unit: "ms of init per local ms",
		Source: fmt.Sprintf("own logs: %s alone, %d cold starts", s.artifact.Function, fit.Colds),
	}
	return "", ""
}

func countFull(samples []sample) int {
	n := 0
	for _, s := range samples {
		if len(s.group.Inits) >= lineColds {
			n++
		}
	}
	return n
}

// sum counts the sample and sets its date to that of the newest entry.
func (fit *Calibration) sum(samples []sample) {
	var newest time.Time
	fit.Artifacts, fit.Colds = len(samples), 0
	for _, s := range samples {
		fit.Colds += len(s.group.Inits)
		if s.group.Newest.After(newest) {
			newest = s.group.Newest
		}
	}
	if !newest.IsZero() {
		fit.Date = newest.Format(time.DateOnly)
	}
}

// bootstrapSlopes resamples cold starts and local loads and fits each resample.
func bootstrapSlopes(samples []sample) []float64 {
	draw := rand.New(rand.NewPCG(0x736c6f7065, uint64(len(samples))))
	again := func(values []float64) float64 {
		drawn := make([]float64, len(values))
		for i := range drawn {
			drawn[i] = values[draw.IntN(len(values))]
		}
		slices.Sort(drawn)
		return middle(drawn)
	}
	const rounds = 1000
	var fitted []float64
	for range rounds {
		points := make([]point, len(samples))
		for i, s := range samples {
			// More starts than this do not change the interval.
			points[i] = point{again(s.artifact.LocalMillis), again(s.group.Inits[:min(len(s.group.Inits), 1000)])}
		}
		if slope, _, _, ok := theilSen(points); ok {
			fitted = append(fitted, slope)
		}
	}
	slices.Sort(fitted)
	return fitted
}
