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

// defaultSeconds is Lambda's timeout where none is set.
const defaultSeconds = 3

// Prices of AWS Lambda that are the same in most regions, in USD, as of the price table's
// date. The authority is aws.amazon.com/lambda/pricing.
const (
	requestPrice   = 0.2e-6
	storagePrice   = 0.0000000309 // per GB-second
	hoursPerMonth  = 730
	secondsPerHour = 3600
)

// costs are the terms on which the costs of one function's advice are projected.
type costs struct {
	function  reporters.Function
	inputs    []analyzer.Input
	constants coldstart.Coefficients
	prices    coldstart.Prices
	usage     coldstart.Usage
	// recommended is that of [coldstart.Terms].
	recommended []coldstart.Recommendation
}

func costsOf(r reporters.Report, f reporters.Function, terms coldstart.Terms) costs {
	c := costs{function: f, inputs: r.Inputs, constants: terms.Constants, prices: terms.Prices, recommended: terms.Recommended}
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

// initCost is a clause about what loading costs, "" where nothing is known of it. Environments
// that are kept ready, or start from a snapshot, do not load for a request.
func (c costs) initCost() string {
	load, f := c.adds().Load, c.function
	price, known := c.perSecond()
	if !known || load.High <= 0 || f.SnapStart || f.ProvisionedConcurrency || f.MemoryUnknown {
		return ""
	}
	return fmt.Sprintf("loading is projected to take %s to %s ms more than in an empty function, which is %s %s to %s per million cold starts %s (%s)",
		millis(max(0, load.Low)), millis(load.High), c.prices.Currency, amount(max(0, load.Low)*price*1e3), amount(load.High*price*1e3), c.terms(), initBilled)
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

// adds is what the artifact adds to an on-demand start of an empty function. It is zero where
// there is no projection.
func (c costs) adds() coldstart.Projection {
	f := c.function
	in := coldstart.Input{
		Family: string(f.Family), Runtime: f.Runtime, Architecture: f.Architecture, MemoryMB: f.MemoryMB, After: coldstart.SideOf(f, c.inputs),
	}
	if measured := coldstart.MeasuredLoad(f); measured != nil {
		in.LoadedAfter = measured.Millis
	}
	p := c.constants.Adds(in)
	if p.Refused != "" {
		return coldstart.Projection{}
	}
	return p
}

// start is a clause about how much the artifact adds to a cold start on demand.
func (c costs) start() string {
	p := c.adds()
	if p.Total.High <= 0 {
		return ""
	}
	return fmt.Sprintf("a cold start of this package is projected to take %s to %s ms more than that of an empty function (constants of %s)",
		millis(max(0, p.Total.Low)), millis(p.Total.High), c.constants.Date)
}

// ready is a clause about what environments cost per month that are kept ready.
func (c costs) ready(environments int) string {
	price, date, from, known := c.prices.PerReadyGBSecond(c.usage.Region, c.function.Architecture)
	if !known {
		return ""
	}
	month := price * float64(c.memory()) / 1024 * hoursPerMonth * secondsPerHour * float64(environments)
	where := ""
	if c.usage.Region != "" {
		where = " in " + c.usage.Region
	}
	if from != "" {
		from = " (" + from + ")"
	}
	return fmt.Sprintf("%s %s a month at %d MB%s, by list prices of %s%s, on top of the requests", c.prices.Currency, amount(month), c.memory(), where, date, from)
}

// pings is a clause about what the invocations of a warmer cost per month.
func (c costs) pings(w analyzer.Warmer) string {
	price, known := c.perSecond()
	if !known || w.Minutes == 0 {
		return ""
	}
	count := hoursPerMonth * 60 / w.Minutes * max(w.Concurrency, 1)
	return fmt.Sprintf("%s invocations a month: %s %.2g for the requests, and %.2g for each 100 ms that one lasts %s",
		reporters.Count(count), c.prices.Currency, float64(count)*requestPrice, float64(count)*price*0.1, c.terms())
}

// storage is a clause about what a larger /tmp costs.
func (c costs) storage(mb int) string {
	return fmt.Sprintf("1,000,000 s are %s %.2g more than with 512 MB (list prices of %s)", c.prices.Currency, 1e6*storagePrice*float64(mb-512)/1024, c.prices.Date)
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
