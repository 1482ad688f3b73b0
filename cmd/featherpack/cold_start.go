package main

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/pipeline"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/coldstart"
)

// coldStartFlags are what a projection rests on, as typed. Each wins over its
// namesake below "coldStart" in featherpack.yaml.
type coldStartFlags struct {
	coefficients, prices, region string
	invocations, coldShare       float64
	powerTuning                  []string
}

func (c *coldStartFlags) declare(set *pflag.FlagSet) {
	set.StringVar(&c.coefficients, "coefficients", "", "`FILE`: constants of the cold-start model, from featherpack calibrate")
	set.Float64Var(&c.invocations, "invocations", 0, "`N`: invocations of each function a month, to price its cold starts")
	set.Float64Var(&c.coldShare, "cold-share", 0, "`PERCENT`: share of invocations that start cold (default: 1 is assumed, and marked so)")
	set.StringVar(&c.region, "region", "", "`REGION`: AWS region of the prices, such as eu-west-1")
	set.StringVar(&c.prices, "prices", "", "`FILE`: price table to use instead of the built-in one")
	set.StringArrayVar(&c.powerTuning, "power-tuning", nil, "`[GLOB=]FILE`: output of AWS Lambda Power Tuning, whose memory size is priced (repeatable)")
}

// given reports whether any of them was typed.
func (c *coldStartFlags) given() bool {
	return c.coefficients != "" || c.prices != "" || c.region != "" || c.invocations != 0 || c.coldShare != 0 || len(c.powerTuning) > 0
}

var regionName = regexp.MustCompile(`^[a-z]{2}(-[a-z0-9]+)+$`)

// settings validates the flags; files are relative to the current folder.
func (c *coldStartFlags) settings() (analyzer.ColdStartSettings, error) {
	s := analyzer.ColdStartSettings{Coefficients: c.coefficients, Prices: c.prices, Region: c.region, Invocations: c.invocations, ColdShare: c.coldShare / 100}
	switch {
	case !(c.invocations >= 0 && c.invocations <= 1e15):
		return s, analyzer.Usage(fmt.Sprintf("--invocations %g is no number of invocations a month", c.invocations), "for example --invocations 10000000")
	case !(c.coldShare >= 0 && c.coldShare <= 100):
		return s, analyzer.Usage(fmt.Sprintf("--cold-share %g is no share in percent", c.coldShare), "for example --cold-share 0.5")
	case c.region != "" && !regionName.MatchString(c.region):
		return s, analyzer.Usage(fmt.Sprintf("--region %q is not a region", c.region), "for example --region eu-west-1")
	}
	for _, text := range c.powerTuning {
		glob, name, named := strings.Cut(text, "=")
		if !named {
			glob, name = "**", text
		}
		if !doublestar.ValidatePattern(glob) {
			return s, analyzer.Usage(fmt.Sprintf("--power-tuning %q begins with no glob", text), "name a file, or GLOB=FILE")
		}
		if s.PowerTuning == nil {
			s.PowerTuning = map[string]string{}
		}
		s.PowerTuning[glob] = name
	}
	return s, nil
}

// terms reads the files that the flags and featherpack.yaml name.
func (c *coldStartFlags) terms(p analyzer.Project) (coldstart.Terms, error) {
	typed, err := c.settings()
	if err != nil {
		return coldstart.Terms{}, err
	}
	own := p.ColdStart
	terms := coldstart.Terms{Prices: coldstart.DefaultPrices(), Constants: coldstart.Default()}
	if file := either(typed.Coefficients, own.Coefficients, p.Root); file.name != "" {
		terms.Own = true
		err := file.read("featherpack calibrate -o FILE makes such a file", func(f *os.File) error {
			terms.Constants, err = coldstart.ReadCoefficients(f)
			return err
		})
		if err != nil {
			return terms, err
		}
	}
	if file := either(typed.Prices, own.Prices, p.Root); file.name != "" {
		err := file.read("leave it out for the built-in table", func(f *os.File) error {
			terms.Prices, err = coldstart.ReadPrices(f)
			return err
		})
		if err != nil {
			return terms, err
		}
	}
	tuned, err := powerTuned(typed.PowerTuning, own.PowerTuning, p.Root)
	if err != nil {
		return terms, err
	}
	usage := coldstart.Usage{
		Region: cmp.Or(typed.Region, own.Region), Invocations: cmp.Or(typed.Invocations, own.Invocations), ColdShare: cmp.Or(typed.ColdShare, own.ColdShare),
	}
	terms.Usage = func(f reporters.Function) coldstart.Usage {
		u := usage
		u.Architecture, u.MemoryMB = f.Architecture, cmp.Or(tuned(f), f.MemoryMB)
		return u
	}
	return terms, nil
}

// read has the terms read as soon as the project is known, so that a mistake in
// them costs no build.
func (c *coldStartFlags) read(s *pipeline.Options) *coldstart.Terms {
	terms := &coldstart.Terms{}
	s.Discovered = func(p analyzer.Project) error {
		var err error
		*terms, err = c.terms(p)
		return err
	}
	return terms
}

// chosenFile is a file of the command line, or one within a project's root.
type chosenFile struct{ name, root string }

// either is the file of a flag, or else the one of featherpack.yaml.
func either(flag, own, root string) chosenFile {
	if flag != "" {
		return chosenFile{name: flag}
	}
	return chosenFile{own, root}
}

// read opens the file. One that featherpack.yaml names stays within the root,
// links and all: whoever opens a pull request may write that file.
func (c chosenFile) read(hint string, read func(*os.File) error) error {
	if c.root == "" {
		return readFile(c.name, hint, read)
	}
	f, err := os.OpenInRoot(c.root, filepath.FromSlash(c.name))
	return readOpened(f, err, c.name, hint, read)
}

// powerTuned reads the memory sizes of Power Tuning's files, in MB. The longest
// glob that fits a function counts, the flags' before featherpack.yaml's.
func powerTuned(typed, own map[string]string, root string) (func(reporters.Function) int, error) {
	type tuning struct {
		glob   string
		memory int
	}
	var all []tuning
	add := func(files map[string]string, root string) error {
		globs := slices.SortedFunc(maps.Keys(files), func(a, b string) int { return cmp.Or(len(b)-len(a), cmp.Compare(a, b)) })
		for _, glob := range globs {
			err := chosenFile{files[glob], root}.read("give the output of the state machine's execution", func(f *os.File) error {
				memory, err := coldstart.ReadPowerTuning(f)
				all = append(all, tuning{glob, memory})
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	}
	if err := add(typed, ""); err != nil {
		return nil, err
	}
	if err := add(own, root); err != nil {
		return nil, err
	}
	return func(f reporters.Function) int {
		for _, t := range all {
			for _, name := range []string{f.Name, f.ID} {
				if ok, _ := doublestar.Match(t.glob, name); ok {
					return t.memory
				}
			}
		}
		return 0
	}, nil
}
