package projection

import (
	"cmp"
	"io"
	"maps"
	"slices"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/coldstart"
)

// Terms reads the files that the flags and featherpack.yaml name. Flags take
// precedence. Their files are relative to the current folder.
func Terms(typed analyzer.ColdStartSettings, p analyzer.Project) (terms coldstart.Terms, err error) {
	own := p.ColdStart
	terms = coldstart.Terms{Prices: coldstart.DefaultPrices(), Constants: coldstart.Default()}
	if file := either(typed.Coefficients, own.Coefficients, p.Root); file.name != "" {
		terms.Own = true
		err := file.read("featherpack calibrate -o FILE writes a valid one", func(f io.Reader) error {
			terms.Constants, err = coldstart.ReadCoefficients(f)
			return err
		})
		if err != nil {
			return terms, err
		}
	}
	if file := either(typed.Prices, own.Prices, p.Root); file.name != "" {
		err := file.read("remove the setting to use the built-in table", func(f io.Reader) error {
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
	if file := either(typed.ComputeOptimizer, own.ComputeOptimizer, p.Root); file.name != "" {
		err := file.read("give what aws compute-optimizer get-lambda-function-recommendations prints", func(f io.Reader) error {
			terms.Recommended, err = coldstart.ReadOptimizer(f)
			return err
		})
		if err != nil {
			return terms, err
		}
	}
	usage := coldstart.Usage{
		Region: cmp.Or(typed.Region, own.Region), Invocations: cmp.Or(typed.Invocations, own.Invocations), ColdShare: cmp.Or(typed.ColdShare, own.ColdShare),
	}
	if usage.Invocations == 0 {
		for _, flag := range []struct {
			name  string
			typed bool
		}{{"--region", typed.Region != ""}, {"--cold-share", typed.ColdShare != 0}, {"--prices", typed.Prices != ""}, {"--power-tuning", len(typed.PowerTuning) > 0}} {
			if flag.typed {
				return terms, analyzer.Usage(flag.name+" has no effect without a number of invocations", "add --invocations N, the invocations of each function a month")
			}
		}
	}
	regions := map[string]string{}
	for _, f := range p.Functions {
		regions[f.ID] = f.Deployment.Region
	}
	terms.Usage = func(f reporters.Function) coldstart.Usage {
		u := usage
		u.Region = cmp.Or(u.Region, regions[f.ID])
		best := tuned(f)
		u.Architecture, u.MemoryMB, u.Tuned = f.Architecture, cmp.Or(best, f.MemoryMB), best > 0
		return u
	}
	return terms, nil
}

// chosenFile is a file from the command line, or one in a project's root.
type chosenFile struct{ name, root string }

// either returns the file of a flag if it is given, or else the one in
// featherpack.yaml.
func either(flag, own, root string) chosenFile {
	if flag != "" {
		return chosenFile{name: flag}
	}
	return chosenFile{own, root}
}

// maxChosen bounds a file of constants, usage or logs, in bytes.
const maxChosen = 1 << 30

// read opens the file. A file named in featherpack.yaml must be inside the root, even
// through symlinks: anyone who opens a pull request can change featherpack.yaml.
func (c chosenFile) read(hint string, read func(io.Reader) error) error {
	if c.root == "" {
		return readFile(c.name, hint, read)
	}
	f, err := projectfs.New(c.root, projectfs.Allowances{}).Open(c.name, maxChosen)
	return readOpened(f, err, c.name, hint, read)
}

// powerTuned reads memory sizes in MB from files of Power Tuning. For each function,
// the longest matching glob of the flags counts, or else that of featherpack.yaml.
func powerTuned(typed, own map[string]string, root string) (func(reporters.Function) int, error) {
	type tuning struct {
		glob   string
		memory int
	}
	var all []tuning
	add := func(files map[string]string, root string) error {
		globs := slices.SortedFunc(maps.Keys(files), func(a, b string) int { return cmp.Or(len(b)-len(a), cmp.Compare(a, b)) })
		for _, glob := range globs {
			err := chosenFile{files[glob], root}.read("give the output of the state machine's execution", func(f io.Reader) error {
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
			for _, name := range f.Globbed() {
				if ok, _ := doublestar.Match(t.glob, name); ok {
					return t.memory
				}
			}
		}
		return 0
	}, nil
}
