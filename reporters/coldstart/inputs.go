package coldstart

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/parallel"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/reporters"
)

// Compared is a function with two sides to compare.
type Compared struct {
	ID string `json:"id"`
	// Before is "unbundled" or "baseline".
	Before string `json:"before"`
	Input  Input  `json:"input"`
}

// ForReport makes an input for every function that has both sides. With a baseline
// the sides are the artifacts of the baseline and the head. Without one (base is
// nil) the first side is what a zip of the whole service would hold. Failed, new
// and removed functions are omitted. An unchanged function has equal sides.
//
// measured holds paired loads of a function's baseline and head, by ID. Loads in
// the reports are used only if they were measured in pairs: of the source tree and the
// artifact.
func ForReport(base *reporters.Report, head reporters.Report, measured map[string]*Load) []Compared {
	was := map[string]reporters.Function{}
	if base != nil {
		for _, f := range base.Functions {
			was[f.ID] = f
		}
	}
	from := map[string]string{}
	if head.Delta != nil {
		for _, d := range head.Delta.Functions {
			if d.From != "" {
				from[d.ID] = d.From
			}
		}
	}
	compare := func(f reporters.Function) (c Compared, ok bool) {
		if f.Artifact == nil {
			return c, false
		}
		c = Compared{ID: f.ID, Before: reporters.AgainstUnbundled, Input: inputOf(f)}
		s := sidesOf(f, head.Inputs)
		c.Input.After = s.built()
		if base == nil {
			if b := f.Boot; b != nil && len(b.SourceMillis) > 0 {
				c.Input.Measured = &Load{b.SourceMillis, b.HandlerMillis}
			}
			c.Input.Before, ok = s.unbundled()
			return c, ok
		}
		b, ok := was[cmp.Or(from[f.ID], f.ID)]
		if !ok || b.Artifact == nil {
			return c, false
		}
		c.Before, c.Input.Before, c.Input.Measured = reporters.AgainstBaseline, SideOf(b, base.Inputs), measured[f.ID]
		return c, true
	}
	all, both := make([]Compared, len(head.Functions)), make([]bool, len(head.Functions))
	parallel.Each(len(all), func(i int) { all[i], both[i] = compare(head.Functions[i]) }) // each walks through the graph
	var list []Compared
	for i, c := range all {
		if both[i] {
			list = append(list, c)
		}
	}
	return list
}

// inputOf is the input of a function without its sides.
func inputOf(f reporters.Function) Input {
	return Input{
		Family: string(f.Family), Runtime: f.Runtime, Architecture: f.Architecture, MemoryMB: f.MemoryMB,
		SnapStart: f.SnapStart, Provisioned: f.ProvisionedConcurrency, CompileCache: f.CompileCache,
	}
}

// SideOf describes a built function for the model. A module that is required inside
// a function counts as loaded at init, because the graph does not distinguish such
// calls.
func SideOf(f reporters.Function, inputs []analyzer.Input) Side { return sidesOf(f, inputs).built() }

// sides is a function with what both of its sides need.
type sides struct {
	reporters.Function
	inputs []analyzer.Input
	atInit reached
	// beside are the inputs that are files of its zip, but for the entry point. Their formats do
	// not tell: the bundle of another function may hold the same file.
	beside map[int]bool
	inZip  map[string]bool // names of entries
}

func sidesOf(f reporters.Function, inputs []analyzer.Input) *sides {
	s := &sides{Function: f, inputs: inputs, atInit: reachedAtInit(f.EntryInput, inputs), inZip: map[string]bool{}, beside: map[int]bool{}}
	if f.Artifact == nil {
		return s
	}
	for _, e := range f.Artifact.Entries {
		s.inZip[e.Name] = true
	}
	for _, share := range f.Inputs {
		if i := share.Input; i >= 0 && i < len(inputs) && i != f.EntryInput && s.inZip[zipName(f, inputs[i].Path)] {
			s.beside[i] = true
		}
	}
	return s
}

