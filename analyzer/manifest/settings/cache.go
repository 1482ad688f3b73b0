package settings

import (
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

// minCache is the smallest cache, in bytes: one that cannot hold a function is of no use.
const minCache = 64 << 20

// readCache reads "cache" into p. The nearest featherpack.yaml counts.
func readCache(c *Checker, p *analyzer.Project, v *yamltree.Value) {
	if !c.Object(v, "cache", []string{"size"}) || !v.Get("size").Has() {
		return
	}
	at := v.Get("size")
	s, ok := c.Text(at, "cache.size")
	if !ok {
		return
	}
	m := sizePattern.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil || !sane(m[1]) {
		c.Fail(at.At, "write a size such as 2 GiB", "cache.size: %q is not a size", s)
		return
	}
	n, _ := strconv.ParseFloat(m[1], 64) // the pattern matches
	if n *= sizeUnits[m[2]]; n < minCache {
		c.Fail(at.At, "write a size such as 2 GiB", "cache.size: %s is less than 64 MiB", s)
		return
	}
	p.CacheBytes = int64(n)
}

// sizeUnits are those of sizePattern, in bytes.
var sizeUnits = map[string]float64{
	"": 1, "B": 1, "kB": 1e3, "KB": 1e3, "MB": 1e6, "GB": 1e9, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30,
}
