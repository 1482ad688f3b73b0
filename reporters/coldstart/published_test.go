package coldstart

import (
	"math"
	"slices"
	"testing"
)

// observation is a published measurement of a change. Savings are ms.
type observation struct {
	// id is the name that the constants give as their source. An observation that
	// a constant was derived from cannot test the model.
	id     string
	source string
	input  Input
	// saved is the observed saving. It is NaN if only the sign was published.
	saved float64
	sign  int
	// part is the phase that was observed.
	part func(Projection) Range
}

func total(p Projection) Range    { return p.Total }
func loadPart(p Projection) Range { return p.Load }
func downloads(p Projection) Range {
	return p.Download
}

// bundled is a Node function of one file of minified code. One minified MB
// corresponds to 1.30/0.53 MB of source, as measured for the DynamoDB client.
func bundled(minified float64) Side {
	return source(minified, minified*1.30/0.53)
}

// source is a Node function whose unzipped and evaluated sizes are known in MB;
// code zips to about 0.29 of its minified size.
func source(unzipped, loaded float64) Side {
	return Side{
		ZipBytes: int64(unzipped * 0.29 * megabyte), UnzippedBytes: int64(unzipped * megabyte), Files: 1,
		LoadedBytes: int64(loaded * megabyte), LoadedFiles: 1,
	}
}

func node(architecture string, memoryMB int, before, after Side) Input {
	return Input{
		Family: "node", Runtime: "nodejs20.x", Architecture: architecture, MemoryMB: memoryMB, Before: before,
		After: after,
	}
}

func (s Side) with(change func(*Side)) Side {
	change(&s)
	return s
}

// published is section by section what could be put through the model. Left out
// because their inputs are not published: Powertools #1725, the lazy loading of
// Stuyvenberg, Yan Cui's require times, SDK v2 whole (only its bundle's size is known).
func published() []observation {
	onDisk := func(mb float64) Side { return source(max(mb, 0.001), max(mb, 0.001)) }
	padded := func(zipMB float64) Side {
		s := onDisk(0.01)
		s.ZipBytes, s.UnzippedBytes = int64(zipMB*megabyte), int64(zipMB*megabyte)
		return s
	}
	list := []observation{
		{id: "sdk-6144-production", source: "aws/aws-sdk-js-v3#6144, 2024, node20, n 1-3: 294 against 299 ms",
			input: node("x86_64", 1024, bundled(1.122060), bundled(0.840024)), saved: -5, part: total},
		{id: "betterdev-minify",
			source: "betterdev.blog, Apr 2024, node20 arm 256 MB: no decrease; sizes as of our DynamoDB bundle",
			input: node(
				"arm64", 256, source(1.30, 1.30).with(func(s *Side) { s.ZipBytes = 231_000 }),
				source(0.53, 1.30).with(func(s *Side) { s.ZipBytes = 157_000 }),
			), saved: 0, part: total},
		{id: "momento",
			source: "gomomento.com, Nov 2023, 768 MB: 1.5 MB to 260 kB, about 1000 to about 100 ms, " +
				"below an empty function",
			input: node("x86_64", 768, source(1.5, 1.5), source(0.26, 0.26)), saved: 900, part: total},
		{id: "cdk-25492", source: "aws/aws-cdk#25492, May 2023, n=1000: runtime SDK 1227, bundled 929 ms",
			input: node(
				"x86_64", 128, bundled(0.01).with(func(s *Side) { s.RuntimeSDK = true }), bundled(0.5),
			), saved: 298, part: total},
		{id: "stuyvenberg-sdk-v3",
			source: "aaronstuyvenberg.com/posts/aws-sdk-comparison, Mar 2023, n=3: runtime 250, esbuild 83-110 ms",
			input: node(
				"x86_64", 1024, bundled(0.01).with(func(s *Side) { s.RuntimeSDK = true }), bundled(0.3),
			), saved: 153.5, part: total},
		{id: "sdk-1469-unread",
			source: "aws/aws-sdk-js#1469, 2017: an unread file of 20 MB adds nothing to init (chart)",
			input:  node("x86_64", 2048, padded(20), padded(0.01)), saved: 0, part: loadPart},
		{id: "lambdabench-init", source: "PeterUlb/lambdabench, Jul 2026: init is flat over 1-200 MB of padding",
			input: node("x86_64", 2048, padded(200), padded(1)), saved: 0, part: loadPart},
		{id: "roadmap-90",
			source: "aws-lambda-roadmap #90, Mar 2026: 7.6 MB bundle with 24.1 MB of maps is slower, no ms",
			input: node(
				"x86_64", 256, bundled(7.6),
				bundled(7.6).with(
					func(s *Side) { s.UnzippedBytes += 24_100_000; s.MapBytes = 24_100_000; s.ZipBytes += 6_700_000 },
				),
			),
			saved: math.NaN(), sign: -1, part: total},

		// The constants were derived from these. They do not test the model and are
		// printed for their residuals only.
		{id: "sdk-6144-reproduction", source: "aws/aws-sdk-js-v3#6144, 2024: 463,023 B 270, 318,138 B 242 ms",
			input: node("x86_64", 1024, bundled(0.463023), bundled(0.318138)), saved: 28, part: total},
		{id: "lambdabench-download",
			source: "PeterUlb/lambdabench, Jul 2026: 200 MB add 0.8-2.1 s before init to 1 MB, less the floor of 0.1 s",
			input:  node("x86_64", 2048, padded(200), padded(1)), saved: 1350, part: downloads},
	}
	tanasa := []struct{ mb, ms float64 }{{0.001, 171}, {1, 197}, {4, 280}, {8, 391}, {16, 649}, {32, 1277}, {64, 3110}}
	for _, row := range tanasa[1:] {
		list = append(list, observation{id: "tanasa",
			source: "A. Tanasa, 2023, node18, 256 MB x86, n=100, against 1 kB",
			input:  node("x86_64", 256, onDisk(row.mb), onDisk(0.001)), saved: row.ms - tanasa[0].ms, part: loadPart})
	}
	for _, row := range []struct{ mb, ms float64 }{{50, 1770}, {100, 3080}, {150, 4300}} {
		list = append(list, observation{id: "stuyvenberg-containers",
			source: "aaronstuyvenberg.com/posts/containers-on-lambda, Jan 2024, p99 round trip against 0 MB",
			input:  node("x86_64", 1024, onDisk(row.mb), onDisk(0.001)), saved: row.ms - 325, part: total})
	}
	for _, row := range []struct{ zip, ms float64 }{{14, 1695}, {35, 3875}} {
		list = append(list, observation{id: "mikhail",
			source: "mikhail.io, Jan 2021, client round trip, against an empty function",
			input: node(
				"x86_64", 1024, source(row.zip/0.29, row.zip/0.29), source(0.001, 0.001),
			), saved: row.ms - 264, part: total})
	}
	return list
}

