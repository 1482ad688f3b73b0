package reporters

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
)

// CompareOptions say what was compared. The zero value works.
type CompareOptions struct {
	// Ref and Method are for [Baseline].
	Ref, Method string
	// Partial is set if head holds only some of the functions, so that missing functions do
	// not count as removed.
	Partial bool
	// Locate returns the position of an import in the source. It is called only for the links
	// of import chains. Without it, the file is the input's path and the line is the graph's, if
	// set.
	Locate func(from analyzer.Input, im analyzer.Import) analyzer.Position
	// LocateBase is the same for the baseline's sources. It locates removed code.
	LocateBase func(from analyzer.Input, im analyzer.Import) analyzer.Position
}

// Compare returns head with the [Delta] since base.
func Compare(base, head Report, o CompareOptions) Report {
	d := &Delta{Functions: []FunctionDelta{}, Baseline: Baseline{Ref: o.Ref, Method: o.Method, Tool: base.Tool, Differs: differences(base, head)}}
	before, removed := match(base, head, o.Partial)
	causes := newCauses(base, head, o)
	for _, f := range head.Functions {
		b := before[f.ID]
		fd := compareFunction(base, head, b, f)
		d.Functions = append(d.Functions, fd)
		if fd.Compared() {
			d.Zip.Before, d.Zip.After = d.Zip.Before+fd.Zip.Before, d.Zip.After+fd.Zip.After
			d.Unzipped.Before, d.Unzipped.After = d.Unzipped.Before+fd.Unzipped.Before, d.Unzipped.After+fd.Unzipped.After
			causes.add(*b, f, fd)
		}
		if f.Artifact != nil && fd.Status != StatusSame {
			d.Redeploy = append(d.Redeploy, f.ID)
		}
	}
	for _, f := range removed {
		fd := FunctionDelta{ID: f.ID, Status: StatusRemoved, Globbed: f.Globbed()}
		if f.Artifact != nil {
			fd.Zip.Before, fd.Unzipped.Before = f.Artifact.ZipBytes, f.Artifact.UnzippedBytes
		}
		d.Functions = append(d.Functions, fd)
	}
	slices.SortStableFunc(d.Functions, func(a, b FunctionDelta) int { return cmp.Compare(a.ID, b.ID) })
	d.Causes = causes.list()
	d.NewDuplicates = newDuplicates(base, head, before)
	if base.Advice != nil && head.Advice != nil {
		d.AdviceCompared = true
		head.Advice = markNewAdvice(base, head, before)
	}
	head.Delta = d
	return head
}

// NoBaseline returns head with a [Delta] that says why there is nothing to compare with.
// It prevents a reader from assuming that nothing changed.
func NoBaseline(head Report, why string) Report {
	d := &Delta{Functions: []FunctionDelta{}, Baseline: Baseline{Missing: why}}
	for _, f := range head.Functions {
		fd := FunctionDelta{ID: f.ID, Status: StatusNoBaseline}
		if f.Artifact == nil {
			fd.Status = StatusFailed
		} else {
			fd.Zip.After, fd.Unzipped.After = f.Artifact.ZipBytes, f.Artifact.UnzippedBytes
		}
		d.Functions = append(d.Functions, fd)
	}
	head.Delta = d
	return head
}

// differences lists differences between two runs that do not come from the project.
func differences(base, head Report) []string {
	var list []string
	if base.Tool.Version != head.Tool.Version {
		list = append(list, fmt.Sprintf("featherpack %s, now %s", base.Tool.Version, head.Tool.Version))
	}
	return append(list, settingsDiffer(base.Settings, head.Settings)...)
}

func settingsDiffer(before, after []packager.Setting) []string {
	values := map[string][2]string{}
	for i, settings := range [][]packager.Setting{before, after} {
		for _, s := range settings {
			v := values[s.Name]
			v[i] = s.Value
			values[s.Name] = v
		}
	}
	var list []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if v := values[name]; v[0] != v[1] {
			list = append(list, fmt.Sprintf("%s %s, now %s", name, cmp.Or(v[0], "not set"), cmp.Or(v[1], "not set")))
		}
	}
	return list
}

// compareFunction compares a function with its baseline b, which may be nil.
func compareFunction(base, head Report, b *Function, f Function) FunctionDelta {
	d := FunctionDelta{ID: f.ID}
	if f.Artifact != nil {
		d.Zip.After, d.Unzipped.After = f.Artifact.ZipBytes, f.Artifact.UnzippedBytes
	}
	if b != nil && b.Artifact != nil {
		d.Zip.Before, d.Unzipped.Before = b.Artifact.ZipBytes, b.Artifact.UnzippedBytes
	}
	switch {
	case f.Artifact == nil:
		d.Status = StatusFailed
	case b == nil:
		d.Status = StatusNew
	case b.Artifact == nil:
		d.Status = StatusNoBaseline
	case renamed(*b, f):
		d.Status = StatusRenamed
	case b.Artifact.SHA256 == f.Artifact.SHA256:
		d.Status = StatusSame
	default:
		d.Status = StatusChanged
	}
	if !d.Compared() {
		return d
	}
	if b.ID != f.ID {
		d.From = b.ID
	}
	d.Differs = functionsDiffer(*b, f)
	if was, ok := LoadTime(*b); ok {
		if is, ok := LoadTime(f); ok {
			if b.Artifact.SHA256 == f.Artifact.SHA256 && len(d.Differs) == 0 {
				was = is // equal bytes: the difference between the runs is noise
			}
			d.Load = &Change{was, is}
		}
	}
	if b.Artifact.SHA256 != f.Artifact.SHA256 {
		d.Packages = comparePackages(b.Packages, f.Packages)
		d.Inputs = compareInputs(base, head, *b, f)
	}
	return d
}

