package boot

import (
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/boot/sandbox"
)

// Both artifacts are started in turn. The work that one of them does at init shows
// in every pair.
func TestPairs(t *testing.T) {
	needNode(t)
	subject := func(code string) Subject {
		return Subject{ZipPath: zipOf(t, files{"index.js": code}), Function: nodeFunction("nodejs22.x")}
	}
	light := subject("exports.handler = async () => 1")
	busy := subject("const end = process.cpuUsage().user + 150e3; while (process.cpuUsage().user < " +
		"end);\nexports.handler = async () => 1")

	p := Pairs(t.Context(), light, busy, 3, Options{})
	if strings.Contains(p.Reason, sandbox.ErrContainment.Error()) {
		t.Skip(p.Reason)
	}
	if p.Reason != "" {
		t.Fatal(p.Reason)
	}
	if len(p.Before.LoadMillis) != 3 || len(p.After.LoadMillis) != 3 || len(p.Before.CPUMillis) != 3 ||
		len(p.After.CPUMillis) != 3 {
		t.Fatalf("3 pairs gave %+v", p)
	}
	// Loading the handler is told apart from starting Node, in which both cost as much.
	if len(p.Before.HandlerMillis) != 3 || len(p.After.HandlerMillis) != 3 || median(p.Before.HandlerMillis) > 10 ||
		median(p.After.HandlerMillis) < 140 {
		t.Errorf("loading the handlers took %v and %v ms", p.Before.HandlerMillis, p.After.HandlerMillis)
	}
	for i := range p.Before.CPUMillis {
		if by := p.After.CPUMillis[i] - p.Before.CPUMillis[i]; by < 75 {
			t.Errorf("pair %d: 150 ms of work at init cost %.0f ms", i, by)
		}
	}
}

// A source tree is one of the two in the same way.
func TestPairsWithSource(t *testing.T) {
	needNode(t)
	f := nodeFunction("nodejs22.x")
	code := "exports.handler = async () => 1"
	tree := treeOf(t, files{"index.js": "require('./busy')\n" + code,
		"busy.js": "const end = process.cpuUsage().user + 150e3; while (process.cpuUsage().user < end);"}, ".")
	p := Pairs(t.Context(), Subject{Tree: tree, Function: f}, Subject{ZipPath: zipOf(t, files{"index.js": code}), Function: f}, 2, Options{})
	if strings.Contains(p.Reason, sandbox.ErrContainment.Error()) {
		t.Skip(p.Reason)
	}
	if len(p.Before.HandlerMillis) != 2 || median(p.Before.HandlerMillis) < 140 || median(p.After.HandlerMillis) > 10 {
		t.Errorf("%+v", p)
	}
}

// An artifact that is missing or does not load gives a reason and no measurements.
func TestPairsFailure(t *testing.T) {
	needNode(t)
	f := nodeFunction("nodejs22.x")
	subject := func(name, code string) Subject {
		return Subject{ZipPath: zipOf(t, files{name: code}), Function: f}
	}
	good := subject("index.js", "exports.handler = async () => 1")
	for name, test := range map[string]struct {
		before, after Subject
		reason        string
	}{
		"the head throws": {good, subject("index.js", "throw new Error('no')"),
			"the artifact failed while loading"},
		"no baseline's zip": {Subject{ZipPath: "gone.zip", Function: f}, good, "the baseline's artifact "},
		"no handler":        {subject("other.js", ""), good, "the baseline's artifact "},
		"another machine's": {good,
			Subject{ZipPath: good.ZipPath, Function: analyzer.Function{Name: "f", Family: analyzer.Go, Runtime: "provided.al2023",
				Architecture: "arm64"}}, "the artifact "},
	} {
		p := Pairs(t.Context(), test.before, test.after, 3, Options{})
		if strings.Contains(p.Reason, sandbox.ErrContainment.Error()) {
			t.Skip(p.Reason)
		}
		if !strings.HasPrefix(p.Reason, test.reason) || len(p.Before.LoadMillis)+len(p.After.LoadMillis) > 0 {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

// What a function does when its load has been measured is not part of the load.
func TestLoadedHook(t *testing.T) {
	needNode(t)
	const code = `globalThis[Symbol.for("featherpack.loaded")] = () => {
	const end = process.cpuUsage().user + 150e3;
	while (process.cpuUsage().user < end);
	console.log("measured");
}
exports.handler = async () => 1`
	for _, runtime := range []string{"nodejs22.x", "nodejs24.x"} {
		r := Check(t.Context(), zipOf(t, files{"index.js": code}), nodeFunction(runtime), Options{})
		if strings.Contains(r.Reason, sandbox.ErrContainment.Error()) {
			t.Skip(r.Reason)
		}
		if r.Status != Loads || !strings.Contains(r.Logs, "measured") || median(r.Measured.HandlerMillis) > 100 || median(r.Measured.CPUMillis) < 150 {
			t.Errorf("%s: %s %s, %+v\n%s", runtime, r.Status, r.Reason, r.Measured, r.Logs)
		}
	}
}
