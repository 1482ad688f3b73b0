package reporters

import (
	"cmp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/parallel"
	"github.com/featherpack/featherpack/packager"
)

// Built is the result of building one function.
type Built struct {
	Bundle packager.Bundle
	// Artifact is nil when the function failed.
	Artifact *packager.Artifact
}

// Names for bytes that do not belong to a package. The builders and the packer have
// more such rows, also in parentheses.
const (
	// RowOwn is the project's own code.
	RowOwn = "(own code)"
	// RowIncluded is files that the manifest's patterns added.
	RowIncluded = "(included files)"
)

// StatusBuilt is the [Function.Status] of a function with an artifact. [StatusFailed] is
// the status of a function without one.
const StatusBuilt = "built"

// New makes the report of a run. The result depends only on the arguments, but not on the
// order of built and of the graph's inputs. New does not modify its arguments. settings
// are the run's settings; a function's are in its bundle. Values that may contain secrets
// are omitted.
func New(project analyzer.Project, built []Built, graph *analyzer.Graph, settings []packager.Setting, toolVersion string) Report {
	inputs, renumbered := listInputs(graph, built)
	r := Report{
		Schema:   SchemaVersion,
		Tool:     Tool{Name: "featherpack", Version: toolVersion},
		Settings: sortedSettings(settings),
		Skipped:  sortedSkipped(project.Skipped),
		Inputs:   inputs,
	}
	said := map[string][]analyzer.Diagnostic{}
	for _, b := range built {
		said[b.Bundle.ID] = nil
	}
	for _, d := range project.Diagnostics {
		if _, ours := said[d.Function]; ours && d.Function != "" {
			said[d.Function] = append(said[d.Function], d)
		} else {
			r.Diagnostics = append(r.Diagnostics, d)
		}
	}
	r.Diagnostics = analyzer.SortDiagnostics(r.Diagnostics)
	folders := installedFolders(inputs)
	r.Functions = make([]Function, len(built))
	twice := make([][]Duplicate, len(built))
	parallel.Each(len(built), func(i int) {
		b := built[i]
		r.Functions[i] = newFunction(b, said[b.Bundle.ID], inputs, renumbered)
		twice[i] = duplicates(b, inputs, folders, renumbered)
	})
	r.Duplicates = slices.Concat(twice...)
	sortFunctions(r.Functions)
	sortDuplicates(r.Duplicates)
	r.Totals = Total(r.Functions)
	return r
}

func sortFunctions(functions []Function) {
	slices.SortFunc(functions, func(a, b Function) int { return cmp.Compare(a.ID, b.ID) })
}

func sortDuplicates(duplicates []Duplicate) {
	slices.SortFunc(duplicates, func(a, b Duplicate) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(a.Package, b.Package), cmp.Compare(a.Function, b.Function))
	})
}

// listInputs returns the inputs that the built functions reach, sorted by path, and their
// new index by their index in the graph.
func listInputs(graph *analyzer.Graph, built []Built) (inputs []analyzer.Input, renumbered numbers) {
	if graph == nil {
		graph = &analyzer.Graph{}
	}
	used := make([]bool, len(graph.Inputs))
	use := func(i int) {
		if i >= 0 && i < len(used) {
			used[i] = true
		}
	}
	for _, b := range built {
		if b.Artifact == nil {
			continue
		}
		use(b.Bundle.Entry)
		for _, i := range b.Bundle.Reached {
			use(i)
		}
		for _, s := range b.Artifact.Shares {
			use(s.Input)
		}
	}
	var order []int
	for i, is := range used {
		if is {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(graph.Inputs[a].Path, graph.Inputs[b].Path), cmp.Compare(a, b))
	})
	renumbered = slices.Repeat(numbers{-1}, len(used))
	for to, from := range order {
		renumbered[from] = to
	}
	inputs = make([]analyzer.Input, len(order))
	for to, from := range order {
		in := graph.Inputs[from]
		var imports []analyzer.Import
		for _, im := range in.Imports {
			if at, ok := renumbered.of(im.To); ok {
				im.To = at
				imports = append(imports, im)
			}
		}
		in.Imports = sortedImports(imports)
		inputs[to] = in
	}
	return inputs, renumbered
}

// numbers are the indices of inputs in a report by those in the graph, -1 for none.
type numbers []int

func (n numbers) of(i int) (at int, known bool) {
	if i < 0 || i >= len(n) || n[i] < 0 {
		return 0, false
	}
	return n[i], true
}

// sortedImports sorts imports in place and drops those that are there twice.
func sortedImports(imports []analyzer.Import) []analyzer.Import {
	slices.SortFunc(imports, func(a, b analyzer.Import) int {
		return cmp.Or(cmp.Compare(a.To, b.To), cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(a.Specifier, b.Specifier), cmp.Compare(a.Line, b.Line))
	})
	return slices.Compact(imports)
}

