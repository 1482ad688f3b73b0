package settings

import (
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// coldStartKeys are the keys of "coldStart".
var coldStartKeys = []string{"coefficients", "prices", "region", "invocations", "coldShare", "powerTuning", "computeOptimizer"}

var (
	regionPattern = regexp.MustCompile(`^[a-z]{2}(-[a-z0-9]+)+$`)
	countPattern  = regexp.MustCompile(`^[0-9]{1,15}$`)
)

// readColdStart reads "coldStart" over s, which holds the settings of the parent
// folders. Its files are relative to the featherpack.yaml. They must be inside the
// project's root.
func readColdStart(c *Checker, s *analyzer.ColdStartSettings, v *yamltree.Value, dir string) {
	if !c.Object(v, "coldStart", coldStartKeys) {
		return
	}
	named := func(v *yamltree.Value, where string) string {
		name, ok := c.Text(v, where)
		if !ok {
			return ""
		}
		rel := path.Join(dir, name)
		if name == "" || path.IsAbs(name) || strings.ContainsAny(name, "\\\x00") || !projectfs.Inside(rel) {
			c.Fail(v.At, "name a file of the project, relative to this one", "%s %q is not within the project's root", where, name)
			return ""
		}
		return rel
	}
	if at := v.Get("coefficients"); at.Has() {
		s.Coefficients = named(at, "coldStart.coefficients")
	}
	if at := v.Get("prices"); at.Has() {
		s.Prices = named(at, "coldStart.prices")
	}
	if at := v.Get("computeOptimizer"); at.Has() {
		s.ComputeOptimizer = named(at, "coldStart.computeOptimizer")
	}
	if at := v.Get("region"); at.Has() {
		region, ok := c.Text(at, "coldStart.region")
		if ok && !regionPattern.MatchString(region) {
			c.Fail(at.At, "for example eu-west-1", "coldStart.region %q is not a region", region)
		}
		s.Region = region
	}
	if at := v.Get("invocations"); at.Has() {
		n, ok := c.Text(at, "coldStart.invocations")
		if n = strings.ReplaceAll(n, "_", ""); ok && !countPattern.MatchString(n) {
			c.Fail(at.At, "write the invocations of a month in digits, such as 10_000_000", "coldStart.invocations must be a whole number")
		} else if ok {
			s.Invocations, _ = strconv.ParseFloat(n, 64)
		}
	}
	if at := v.Get("coldShare"); at.Has() {
		share, ok := c.Text(at, "coldStart.coldShare")
		if m := sharePattern.FindStringSubmatch(share); ok && m != nil {
			s.ColdShare, _ = strconv.ParseFloat(m[1], 64)
			s.ColdShare /= 100
		}
		if ok && !(s.ColdShare > 0 && s.ColdShare <= 1) {
			c.Fail(at.At, "write the part of the invocations that start cold, such as 1%", "coldStart.coldShare %q is no share between 0%% and 100%%", share)
		}
	}
	if at := v.Get("powerTuning"); at.Has() {
		s.PowerTuning = readPowerTuning(c, at, named)
	}
}

// readPowerTuning reads one file for all functions, or a file for each glob.
func readPowerTuning(c *Checker, v *yamltree.Value, named func(*yamltree.Value, string) string) map[string]string {
	files := map[string]string{}
	if v.Scalar() {
		files["**"] = named(v, "coldStart.powerTuning")
	} else if c.Mapping(v, "coldStart.powerTuning") {
		for i, k := range v.Keys {
			if hint := BadGlob(k.Name); hint != "" {
				c.Fail(k.At, hint, "coldStart.powerTuning: %q is not a valid glob", k.Name)
				continue
			}
			files[k.Name] = named(v.Items[i], "coldStart.powerTuning."+k.Name)
		}
	}
	return files
}
