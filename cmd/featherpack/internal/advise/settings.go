package advise

import (
	"cmp"
	"fmt"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/lint"
)

// settingsAdvice is the advice about what the manifest sets for a function, priced.
func settingsAdvice(f analyzer.Function, addons bool, c costs) (all []Advice) {
	for _, found := range lint.AdviseSettings(f, addons, today()) {
		a := told(found)
		a.Projected = c.projected(ruleOf(a.Code), nil, nil)
		if a.Code == "arm64-possible" {
			a.Costs = c.architectures()
		}
		all = append(all, a)
	}
	return append(all, tuned(f, c)...)
}

// tuned advises the memory size that AWS Lambda Power Tuning found best.
func tuned(f analyzer.Function, c costs) []Advice {
	best, set := c.usage.MemoryMB, f.MemoryMB
	if best == 0 || best == set || f.MemoryUnknown {
		return nil
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
