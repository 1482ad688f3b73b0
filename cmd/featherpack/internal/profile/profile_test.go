package profile

import (
	"encoding/json"
	"fmt"
	"math"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/mappings"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/chains"
)

func TestReadInitTrace(t *testing.T) {
	log := `init internal/bytealg @0.008 ms, 0 ms clock, 0 bytes, 0 allocs
init main @1.2 ms, 0.35 ms clock, 4096 bytes, 12 allocs
the function's own: init main @1 ms, 2 ms clock, 3 bytes, 4 allocs
init broken @x ms, 1 ms clock, 0 bytes, 0 allocs
{"level":"info","msg":"init"}
init example.org/svc/internal/page @2e+01 ms, 12 ms clock, 1 bytes, 1 allocs
`
	want := []PackageInit{{"internal/bytealg", 0}, {"main", 0.35}, {"example.org/svc/internal/page", 12}}
	if got := readInitTrace(log); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// Calls of the recorder are all that a bundle gets: where the statements of a module begin,
// and where the function around a module begins and ends, also by return. Without them the
// text is what it was.
func TestInstrument(t *testing.T) {
	const code = `"use strict";var w=(a,b)=>()=>{try{return b||a((b={exports:{}}).exports,b),b.exports}catch(a){throw b=0,a}};` +
		`var x=w(function(a,b){"use strict";a.x=1});var y=w((a,b)=>{if(a.y)return;else b.exports=2;[1].map(c=>{return c})}),e=w(function(){});` +
		"var s=y(),t=f(),n=4;const k=()=>1;function f(){return 3}t+=f();//end"
	sources := []struct{ at, source string }{
		{"a.x=1", "a.js"}, {"a.y)", "b.js"}, {"s=y()", "c.js"}, {"t=f()", "d.js"}, {"n=4", "c.js"}, {"const k", "e.js"}, {"t+=f()", "c.js"},
	}
	m := mapped{sources: []string{"a.js", "b.js", "c.js", "d.js", "e.js"}}
	for _, s := range sources {
		m.add(strings.Index(code, s.at), slices.Index(m.sources, s.source))
	}
	modules := map[string]int{"a.js": 3, "b.js": 7, "c.js": 10, "d.js": 11, "e.js": 12}
	got, err := instrument([]byte(code), m.text(t), func(source string) (int, bool) { i, known := modules[source]; return i, known })
	if err != nil {
		t.Fatal(err)
	}
	head, rest, found := strings.Cut(got.code, "$p0r(process.cpuUsage(),13,9);")
	if !found || !strings.HasPrefix(head, `"use strict";function $p0r(`) || strings.Contains(head, "\n") {
		t.Fatalf("the recorder is not in front, in one line: %s", got.code)
	}
	want := `var w=(a,b)=>()=>{try{return b||a((b={exports:{}}).exports,b),b.exports}catch(a){throw b=0,a}};` +
		`var x=w(function(a,b){"use strict";$p0(3,!1);a.x=1;$p0(3,!0)});` +
		`var y=w((a,b)=>{$p0(7,!1);if(a.y){$p0(7,!0);return;}else b.exports=2;[1].map(c=>{return c});$p0(7,!0)}),e=w(function(){});` +
		"$p0(10);var s=y();$p0(11);var t=f(),n=4;const k=()=>1;function f(){return 3}$p0(10);t+=f();//end\n$p0();\n"
	if rest != want {
		t.Errorf("got  %s\nwant %s", rest, want)
	}
	for _, test := range []struct{ code, sourceMap string }{{"a(", "{}"}, {"a()", "["}, {`"use strict"`, "{}"}, {"a()", `{"mappings":"%"}`}} {
		if _, err := instrument([]byte(test.code), []byte(test.sourceMap), nil); err == nil {
			t.Errorf("%s with the source map %s was instrumented", test.code, test.sourceMap)
		}
	}
}

// mapped is a source map of one line whose mappings lead to the beginning of their sources.
type mapped struct {
	sources  []string
	mappings []byte
	at, last int
}

func (m *mapped) add(at, source int) {
	if len(m.mappings) > 0 {
		m.mappings = append(m.mappings, ',')
	}
	for _, v := range []int{at - m.at, source - m.last, 0, 0} {
		m.mappings = mappings.AppendVLQ(m.mappings, v)
	}
	m.at, m.last = at, source
}

func (m *mapped) text(t *testing.T) []byte {
	text, err := json.Marshal(map[string]any{"version": 3, "sources": m.sources, "mappings": string(m.mappings)})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Columns of a source map are UTF-16 units, and a name that the bundle has is not taken.
func TestOrigins(t *testing.T) {
	code := "/* é😀 */\nlet a='😀';$p0()"
	o, err := readOrigins([]byte(code), []byte(`{"sources":["a.js"],"mappings":";AAAA,WAAA"}`))
	if err != nil {
		t.Fatal(err)
	}
	let, call := int32(strings.Index(code, "let")), int32(strings.Index(code, "$p0"))
	if want := []origin{{let, 0}, {call, 0}}; !reflect.DeepEqual(o.places, want) {
		t.Errorf("got %v, want %v", o.places, want)
	}
	if _, found := o.within(let+1, call); found || !o.begins(call) || o.begins(call-1) {
		t.Error("a place is found where there is none, or the other way round")
	}
	if name := freeName([]byte(code)); name != "$p1" {
		t.Error(name)
	}
}

// What a module throws does not leave it running, and a wrapper that ends late ends nothing.
// Reading the processor time takes 20 us here, and reading the wall clock 1 us, which is not
// counted. A window is divided by the wall clock: 8 is stopped on it, and has used the processor
// for half of it.
func TestRecorder(t *testing.T) {
	program := `let used = 0, wall = 0
process.cpuUsage = () => (wall += 20, { user: used += 20, system: 0 })
process.hrtime.bigint = () => BigInt(wall += 1) * 1000n
const runs = (micros, stopped = 0) => { used += micros; wall += micros + stopped }
` + recorderAs("p", 12, 9) + `
p(1); p(2, false); runs(5e3); p(2, true)
try { p(3, false); p(4, false); runs(7e3); throw 0 } catch {}
p(5); p(4, true); runs(11e3); p(8); runs(9e3, 9e3); p()
p(6); runs(1e3)
globalThis[Symbol.for("featherpack.loaded")]()`
	out, err := exec.Command("node", "-e", program).CombinedOutput()
	if err != nil {
		t.Skip("node: ", err, string(out))
	}
	got, ok := readTimes(string(out))
	if want := map[int]float64{2: 5, 4: 7, 5: 11, 8: 9}; !ok || len(got.modules) != len(want) {
		t.Errorf("%v %v\n%s", ok, got, out)
	} else {
		for module, ms := range want {
			if math.Abs(got.modules[module]-ms) > 0.3 {
				t.Errorf("module %d took %v of %v ms", module, got.modules[module], ms)
			}
		}
	}
	if sum := got.rest + got.modules[2] + got.modules[4] + got.modules[5] + got.modules[8]; math.Abs(sum-32) > 0.5 {
		t.Errorf("they add up to %v ms", sum)
	}
}

// The least time of each initialiser counts, and what is left of the load is said to be that.
func TestInitialisers(t *testing.T) {
	g := chains.Graph{Inputs: []analyzer.Input{{Path: "main", Imports: []analyzer.Import{{To: 1}}}, {Path: "net/http"}}}
	init := &Init{samples: map[string][]float64{"net/http": {9, 1.5, 2}, "main": {0.5}, "os": {0, 3}}}
	p := Profile{Load: Figure{4, 3.8, 4.2}}
	p.fillInit(g, init)
	sum := 0.0
	var names []string
	for _, r := range p.Packages {
		sum, names = sum+r.Self.Millis, append(names, r.Name)
	}
	if want := []string{rowRest, "net/http", "main"}; !slices.Equal(names, want) || math.Abs(sum-4) > 1e-9 || len(p.Notes) != 1 {
		t.Errorf("%v add up to %v: %v", names, sum, p.Notes)
	}
	if r := p.Packages[1]; r.Self != (Figure{1.5, 1.5, 2}) || strings.Join(r.Chain, " ") != "main net/http" {
		t.Errorf("%+v", r)
	}
	p = Profile{Load: Figure{1.9, 1.8, 2}}
	if p.fillInit(g, &Init{samples: init.samples, cut: true}); len(p.Packages) != 2 || len(p.Notes) != 3 || !strings.Contains(p.Notes[2], "more than the load") {
		t.Errorf("%+v", p)
	}
}

func TestReadTimes(t *testing.T) {
	got, ok := readTimes("noise\nfeatherpack-profile 0:a 1z:rs rest:1 whole:rz\nmore")
	if want := (recorded{map[int]float64{0: 0.01, 71: 1}, 0.001, 1.007}); !ok || !reflect.DeepEqual(got, want) {
		t.Errorf("%v", got)
	}
	if _, ok := readTimes("no line of it"); ok {
		t.Error("times of nothing")
	}
	if _, ok := readTimes("featherpack-profile 0:a rest:1\n"); ok {
		t.Error("times that are cut short")
	}
}

// The rows add up to what was measured from within, and are not made to fit the load of the
// artifact: what they are off is said. All figures are those of the same runs.
func TestSumIsHeldAgainstTheLoad(t *testing.T) {
	var s starts
	for _, run := range []struct{ load, within, module float64 }{{50, 56, 30}, {52, 58, 32}, {48, 54, 28}, {50, 57, 31}, {90, 156, 100}} {
		s.add(run.load, run.within, recorded{map[int]float64{0: run.module}, 5, run.module + 8})
	}
	g := chains.Graph{Inputs: []analyzer.Input{{Path: "a.js"}, {Path: "b.js"}}}
	p := Profile{Load: figureOf(s.loads, typical(s.loads))}
	p.fill(g, s)
	p.judgeSum()
	for _, rows := range [][]Row{p.Modules, p.Packages} {
		sum := 0.0
		for _, r := range rows {
			sum += r.Self.Millis
		}
		if math.Abs(sum-p.Sum.Millis) > 1e-9 {
			t.Errorf("the rows add up to %v, not to %v", sum, p.Sum)
		}
	}
	// The load is that of the starts of 50, 50 and 52 ms, the sum that of 53, 54 and 55.
	if off := 162.0/152 - 1; math.Abs(p.Sum.Millis-54) > 1e-9 || math.Abs(p.Load.Millis-152.0/3) > 1e-9 ||
		math.Abs(p.Off-off) > 1e-9 || p.OffLow > off || p.OffHigh < off || p.OffHigh > 0.9 {
		t.Errorf("the sum is %v of %v: %v, %v to %v", p.Sum, p.Load, p.Off, p.OffLow, p.OffHigh)
	}
	for _, test := range []struct {
		off, low, high float64
		noted          string
	}{{0.12, 0.11, 0.13, "12.0% more"}, {-0.117, -0.15, 0, "11.7% less"}, {0.09, 0.02, 0.15, ""}, {0.02, -0.2, 0.3, "-20% to +30%"}} {
		p := Profile{Off: test.off, OffLow: test.low, OffHigh: test.high}
		p.judgeSum()
		if (test.noted != "") != (len(p.Notes) == 1) || !strings.Contains(strings.Join(p.Notes, ""), test.noted) {
			t.Errorf("%+v: %v", test, p.Notes)
		}
	}
}

// Without --runs there are more starts while it is not known what the sum is off the load.
func TestPrecise(t *testing.T) {
	var even, off, uneven starts
	for i := range fewestRuns {
		if even.precise() {
			t.Error("enough after ", i)
		}
		even.add(50+float64(i%3)/4, 50+float64(i%2)/4, recorded{})
		off.add(50+float64(i%3)/4, 70, recorded{}) // known to be off
		uneven.add(50+float64(i)*9, 50, recorded{})
	}
	if !even.precise() || !off.precise() || uneven.precise() {
		t.Error(even.precise(), off.precise(), uneven.precise())
	}
}

// The lowest and the highest quarter do not move the mean.
func TestFigureOf(t *testing.T) {
	samples := []float64{9, 10, 11}
	got := figureOf(samples, typical(samples))
	if got.Millis != 10 || got.Low < 9 || got.Low >= 10 || got.High <= 10 || got.High > 11 {
		t.Errorf("%v", got)
	}
	samples = []float64{9, 500, 10, 10, 11, 11, 12, 0}
	far := figureOf(samples, typical(samples))
	samples[1], samples[7] = 13, 8.5
	if near := figureOf(samples, typical(samples)); near.Millis != far.Millis || near.Millis != 10.5 || figureOf(nil, typical(nil)) != (Figure{}) {
		t.Errorf("%v and %v", near, far)
	}
}

// A chain is folded between its steps where the line would be too long.
func TestPrintFoldsChains(t *testing.T) {
	p := Profile{Function: "f", Load: Figure{Millis: 4}, Packages: []Row{
		{Name: "a", Version: "1.0.0", Self: Figure{Millis: 3}, Total: 3, Chain: []string{"src/f.ts", "a"}},
		{Name: "b", Self: Figure{Millis: 1}, Total: 1, Chain: []string{"services/orders/src/functions/search.ts", "services/orders/src/platform/database.ts", "c", "d", "b"}},
	}}
	var lines []string
	Print(func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }, p, false)
	want := []string{
		"     3.00 +-0.00  75.0%      3.00  a@1.0.0  by src/f.ts > a",
		"     1.00 +-0.00  25.0%      1.00  b  by services/orders/src/functions/search.ts",
		"                                     > services/orders/src/platform/database.ts > ... > b",
	}
	if got := lines[3:]; !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
}
