package reporters

import (
	"cmp"
	"maps"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
)

// maxCauses limits the list. The omitted causes are small, and the function deltas
// contain them.
const maxCauses = 200

// causes collects the reasons for changed sizes, function by function.
type causes struct {
	base, head *Chains
	found      map[causeKey]*gathered
}

// causeKey identifies a cause: changes of several functions with equal keys are one
// cause.
type causeKey struct{ kind, name, path, from, to string }

// gathered is a cause that is being collected.
type gathered struct {
	Cause
	by   map[string]int64 // unzipped, by function
	with map[PackageBytes]*PackageBytes
	// way belongs to the function that changed most.
	way  way
	most int64
}

// stdPackage is Go's standard library, as a package of its own.
const stdPackage = "std"

// way is the start and end of an import chain. The chain itself is computed only for the
// causes that are listed.
type way struct {
	in        *Chains
	entry, to int
}

func newCauses(base, head Report, o CompareOptions) *causes {
	return &causes{
		base:  NewChains(base.Inputs, o.LocateBase),
		head:  NewChains(head.Inputs, o.Locate),
		found: map[causeKey]*gathered{},
	}
}

// add collects the changes of one function. If a package was added, updated or removed
// together with another one that imports it, the change counts for that other package:
// the first changed package on the chain from the entry point is the cause, with all that
// follows it.
func (c *causes) add(b, f Function, d FunctionDelta) {
	if len(d.Packages) == 0 && len(d.Inputs) == 0 {
		return
	}
	added, removed := map[owner]PackageDelta{}, map[owner]PackageDelta{}
	for _, p := range d.Packages {
		switch p.Kind {
		case KindNew, KindDuplicate:
			added[owner{p.Name, p.To}] = p
		case KindRemoved:
			removed[owner{p.Name, p.From}] = p
		case KindMoved:
			added[owner{p.Name, p.To}] = p
			removed[owner{p.Name, p.From}] = p
		}
	}
	after, before := c.head.tree(f.EntryInput), c.base.tree(b.EntryInput)
	for _, p := range d.Packages {
		if by := max(p.Unzipped.By(), -p.Unzipped.By()); p.Name == RowOwn || IsRow(p.Name) && (by < 512 || by*500 < d.Unzipped.Before) {
			continue // listed by file, or negligible
		}
		cause, to := p, after.first(owner{p.Name, p.To})
		switch p.Kind {
		case KindNew, KindDuplicate, KindMoved:
			cause = after.cause(to, added, p)
		case KindRemoved:
			to = before.first(owner{p.Name, p.From})
			cause = before.cause(to, removed, p)
		}
		w := way{c.head, f.EntryInput, to}
		switch {
		case cause.Kind == KindRemoved:
			w = way{c.base, b.EntryInput, before.first(owner{cause.Name, cause.From})}
		case cause != p:
			w.to = after.first(owner{cause.Name, cause.To})
		}
		c.count(f.ID, cause, p, w)
	}
	for _, in := range d.Inputs {
		if in.Package != "" {
			continue
		}
		w := way{c.head, f.EntryInput, c.head.at(in.Path)}
		if in.Unzipped.After == 0 {
			w = way{c.base, b.EntryInput, c.base.at(in.Path)}
		}
		c.get(causeKey{kind: KindCode, path: in.Path}).count(f.ID, PackageDelta{Unzipped: in.Unzipped, Zipped: in.Zipped}, w)
	}
}

// count adds one package of one function to its cause.
func (c *causes) count(function string, cause, p PackageDelta, w way) {
	g := c.get(causeKey{cause.Kind, cause.Name, "", cause.From, cause.To})
	g.count(function, p, w)
	if cause != p {
		key := PackageBytes{Name: p.Name, Version: cmp.Or(p.To, p.From)}
		if g.with[key] == nil {
			g.with[key] = &PackageBytes{Name: key.Name, Version: key.Version}
		}
		g.with[key].Unzipped += p.Unzipped.By()
		g.with[key].Zipped += p.Zipped.By()
	}
}

func (c *causes) get(key causeKey) *gathered {
	g := c.found[key]
	if g == nil {
		g = &gathered{by: map[string]int64{}, with: map[PackageBytes]*PackageBytes{}}
		g.Cause = Cause{Kind: key.kind, Package: key.name, Path: key.path, From: key.from, To: key.to}
		c.found[key] = g
	}
	return g
}

func (g *gathered) count(function string, p PackageDelta, w way) {
	g.Unzipped += p.Unzipped.By()
	g.Zipped += p.Zipped.By()
	g.by[function] += p.Unzipped.By()
	if by := max(g.by[function], -g.by[function]); g.way.in == nil || by > g.most {
		g.most, g.way = by, w
	}
}

// list returns the causes: growth first, then savings, each sorted by size.
func (c *causes) list() []Cause {
	all := slices.Collect(maps.Values(c.found))
	slices.SortFunc(all, func(a, b *gathered) int {
		return cmp.Or(cmp.Compare(max(b.Unzipped, -b.Unzipped), max(a.Unzipped, -a.Unzipped)), cmp.Compare(a.Package, b.Package),
			cmp.Compare(a.Path, b.Path), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	all = all[:min(len(all), maxCauses)]
	slices.SortStableFunc(all, func(a, b *gathered) int {
		growth := func(g *gathered) int {
			if g.Unzipped > 0 {
				return 0
			}
			return 1
		}
		return cmp.Compare(growth(a), growth(b))
	})
	var list []Cause
	for _, g := range all {
		g.Functions = slices.SortedFunc(maps.Keys(g.by), func(a, b string) int {
			return cmp.Or(cmp.Compare(max(g.by[b], -g.by[b]), max(g.by[a], -g.by[a])), cmp.Compare(a, b))
		})
		g.Most = g.by[g.Functions[0]]
		for _, w := range g.with {
			g.With = append(g.With, *w)
		}
		slices.SortFunc(g.With, func(a, b PackageBytes) int {
			return cmp.Or(cmp.Compare(max(b.Unzipped, -b.Unzipped), max(a.Unzipped, -a.Unzipped)), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Version, b.Version))
		})
		if g.Package != stdPackage { // almost every import leads there, so a chain explains nothing
			g.Chain = g.way.in.tree(g.way.entry).links(g.way.to)
		}
		g.Position = site(g.Chain)
		if i := g.way.to; g.Kind == KindCode && i >= 0 && g.way.in.inputs[i].Format != "go" {
			g.Position = analyzer.Position{File: g.Path}
		}
		list = append(list, g.Cause)
	}
	return list
}
