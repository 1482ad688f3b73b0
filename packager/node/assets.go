package node

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/trace"
	"github.com/featherpack/featherpack/analyzer/trace/native"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// mustStayFiles returns the packages in the function whose code finds native
// addons in ways that a bundle breaks: by the caller's file name, by looking
// through folders, or by names computed for each platform.
func (b *builder) mustStayFiles(j *job, result linked, inputs map[string]metaInput) []string {
	found := map[string]bool{}
	for _, name := range result.reached {
		dir := installed.PackageDir(name)
		if dir == "" || result.output.Inputs[name].BytesInOutput == 0 {
			continue
		}
		if m := b.finding(j, name); m != nil && len(m.Addons) > 0 {
			found[installed.NameOf(dir)] = true
		}
		for _, im := range inputs[name].Imports {
			if locators[installed.PackageName(im.Original)] != "" {
				found[installed.NameOf(dir)] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// finding is what the tracer said of an input, nil where it needs nothing.
func (b *builder) finding(j *job, input string) *trace.Result {
	finding, _ := j.resolution.Finding(b.absolute(input))
	return finding
}

// placement is what a function ships beside its bundle.
type placement struct {
	files       []packager.File
	kept        []packager.Kept
	diagnostics []analyzer.Diagnostic
	assets      map[string]int64 // read by bundled modules, relative to the root, with their sizes
	fromCWD     map[string]int64 // those that are found from the working folder
	through     map[string]bool  // folders that must be there, relative to the root
	astray      bool             // a path would lead elsewhere in the zip
	tree        *fileTree        // what must be followed file by file; nil without
	// again says that the plan grew and the function is to be linked anew.
	again bool
}

// Bounds of code that is shipped both in the bundle and beside it, in bytes of
// the bundle and as the part of it, beyond which the packages that hold it stay
// files: the smaller zip is then worth more than the faster load.
const (
	maxTwice     = 128 << 10
	maxTwicePart = 0.25
)

// twice plans the packages as files whose code the bundle holds although their
// files must ship too, because they start a worker or load themselves by path.
// Once one stays, so do all: a package that is there twice has two states.
func (b *builder) twice(j *job, tree *fileTree, result linked) bool {
	total, out := 0, 0
	packages, modules := map[string]map[string]bool{}, map[string]bool{}
	for _, name := range result.reached {
		n := int(result.output.Inputs[name].BytesInOutput)
		out += n
		dir := installed.PackageDir(name)
		if n == 0 || dir == "" {
			continue
		}
		if b.packages.IsESM(name) {
			modules[installed.NameOf(dir)] = true
		}
		if packages[installed.NameOf(dir)] == nil {
			packages[installed.NameOf(dir)] = map[string]bool{}
		}
		packages[installed.NameOf(dir)][dir] = true
		if tree.code[name] {
			total += n
		}
	}
	if len(j.plan.whole) == 0 && (total < maxTwice || float64(total) < maxTwicePart*float64(out)) {
		return false
	}
	changed := false
	for _, in := range tree.sorted() {
		// Of several versions only one could lie where the bundle looks for it, and
		// what a bundle requires although it is an ES module no runtime does.
		if dirs := packages[in.name]; len(dirs) == 1 && dirs[b.packages.Relative(in.dir)] && !modules[in.name] && add(&j.plan.files, in.name) {
			add(&j.plan.whole, in.name)
			changed = true
		}
	}
	return changed
}

// gather collects the files that the function's modules look for at run time:
// what bundled modules read, at the place their edited text says, and the
// packages that stay files, with what they reach.
func (b *builder) gather(ctx context.Context, j *job, result linked, inputs map[string]metaInput) (placement, error) {
	assets := map[string]int64{}
	p := placement{assets: assets, fromCWD: map[string]int64{}, through: map[string]bool{}}
	var requests []request
	var loads map[string]bool
	for _, name := range result.reached {
		if result.output.Inputs[name].BytesInOutput == 0 {
			continue
		}
		if path.Ext(name) == ".node" {
			b.addAddon(j, name, assets, &p)
		}
		for _, im := range inputs[name].Imports {
			if pkg := installed.PackageName(im.Path); im.External && pkg != "" && slices.Contains(j.plan.files, pkg) {
				if loads == nil {
					loads = b.loadedAtStart(j, result, inputs)
				}
				requests = append(requests, request{
					dir: filepath.Dir(b.absolute(name)), specifier: im.Path, kind: j.plan.askedBy(im.Kind), guarded: j.resolution.Guarded(b.absolute(name), im.Path),
					insists: loads[name] && (im.Kind == "import-statement" || j.resolution.RequiredAtLoad(b.absolute(name), im.Path)),
				})
			}
		}
		m := b.finding(j, name)
		if m == nil {
			continue
		}
		if installed.Archived(name) {
			if len(m.Addons) > 0 || slices.ContainsFunc(m.Assets, func(a trace.Asset) bool { return len(a.Files) > 0 }) {
				p.diagnostics = append(p.diagnostics, b.unplug(j, name))
			}
			continue
		}
		for _, a := range m.Assets {
			b.addAsset(j, name, a, assets, &p)
			for _, file := range a.Files {
				if isCode(file) && !a.Served { // what it requires must be there too
					requests = append(requests, request{dir: filepath.Dir(b.absolute(file)), file: b.absolute(file)})
				}
			}
		}
		for _, ref := range m.Modules {
			if bundled(ref) {
				continue
			}
			for _, c := range ref.Candidates {
				if !ref.FromCWD && c.Path != "" && (c.Specifier == c.Path || bareOnly(c.Specifier) == "") {
					p.astray = p.astray || b.leadsAstray(j, name, c.Path)
				}
				requests = append(requests, request{dir: filepath.Dir(b.absolute(name)), specifier: bareOnly(c.Specifier), file: b.absolute(c.Path)})
			}
		}
		for _, e := range m.Edits {
			if e.Path != "" {
				requests = append(requests, request{dir: filepath.Dir(b.absolute(name)), file: b.absolute(e.Path)})
			}
		}
		b.tellUncertain(j, name, *m, &p)
	}
	if len(requests) > 0 {
		tree, err := b.collect(ctx, j, requests)
		if err != nil {
			return p, err
		}
		p.tree, p.again = tree, b.twice(j, tree, result)
		p.astray = p.astray || slices.ContainsFunc(tree.problems, func(p problem) bool { return p.misplaced })
	}
	if p.astray && !j.plan.wide {
		j.plan.wide, p.again = true, true
	}
	return p, nil
}

// place puts what was gathered where the code will look for it.
func (b *builder) place(j *job, p *placement) {
	names := map[string]bool{}
	if tree := p.tree; tree != nil {
		for _, file := range tree.archived {
			p.diagnostics = append(p.diagnostics, b.unplug(j, b.packages.Relative(file)))
		}
		p.files = tree.pack()
		p.kept = b.tellKept(j, tree)
		p.diagnostics = append(p.diagnostics, b.checkFiles(j, tree)...)
		p.diagnostics = append(p.diagnostics, b.checkAddons(j, tree)...)
		p.diagnostics = append(p.diagnostics, tree.checkPlaces()...)
		for _, f := range p.files {
			names[f.Name] = true
		}
	}
	put := func(assets map[string]int64, layout string) {
		for _, file := range slices.Sorted(maps.Keys(assets)) {
			if name := b.zipPath(layout, file); !names[name] {
				names[name] = true
				p.files = append(p.files, packager.File{
					Name: name, Source: b.absolute(file),
					Parts: []packager.Part{{Input: b.internFile(file, assets[file]), Bytes: assets[file]}},
				})
			}
		}
	}
	put(p.assets, j.layout())
	put(p.fromCWD, j.f.CodeDir)
	names[outputName(j.f, j.plan)] = true
	for _, folder := range slices.Backward(slices.Sorted(maps.Keys(p.through))) {
		// A zip holds no folders, only files in them.
		if dir := b.zipPath(j.layout(), folder); !holds(names, dir) {
			names[dir+"/.folder"] = true
			p.files = append(p.files, packager.File{Name: dir + "/.folder", Content: []byte{}, Parts: []packager.Part{{Input: -1, Row: "(folders that paths go through)"}}})
		}
	}
}

// holds reports whether any of the names lies in a folder.
func holds(names map[string]bool, dir string) bool {
	for name := range names {
		if dir == "." || strings.HasPrefix(name, dir+"/") {
			return true
		}
	}
	return false
}

// isCode reports whether a file is JavaScript that Node could load.
func isCode(file string) bool {
	switch path.Ext(file) {
	case ".js", ".cjs", ".mjs":
		return true
	}
	return false
}

func bareOnly(specifier string) string {
	if installed.PackageName(specifier) == "" {
		return ""
	}
	return specifier
}

// metaKinds turns the metafile's names of import kinds into the API's.
var metaKinds = map[string]api.ResolveKind{
	"import-statement": api.ResolveJSImportStatement, "require-call": api.ResolveJSRequireCall,
	"dynamic-import": api.ResolveJSDynamicImport, "require-resolve": api.ResolveJSRequireResolve,
}

// askedBy is how the finished code asks for a module: in CommonJS output an
// import statement has become a require.
func (p plan) askedBy(kind string) api.ResolveKind {
	if !p.esm && kind == "import-statement" {
		return api.ResolveJSRequireCall
	}
	return metaKinds[kind]
}

// maxAssetBytes bounds what one function's code may read into its zip: Lambda's
// limit on an unzipped function.
const maxAssetBytes = 262_144_000

// addAsset ships what a module reads at run time.
func (b *builder) addAsset(j *job, module string, a trace.Asset, assets map[string]int64, p *placement) {
	at := analyzer.Position{File: module, Line: a.Line, Column: a.Column}
	if a.Bytes > maxAssetBytes {
		p.diagnostics = append(p.diagnostics, analyzer.Diagnostic{
			Code: "assets-too-large", Severity: analyzer.Error, Function: j.id, Position: at,
			Message: fmt.Sprintf("%s may read %d bytes, more than Lambda allows in a function", a.Why, a.Bytes),
			Hint:    "read from a narrower folder, or fetch the data at run time",
		})
		return
	}
	for _, file := range a.Files {
		if info, err := os.Stat(b.absolute(file)); err == nil && info.Mode().IsRegular() {
			if a.FromCWD {
				p.fromCWD[file] = info.Size()
				continue
			}
			assets[file] = info.Size()
			p.astray = p.astray || b.leadsAstray(j, module, file)
		}
	}
	for _, folder := range a.Through {
		p.through[folder] = true
	}
	if b.tellStray(j, a, at, p) || len(a.Files) > 0 || a.Optional || a.Path == "" {
		return
	}
	d := analyzer.Diagnostic{
		Code: "missing-file", Severity: analyzer.Note, Function: j.id, Position: at,
		Message: fmt.Sprintf("%s reads %s, which does not exist", a.Why, a.Path),
		Hint:    "if the function makes it, it should do so below /tmp, the only folder Lambda lets it write to",
	}
	if installed.PackageDir(module) == "" {
		d.Severity = analyzer.Warning
	}
	p.diagnostics = append(p.diagnostics, d)
}

// leadsAstray reports whether the path from a module to a file is another in
// the zip: the file lies outside of the folder that becomes the zip's root.
func (b *builder) leadsAstray(j *job, module, file string) bool {
	rel, err := filepath.Rel(path.Dir(module), file)
	at := path.Join(path.Dir(b.zipPath(j.layout(), module)), filepath.ToSlash(rel))
	return err != nil || at != b.zipPath(j.layout(), file)
}

// tellStray refuses a file that is read by its path and lies behind a link out
// of the root. Where a folder or a pattern is meant, such links stay out, which
// is said.
func (b *builder) tellStray(j *job, a trace.Asset, at analyzer.Position, p *placement) (told bool) {
	for _, link := range a.Stray {
		real, err := filepath.EvalSymlinks(b.absolute(link))
		if err != nil {
			continue // leads nowhere
		}
		d := analyzer.Diagnostic{
			Code: "outside-root", Severity: analyzer.Refused, Function: j.id, Position: at,
			Message: fmt.Sprintf("%s reads %s, a link that leads out of the project's root", a.Why, link),
			Hint:    "copy what it leads to into the project",
		}
		if installed.Inside(b.packages.Root(), real) { // only the way there is absolute, and another machine's is another
			d.Code, d.Severity = "absolute-link", analyzer.Error
			d.Message = fmt.Sprintf("%s reads %s, a link by an absolute path", a.Why, link)
			d.Hint = "make the link relative"
		}
		switch {
		case a.Optional:
			d.Severity = analyzer.Note
		case a.Path == "" || a.Folder:
			d.Severity = analyzer.Warning
			d.Message = strings.Replace(d.Message, " reads ", " may read ", 1) + ", which stays out"
		}
		p.diagnostics = append(p.diagnostics, d)
		told = true
	}
	return told
}

// addAddon ships a native addon that bundled code requires by a plain string,
// with the shared libraries it links, after checking what it was made for.
func (b *builder) addAddon(j *job, file string, assets map[string]int64, p *placement) {
	if d := b.wrongPlatform(j, file); d != nil {
		p.diagnostics = append(p.diagnostics, *d)
		return
	}
	for _, name := range append([]string{file}, native.Libraries(b.packages.FS(), file)...) {
		if info, err := os.Stat(b.absolute(name)); err == nil && info.Mode().IsRegular() {
			assets[name] = info.Size()
		}
	}
}

// wrongPlatform says what is wrong with a native addon for this function, nil
// when it fits.
func (b *builder) wrongPlatform(j *job, file string) *analyzer.Diagnostic {
	target := targetOf(j.f)
	name := installed.NameOf(installed.PackageDir(file))
	d := &analyzer.Diagnostic{
		Code: "wrong-platform", Severity: analyzer.Error, Function: j.id, Position: analyzer.Position{File: file},
		Hint: fmt.Sprintf("npm install --os=linux --cpu=%s --libc=glibc %s", target.CPU, name),
	}
	platform, err := native.ReadFile(b.packages.FS(), file)
	switch {
	case err != nil:
		d.Message = fmt.Sprintf("the native addon of %s %v", name, err)
		d.Hint = fmt.Sprintf("install %s again: npm install --force %s", name, name)
	case !platform.Fits(target):
		d.Message = fmt.Sprintf("the native addon of %s is for %s, and the function runs on %s", name, platform, target)
	default:
		return nil
	}
	return d
}

// tellUncertain notes what could not be computed.
func (b *builder) tellUncertain(j *job, module string, r trace.Result, p *placement) {
	for _, u := range r.Uncertain {
		if u.Guarded {
			continue
		}
		by, severity := "", analyzer.Warning
		if dir := installed.PackageDir(module); dir != "" {
			by, severity = installed.NameOf(dir)+": ", analyzer.Note
			if u.TooMuch {
				severity = analyzer.Warning
			}
		}
		p.diagnostics = append(p.diagnostics, analyzer.Diagnostic{
			Code: "not-computed", Severity: severity, Function: j.id, Position: analyzer.Position{File: module, Line: u.Line, Column: u.Column},
			Message: fmt.Sprintf("%s%s in %s", by, u.Reason, u.Trigger),
			Hint:    "if the function needs what it leads to, name it in build.include, or test the artifact with --boot",
		})
	}
}

// tellKept sums up the packages that stay files, and says why.
func (b *builder) tellKept(j *job, tree *fileTree) []packager.Kept {
	var kept []packager.Kept
	for _, in := range tree.sorted() {
		if len(in.files) == 0 {
			continue
		}
		k := packager.Kept{Package: in.name, Files: len(in.files), Reason: "required by a package that stays as files"}
		for _, size := range in.files {
			k.Bytes += size
		}
		switch {
		case in.name == "":
			k.Package, k.Reason = "(own files)", "started or loaded by path at run time"
		case j.tracer != "" && slices.Contains(j.plan.files, in.name):
			k.Reason = j.tracer + " instruments it by hooking require"
		case slices.Contains(j.plan.whole, in.name):
			k.Reason = "would ship twice: workers or code loaded by path need it too"
		case slices.Contains(j.plan.files, in.name):
			k.Reason = "loads a native addon"
		case slices.ContainsFunc(slices.Sorted(maps.Keys(in.files)), func(f string) bool { return strings.HasSuffix(f, ".node") }):
			k.Reason = "holds a native addon"
		}
		kept = append(kept, k)
	}
	return kept
}

// internFile puts a file that is copied as it is into the graph.
func (b *builder) internFile(file string, size int64) int {
	g := b.options.Graph
	i := g.Intern(file)
	if g.Inputs[i].Bytes == 0 {
		in := &g.Inputs[i]
		in.Bytes, in.Format = size, "asset"
		if path.Ext(file) == ".node" {
			in.Format = "addon"
		}
		if dir, m := b.packages.PackageOf(file); dir != "" {
			in.Package = installed.NameOf(dir)
			if m != nil {
				in.Version = m.Version
			}
		}
	}
	return i
}
