package coldstart

import (
	"fmt"
	"math"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
)

// Input is a change of one function, with what affects its start.
type Input struct {
	// Family is analyzer.Node or analyzer.Go. Runtime and Architecture are
	// Lambda's names. MemoryMB is 0 for Lambda's default, 128 MB.
	Family       string `json:"family"`
	Runtime      string `json:"runtime"`
	Architecture string `json:"architecture"`
	MemoryMB     int    `json:"memoryMB,omitempty"`
	SnapStart    bool   `json:"snapStart,omitempty"`
	Provisioned  bool   `json:"provisioned,omitempty"`
	CompileCache bool   `json:"compileCache,omitempty"`
	Before       Side   `json:"before"`
	After        Side   `json:"after"`
	// Measured holds paired local loads, nil if none were measured.
	Measured *Load `json:"measured,omitempty"`
	// LoadedBefore and LoadedAfter are local loads of one side alone, in ms, without the
	// start of the process; 0 if it was not measured.
	LoadedBefore float64 `json:"loadedBefore,omitempty"`
	LoadedAfter  float64 `json:"loadedAfter,omitempty"`
}

// Side is the function before or after the change.
type Side reporters.StartSide

// Projection is what a change saves at a cold start, in ms. A negative saving is a
// cost. Either all parts are set or Refused says why there is no projection.
type Projection struct {
	Download Range `json:"download"`
	Extract  Range `json:"extract"`
	// Load is the only part within Init Duration and the only part that is billed.
	Load  Range `json:"load"`
	Total Range `json:"total"`
	// LoadMeasured is set if the load was measured locally and scaled. Otherwise
	// it was projected from sizes.
	LoadMeasured bool `json:"loadMeasured"`
	// Local is the load on the measuring machine, before scaling.
	Local *LocalLoad `json:"local,omitempty"`
	// NoChange is set if the saving cannot be distinguished from 0.
	NoChange bool `json:"noChange,omitempty"`
	// AtLeast is set if one side loads more code than the model's data covers.
	AtLeast bool `json:"atLeast,omitempty"`
	// Label says how the load was determined, and for which runtime.
	Label   string   `json:"label,omitempty"`
	Notes   []string `json:"notes,omitempty"`
	Refused string   `json:"refused,omitempty"`
}

// wholeCPUMemoryMB is the least memory with a full vCPU outside of init.
// Source: docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
const wholeCPUMemoryMB = 1769

// defaultMemoryMB is Lambda's default memory size.
const defaultMemoryMB = 128

// Project projects a change with the embedded constants.
func Project(in Input) Projection { return Default().Project(in) }

// Project projects the saving of a change.
func (c Coefficients) Project(in Input) Projection {
	if reason := unanswerable(in); reason != "" {
		return Projection{Refused: reason}
	}
	if in.MemoryMB == 0 {
		in.MemoryMB = defaultMemoryMB
	}
	p := Projection{Download: c.download(in), Extract: c.extract(in)}
	if reason := c.load(in, &p); reason != "" {
		return Projection{Refused: reason}
	}
	p.Total = p.Download.add(p.Extract).add(p.Load)
	threshold := c.Node.Threshold.Central
	if in.Family == string(analyzer.Go) {
		threshold = c.Go.Threshold.Central
	}
	p.NoChange = p.Total.holdsZero() || math.Abs(p.Total.Central) < threshold
	p.AtLeast = p.AtLeast && !p.NoChange
	p.Label += fmt.Sprintf("; %s %s", in.Runtime, in.Architecture)
	p.Notes = append(c.notes(in, p), p.Notes...)
	return p
}

