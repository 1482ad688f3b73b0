package advise

import (
	"cmp"
	"fmt"

	"github.com/featherpack/featherpack/analyzer/lint"
)

// settingsAdvice is the advice about what the manifest sets for a function, priced.
func settingsAdvice(q Question, addons bool) (all []Advice) {
	for _, found := range lint.AdviseSettings(q.Function, addons) {
		a := told(found)
		if a.Code == "arm64-possible" {
			a.Costs = architecturePrices(q)
		}
		all = append(all, a)
	}
	return append(all, tuned(q)...)
}

// tuned advises the memory size that AWS Lambda Power Tuning found best.
func tuned(q Question) []Advice {
	best, set := q.Usage.MemoryMB, q.Function.MemoryMB
	if best == 0 || best == set || q.Function.MemoryUnknown {
		return nil
	}
	const defaultMB = 128
	return []Advice{{
		Code: "memory-untuned", Position: q.Function.Position,
		What:    fmt.Sprintf("runs with %d MB; AWS Lambda Power Tuning measured %d MB as best", cmp.Or(set, defaultMB), best),
		Do:      fmt.Sprintf("set the memory size to %d MB", best),
		Changes: "a millisecond has another price, and invocations another duration",
		Source:  "https://github.com/alexcasalboni/aws-lambda-power-tuning",
		Costs:   memoryPrices(q, cmp.Or(set, defaultMB), best),
	}}
}

// memoryPrices compares the price of a second at two memory sizes in MB.
func memoryPrices(q Question, set, best int) string {
	price, known := q.Prices.PerGBSecond(q.Usage.Region, q.Function.Architecture)
	if !known {
		return ""
	}
	return fmt.Sprintf("1,000 s are %s %.4g at %d MB and %.4g at %d MB, before the shorter or longer duration (list prices of %s)",
		q.Prices.Currency, 1000*price*float64(set)/1024, set, 1000*price*float64(best)/1024, best, q.Prices.Date)
}

// architecturePrices compares the prices of both architectures.
func architecturePrices(q Question) string {
	x86, known := q.Prices.PerGBSecond(q.Usage.Region, "x86_64")
	arm, both := q.Prices.PerGBSecond(q.Usage.Region, "arm64")
	if !known || !both || x86 <= 0 {
		return ""
	}
	return fmt.Sprintf("a GB-second is %s %.10g on arm64 and %.10g on x86_64: %.0f%% less (list prices of %s)", q.Prices.Currency, arm, x86, 100*(1-arm/x86), q.Prices.Date)
}
