package trial

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/scratch"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/reuse"
	"github.com/featherpack/featherpack/packager/boot"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/coldstart"
)

// LoadSaving is how much sooner a changed artifact is loaded, in ms of processor time on
// this machine: the median of the pairs' differences with its 95% interval. A start of the
// unchanged artifact and one of the changed artifact are a pair.
type LoadSaving struct {
	Millis float64 `json:"millis"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
	// Before is the median load of the unchanged artifact.
	Before float64 `json:"before"`
	Pairs  int     `json:"pairs"`
}

// Measurable reports whether the saving can be distinguished from noise.
func (l LoadSaving) Measurable() bool { return l.Low > 0 || l.High < 0 }

// MeasureLoad starts the function's artifact, and a changed one in a folder, in turn. For
// each package of standIns, which the changed artifact does not hold, a stand-in that does
// nothing is loaded. If the load cannot be measured, it returns the reason.
func (q Question) MeasureLoad(ctx context.Context, changed analyzer.Function, out *outdir.Dir, standIns ...string) (l *LoadSaving, reason string) {
	if q.Pairs == 0 || q.Function.Family != analyzer.Node {
		return nil, ""
	}
	folder, err := scratch.New("", "trial")
	if err != nil {
		return nil, "cannot make a temporary folder: " + analyzer.WithoutPath(err).Error()
	}
	defer folder.Close()
	after := boot.Subject{ZipPath: zipOf(out, q.Function.ID), Function: changed}
	if len(standIns) > 0 {
		whole := filepath.Join(folder.Path, "changed.zip")
		if err := addStandIns(whole, after.ZipPath, standIns); err != nil {
			return nil, "cannot add a stand-in: " + analyzer.WithoutPath(err).Error()
		}
		after.ZipPath = whole
	}
	q.Options.Step("featherpack: %s: measuring its load in %d pairs", q.Function.ID, q.Pairs)
	earlier := q.earlier(ctx)
	defer earlier.Close()
	err = q.Build(ctx, q.Function, func(_ reporters.Report, _ reporters.Function, unchanged *outdir.Dir) error {
		before := boot.Subject{ZipPath: zipOf(unchanged, q.Function.ID), Function: q.Function}
		of, known := q.loadTrial(ctx, earlier, before, after)
		if known && earlier.Find(of, &l) {
			q.unmeasured("started again")
			return nil
		}
		pairs := boot.Pairs(ctx, before, after, q.Pairs, boot.Options{OtherArchitecture: true})
		if reason = pairs.Reason; reason != "" {
			return nil
		}
		differences := make([]float64, min(len(pairs.Before.HandlerMillis), len(pairs.After.HandlerMillis)))
		if len(differences) < coldstart.FewestPairs {
			reason = fmt.Sprintf("%d measured pairs are too few", len(differences))
			return nil
		}
		for i := range differences {
			differences[i] = pairs.Before.HandlerMillis[i] - pairs.After.HandlerMillis[i]
		}
		r := coldstart.MedianRange(differences)
		l = &LoadSaving{Millis: r.Central, Low: r.Low, High: r.High, Before: reporters.Median(pairs.Before.HandlerMillis), Pairs: len(differences)}
		if known {
			earlier.Keep(of, l)
		}
		return nil
	})
	if err != nil {
		return nil, "the function was not built again"
	}
	return l, reason
}

// loadTrial is what the load of two artifacts depends on, and false if that is not known.
func (q Question) loadTrial(ctx context.Context, earlier *reuse.Trials, before, after boot.Subject) (of reuse.Trial, known bool) {
	if earlier == nil {
		return of, false
	}
	of = reuse.Trial{What: "load", Function: before.Function, Asked: []any{q.Pairs, runtime.NumCPU(), after.Function.Environment}}
	var err error
	for _, zip := range []string{before.ZipPath, after.ZipPath} {
		sum, failed := earlier.Sum(zip)
		of.Artifacts, err = append(of.Artifacts, sum), errors.Join(err, failed)
	}
	of.Program, known = boot.Identity(ctx, before.Function, boot.Options{OtherArchitecture: true}, earlier.Sum)
	return of, known && err == nil
}

func zipOf(out *outdir.Dir, id string) string {
	return filepath.Join(out.Path, filepath.FromSlash(id)+".zip")
}

// standIn answers every use of a package with itself, and does nothing.
const standIn = `const any = new Proxy(function () {}, {
  get: (_, name) => name === Symbol.toPrimitive ? () => "" : name === "then" || name === "prototype" ? any.fn?.[name] : any,
  apply: () => any, construct: () => any, has: () => true,
})
module.exports = any
`

// addStandIns copies a zip and adds packages that do nothing.
func addStandIns(to, from string, packages []string) error {
	added := map[string]string{}
	for _, name := range packages {
		added["node_modules/"+name+"/package.json"] = `{"exports": {".": "./index.js", "./*": "./index.js"}}`
		added["node_modules/"+name+"/index.js"] = standIn
	}
	return CopyZip(to, from, added)
}