// Adds projects what the artifact after the change adds to the start of an empty
// function. It ignores paired loads, which may include the start of the process.
func (c Coefficients) Adds(in Input) Projection {
	in.Before, in.Measured, in.LoadedBefore = in.After, nil, in.LoadedAfter
	if reason := unanswerable(in); reason != "" {
		return Projection{Refused: reason}
	}
	if in.MemoryMB == 0 {
		in.MemoryMB = defaultMemoryMB
	}
	in.After = Side{}
	p := Projection{Download: c.download(in), Extract: c.extract(in)}
	switch {
	case in.LoadedBefore > 0:
		p.LoadMeasured = true
		p.Load, p.Label = c.scaled(in, exactly(in.LoadedBefore))
		p.AtLeast = in.Before.RuntimeSDK
	case in.Family == string(analyzer.Go):
		p.Load = c.goLoad(in)
	case in.Before.LoadedBytes == 0:
		return Projection{Refused: "the amount of code the function loads is not known"}
	default:
		p.Load = c.nodeLoad(in)
		// The runtime's SDK is loaded in addition.
		p.AtLeast = in.Before.RuntimeSDK || float64(in.Before.LoadedBytes)/megabyte > c.Node.CapMB.Central
	}
	if high := c.memoryHigh(in); high > 1 {
		p.Load.High *= high
	}
	p.Total = p.Download.add(p.Extract).add(p.Load)
	return p
}

// unanswerable says why the model does not apply, "" if it does.
func unanswerable(in Input) string {
	switch {
	case in.SnapStart:
		return "the function starts from a snapshot (SnapStart), so its cold start restores memory and loads nothing"
	case in.Provisioned:
		return "the function has provisioned concurrency, so its environments start before a request waits for them, and without the full vCPU of an on-demand init"
	case in.Family != string(analyzer.Node) && in.Family != string(analyzer.Go):
		return fmt.Sprintf("there is no model for the runtime %q", in.Runtime)
	case in.Architecture != "x86_64" && in.Architecture != "arm64":
		return fmt.Sprintf("there is no model for the architecture %q", in.Architecture)
	case in.MemoryMB < 0:
		return "the memory size is below 0"
	}
	for _, side := range []struct {
		name string
		Side
	}{{"before", in.Before}, {"after", in.After}} {
		if side.ZipBytes <= 0 || side.UnzippedBytes <= 0 {
			return "the size " + side.name + " is not known"
		}
		for _, size := range []int64{side.ZipBytes, side.ZipLow, side.ZipHigh, side.UnzippedBytes, side.LoadedBytes, side.LazyBytes, side.MapBytes, side.MapsUnread, side.DataBytes, side.KeptBytes,
			int64(side.Files), int64(side.LoadedFiles), int64(side.ESFiles), int64(side.OtherBuilds), int64(side.Addons)} {
			if size < 0 || size > 1<<40 {
				return "the size " + side.name + " is out of range"
			}
		}
	}
	return ""
}

// download is the cost per MB times the MB above the knee. Its range takes the
// extremes over both constants and over the bounds of a projected zip size.
func (c Coefficients) download(in Input) Range {
	at := func(s, knee, before, after float64) float64 {
		return s * (max(0, before-knee) - max(0, after-knee))
	}
	sizes := func(s Side) []float64 {
		exact := float64(s.ZipBytes) / megabyte
		if s.ZipLow == 0 || s.ZipHigh == 0 {
			return []float64{exact}
		}
		return []float64{float64(s.ZipLow) / megabyte, exact, float64(s.ZipHigh) / megabyte}
	}
	s, knee := c.Download.PerMB, c.Download.KneeMB
	central := at(s.Central, knee.Central, float64(in.Before.ZipBytes)/megabyte, float64(in.After.ZipBytes)/megabyte)
	r := exactly(central)
	for _, perMB := range []float64{s.Low, s.High} {
		for _, k := range []float64{knee.Low, knee.High} {
			for _, before := range sizes(in.Before) {
				for _, after := range sizes(in.After) {
					v := at(perMB, k, before, after)
					r.Low, r.High = min(r.Low, v), max(r.High, v)
				}
			}
		}
	}
	return r
}

func (c Coefficients) extract(in Input) Range {
	bytes := exactly(float64(in.Before.UnzippedBytes-in.After.UnzippedBytes) / megabyte)
	files := exactly(float64(in.Before.Files - in.After.Files))
	return bytes.times(c.Extract.PerMB.Range).add(files.times(c.Extract.PerFile.Range))
}

