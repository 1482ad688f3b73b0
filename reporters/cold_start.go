package reporters

// ColdStart is what is known about a function's cold start and about how a change affects
// it. Package coldstart sets it.
type ColdStart struct {
	// Refused is a clause that says why nothing is projected. If it is empty, Head is set.
	Refused string `json:"refused,omitempty"`
	// Head is what the artifact adds to the start of an empty function. Its load comes of
	// Measured, if that is set, else it is projected.
	Head *Start `json:"head,omitempty"`
	// Measured is set if the artifact was started and its load measured.
	Measured *MeasuredLoad `json:"measured,omitempty"`
	// Empty is the Init Duration of an empty function of the same runtime and
	// architecture, nil if it was never measured.
	Empty *Millis `json:"empty,omitempty"`
	// Against says what Base is: [AgainstBaseline] or [AgainstUnbundled]. It is empty if
	// there is nothing to compare with.
	Against string       `json:"against,omitempty"`
	Base    *Start       `json:"base,omitempty"`
	Change  *StartChange `json:"change,omitempty"`
	// ChangeRefused is a clause that says why there is no Change although there
	// is something to compare with.
	ChangeRefused string `json:"changeRefused,omitempty"`
	// Notes are sentences that a reader needs to interpret the figures correctly.
	Notes []string `json:"notes,omitempty"`
	// Money is nil if the number of invocations is not known.
	Money *Money `json:"money,omitempty"`
	// Given holds the model's inputs, so that a saved report can be projected again with other
	// constants.
	Given StartGiven `json:"given"`
}

const (
	AgainstBaseline  = "baseline"
	AgainstUnbundled = "unbundled"

	// LoadMeasured loads are measured in pairs on the measuring machine and scaled to Lambda.
	// LoadProjected loads are computed from sizes.
	LoadMeasured  = "measured"
	LoadProjected = "projected"
)

// Millis is a time in ms with a range: Low <= Central <= High. The range is a judgement,
// not a confidence interval.
type Millis struct {
	Low     float64 `json:"low"`
	Central float64 `json:"central"`
	High    float64 `json:"high"`
}

// Start holds the phases of a start. Load is the only phase that is billed and that a
// REPORT line includes.
type Start struct {
	Download Millis `json:"download"`
	Extract  Millis `json:"extract"`
	Load     Millis `json:"load"`
	Total    Millis `json:"total"`
	// AtLeast is set if more code is loaded than the model's data covers.
	AtLeast bool `json:"atLeast,omitempty"`
}

// MeasuredLoad is the load of one artifact in fresh processes on the measuring machine,
// before scaling.
type MeasuredLoad struct {
	// What is measured: "CPU" that loading a Node function's handler takes, without the
	// start of Node, or "first poll" of a Go function.
	What string `json:"what"`
	// Millis is the median of Runs processes.
	Millis float64 `json:"millis"`
	Runs   int     `json:"runs"`
	// Node is the version that ran. StoodIn is set if it is not the runtime's version.
	Node    string `json:"node,omitempty"`
	StoodIn bool   `json:"stoodIn,omitempty"`
	// MemoryMB is the function's memory setting, which the processes had.
	MemoryMB int `json:"memoryMB"`
	// Scale says how Head's load was computed from it.
	Scale string `json:"scale,omitempty"`
}

// StartChange is head minus base: a negative value means a faster start.
type StartChange struct {
	Start
	// LoadSource is [LoadMeasured] or [LoadProjected]. The other phases are always projected.
	LoadSource string `json:"loadSource,omitempty"`
	// NoChange is set if the change cannot be distinguished from 0.
	NoChange bool `json:"noMeasurableChange,omitempty"`
	// Label says how the load was determined, and for which runtime.
	Label string `json:"label,omitempty"`
	// Local holds the loads on the measuring machine, before scaling.
	Local *LocalLoad `json:"local,omitempty"`
}

// LocalLoad holds loads of base and head in ms. Before[i] and After[i] are from two fresh
// processes that ran one after the other.
type LocalLoad struct {
	// What is measured, as in [MeasuredLoad].
	What   string    `json:"what"`
	Before []float64 `json:"before"`
	After  []float64 `json:"after"`
	// Change is the median of the pairs' differences with its 95% interval.
	Change Millis `json:"change"`
}

// StartGiven holds the model's inputs.
type StartGiven struct {
	Before *StartSide `json:"before,omitempty"`
	After  StartSide  `json:"after"`
}