// built is the side of [SideOf].
func (of *sides) built() Side {
	f, inputs, atInit := of.Function, of.inputs, of.atInit
	if f.Artifact == nil {
		return Side{}
	}
	s := Side{ZipBytes: f.Artifact.ZipBytes, UnzippedBytes: f.Artifact.UnzippedBytes, Files: len(f.Artifact.Entries), RuntimeSDK: runtimeSDK(f)}
	evaluated := map[string]bool{}
	for _, share := range f.Inputs {
		if share.Input < 0 || share.Input >= len(inputs) || share.Unzipped <= 0 {
			continue
		}
		in := inputs[share.Input]
		switch {
		case !isModule(in):
		case of.beside[share.Input] && !atInit.in[share.Input]: // addBeside adds it
		case len(atInit.list) == 0 || atInit.in[share.Input]:
			s.LoadedBytes += in.Bytes
			s.BuiltIns = append(s.BuiltIns, in.BuiltIns...)
			if name := zipName(f, in.Path); of.inZip[name] {
				evaluated[name] = true
			}
		default:
			s.LazyBytes += in.Bytes
		}
	}
	s.BuiltIns = slices.Compact(slices.Sorted(slices.Values(s.BuiltIns)))
	s.addBeside(of)
	if s.LoadedBytes > 0 {
		s.Compiled = compiledCode(f)
		switch {
		case s.Compiled:
			s.LoadedFiles = 3 // its loader, program and compiled code
		case isShort(f):
			s.LoadedFiles = 2 // the names of its exports and its program
		default:
			s.LoadedFiles = 1 // the bundle itself
		}
	}
	for _, e := range f.Artifact.Entries {
		if strings.HasSuffix(e.Name, ".map") {
			s.MapsUnread += e.Bytes
		} else if evaluated[e.Name] && !sameFile(e, f, inputs) {
			s.LoadedFiles++ // a package that was not bundled
		}
	}
	if f.EnableSourceMaps {
		s.MapBytes, s.MapsUnread = s.MapsUnread, 0
	}
	return s
}

// Modules beside the bundle count in part: what of them is loaded is not known, but a large
// file is rarely loaded whole, nor are all files of a large package.
const (
	keptFileBytes = 30_000
	keptBytes     = 1_500_000
)

// addBeside adds what ships beside the bundle and may be loaded. The function has it without
// featherpack too. What is certainly loaded with the entry point is in LoadedBytes.
func (s *Side) addBeside(of *sides) {
	for _, share := range of.Inputs {
		if share.Input < 0 || share.Input >= len(of.inputs) || share.Unzipped <= 0 {
			continue
		}
		switch in := &of.inputs[share.Input]; {
		case in.Format == "addon":
			s.Addons++
		case of.beside[share.Input] && !of.atInit.in[share.Input] && slices.Contains([]string{".js", ".cjs", ".mjs", ".json"}, path.Ext(in.Path)):
			s.KeptBytes = min(s.KeptBytes+min(share.Unzipped, keptFileBytes), keptBytes)
		}
	}
}

// compiledCode reports whether the zip holds V8's compiled code of its program.
func compiledCode(f reporters.Function) bool {
	return slices.ContainsFunc(f.Settings, func(s packager.Setting) bool { return s.Name == "codeCache" })
}

// isShort reports whether the handler's file only lists exports, and loads the program.
func isShort(f reporters.Function) bool {
	return slices.ContainsFunc(f.Packages, func(p reporters.PackageBytes) bool { return p.Name == packager.RowNames })
}

// zipName is the name in the zip of an input that ships as a file: relative to the
// function's code, or to the folder above it that holds node_modules.
func zipName(f reporters.Function, input string) string {
	dir := cmp.Or(f.CodeDir, f.ServiceDir)
	if dir == "" || dir == "." {
		return input
	}
	if name, below := strings.CutPrefix(input, dir+"/"); below {
		return name
	}
	if i := strings.Index(input, "node_modules/"); i >= 0 {
		return input[i:]
	}
	return input
}

// sameFile reports whether an entry is the bundle at the entry point's own path.
func sameFile(e packager.Entry, f reporters.Function, inputs []analyzer.Input) bool {
	return f.EntryInput >= 0 && f.EntryInput < len(inputs) && zipName(f, inputs[f.EntryInput].Path) == e.Name
}

