package coldstart

import "math"

// nodeLoad estimates the load of Node modules. It ignores source beyond the size that the
// model's data covers.
func (c Coefficients) nodeLoad(in Input) Range {
	var r Range
	if in.Before.Unbundled != in.After.Unbundled && in.Before.LoadedBytes > 0 && in.After.LoadedBytes > 0 {
		r = c.bundled(in)
	} else {
		r = c.alike(in)
	}
	r = r.add(exactly(float64(in.Before.MapBytes-in.After.MapBytes) / megabyte).times(c.Node.PerMapMB.Range))
	if in.Architecture == "arm64" {
		r = r.times(c.Node.ARM64.Range)
	}
	return r
}

// part is something that a load consists of: how much of it, and what one of it costs.
type part struct {
	amount Range
	per    Range
}

// parts are those of a side's load, the same in the same order for every side.
func (c Coefficients) parts(s Side, runtime string) []part {
	if s.LoadedBytes == 0 {
		s = Side{}
	}
	n, limit := c.Node, c.Node.CapMB.Central*megabyte
	loaded := min(float64(s.LoadedBytes), limit)
	bundled, inFiles, late := loaded, 0.0, min(float64(s.LazyBytes), limit)
	files, es, other := 0, 0, 0
	if s.Unbundled { // JSON costs as much as code in a bundle; what loads late is not read
		bundled = min(float64(s.DataBytes), loaded)
		inFiles, late = loaded-bundled, 0
		files, es, other = s.LoadedFiles-s.ESFiles-s.OtherBuilds, s.ESFiles, s.OtherBuilds
	} else {
		files = max(s.LoadedFiles-1, 0)
	}
	evaluated := exactly(bundled / megabyte)
	if s.Compiled {
		evaluated = evaluated.times(n.Compiled.Range)
	}
	base := 0.0
	if s.LoadedBytes > 0 {
		base = 1
	}
	return []part{
		{evaluated, n.PerMB.Range},
		{exactly(inFiles / megabyte), n.PerMBInFiles.Range},
		{exactly(late / megabyte), n.PerLateMB.Range},
		{exactly(float64(files)), n.PerFile.Range},
		{exactly(float64(es)), n.PerESFile.Range},
		{exactly(float64(other)), n.PerOtherBuild.Range},
		{exactly(float64(s.KeptBytes) / megabyte), n.PerKeptMB.Range},
		{exactly(float64(s.Addons)), n.PerAddon.Range},
		{exactly(builtInMillis(s.BuiltIns, runtime)), n.BuiltIns.Range},
		{exactly(base), n.Base.Range},
	}
}

// alike is the saving between sides that load in the same way, so that whatever a constant
// is, it is that of both.
func (c Coefficients) alike(in Input) (r Range) {
	after := c.parts(in.After, in.Runtime)
	for i, b := range c.parts(in.Before, in.Runtime) {
		amount := b.amount.add(after[i].amount.negated())
		if i == 0 && in.Before.Compiled && in.After.Compiled { // and so is the share that is left
			share := c.Node.Compiled.Range
			amount = exactly((b.amount.Central - after[i].amount.Central) / max(share.Central, 0.01)).times(share)
		}
		r = r.add(amount.times(b.per))
	}
	return r
}

// bundled is the saving between files and a bundle. Their constants differ, and each side
// is in doubt: by the share Doubt of what both cost together, as the root of the sum of
// squares, and of Base. The doubt about Lambda's speed concerns both alike.
func (c Coefficients) bundled(in Input) Range {
	before, after := c.central(in.Before, in.Runtime), c.central(in.After, in.Runtime)
	saving, factor := before-after, c.Node.Factor
	doubt := c.Node.Doubt.Central * (math.Hypot(before, after) + c.Node.Base.High - c.Node.Base.Central)
	slower, faster := factor.High/factor.Central-1, 1-factor.Low/factor.Central
	if saving < 0 {
		slower, faster = faster, slower
	}
	return Range{saving - math.Hypot(doubt, saving*faster), saving, saving + math.Hypot(doubt, saving*slower)}
}

// central is the likeliest load of a side.
func (c Coefficients) central(s Side, runtime string) (sum float64) {
	for _, p := range c.parts(s, runtime) {
		sum += p.amount.Central * p.per.Central
	}
	return sum
}