// load sets the load part. It returns the reason if there is none.
func (c Coefficients) load(in Input, p *Projection) string {
	local, doubt := in.Measured.saving()
	if doubt != "" {
		p.Notes = append(p.Notes, doubt)
	}
	if local != nil {
		p.LoadMeasured, p.Local = true, local
		p.Load, p.Label = c.scaled(in, local.Saving)
		p.Label = "load measured locally (" + measuredAs(in.Family) + ") " + p.Label
	} else {
		reason := ""
		if p.Load, p.AtLeast, reason = c.projected(in); reason != "" {
			return reason
		}
		p.Label = "load projected"
	}
	if high := c.memoryHigh(in); high > 1 {
		// The far end: of a saving the high one, of a cost the low one.
		p.Load.Low, p.Load.High = min(p.Load.Low, p.Load.Low*high), max(p.Load.High, p.Load.High*high)
		p.Notes = append(p.Notes, fmt.Sprintf("the range is x%.2f wider at its far end: large zips of functions with %d MB of memory have started slower", high, in.MemoryMB))
	}
	return ""
}

// measuredAs is what a local load of a family is.
func measuredAs(family string) string {
	if family == string(analyzer.Go) {
		return "first poll"
	}
	return "CPU"
}

// scaled converts a local load to a load on Lambda, and says how.
func (c Coefficients) scaled(in Input, local Range) (Range, string) {
	factor, arm := c.Node.Factor, c.Node.ARM64
	if in.Family == string(analyzer.Go) {
		factor, arm = c.Go.Factor, c.Go.ARM64
	}
	if own, ok := c.calibrated(in.Runtime, in.Architecture, in.MemoryMB); ok {
		label := fmt.Sprintf("x%.1f, calibrated", own.Factor.Central)
		if own.Date != "" {
			label += " with logs of " + own.Date
		}
		return local.times(own.Factor.Range), label
	}
	r := local.times(factor.Range)
	if in.Architecture == "arm64" {
		r = r.times(arm.Range)
	}
	return r, fmt.Sprintf("x%.1f, not calibrated", factor.Central)
}

// projected estimates the load from sizes alone.
func (c Coefficients) projected(in Input) (r Range, atLeast bool, refused string) {
	if in.Family == string(analyzer.Go) {
		return c.goLoad(in), false, ""
	}
	before, after := float64(in.Before.LoadedBytes)/megabyte, float64(in.After.LoadedBytes)/megabyte
	limit := c.Node.CapMB.Central
	switch {
	case in.Before.RuntimeSDK != in.After.RuntimeSDK:
		return r, false, "only one side loads the runtime's AWS SDK, which is not in the artifact: bytes and time then change in opposite directions (aws/aws-cdk#25492: the larger bundle started 298 ms sooner), so the load must be measured"
	case before == 0 || after == 0:
		return r, false, "the amount of code the function loads is not known on both sides, and no start was measured"
	case before > limit && after > limit && before != after:
		return r, false, fmt.Sprintf("both sides load more than %g MB of source, more than the model's data covers, and no start was measured", limit)
	}
	return c.nodeLoad(in), before != after && (before > limit || after > limit), ""
}

func (c Coefficients) goLoad(in Input) Range {
	r := exactly(float64(in.Before.UnzippedBytes-in.After.UnzippedBytes) / megabyte).times(c.Go.PerMB.Range)
	if in.Architecture == "arm64" {
		r = r.times(c.Go.ARM64.Range)
	}
	return r
}

func (c Coefficients) memoryHigh(in Input) float64 {
	high := 1.0
	if in.MemoryMB >= wholeCPUMemoryMB {
		return high
	}
	for _, m := range c.Memory {
		if float64(max(in.Before.ZipBytes, in.After.ZipBytes))/megabyte >= m.ZipMB {
			high = max(high, m.High)
		}
	}
	return high
}