// UnbundledSide describes the function without featherpack: source and production
// dependencies as installed, every module in a file of its own. It is false if that
// is not known, as for Go.
func UnbundledSide(f reporters.Function, inputs []analyzer.Input) (Side, bool) {
	return sidesOf(f, inputs).unbundled()
}

// unbundled is the side of [UnbundledSide].
func (of *sides) unbundled() (Side, bool) {
	f, inputs, atInit := of.Function, of.inputs, of.atInit
	u := f.Unbundled
	if u == nil || f.Family != analyzer.Node || u.ZipBytes <= 0 {
		return Side{}, false
	}
	s := Side{ZipBytes: u.ZipBytes, UnzippedBytes: u.Bytes, Files: u.Files, Unbundled: true, RuntimeSDK: runtimeSDK(f)}
	if !u.ZipExact {
		s.ZipLow, s.ZipHigh = u.ZipLow, u.ZipHigh
	}
	requires := slices.Contains(f.Settings, packager.Setting{Name: "format", Value: "cjs"})
	for _, i := range atInit.list {
		in := inputs[i]
		if !isModule(in) {
			continue
		}
		s.LoadedBytes += in.Bytes
		s.LoadedFiles++
		s.BuiltIns = append(s.BuiltIns, in.BuiltIns...)
		switch {
		case in.Format == "json" || path.Ext(in.Path) == ".json":
			s.DataBytes += in.Bytes
		case in.Format == "esm" && !requires:
			s.ESFiles++
		case in.Format == "esm" && in.Package != "":
			s.OtherBuilds++
		}
	}
	s.BuiltIns = slices.Compact(slices.Sorted(slices.Values(s.BuiltIns)))
	s.addBeside(of)
	for _, i := range atInit.later(inputs) {
		if isModule(inputs[i]) {
			s.LazyBytes += inputs[i].Bytes
		}
	}
	return s, true
}

// isModule reports whether a file is code that is evaluated, not data that is only
// read.
func isModule(in analyzer.Input) bool {
	switch in.Format {
	case "esm", "cjs", "json":
		return true
	case "":
		return slices.Contains([]string{".js", ".cjs", ".mjs", ".ts", ".cts", ".mts", ".jsx", ".tsx", ".json"}, path.Ext(in.Path))
	}
	return false
}

// runtimeSDK reports whether the function uses the runtime's AWS SDK instead of
// bundling one.
func runtimeSDK(f reporters.Function) bool {
	return f.Build.SDK == "runtime" || slices.ContainsFunc(f.Build.External, func(name string) bool {
		return name == "aws-sdk" || strings.HasPrefix(name, "@aws-sdk/")
	})
}

// reached are some inputs of a report: a list, and whether each input is in it.
type reached struct {
	list []int
	in   []bool
}

// reachedAtInit returns the inputs that are evaluated with the entry point, none if
// the entry point is not known.
func reachedAtInit(entry int, inputs []analyzer.Input) reached {
	r := reached{in: make([]bool, len(inputs))}
	r.add(entry)
	r.follow(inputs, "import", "require")
	return r
}

// later are the other inputs that those reach, by import() too.
func (r reached) later(inputs []analyzer.Input) []int {
	r.in = slices.Clone(r.in)
	r.list = slices.Clip(r.list)
	atInit := len(r.list)
	r.follow(inputs, "import", "require", "dynamic-import")
	return r.list[atInit:]
}

func (r *reached) add(i int) {
	if i >= 0 && i < len(r.in) && !r.in[i] {
		r.in[i] = true
		r.list = append(r.list, i)
	}
}

// follow adds what the imports of these kinds lead to.
func (r *reached) follow(inputs []analyzer.Input, kinds ...string) {
	for at := 0; at < len(r.list); at++ {
		for _, im := range inputs[r.list[at]].Imports {
			if slices.Contains(kinds, im.Kind) {
				r.add(im.To)
			}
		}
	}
}
