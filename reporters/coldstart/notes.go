package coldstart

import (
	"fmt"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
)

// notBilled is a note on every projection.
const notBilled = "download and extract are not billed and not visible in REPORT"

// fewLazyBytes cost less than half a ms to load, so no note mentions them.
const fewLazyBytes = 10_000

// notes returns what a reader could otherwise misunderstand, above all cases where
// bytes and time change in opposite directions.
func (c Coefficients) notes(in Input, p Projection) []string {
	notes := []string{notBilled}
	if in.Family != string(analyzer.Node) {
		if !p.LoadMeasured {
			notes = append(notes, "sizes do not show what init() does: start the artifact to measure it")
		}
		return notes
	}
	before, after := in.Before, in.After
	if before.RuntimeSDK || after.RuntimeSDK {
		notes = append(notes, "the runtime's AWS SDK is loaded from outside the artifact: bundling it makes the zip larger and the start shorter (aws/aws-cdk#25492: 1227 ms, bundled 929 ms)")
	}
	if before.MapBytes != after.MapBytes {
		cost := exactly(float64(after.MapBytes-before.MapBytes) / megabyte).times(c.Node.PerMapMB.Range)
		verb := "costs"
		if cost.Central < 0 {
			verb, cost = "saves", cost.negated()
		}
		notes = append(notes, fmt.Sprintf("--enable-source-maps reads source maps at start: the change in their size %s a projected %s ms of the load", verb, cost))
	}
	if after.MapsUnread > 0 {
		cost := exactly(float64(after.MapsUnread) / megabyte).times(c.Node.PerMapMB.Range)
		notes = append(notes, fmt.Sprintf("the zip holds %.1f MB of source maps: with --enable-source-maps they would cost %s ms", float64(after.MapsUnread)/megabyte, cost))
	}
	if in.CompileCache {
		notes = append(notes, "NODE_COMPILE_CACHE is not counted as a saving: /tmp is empty in each new execution environment, so Node finds no compiled code there and spends time on writing it")
	}
	if after.Compiled && !p.LoadMeasured {
		notes = append(notes, "the zip holds compiled code, which counts only while Lambda runs the version of Node that it was made for")
	}
	if after.LazyBytes-before.LazyBytes >= fewLazyBytes {
		note := fmt.Sprintf("%.2f MB more load only at an import(): the first invocation that needs them waits, so the work has moved but not gone away", float64(after.LazyBytes-before.LazyBytes)/megabyte)
		if in.MemoryMB < wholeCPUMemoryMB {
			note += fmt.Sprintf(", and with %d MB of memory it runs about %.0fx slower in the handler than at init", in.MemoryMB, float64(wholeCPUMemoryMB)/float64(in.MemoryMB))
		}
		notes = append(notes, note)
	}
	if !p.LoadMeasured && p.Load == (Range{}) && before.ZipBytes != after.ZipBytes {
		notes = append(notes, "the same code is evaluated: fewer bytes save only download and extract")
	}
	return notes
}

// String is one line: the saving, its parts, and how the load was determined. A
// minus sign means time saved. The ranges have the same direction as the central
// value.
func (p Projection) String() string {
	if p.Refused != "" {
		return "cold start: not projected: " + p.Refused
	}
	total, download, extract, load := p.Total, p.Download, p.Extract, p.Load
	sign := "-"
	if total.Central < 0 {
		sign = "+"
		total, download, extract, load = total.negated(), download.negated(), extract.negated(), load.negated()
	}
	var b strings.Builder
	b.WriteString("cold start: ")
	switch {
	case p.NoChange:
		b.WriteString("no measurable change")
	case p.AtLeast:
		fmt.Fprintf(&b, "at least %s%s ms (range %s..%s)", sign, reporters.WholeMillis(total.Central), reporters.WholeMillis(total.Low), reporters.WholeMillis(total.High))
	default:
		fmt.Fprintf(&b, "%s%s ms (range %s..%s)", sign, reporters.WholeMillis(total.Central), reporters.WholeMillis(total.Low), reporters.WholeMillis(total.High))
	}
	direction := ""
	if p.NoChange && sign == "+" {
		direction = "cost: "
	} else if p.NoChange {
		direction = "saving: "
	}
	fmt.Fprintf(&b, " = %sdownload %s + extract %s + load %s; %s", direction, download, extract, load, p.Label)
	return b.String()
}