func functionsDiffer(b, f Function) []string {
	about := func(f Function) []packager.Setting {
		return append([]packager.Setting{
			{Name: "runtime", Value: f.Runtime}, {Name: "architecture", Value: f.Architecture},
		}, f.Settings...)
	}
	return settingsDiffer(about(b), about(f))
}

// comparePackages lists packages whose unzipped bytes or version changed. Zipped bytes
// alone do not count: they are apportioned, so they change with other packages.
func comparePackages(before, after []PackageBytes) []PackageDelta {
	type sides struct{ before, after map[string]PackageBytes }
	names := map[string]*sides{}
	for side, list := range [][]PackageBytes{before, after} {
		for _, p := range list {
			s := names[p.Name]
			if s == nil {
				s = &sides{map[string]PackageBytes{}, map[string]PackageBytes{}}
				names[p.Name] = s
			}
			if side == 0 {
				s.before[p.Version] = p
			} else {
				s.after[p.Version] = p
			}
		}
	}
	var list []PackageDelta
	for _, name := range slices.Sorted(maps.Keys(names)) {
		list = append(list, compareVersions(name, names[name].before, names[name].after)...)
	}
	slices.SortStableFunc(list, func(a, b PackageDelta) int {
		return cmp.Or(cmp.Compare(b.Unzipped.By(), a.Unzipped.By()), cmp.Compare(a.Name, b.Name), cmp.Compare(a.To, b.To))
	})
	return list
}

// compareVersions pairs equal versions first. Then it pairs the remaining versions of
// both sides in order, as moves from one version to the other.
func compareVersions(name string, before, after map[string]PackageBytes) []PackageDelta {
	var list []PackageDelta
	var removed, added []string
	for _, v := range slices.Sorted(maps.Keys(before)) {
		if _, ok := after[v]; !ok {
			removed = append(removed, v)
		}
	}
	for _, v := range slices.Sorted(maps.Keys(after)) {
		b, ok := before[v]
		if !ok {
			added = append(added, v)
			continue
		}
		d := packageDelta(name, b, after[v])
		switch by := d.Unzipped.By(); {
		case by > 0:
			d.Kind = KindGrew
		case by < 0:
			d.Kind = KindShrank
		default:
			continue
		}
		list = append(list, d)
	}
	for len(removed) > 0 && len(added) > 0 {
		d := packageDelta(name, before[removed[0]], after[added[0]])
		d.Kind = KindMoved
		list = append(list, d)
		removed, added = removed[1:], added[1:]
	}
	for _, v := range removed {
		d := packageDelta(name, before[v], PackageBytes{})
		d.Kind = KindRemoved
		list = append(list, d)
	}
	for i, v := range added {
		d := packageDelta(name, PackageBytes{}, after[v])
		d.Kind = KindNew
		if len(before) > 0 || i > 0 {
			d.Kind = KindDuplicate
		}
		list = append(list, d)
	}
	return list
}

func packageDelta(name string, b, a PackageBytes) PackageDelta {
	return PackageDelta{
		Name: name, From: b.Version, To: a.Version,
		Unzipped: Change{b.Unzipped, a.Unzipped}, Zipped: Change{b.Zipped, a.Zipped},
	}
}

// compareInputs lists the inputs whose unzipped bytes changed, by path.
func compareInputs(base, head Report, b, f Function) []InputDelta {
	at := map[string]*InputDelta{}
	side := func(r Report, shares []InputBytes, after bool) {
		for _, s := range shares {
			in := r.Inputs[s.Input]
			d := at[in.Path]
			if d == nil {
				d = &InputDelta{Path: in.Path}
				at[in.Path] = d
			}
			d.Package = in.Package
			if after {
				d.Unzipped.After += s.Unzipped
				d.Zipped.After += s.Zipped
			} else {
				d.Unzipped.Before += s.Unzipped
				d.Zipped.Before += s.Zipped
			}
		}
	}
	side(base, b.Inputs, false)
	side(head, f.Inputs, true)
	var list []InputDelta
	for _, path := range slices.Sorted(maps.Keys(at)) {
		if at[path].Unzipped.By() != 0 {
			list = append(list, *at[path])
		}
	}
	return list
}

// newDuplicates returns the copies that a function has now and did not have before.
func newDuplicates(base, head Report, before map[string]*Function) []Duplicate {
	type key struct{ function, name string }
	had := map[key]int{}
	for _, d := range base.Duplicates {
		had[key{d.Function, d.Package}] = len(d.Copies)
	}
	var list []Duplicate
	for _, d := range head.Duplicates {
		was := 1
		if b := before[d.Function]; b != nil {
			was = max(1, had[key{b.ID, d.Package}])
		}
		if len(d.Copies) <= was {
			continue
		}
		// It is not always known which copy is new, so count the smallest ones.
		d.Bytes = 0
		for _, c := range d.Copies[was:] {
			d.Bytes += c.Bytes
		}
		list = append(list, d)
	}
	slices.SortStableFunc(list, func(a, b Duplicate) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(a.Package, b.Package), cmp.Compare(a.Function, b.Function))
	})
	return list
}
