package logs

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/featherpack/featherpack/reporters"
)

// Group is a set of comparable cold starts: of one function version, runtime
// version and memory size, as far as the logs tell.
type Group struct {
	Function string `json:"function,omitempty"`
	Version  string `json:"version,omitempty"`
	// RuntimeVersion is a version such as nodejs:22.mainline.v98.
	RuntimeVersion string `json:"runtimeVersion,omitempty"`
	MemoryMB       int    `json:"memoryMB,omitempty"`
	// Inits are the Init Durations in ms, oldest first. The first one, which may
	// be the first after a deployment, is omitted if enough others remain.
	Inits []float64 `json:"-"`
	// Warm counts the invocations without an init that the logs contain.
	Warm int `json:"warm,omitempty"`
	// Newest is the time of the newest entry, zero if unknown.
	Newest time.Time `json:"newest,omitzero"`
	// Refused says why the group cannot be used, "" if it can.
	Refused string   `json:"refused,omitempty"`
	Notes   []string `json:"notes,omitempty"`
}

// fewestColds is the fewest cold starts with a meaningful median.
const fewestColds = 10

// Resolution is the smallest difference in ms between two samples like this one
// that a test would detect with 80% power at the 5% level: n per side is 15.7
// sd²/d².
func (g Group) Resolution() float64 {
	n := float64(len(g.Inits))
	if n < 2 {
		return math.Inf(1)
	}
	mean, squares := 0.0, 0.0
	for _, v := range g.Inits {
		mean += v / n
	}
	for _, v := range g.Inits {
		squares += (v - mean) * (v - mean)
	}
	return math.Sqrt(15.7 * squares / (n - 1) / n)
}

// Runtime is the runtime of the group, such as nodejs22.x, "" if unknown.
func (g Group) Runtime() string {
	name, rest, _ := strings.Cut(g.RuntimeVersion, ":")
	first, _, _ := strings.Cut(rest, ".")
	switch name {
	case "nodejs":
		if _, err := strconv.Atoi(first); err == nil {
			return "nodejs" + first + ".x"
		}
	case "provided":
		if first == "al2" || first == "al2023" {
			return "provided." + first
		}
	}
	return ""
}

// ColdShare is the share of invocations that were cold, false if the logs contain
// cold starts only.
func (g Group) ColdShare() (float64, bool) {
	all := len(g.Inits) + g.Warm
	if g.Warm == 0 {
		return 0, false
	}
	return float64(len(g.Inits)) / float64(all), true
}

// Groups sorts the starts into groups and notes why a group cannot be used. Groups
// are sorted by function, version, runtime version and memory.
func (l *Logs) Groups() []Group {
	type key struct {
		function, version, runtimeVersion string
		memoryMB                          int
	}
	type members struct {
		colds    []entry
		warm     int
		unbilled int
		mixed    string
		newest   time.Time
	}
	type artifact struct{ function, version string }
	type faults struct {
		failed                int
		provisioned, restored bool
	}
	groups := map[key]*members{}
	marked := map[artifact]*faults{}
	var keys []key
	for _, e := range l.entries {
		of := artifact{e.function, e.version}
		m := marked[of]
		if m == nil {
			m = &faults{}
			marked[of] = m
		}
		m.provisioned = m.provisioned || e.provisioned
		m.restored = m.restored || e.restored
		if e.failed {
			m.failed++
		}
		if e.kind != reportEntry {
			continue
		}
		k := key{e.function, e.version, e.runtimeVersion, e.memoryMB}
		g := groups[k]
		if g == nil {
			g = &members{}
			groups[k], keys = g, append(keys, k)
		}
		if e.time.After(g.newest) {
			g.newest = e.time
		}
		g.mixed = cmp.Or(g.mixed, e.mixed)
		if !e.cold {
			g.warm++
			continue
		}
		g.colds = append(g.colds, e)
		if e.unbilled {
			g.unbilled++
		}
	}
	slices.SortFunc(keys, func(a, b key) int {
		return cmp.Or(cmp.Compare(a.function, b.function), cmp.Compare(a.version, b.version),
			cmp.Compare(a.runtimeVersion, b.runtimeVersion), cmp.Compare(a.memoryMB, b.memoryMB))
	})
	var list []Group
	for _, k := range keys {
		m, f := groups[k], marked[artifact{k.function, k.version}]
		if len(m.colds) == 0 && !f.restored {
			continue
		}
		g := Group{Function: k.function, Version: k.version, RuntimeVersion: k.runtimeVersion, MemoryMB: k.memoryMB, Warm: m.warm, Newest: m.newest}
		slices.SortStableFunc(m.colds, func(a, b entry) int { return a.time.Compare(b.time) })
		if len(m.colds) > fewestColds {
			m.colds = m.colds[1:]
			g.Notes = append(g.Notes, "the first cold start is left out: it may be the first after a deployment")
		}
		for _, e := range m.colds {
			g.Inits = append(g.Inits, e.init)
		}
		switch {
		case f.restored:
			g.Refused = "it starts from a snapshot (Restore lines), so its start loads nothing"
		case f.provisioned:
			g.Refused = "it has provisioned concurrency, so its init has no full vCPU and no caller waits for it"
		case f.failed > 0:
			g.Refused = fmt.Sprintf("%s failed (INIT_REPORT), so REPORT lines include second attempts", reporters.Plural(f.failed, "init", "inits"))
		case m.mixed != "":
			g.Refused = fmt.Sprintf("it mixes several %s, and the lines do not say which start belongs to which", m.mixed)
		case len(g.Inits) < fewestColds:
			g.Refused = fmt.Sprintf("%s are fewer than %d", reporters.Plural(len(g.Inits), "cold start", "cold starts"), fewestColds)
		}
		if k.version == "$LATEST" {
			g.Notes = append(g.Notes, "$LATEST may mix several deployments: narrow the logs to one, or publish versions")
		}
		if m.unbilled > 0 {
			g.Notes = append(g.Notes, fmt.Sprintf("%s not billed and cannot be compared: the logs are older than August 2025, or the function has provisioned concurrency", reporters.Plural(m.unbilled, "init is", "inits are")))
		}
		list = append(list, g)
	}
	return list
}
