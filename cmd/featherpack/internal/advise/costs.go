package advise

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/lint"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/chains"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/coldstart"
)

// initBilled says since when the time of a cold start is billed for every function.
const initBilled = "aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase"

// defaultMB is Lambda's memory size where none is set.
const defaultMB = 128

// costs are the terms on which the costs of one function's advice are projected.
type costs struct {
	function  reporters.Function
	inputs    []analyzer.Input
	constants coldstart.Coefficients
	prices    coldstart.Prices
	usage     coldstart.Usage
}

func costsOf(r reporters.Report, f reporters.Function, terms coldstart.Terms) costs {
	c := costs{function: f, inputs: r.Inputs, constants: terms.Constants, prices: terms.Prices}
	if terms.Usage != nil {
		c.usage = terms.Usage(f)
	}
	return c
}

// projected is a clause about what leaving the advice costs in time and money, with its
// range and its source, "" if that is not known. held are the inputs that it is about.
func (c costs) projected(rule lint.Rule, held map[int]bool, sum *chains.Weight) string {
	switch {
	case rule.Projected != "":
		return rule.Projected + " (" + strings.TrimPrefix(rule.ProjectedFrom, "https://") + ")"
	case rule.Kind == lint.Load:
		return c.initPrice()
	case len(held) == 0 || sum == nil:
		return ""
	}
	return c.withoutHeld(held, *sum)
}

// initPrice is what time in a cold start costs at the function's memory.
func (c costs) initPrice() string {
	price, known := c.perSecond()
	if !known {
		return ""
	}
	return fmt.Sprintf("100 ms in each cold start are %s %.3g per million cold starts %s (%s)", c.prices.Currency, price*0.1*1e6, c.terms(), initBilled)
}

// withoutHeld projects a cold start without some inputs.
func (c costs) withoutHeld(held map[int]bool, sum chains.Weight) string {
	before := coldstart.SideOf(c.function, c.inputs)
	after := before
	after.ZipBytes, after.UnzippedBytes = before.ZipBytes-sum.Zipped, before.UnzippedBytes-sum.Unzipped
	for _, i := range slices.Sorted(maps.Keys(held)) {
		if c.inputs[i].Format != "asset" {
			after.LoadedBytes -= c.inputs[i].Bytes
		}
	}
	after.LoadedBytes = max(after.LoadedBytes, 1)
	f := c.function
	p := c.constants.Project(coldstart.Input{
		Family: string(f.Family), Runtime: f.Runtime, Architecture: f.Architecture, MemoryMB: f.MemoryMB, SnapStart: f.SnapStart,
		Provisioned: f.ProvisionedConcurrency, Before: before, After: after,
	})
	if p.Refused != "" || p.Total.High < 0.1 {
		return ""
	}
	text := fmt.Sprintf("projected without all of it: %s to %s ms less in each cold start", millis(max(0, p.Total.Low)), millis(p.Total.High))
	if price, known := c.perSecond(); known && p.Load.High > 0 {
		text += fmt.Sprintf(", and %s %s to %s less per million cold starts %s",
			c.prices.Currency, amount(max(0, p.Load.Low)*price*1e3), amount(p.Load.High*price*1e3), c.terms())
	}
	return text + " (constants of " + c.constants.Date + ")"
}

func millis(ms float64) string {
	if ms < 10 {
		return fmt.Sprintf("%.1f", ms)
	}
	return fmt.Sprintf("%.0f", ms)
}

func amount(money float64) string { return fmt.Sprintf("%.2f", money) }

// perSecond is the price of a second at the function's memory.
func (c costs) perSecond() (price float64, known bool) {
	price, known = c.prices.PerGBSecond(c.usage.Region, c.function.Architecture)
	return price * float64(c.memory()) / 1024, known
}

func (c costs) memory() int {
	if c.function.MemoryMB == 0 {
		return defaultMB
	}
	return c.function.MemoryMB
}

func (c costs) terms() string {
	return fmt.Sprintf("at %d MB, by list prices of %s", c.memory(), c.prices.Date)
}