// StartSide holds what affects a function's start, before or after a change. Sizes are in
// bytes.
type StartSide struct {
	ZipBytes int64 `json:"zipBytes"`
	// ZipLow and ZipHigh bound a ZipBytes that is itself projected; 0 if exact.
	ZipLow        int64 `json:"zipLow,omitempty"`
	ZipHigh       int64 `json:"zipHigh,omitempty"`
	UnzippedBytes int64 `json:"unzippedBytes"`
	Files         int   `json:"files"`
	// LoadedBytes is the size of the modules evaluated at init before minification, because
	// minification changes the zip but not the work. LoadedFiles is the number of files
	// that the modules are read from.
	LoadedBytes int64 `json:"loadedBytes,omitempty"`
	LoadedFiles int   `json:"loadedFiles,omitempty"`
	// DataBytes is the part of LoadedBytes that is JSON in files. ESFiles is how many of
	// LoadedFiles are ES modules. OtherBuilds are ES modules of packages that a CommonJS
	// function requires: Node loads the packages' CommonJS builds instead. All three are 0
	// for a bundle.
	DataBytes   int64 `json:"dataBytes,omitempty"`
	ESFiles     int   `json:"esFiles,omitempty"`
	OtherBuilds int   `json:"otherBuilds,omitempty"`
	// KeptBytes is the size of modules beside the bundle that may be loaded, of which large
	// ones count in part. Addons is the number of native addons.
	KeptBytes int64 `json:"keptBytes,omitempty"`
	Addons    int   `json:"addons,omitempty"`
	// BuiltIns are the modules of Node's own that are loaded, sorted.
	BuiltIns []string `json:"builtIns,omitempty"`
	// LazyBytes is the size of modules that are reached only through import().
	LazyBytes int64 `json:"lazyBytes,omitempty"`
	// MapBytes is the size of source maps that Node reads at start because of
	// --enable-source-maps. MapsUnread is their size in a zip without that flag.
	MapBytes   int64 `json:"mapBytes,omitempty"`
	MapsUnread int64 `json:"mapsUnread,omitempty"`
	// RuntimeSDK is set if the AWS SDK is loaded from the runtime. No size includes it.
	RuntimeSDK bool `json:"runtimeSdk,omitempty"`
	// Unbundled is set if every module is a file of its own.
	Unbundled bool `json:"unbundled,omitempty"`
	// Compiled is set if the zip holds V8's compiled code of what is loaded.
	Compiled bool `json:"compiled,omitempty"`
}

// Money is what the load part of a change costs in a month. A negative value is a saving.
type Money struct {
	Refused  string  `json:"refused,omitempty"`
	Low      float64 `json:"low"`
	Central  float64 `json:"central"`
	High     float64 `json:"high"`
	Currency string  `json:"currency,omitempty"`
	// Line is the complete sentence, with all assumptions.
	Line string `json:"line"`
}

// StartModel describes the model behind all projections of a report.
type StartModel struct {
	// Constants is the date of the constants as YYYY-MM-DD. Own is set if the user provided
	// some.
	Constants string `json:"constants"`
	Own       bool   `json:"own,omitempty"`
	// Notes apply to all functions.
	Notes []string `json:"notes,omitempty"`
}

// inconsistentStart checks what the output formats rely on: figures in ascending order
// and within limits that fit on a page.
func inconsistentStart(c *ColdStart) string {
	if c == nil {
		return ""
	}
	times := []Millis{}
	starts := []*Start{c.Head, c.Base}
	if c.Change != nil {
		starts = append(starts, &c.Change.Start)
		if l := c.Change.Local; l != nil {
			times = append(times, l.Change)
			if len(l.Before) != len(l.After) || len(l.Before) == 0 {
				return "its measured loads are not pairs"
			}
			for _, v := range append(append([]float64{}, l.Before...), l.After...) {
				times = append(times, Millis{v, v, v})
			}
		}
	}
	for _, s := range starts {
		if s != nil {
			times = append(times, s.Download, s.Extract, s.Load, s.Total)
		}
	}
	if m := c.Measured; m != nil {
		times = append(times, Millis{m.Millis, m.Millis, m.Millis})
		if m.Runs < 1 || m.MemoryMB < 0 {
			return "its measured load is of no run"
		}
	}
	if c.Empty != nil {
		times = append(times, *c.Empty)
	}
	if m := c.Money; m != nil {
		times = append(times, Millis{m.Low, m.Central, m.High})
	}
	const most = 1e15 // of what can be billed; ms stay far below
	for _, m := range times {
		if !(-most <= m.Low && m.Low <= m.Central && m.Central <= m.High && m.High <= most) {
			return "its cold start is out of range"
		}
	}
	if c.Head == nil && c.Refused == "" {
		return "its cold start is empty"
	}
	sides := []StartSide{c.Given.After}
	if c.Given.Before != nil {
		sides = append(sides, *c.Given.Before)
	}
	for _, s := range sides {
		for _, n := range []int64{s.ZipBytes, s.ZipLow, s.ZipHigh, s.UnzippedBytes, s.LoadedBytes, s.LazyBytes, s.MapBytes, s.MapsUnread, s.DataBytes, s.KeptBytes,
			int64(s.Files), int64(s.LoadedFiles), int64(s.ESFiles), int64(s.OtherBuilds), int64(s.Addons)} {
			if !sane(n) {
				return "the sizes of its cold start are out of range"
			}
		}
	}
	return ""
}