func newFunction(b Built, said []analyzer.Diagnostic, inputs []analyzer.Input, renumbered numbers) Function {
	f := Function{
		Function:   withoutSecrets(b.Bundle.Function),
		Status:     StatusFailed,
		EntryInput: -1,
		Settings:   sortedSettings(b.Bundle.Settings),
	}
	f.ID = b.Bundle.ID
	f.Diagnostics = append(slices.Clone(said), b.Bundle.Diagnostics...)
	if b.Artifact != nil {
		f.Status = StatusBuilt
		artifact := *b.Artifact
		if artifact.Entries == nil {
			artifact.Entries = []packager.Entry{}
		}
		f.Artifact = &artifact
		if at, ok := renumbered.of(b.Bundle.Entry); ok {
			f.EntryInput = at
		}
		f.Unbundled = b.Bundle.Unbundled
		f.Waterfall = append(slices.Clone(b.Bundle.Waterfall), packager.Step{Name: "zipped", Bytes: artifact.ZipBytes})
		f.Limits = limits(artifact, f.Layers)
		f.Packages = packageBytes(artifact.Shares, inputs, renumbered)
		f.Inputs = inputBytes(artifact.Shares, renumbered)
		f.Kept = slices.Clone(b.Bundle.Kept)
		slices.SortFunc(f.Kept, func(a, b packager.Kept) int {
			return cmp.Or(cmp.Compare(a.Package, b.Package), cmp.Compare(a.Reason, b.Reason))
		})
		f.Diagnostics = append(f.Diagnostics, artifact.Diagnostics...)
		f.Diagnostics = append(f.Diagnostics, overLimits(f)...)
	}
	for i := range f.Diagnostics {
		f.Diagnostics[i].Function = f.ID
	}
	f.Diagnostics = analyzer.SortDiagnostics(f.Diagnostics)
	return f
}

// withoutSecrets removes build settings that may contain tokens. If one of them changes,
// the artifact's digest still changes.
func withoutSecrets(f analyzer.Function) analyzer.Function {
	const set = "(set)"
	hide := func(s string) string {
		if s == "" {
			return ""
		}
		return set
	}
	f.Environment = nil
	f.Layers, f.Patterns = slices.Clone(f.Layers), slices.Clone(f.Patterns)
	for i, layer := range f.Layers {
		f.Layers[i] = f.Shown(layer)
	}
	for i, pattern := range f.Patterns {
		f.Patterns[i].Glob = f.Shown(pattern.Glob)
	}
	f.Written = nil
	f.Build.Banner, f.Build.Footer = hide(f.Build.Banner), hide(f.Build.Footer)
	if len(f.Build.Define) > 0 {
		names := make(map[string]string, len(f.Build.Define))
		for name := range f.Build.Define {
			names[name] = set
		}
		f.Build.Define = names
	}
	f.Build.LDFlags = slices.Clone(f.Build.LDFlags)
	for i, flag := range f.Build.LDFlags { // "-X main.token=..."
		if name, _, ok := strings.Cut(flag, "="); ok {
			f.Build.LDFlags[i] = name + "=" + set
		}
	}
	return f
}

// packageBytes adds up shares by package, largest compressed size first.
func packageBytes(shares []packager.Share, inputs []analyzer.Input, renumbered numbers) []PackageBytes {
	at := map[PackageBytes]int{}
	var rows []PackageBytes
	for _, s := range shares {
		key := rowOf(s, inputs, renumbered)
		i, ok := at[key]
		if !ok {
			i = len(rows)
			at[key] = i
			rows = append(rows, key)
		}
		rows[i].Unzipped += s.Unzipped
		rows[i].Zipped += s.Zipped
	}
	slices.SortFunc(rows, func(a, b PackageBytes) int {
		return cmp.Or(cmp.Compare(b.Zipped, a.Zipped), cmp.Compare(b.Unzipped, a.Unzipped),
			cmp.Compare(a.Name, b.Name), cmp.Compare(a.Version, b.Version))
	})
	return rows
}

func rowOf(s packager.Share, inputs []analyzer.Input, renumbered numbers) PackageBytes {
	at, ok := renumbered.of(s.Input)
	switch {
	case ok && inputs[at].Package == "":
		return PackageBytes{Name: RowOwn}
	case ok:
		return PackageBytes{Name: inputs[at].Package, Version: inputs[at].Version}
	case IsRow(s.Row):
		return PackageBytes{Name: s.Row}
	}
	return PackageBytes{Name: RowIncluded}
}

// IsRow reports whether a name is a named row and not a package.
func IsRow(name string) bool {
	return strings.HasPrefix(name, "(") && strings.HasSuffix(name, ")")
}

// inputBytes returns the inputs' own shares, in the report's order of inputs.
func inputBytes(shares []packager.Share, renumbered numbers) []InputBytes {
	var list []InputBytes
	for _, s := range shares {
		if at, ok := renumbered.of(s.Input); ok && (s.Unzipped != 0 || s.Zipped != 0) {
			list = append(list, InputBytes{Input: at, Unzipped: s.Unzipped, Zipped: s.Zipped})
		}
	}
	slices.SortFunc(list, byInput)
	return list
}

func byInput(a, b InputBytes) int { return cmp.Compare(a.Input, b.Input) }

// Total adds up the functions of a report.
func Total(functions []Function) Totals {
	t := Totals{Functions: len(functions), UnbundledZipExact: true}
	known := false
	for _, f := range functions {
		if f.Artifact == nil {
			t.Failed++
			continue
		}
		t.ZipBytes += f.Artifact.ZipBytes
		t.UnzippedBytes += f.Artifact.UnzippedBytes
		if f.Unbundled != nil {
			known = true
			t.UnbundledBytes += f.Unbundled.Bytes
			t.UnbundledZipBytes += f.Unbundled.ZipBytes
			t.UnbundledZipExact = t.UnbundledZipExact && f.Unbundled.ZipExact
		}
	}
	t.UnbundledZipExact = t.UnbundledZipExact && known
	return t
}

func sortedSettings(settings []packager.Setting) []packager.Setting {
	settings = slices.Clone(settings)
	slices.SortStableFunc(settings, func(a, b packager.Setting) int { return cmp.Compare(a.Name, b.Name) })
	return settings
}

func sortedSkipped(skipped []analyzer.Skipped) []analyzer.Skipped {
	skipped = slices.Clone(skipped)
	slices.SortFunc(skipped, func(a, b analyzer.Skipped) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Service, b.Service), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Reason, b.Reason))
	})
	return skipped
}
