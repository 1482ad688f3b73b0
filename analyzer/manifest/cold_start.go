package manifest

import (
	"path"
	"regexp"
	"strconv"
	"strings"
)

// coldStartKeys are the settings of "coldStart".
var coldStartKeys = []string{"coefficients", "prices", "region", "invocations", "coldShare", "powerTuning"}

var (
	regionPattern = regexp.MustCompile(`^[a-z]{2}(-[a-z0-9]+)+$`)
	countPattern  = regexp.MustCompile(`^[0-9]{1,15}$`)
)

// readColdStart lays "coldStart" over that of the folders above. Its files are
// relative to the featherpack.yaml and never outside the project's root.
func (d *discovery) readColdStart(c *checker, v *value, dir string) {
	if !c.object(v, "coldStart", coldStartKeys) {
		return
	}
	s := &d.project.ColdStart
	named := func(v *value, where string) string {
		name, ok := c.text(v, where)
		if !ok {
			return ""
		}
		rel := path.Join(dir, name)
		if name == "" || path.IsAbs(name) || strings.ContainsAny(name, "\\\x00") || !inside(rel) {
			c.fail(v.at, "name a file of the project, relative to this one", "%s %q is not within the project's root", where, name)
			return ""
		}
		return rel
	}
	if at := v.get("coefficients"); at.has() {
		s.Coefficients = named(at, "coldStart.coefficients")
	}
	if at := v.get("prices"); at.has() {
		s.Prices = named(at, "coldStart.prices")
	}
	if at := v.get("region"); at.has() {
		region, ok := c.text(at, "coldStart.region")
		if ok && !regionPattern.MatchString(region) {
			c.fail(at.at, "for example eu-west-1", "coldStart.region %q is not a region", region)
		}
		s.Region = region
	}
	if at := v.get("invocations"); at.has() {
		n, ok := c.text(at, "coldStart.invocations")
		if n = strings.ReplaceAll(n, "_", ""); ok && !countPattern.MatchString(n) {
			c.fail(at.at, "write the invocations of a month in digits, such as 10_000_000", "coldStart.invocations must be a whole number")
		} else if ok {
			s.Invocations, _ = strconv.ParseFloat(n, 64)
		}
	}
	if at := v.get("coldShare"); at.has() {
		share, ok := c.text(at, "coldStart.coldShare")
		if m := sharePattern.FindStringSubmatch(share); ok && m != nil {
			s.ColdShare, _ = strconv.ParseFloat(m[1], 64)
			s.ColdShare /= 100
		}
		if ok && !(s.ColdShare > 0 && s.ColdShare <= 1) {
			c.fail(at.at, "write the part of the invocations that start cold, such as 1%", "coldStart.coldShare %q is no share between 0%% and 100%%", share)
		}
	}
	d.readPowerTuning(c, v.get("powerTuning"), named)
}

// readPowerTuning takes one file for all functions, or a file for each glob.
func (d *discovery) readPowerTuning(c *checker, v *value, named func(*value, string) string) {
	if !v.has() {
		return
	}
	files := map[string]string{}
	if v.scalar() {
		files["**"] = named(v, "coldStart.powerTuning")
	} else if c.mapping(v, "coldStart.powerTuning") {
		for i, k := range v.keys {
			if hint := badGlob(k.name); hint != "" {
				c.fail(k.at, hint, "coldStart.powerTuning: %q is not a valid glob", k.name)
				continue
			}
			files[k.name] = named(v.items[i], "coldStart.powerTuning."+k.name)
		}
	}
	d.project.ColdStart.PowerTuning = files
}
