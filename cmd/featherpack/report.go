package main

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/output"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/pipeline"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/projection"
	"github.com/featherpack/featherpack/reporters/coldstart"
)

var reportCommand = command{
	name: "report", operands: "FILE", summary: "print a saved report in any format",
	help: `Reads a report.json that a build wrote and prints it in another format. If you
give constants, prices or a number of invocations, cold starts are projected
again with them.

Examples:
  featherpack report .featherpack/report.json
  featherpack report .featherpack/report.json -o html=report.html
  featherpack report -o json .featherpack/report.json | jq .totals
  unzip -p artifact.zip report.json | featherpack report -`,
	flags: func(set *pflag.FlagSet) func(context.Context, *terminal, []string) int {
		formats := set.StringArrayP("output", "o", nil, "`FORMAT[=FILE]`: report format, see featherpack help reports (repeatable, default text)")
		verbose := set.BoolP("verbose", "v", false, "also print waterfalls and packages")
		var typed coldStartFlags
		typed.declare(set)
		return func(_ context.Context, t *terminal, args []string) int {
			t.verbose = *verbose
			return reportFile(t, *formats, typed, args)
		}
	},
}

func reportFile(t *terminal, formats []string, typed coldStartFlags, args []string) int {
	sinks, err := output.Parse(formats, false, false)
	if err != nil {
		return t.fail(err)
	}
	if len(args) != 1 {
		return t.fail(analyzer.Usage("report needs one file", "for example .featherpack/report.json"))
	}
	report, err := readReport(args[0])
	if err != nil {
		return t.fail(err)
	}
	if typed.given() {
		settings, err := typed.settings()
		if err != nil {
			return t.fail(err)
		}
		terms, err := projection.Terms(settings, analyzer.Project{})
		if err != nil {
			return t.fail(err)
		}
		report = coldstart.Refill(report, terms)
	}
	if err := t.write(sinks, report); err != nil {
		return t.fail(err)
	}
	return exitGood
}

// coldStartFlags holds the inputs of a projection, as typed. Each flag overrides
// the setting of the same name below "coldStart" in featherpack.yaml.
type coldStartFlags struct {
	coefficients, prices, region string
	invocations, coldShare       float64
	powerTuning                  []string
	computeOptimizer             string
}

func (c *coldStartFlags) declare(set *pflag.FlagSet) {
	set.StringVar(&c.coefficients, "coefficients", "", "`FILE`: constants of the cold-start model, from featherpack calibrate")
	set.Float64Var(&c.invocations, "invocations", 0, "`N`: invocations of each function a month, to price its cold starts")
	set.Float64Var(&c.coldShare, "cold-share", 0, "`PERCENT`: share of invocations that start cold (default: 1 is assumed, and marked so)")
	set.StringVar(&c.region, "region", "", "`REGION`: AWS region of the prices, such as eu-west-1")
	set.StringVar(&c.prices, "prices", "", "`FILE`: price table to use instead of the built-in one")
	set.StringArrayVar(&c.powerTuning, "power-tuning", nil, "`[GLOB=]FILE`: output of AWS Lambda Power Tuning, whose memory size is priced (repeatable)")
}

// given reports whether any of these flags was typed.
func (c *coldStartFlags) given() bool {
	return c.coefficients != "" || c.prices != "" || c.region != "" || c.invocations != 0 || c.coldShare != 0 || len(c.powerTuning) > 0
}

var regionName = regexp.MustCompile(`^[a-z]{2}(-[a-z0-9]+)+$`)

// settings validates the flags. Files are relative to the current folder.
func (c *coldStartFlags) settings() (analyzer.ColdStartSettings, error) {
	s := analyzer.ColdStartSettings{Coefficients: c.coefficients, Prices: c.prices, Region: c.region, Invocations: c.invocations, ColdShare: c.coldShare / 100, ComputeOptimizer: c.computeOptimizer}
	switch {
	case !(c.invocations >= 0 && c.invocations <= 1e15):
		return s, analyzer.Usage(fmt.Sprintf("--invocations %g is not a valid number of invocations a month", c.invocations), "for example --invocations 10000000")
	case !(c.coldShare >= 0 && c.coldShare <= 100):
		return s, analyzer.Usage(fmt.Sprintf("--cold-share %g is not between 0 and 100 percent", c.coldShare), "for example --cold-share 0.5")
	case c.region != "" && !regionName.MatchString(c.region):
		return s, analyzer.Usage(fmt.Sprintf("--region %q is not a region", c.region), "for example --region eu-west-1")
	}
	for _, text := range c.powerTuning {
		glob, name, named := strings.Cut(text, "=")
		if !named {
			glob, name = "**", text
		}
		if !doublestar.ValidatePattern(glob) {
			return s, analyzer.Usage(fmt.Sprintf("--power-tuning %q does not begin with a valid glob", text), "give a file, or GLOB=FILE")
		}
		if s.PowerTuning == nil {
			s.PowerTuning = map[string]string{}
		}
		s.PowerTuning[glob] = name
	}
	return s, nil
}

// read arranges that the terms are read as soon as the project is known, so that a
// mistake in them is reported before anything is built. The result is filled in
// then.
func (c *coldStartFlags) read(o *pipeline.Options) *coldstart.Terms {
	terms := &coldstart.Terms{}
	o.Discovered = func(p analyzer.Project) error {
		typed, err := c.settings()
		if err != nil {
			return err
		}
		*terms, err = projection.Terms(typed, p)
		return err
	}
	return terms
}
