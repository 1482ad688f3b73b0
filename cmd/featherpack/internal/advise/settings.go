package advise

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/lint"
	"github.com/featherpack/featherpack/reporters/coldstart"
)

// settingsAdvice is the advice about what the manifest sets for a function, priced.
func settingsAdvice(f analyzer.Function, c costs) (all []Advice) {
	d := lint.Deployed{Function: f, Addons: holdsAddons(c.function), MayWrite: mayWrite(c), Today: today()}
	for _, found := range lint.AdviseSettings(d) {
		a := told(found)
		switch a.Code {
		case "arm64-possible":
			a.Costs = c.architectures()
		case "provisioned-concurrency":
			a.Costs, a.Projected = c.ready(f.Deployment.Ready), c.start()
		case "scheduled-warmer":
			a.Costs, a.Projected = c.pings(warmerAt(f, a.Position)), c.start()
		case "tenant-isolation":
			a.Projected = c.start()
		case "storage-unused":
			a.Costs = c.storage(f.Deployment.StorageMB)
		default:
			a.Projected = c.projected(ruleOf(a.Code), nil, nil)
		}
		all = append(all, a)
	}
	all = append(all, initTooLong(f, c)...)
	return append(all, tuned(f, c)...)
}

func warmerAt(f analyzer.Function, at analyzer.Position) analyzer.Warmer {
	i := slices.IndexFunc(f.Deployment.Warmers, func(w analyzer.Warmer) bool { return w.Position == at })
	return f.Deployment.Warmers[max(i, 0)]
}

// writers are the built-in modules through which code may write files.
var writers = []string{"fs", "fs/promises", "child_process", "worker_threads", "cluster", "module", "process", "vm", "v8", "sqlite", "wasi", "repl", "inspector", "trace_events"}

// mayWrite reports whether anything in a function may write files. The AWS SDK only reads its
// configuration, and the name of a home folder.
func mayWrite(c costs) bool {
	if c.function.Family != analyzer.Node || holdsAddons(c.function) || len(c.function.Kept) > 0 {
		return true
	}
	for _, share := range c.function.Inputs {
		in := c.inputs[share.Input]
		if strings.HasPrefix(in.Package, "@aws-sdk/") || strings.HasPrefix(in.Package, "@smithy/") {
			continue
		}
		if slices.ContainsFunc(in.BuiltIns, func(name string) bool { return slices.Contains(writers, name) }) {
			return true
		}
	}
	return len(c.function.Inputs) == 0
}

// maxInitMillis is the longest init phase of a function that starts on demand.
// Source: docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
const maxInitMillis = 10_000

// initTooLong advises where loading is projected to last longer than the init phase and the
// timeout.
func initTooLong(f analyzer.Function, c costs) []Advice {
	if f.MemoryUnknown || f.SnapStart || f.ProvisionedConcurrency {
		return nil
	}
	load, timeout := c.adds().Load, cmp.Or(f.TimeoutSeconds, defaultSeconds)
	if load.Low <= max(maxInitMillis, float64(timeout)*1000) {
		return nil
	}
	return []Advice{{
		Code: "init-too-long", Kind: string(lint.Failures), Severity: analyzer.Warning, Position: f.Position,
		What: fmt.Sprintf("loading is projected to take %.0f to %.0f s at %d MB: Lambda ends the init phase after %d s, and the invocation after its timeout of %d s",
			load.Low/1000, load.High/1000, c.memory(), maxInitMillis/1000, timeout),
		Do:        "set a larger memory size, which is more CPU",
		Changes:   "a millisecond costs more, and there are fewer of them",
		Source:    "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html",
		Projected: "constants of " + c.constants.Date,
	}}
}

// tuned advises the memory size that AWS Lambda Power Tuning found best.
func tuned(f analyzer.Function, c costs) []Advice {
	best, set := c.usage.MemoryMB, f.MemoryMB
	if best == 0 || best == set || f.MemoryUnknown {
		return recommended(f, c)
	}
	return []Advice{{
		Code: "memory-untuned", Kind: string(lint.Price), Severity: analyzer.Note, Position: f.Position,
		What:    fmt.Sprintf("runs with %d MB; AWS Lambda Power Tuning measured %d MB as best", cmp.Or(set, defaultMB), best),
		Do:      fmt.Sprintf("set the memory size to %d MB", best),
		Changes: "a millisecond has another price, and invocations another duration",
		Source:  "https://github.com/alexcasalboni/aws-lambda-power-tuning",
		Costs:   c.memories(cmp.Or(set, defaultMB), best),
	}}
}

// recommended advises the memory size that AWS Compute Optimizer recommends.
func recommended(f analyzer.Function, c costs) []Advice {
	found := coldstart.RecommendationFor(f, c.recommended)
	if found == nil || c.usage.Tuned {
		return nil
	}
	what := fmt.Sprintf("runs with %d MB; AWS Compute Optimizer recommends %d MB", found.CurrentMB, found.BestMB)
	if found.Reason != "" {
		what = fmt.Sprintf("runs with %d MB and %s; AWS Compute Optimizer recommends %d MB", found.CurrentMB, found.Reason, found.BestMB)
	}
	return []Advice{{
		Code: "memory-untuned", Kind: string(lint.Price), Severity: analyzer.Note, Position: f.Position,
		What: what, Do: fmt.Sprintf("set the memory size to %d MB", found.BestMB),
		Changes:   "a millisecond has another price, and invocations another duration",
		Source:    "https://docs.aws.amazon.com/compute-optimizer/latest/ug/view-lambda-recommendations.html",
		Costs:     c.memories(found.CurrentMB, found.BestMB),
		Projected: found.Saves,
	}}
}

// memories compares the price of a second at two memory sizes in MB.
func (c costs) memories(set, best int) string {
	price, known := c.prices.PerGBSecond(c.usage.Region, c.function.Architecture)
	if !known {
		return ""
	}
	return fmt.Sprintf("1,000 s are %s %.4g at %d MB and %.4g at %d MB, before the shorter or longer duration (list prices of %s)",
		c.prices.Currency, 1000*price*float64(set)/1024, set, 1000*price*float64(best)/1024, best, c.prices.Date)
}

// architectures compares the prices of both architectures.
func (c costs) architectures() string {
	x86, known := c.prices.PerGBSecond(c.usage.Region, "x86_64")
	arm, both := c.prices.PerGBSecond(c.usage.Region, "arm64")
	if !known || !both || x86 <= 0 {
		return ""
	}
	return fmt.Sprintf("a GB-second is %s %.10g on arm64 and %.10g on x86_64: %.0f%% less (list prices of %s)", c.prices.Currency, arm, x86, 100*(1-arm/x86), c.prices.Date)
}