// TestPublishedMeasurements compares the model with published measurements. It
// asserts the outcome as found, including the misses: two of five figures are
// outside of the range. The range promises no more than that.
func TestPublishedMeasurements(t *testing.T) {
	var drawnFrom []string
	for _, e := range Default().named() {
		drawnFrom = append(drawnFrom, e.From...)
	}
	type tally struct{ figures, inside, signs, right, refused int }
	var judged, fitted tally
	for _, o := range published() {
		count, role := &judged, "judges"
		if slices.Contains(drawnFrom, o.id) {
			count, role = &fitted, "source"
		}
		p := Project(o.input)
		count.signs++
		if p.Refused != "" {
			count.refused++
			count.right++
			t.Logf("%s %-22s observed %6.0f   refused: %.60s...", role, o.id, o.saved, p.Refused)
			continue
		}
		got := o.part(p)
		right := rightSign(o, p, got)
		if right {
			count.right++
		}
		if math.IsNaN(o.saved) {
			t.Logf("%s %-22s observed sign %+d projected %s, sign right: %t", role, o.id, o.sign, got, right)
			continue
		}
		count.figures++
		inside := got.Holds(o.saved) || p.AtLeast && o.saved >= got.Low
		if inside {
			count.inside++
		}
		t.Logf("%s %-22s observed %6.0f projected %s, residual %+.0f, inside: %t, sign right: %t, at least: %t",
			role, o.id, o.saved, got, o.saved-got.Central, inside, right, p.AtLeast)
	}
	t.Logf(
		"judged: %d of %d figures inside the range; %d of %d signs right or refused (%d refused)", judged.inside,
		judged.figures, judged.right, judged.signs, judged.refused,
	)
	t.Logf(
		"sources (not a test of the model): %d of %d figures inside the range; %d of %d signs right", fitted.inside,
		fitted.figures, fitted.right, fitted.signs,
	)

	if want := (tally{figures: 5, inside: 3, signs: 8, right: 7, refused: 2}); judged != want {
		t.Errorf("judged %+v, recorded %+v: say in research and README what changed", judged, want)
	}
}

// rightSign also accepts "no measurable change" for an observation of no change.
func rightSign(o observation, p Projection, got Range) bool {
	switch {
	case math.IsNaN(o.saved):
		return got.Central*float64(o.sign) > 0 && !p.NoChange
	case o.saved == 0:
		return got.Central == 0 || p.NoChange
	}
	return got.Central*o.saved > 0
}

// TestConstantsAreNotTestedByTheirSources checks that no constant is tested by its own
// source.
func TestConstantsAreNotTestedByTheirSources(t *testing.T) {
	judges := []string{
		"sdk-6144-production", "betterdev-minify", "momento", "cdk-25492", "stuyvenberg-sdk-v3", "sdk-1469-unread",
		"lambdabench-init", "roadmap-90",
	}
	for name, e := range Default().named() {
		for _, id := range e.From {
			if slices.Contains(judges, id) {
				t.Errorf("%s is drawn from %s, which judges it", name, id)
			}
		}
	}
	for _, id := range judges {
		if !slices.ContainsFunc(published(), func(o observation) bool { return o.id == id }) {
			t.Errorf("the judge %s is not in the table", id)
		}
	}
}
