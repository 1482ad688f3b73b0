package reporters

// ColdStart is what is known of a function's start in a fresh execution
// environment, and of what a change does to it. Package coldstart fills it in.
type ColdStart struct {
	// Refused is a clause that says why nothing is projected; without it there
	// is a Head.
	Refused string `json:"refused,omitempty"`
	// Head is what the artifact adds to the start of an empty function. It is
	// projected, whatever else was measured.
	Head *Start `json:"head,omitempty"`
	// Empty is the Init Duration of an empty function of the same runtime and
	// architecture, nil where nobody measured it.
	Empty *Millis `json:"empty,omitempty"`
	// Against says what Base is, [AgainstBaseline] or [AgainstUnbundled], and is
	// empty where there is nothing to compare with.
	Against string       `json:"against,omitempty"`
	Base    *Start       `json:"base,omitempty"`
	Change  *StartChange `json:"change,omitempty"`
	// ChangeRefused is a clause that says why there is no Change although there
	// is something to compare with.
	ChangeRefused string `json:"changeRefused,omitempty"`
	// Notes are sentences that a reader needs to not misread the figures.
	Notes []string `json:"notes,omitempty"`
	// Money is nil where the invocations are not known.
	Money *Money `json:"money,omitempty"`
	// Given is what the model was given, so that a saved report can be
	// projected again with other constants.
	Given StartGiven `json:"given"`
}

const (
	AgainstBaseline  = "baseline"
	AgainstUnbundled = "unbundled"

	// LoadMeasured is of paired loads on the measuring machine, scaled to
	// Lambda; LoadProjected is from sizes alone.
	LoadMeasured  = "measured"
	LoadProjected = "projected"
)

// Millis is a time in ms between two bounds: Low <= Central <= High. The bounds
// are a judgement and no confidence interval.
type Millis struct {
	Low     float64 `json:"low"`
	Central float64 `json:"central"`
	High    float64 `json:"high"`
}

// Start is a start by its phases. Only Load is billed, and only Load shows in a
// function's REPORT line.
type Start struct {
	Download Millis `json:"download"`
	Extract  Millis `json:"extract"`
	Load     Millis `json:"load"`
	Total    Millis `json:"total"`
	// AtLeast says that more is loaded than anybody measured.
	AtLeast bool `json:"atLeast,omitempty"`
}

// StartChange is head less base, so that less is sooner.
type StartChange struct {
	Start
	// LoadSource is [LoadMeasured] or [LoadProjected]; the other phases are
	// always projected.
	LoadSource string `json:"loadSource,omitempty"`
	// NoChange says that the change cannot be distinguished from 0.
	NoChange bool `json:"noMeasurableChange,omitempty"`
	// Label says how the load was come by, and for what runtime.
	Label string `json:"label,omitempty"`
	// Local are the measured loads as they were on the measuring machine.
	Local *LocalLoad `json:"local,omitempty"`
}

// LocalLoad are loads of base and head in ms: Before[i] and After[i] are of two
// fresh processes that ran one after the other.
type LocalLoad struct {
	// What is measured: "CPU" until a Node function is ready, or "first poll" of
	// a Go function.
	What   string    `json:"what"`
	Before []float64 `json:"before"`
	After  []float64 `json:"after"`
	// Change is the median of the pairs' differences with its 95% interval.
	Change Millis `json:"change"`
}

// StartGiven is what the model was given.
type StartGiven struct {
	Before *StartSide `json:"before,omitempty"`
	After  StartSide  `json:"after"`
}

// StartSide is a function before or after a change, as far as its start can
// tell. Sizes are bytes.
type StartSide struct {
	ZipBytes int64 `json:"zipBytes"`
	// ZipLow and ZipHigh bound a ZipBytes that is itself projected; 0 if exact.
	ZipLow        int64 `json:"zipLow,omitempty"`
	ZipHigh       int64 `json:"zipHigh,omitempty"`
	UnzippedBytes int64 `json:"unzippedBytes"`
	Files         int   `json:"files"`
	// LoadedBytes is the source of the modules evaluated at init, before they
	// are minified: minifying changes the zip and not the work. LoadedFiles are
	// the files that source is read from.
	LoadedBytes int64 `json:"loadedBytes,omitempty"`
	LoadedFiles int   `json:"loadedFiles,omitempty"`
	// LazyBytes is the source of modules that only import() leads to.
	LazyBytes int64 `json:"lazyBytes,omitempty"`
	// MapBytes are source maps read at start: Node does with
	// --enable-source-maps. MapsUnread are in the zip without that flag.
	MapBytes   int64 `json:"mapBytes,omitempty"`
	MapsUnread int64 `json:"mapsUnread,omitempty"`
	// RuntimeSDK says that the AWS SDK is loaded from the runtime, which no
	// size of the artifact shows.
	RuntimeSDK bool `json:"runtimeSdk,omitempty"`
}

// Money is what the load part of a change costs in a month; less is cheaper.
type Money struct {
	Refused  string  `json:"refused,omitempty"`
	Low      float64 `json:"low"`
	Central  float64 `json:"central"`
	High     float64 `json:"high"`
	Currency string  `json:"currency,omitempty"`
	// Line is the whole of it in words, with all that it rests on.
	Line string `json:"line"`
}

// StartModel is what every projection of a report rests on.
type StartModel struct {
	// Constants is the date of the constants as YYYY-MM-DD; Own says that the
	// user gave some.
	Constants string `json:"constants"`
	Own       bool   `json:"own,omitempty"`
	// Notes hold for all functions.
	Notes []string `json:"notes,omitempty"`
}

// inconsistentStart checks what the formats rely on: figures that are ordered
// and that no page is too narrow for.
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
				return "its measured loads are no pairs"
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
		return "its cold start says nothing"
	}
	sides := []StartSide{c.Given.After}
	if c.Given.Before != nil {
		sides = append(sides, *c.Given.Before)
	}
	for _, s := range sides {
		for _, n := range []int64{s.ZipBytes, s.ZipLow, s.ZipHigh, s.UnzippedBytes, s.LoadedBytes, s.LazyBytes, s.MapBytes, s.MapsUnread, int64(s.Files), int64(s.LoadedFiles)} {
			if !sane(n) {
				return "the sizes of its cold start are out of range"
			}
		}
	}
	return ""
}
