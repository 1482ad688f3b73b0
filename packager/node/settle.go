package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/trace"
	"github.com/featherpack/featherpack/analyzer/typescript"
	"github.com/featherpack/featherpack/packager/node/explain"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/kept"
	"github.com/featherpack/featherpack/packager/node/libraries"
	"github.com/featherpack/featherpack/packager/node/resolution"
)

// settled is a function whose graph and files agree with its plan, or one that
// has errors under any plan.
type settled struct {
	*linked
	parsing *parsing   // nil where it has not begun
	tree    *kept.Tree // the files that ship beside the bundle; nil when there are errors
	// nodes are the function's own part of the graph: all that it reaches where the job's
	// files are recorded, else what no other function has added.
	nodes []*analyzer.Input
	// assets are the inputs of the files beside the bundle.
	assets []analyzer.Input
}

// settle compares a function's finished graph, and the files that it needs
// beside the bundle, with its plan. Where they prove the plan wrong, settle makes
// the plan more cautious and answers again: the function must be linked again.
func (b *builder) settle(ctx context.Context, l *linked) (s *settled, again bool, err error) {
	if b.confirm(l) || len(l.Errors) > 0 && endTrial(l, nil) || b.growByGraph(l) {
		return nil, true, nil
	}
	if len(l.Errors) > 0 {
		return &settled{linked: l}, false, nil
	}
	if more, err := b.followPaths(l); err != nil || more {
		return nil, more, err
	}
	tree, err := b.collect(ctx, l)
	if err != nil {
		return nil, false, err
	}
	if b.growByFiles(l, tree) || b.growByNamesBeside(l, tree) || b.growByGlobals(l, tree) || b.growByUnusedPackages(l, tree) || endTrial(l, tree) {
		return nil, true, nil
	}
	again, err = b.tryOneBuild(l, tree)
	return &settled{linked: l, tree: tree}, again, err
}

// followPaths traces again the modules that import a path from another module, now
// that it is known which module that is. It reports whether one has more to say, so
// that it must be edited too.
func (b *builder) followPaths(l *linked) (more bool, err error) {
	exports := map[string]trace.Exports{}
	for _, input := range l.Reached {
		if finding := b.finding(l.job, input); finding != nil && len(finding.Exports) > 0 {
			exports[input] = finding.Exports
		}
	}
	if len(exports) == 0 {
		return false, nil
	}
	err = l.resolution.Run(func(build api.PluginBuild) error {
		for _, input := range l.Reached {
			known := map[string]trace.Exports{}
			for _, im := range l.Inputs[input].Imports {
				if exports[im.Path] != nil && strings.HasPrefix(im.Original, ".") {
					known[im.Path] = exports[im.Path]
				}
			}
			if len(known) > 0 {
				more = l.resolution.TraceAgain(build, b.packages.Absolute(input), known) || more
			}
		}
		return nil
	})
	return more, err
}

// growByGraph makes the plan more cautious where the graph proves it wrong, and
// reports whether it did.
func (b *builder) growByGraph(l *linked) (grew bool) {
	p := &l.plan
	if !p.exact && l.resolver.sawTwins.Load() && (len(l.Errors) > 0 || slices.ContainsFunc(l.Reached, b.hasTwin)) {
		p.exact = true
		return true
	}
	if len(l.Errors) > 0 {
		if growUnbuilt(l) || b.growBySloppyCode(l) {
			return true
		}
		grew = b.awaitsAtTop(l)
		grew = b.missingInBranches(l) || grew
		return b.distrust(l.job, l.Errors) || grew
	}
	grew = b.distrust(l.job, l.Warnings)
	found := b.foundInGraph(l)
	for _, dir := range slices.Concat(found.bothWays, found.losesClasses) {
		grew = add(&p.main, dir) || grew
	}
	grew = b.growByCopies(l) || grew
	grew = b.growByBarrels(l) || grew
	grew = b.growByNames(l) || grew
	grew = b.growBySloppyCode(l) || grew
	for _, dir := range found.dev {
		grew = add(&p.dev, dir) || grew
	}
	grew = b.growByReaders(l) || grew
	tracer, instrumented := libraries.Instrumented(l.f, l.Linked)
	if tracer != "" {
		p.tracer = tracer
	}
	for _, name := range slices.Concat(instrumented, found.findAddons) {
		grew = add(&p.files, name) || grew
	}
	return grew
}

// found are packages that a function's graph shows, whatever its plan is.
type found struct {
	bothWays, losesClasses, dev []string // by folder
	findAddons                  []string // by name
}

// foundInGraph answers once for a link: a guess is judged by one plan, and then by another.
func (b *builder) foundInGraph(l *linked) *found {
	if l.found == nil {
		l.found = &found{bothWays: b.reachedBothWays(l), losesClasses: b.losesClasses(l), dev: b.devImports(l), findAddons: b.findsAddons(l)}
	}
	return l.found
}

func (b *builder) hasTwin(input string) bool { return b.packages.HasTwin(b.packages.Absolute(input)) }

// awaitsAtTop plans an ES module where code awaits outside a function.
func (b *builder) awaitsAtTop(l *linked) (grew bool) {
	for _, m := range l.Errors {
		if !explain.TopLevelAwait(m) {
			continue
		}
		// What a CommonJS function reaches by require cannot await like that in
		// Node, so Node would take the package's other build.
		if m.Location != nil && !b.packages.IsESM(l.f.Entry) && b.distrust(l.job, []api.Message{m}) {
			grew = true
		} else if !grew && !l.plan.esm && l.f.Build.Format == "" {
			l.plan.esm, grew = true, true
		}
	}
	return grew
}

// missingInBranches plans to leave out requests that lead nowhere and that code makes
// in a branch or a catch block. In installed packages the body of a function counts
// as one too: a library loads there what few of its users need.
func (b *builder) missingInBranches(l *linked) (grew bool) {
	for _, m := range l.Errors {
		specifier, found := explain.Unresolved(m)
		if !found || m.Location == nil {
			continue
		}
		file := m.Location.File
		inPackage := installed.PackageDir(file) != ""
		requests := slices.DeleteFunc(slices.Clone(l.resolution.Requests(b.packages.Absolute(file))), func(s js.Specifier) bool {
			return s.Name != specifier
		})
		certain := slices.ContainsFunc(requests, func(s js.Specifier) bool {
			return s.Kind == "import" || s.Kind == "export" || !s.Branch && !(inPackage && s.Conditional) && !s.Guarded
		})
		if len(requests) > 0 && !certain {
			grew = add(&l.plan.leftOut, leftOut(file, specifier)) || grew
		}
	}
	return grew
}

// noExport finds the file of esbuild's two complaints about a missing export:
// the error 'No matching export in "FILE" for import' and the warning 'always
// be undefined because there is no matching export in "FILE"'.
var noExport = regexp.MustCompile(`[Nn]o matching export in "([^"]+)"`)

// distrust plans packages to be taken by their main when esbuild complains about
// their module build: an export is missing, or a file cannot be built.
func (b *builder) distrust(j *job, messages []api.Message) (grew bool) {
	blame := func(file string) {
		dir := installed.PackageDir(file)
		if dir == "" {
			return
		}
		if m := b.packages.Manifest(b.packages.Absolute(dir)); m != nil && m.Module != "" {
			grew = add(&j.plan.main, dir) || grew
		}
	}
	for _, m := range messages {
		if match := noExport.FindStringSubmatch(m.Text); match != nil {
			blame(match[1])
		} else if m.Location != nil && m.ID == "" {
			blame(m.Location.File)
		}
	}
	return grew
}

// reachedBothWays returns the packages whose module build is in the graph and
// must not be, since two copies of one package would have two states:
//
//   - something requires the package, and would get the ES module's namespace
//     where it expects module.exports;
//   - the package's CommonJS build is in the graph too, by main or by a path;
//   - the CommonJS build needs Node's files, processes or network, and the module build
//     does not: it is the same API for browsers;
//   - an ES module imports the default of a package whose CommonJS build is
//     transpiled: Node would give it the whole of module.exports. So does one that imports
//     a namespace and does more with it than read names (members.go). Where exports,
//     which Node reads too, lead to the ES build, Node takes that.
func (b *builder) reachedBothWays(l *linked) []string {
	promoted := map[string]string{} // package folder -> its CommonJS main, both relative
	mains := map[string]string{}    // the other way round
	modules := map[string]string{}  // package folder -> its module build
	for _, name := range l.Reached {
		if dir, main := b.packages.ModuleBuild(name); dir != "" {
			promoted[dir], mains[main], modules[dir] = main, dir, name
		}
	}
	if len(promoted) == 0 {
		return nil
	}
	distrusted := map[string]bool{}
	for main, dir := range mains {
		distrusted[dir] = distrusted[dir] || !b.hasExports(dir) && b.forBrowsers(modules[dir], main)
	}
	maps.DeleteFunc(distrusted, func(_ string, yes bool) bool { return !yes })
	for _, importer := range l.Reached {
		if dir, ok := mains[importer]; ok {
			distrusted[dir] = true
		}
		from := installed.PackageDir(importer)
		for _, im := range l.Inputs[importer].Imports {
			if im.External {
				continue
			}
			to := installed.PackageDir(im.Path)
			main, ok := promoted[to]
			if !ok || to == from || distrusted[to] {
				continue
			}
			switch {
			case im.Kind == "require-call" || im.Kind == "require-resolve",
				l.Inputs[im.Path].Format == "cjs",
				!b.hasExports(to) && b.packages.IsESM(importer) && !b.namedImportsOnly(importer, im.Original) && b.transpiled(main) && !b.membersOnly(importer, im.Original, main):
				distrusted[to] = true
			}
		}
	}
	b.keepDefaults(l, promoted, distrusted)
	return slices.Sorted(maps.Keys(distrusted))
}

// keepDefaults trusts packages again of which an ES module imports the default, where the
// exports lead it to the ES build in Node too, and what requires them to main. Main would
// give it the whole of module.exports. So both builds are in the bundle, as in Node.
func (b *builder) keepDefaults(l *linked, promoted map[string]string, distrusted map[string]bool) {
	withExports := slices.DeleteFunc(slices.Collect(maps.Keys(distrusted)), func(dir string) bool { return !b.hasExports(dir) })
	if len(withExports) == 0 {
		return
	}
	for _, importer := range l.Reached {
		from := installed.PackageDir(importer)
		for _, im := range l.Inputs[importer].Imports {
			to := installed.PackageDir(im.Path)
			if im.External || to == from || !slices.Contains(withExports, to) || !distrusted[to] || strings.HasPrefix(im.Kind, "require-") {
				continue
			}
			if b.packages.IsESM(importer) && b.packages.IsESM(im.Path) && !b.namedImportsOnly(importer, im.Original) &&
				b.transpiled(promoted[to]) && !b.membersOnly(importer, im.Original, promoted[to]) {
				delete(distrusted, to)
			}
		}
	}
}

// forBrowsers reports whether the module build of a package lacks what its main needs of
// Node.
func (b *builder) forBrowsers(module, main string) bool {
	needs := b.packages.Needs(main)
	if len(needs) == 0 {
		return false
	}
	has := b.packages.Needs(module)
	for name := range needs {
		if !has[name] {
			return true
		}
	}
	return false
}

// hasExports reports whether the package.json of a package has exports.
func (b *builder) hasExports(dir string) bool {
	m := b.packages.Manifest(b.packages.Absolute(dir))
	return m != nil && len(m.Exports) > 0
}

// transpiled reports whether a CommonJS file has the mark of compilers that made
// it from an ES module.
func (b *builder) transpiled(file string) bool {
	source, err := b.packages.ReadModule(b.packages.Absolute(file))
	return err != nil || bytes.Contains(source, []byte("__esModule"))
}

// namedImportsOnly reports whether a file imports names of a module and nothing else:
// neither its default nor all of it, and not by require or import().
func (b *builder) namedImportsOnly(file, specifier string) bool {
	source, err := b.packages.ReadModule(b.packages.Absolute(file))
	if err != nil {
		return false
	}
	for _, s := range js.Specifiers(source) {
		if s.Name == specifier && s.Kind != "import" && s.Kind != "export" {
			return false
		}
	}
	return typescript.ImportsNamesOnly(source, specifier)
}

// devImports returns the development dependencies that are in the graph, where a
// library's optional request for such a package was left unanswered. They are
// part of the function, so the library must find them too.
func (b *builder) devImports(l *linked) []string {
	leftOut := false
	found := map[string]bool{}
	for _, importer := range l.Reached {
		from := installed.PackageDir(importer)
		for _, im := range l.Inputs[importer].Imports {
			if im.External {
				if from != "" && l.resolver.optional(b.packages.Absolute(importer), im.Path, im.Kind) == devOnly {
					leftOut = true
				}
				continue
			}
			to := installed.PackageDir(im.Path)
			if to != "" && to != from && !l.resolver.production[b.packages.Absolute(to)] {
				found[to] = true
			}
		}
	}
	if !leftOut {
		return nil
	}
	return slices.Sorted(maps.Keys(found))
}

// findsAddons returns the packages whose code finds native addons in ways that a
// bundle breaks: by the caller's file name, by searching folders, or by a name
// computed for each platform.
func (b *builder) findsAddons(l *linked) []string {
	found := map[string]bool{}
	for _, name := range l.Reached {
		dir := installed.PackageDir(name)
		if dir == "" || l.Bytes(name) == 0 {
			continue
		}
		if finding := b.finding(l.job, name); finding != nil && len(finding.Addons) > 0 {
			found[installed.NameOf(dir)] = true
		}
		for _, im := range l.Inputs[name].Imports {
			if kept.Locates(js.PackageName(im.Original)) {
				found[installed.NameOf(dir)] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// finding is the tracer's result for an input, nil where it needs nothing.
func (b *builder) finding(j *job, input string) *trace.Result {
	finding, _ := j.resolution.Finding(b.packages.Absolute(input))
	return finding
}

// collect gathers the files that the function needs beside its bundle: those that
// bundled modules read, and the packages that stay files, with everything that
// they require.
func (b *builder) collect(ctx context.Context, l *linked) (*kept.Tree, error) {
	known := b.dataOf(l)
	if !l.f.Build.Passes.On(analyzer.KeptFiles) {
		known.unread = nil
	}
	tree, err := b.collectWith(ctx, l, known)
	if err != nil {
		return nil, err
	}
	if better, differs := b.beside(known, tree); differs {
		return b.collectWith(ctx, l, better)
	}
	return tree, nil
}

func (b *builder) collectWith(ctx context.Context, l *linked, known packageData) (*kept.Tree, error) {
	asked := kept.NewAsked(b.packages, l.layout(), targetOf(l.f), append(slices.Clone(l.plan.handedOn), l.f.Entry))
	asked.Whole = !l.f.Build.Passes.On(analyzer.KeptFiles)
	asked.Unread = known.isUnread
	for _, input := range known.unseen {
		asked.Data(input)
	}
	var loaded map[string]bool
	for _, name := range l.Reached {
		if l.Bytes(name) == 0 {
			continue
		}
		if path.Ext(name) == ".node" {
			asked.Addon(name)
		}
		file := b.packages.Absolute(name)
		for _, im := range l.Inputs[name].Imports {
			if pkg := js.PackageName(im.Path); im.External && pkg != "" && slices.Contains(l.plan.files, pkg) {
				if loaded == nil {
					loaded = b.loadedAtStart(l)
				}
				asked.Add(kept.Request{
					Dir: filepath.Dir(file), Specifier: im.Path, Kind: l.plan.askedBy(im.Kind),
					Guarded: l.resolution.Guarded(file, im.Path) || b.installsOptionally(name, pkg),
					AtLoad:  loaded[name] && (im.Kind == "import-statement" || l.resolution.RequiredAtLoad(file, im.Path)),
				})
			}
		}
		if finding := b.finding(l.job, name); finding != nil {
			asked.Module(name, finding)
		}
	}
	for _, request := range b.preloaded(l) {
		asked.Add(request)
	}
	files := b.filesOf(l.job)
	tree, err := kept.Collect(ctx, files, asked)
	if errors.Is(err, kept.ErrTooMany) {
		err = fmt.Errorf("%s %w", l.f.ID, err)
	}
	return tree, err
}

// installsOptionally reports whether the package of an input lists another as an optional
// dependency: it works without that one.
func (b *builder) installsOptionally(input, pkg string) bool {
	dir := installed.PackageDir(input)
	if dir == "" {
		return false
	}
	m := b.packages.Manifest(b.packages.Absolute(dir))
	if m == nil {
		return false
	}
	_, optional := m.OptionalDependencies[pkg]
	return optional
}

// filesOf is what is known of modules that ship as files.
func (b *builder) filesOf(j *job) *resolution.Resolution {
	return b.resolutions.Of(resolution.Files(b.Project.Root, j.f.CodeDir, targetOf(j.f), j.f.Runtime, j.f.Environment[nodeEnv], j.f.Environment[nodeOptions]))
}

// askedBy is how the finished code asks for a module: in CommonJS output an
// import statement has become a require.
func (p plan) askedBy(kind string) api.ResolveKind {
	switch kind {
	case "require-call":
		return api.ResolveJSRequireCall
	case "require-resolve":
		return api.ResolveJSRequireResolve
	case "dynamic-import":
		return api.ResolveJSDynamicImport
	case "import-statement":
		if !p.esm {
			return api.ResolveJSRequireCall
		}
		return api.ResolveJSImportStatement
	}
	return api.ResolveNone
}

// loadedAtStart are the inputs that certainly run before the handler is called:
// reached by import, or by a require that is neither guarded nor inside a
// function or branch.
func (b *builder) loadedAtStart(l *linked) map[string]bool {
	loaded := map[string]bool{}
	if len(l.Reached) == 0 {
		return loaded
	}
	queue := []string{l.Reached[0]}
	loaded[queue[0]] = true
	for i := 0; i < len(queue); i++ {
		for _, im := range l.Inputs[queue[i]].Imports {
			if im.External || loaded[im.Path] || im.Kind == "require-resolve" || !l.Included(im.Path) {
				continue
			}
			if im.Kind == "import-statement" || l.resolution.RequiredAtLoad(b.packages.Absolute(queue[i]), im.Original) {
				loaded[im.Path] = true
				queue = append(queue, im.Path)
			}
		}
	}
	return loaded
}

// growByFiles makes the plan more cautious where the files beside the bundle
// prove it wrong, and reports whether it did.
func (b *builder) growByFiles(l *linked, tree *kept.Tree) (grew bool) {
	if growHandedOn(l, tree) {
		return true // what ships will be less
	}
	grew = b.importedAndNamed(l)
	grew = bundledAndShipped(b.packages, l, tree) || grew
	grew = besideTheirCopies(b.packages, l, tree) || grew
	if tree.Misplaced() && !l.plan.wide {
		l.plan.wide, grew = true, true
	}
	return grew
}

// growHandedOn plans own modules to be handed on from the bundle that the function
// loads by their path: those that Node cannot run as they are, and those that would
// exist twice, or would need a second instance of something in the bundle.
func growHandedOn(l *linked, tree *kept.Tree) (grew bool) {
	bundled := map[string]bool{} // inputs and folders of packages
	for _, input := range l.Reached {
		if l.Bytes(input) > 0 {
			bundled[input] = true
			if dir := installed.PackageDir(input); dir != "" {
				bundled[dir] = true
			}
		}
	}
	for _, own := range tree.Own() {
		shared := bundled[own.Input] || slices.ContainsFunc(own.Needs, func(needed string) bool {
			return bundled[needed] || bundled[installed.PackageDir(needed)]
		})
		if own.Main && own.Input != l.f.Entry && (own.Compiled || shared) {
			if add(&l.plan.handedOn, own.Input) {
				grew = true
				if !bundled[own.Input] {
					add(&l.plan.looked, own.Input)
				}
			}
		}
	}
	return grew
}

// importedAndNamed plans packages to stay files that the code imports and also names, so
// that a library requires them: app.set("view engine", "hbs") beside hbs.registerPartials.
// The code and the library must get the same instance.
func (b *builder) importedAndNamed(l *linked) (grew bool) {
	var leaves map[string]bool
	for _, input := range l.Reached {
		finding := b.finding(l.job, input)
		if finding == nil || l.Bytes(input) == 0 {
			continue
		}
		for _, ref := range finding.Modules {
			if ref.Kind != "require" || kept.Bundled(ref) {
				continue
			}
			for _, c := range ref.Candidates {
				dir := installed.PackageDir(c.Path)
				if dir == "" || !l.Included(c.Path) {
					continue
				}
				if leaves == nil {
					leaves = mayLeave(b.packages, l)
				}
				if name := installed.NameOf(dir); leaves[dir] && add(&l.plan.files, name) {
					add(&l.plan.shippedTwice, name)
					grew = true
				}
			}
		}
	}
	return grew
}

// Bounds of code that is both in the bundle and beside it: bytes of the bundle,
// and its share. Beyond both, the packages stay files, since the smaller zip is
// then worth more than the faster load.
const (
	maxShippedTwice     = 128 << 10
	maxShippedTwicePart = 0.25
)

// bundledAndShipped plans packages to stay files when the bundle holds code whose
// files must ship too, since it starts a worker or loads itself by path. Once one
// such package stays files, all do: a package that is there twice has two states.
func bundledAndShipped(packages *installed.Tree, l *linked, tree *kept.Tree) (grew bool) {
	total, out := 0, 0
	for _, input := range l.Reached {
		n := int(l.Bytes(input))
		out += n
		if tree.Runs(input) && installed.PackageDir(input) != "" {
			total += n
		}
	}
	if len(l.plan.shippedTwice) == 0 && (total < maxShippedTwice || float64(total) < maxShippedTwicePart*float64(out)) {
		return false
	}
	leaves := mayLeave(packages, l)
	for _, p := range tree.Packages() {
		if leaves[packages.Relative(p.Dir)] && add(&l.plan.files, p.Name) {
			add(&l.plan.shippedTwice, p.Name)
			grew = true
		}
	}
	return grew
}

// mayLeave are the packages, by folder, in the bundle that could be files instead. Only
// one of several versions could lie where the bundle looks for it. And an ES module that
// the bundle requires cannot be required as a file.
func mayLeave(packages *installed.Tree, l *linked) map[string]bool {
	dirs, modules := map[string]map[string]bool{}, map[string]bool{}
	for _, input := range l.Reached {
		dir := installed.PackageDir(input)
		if l.Bytes(input) == 0 || dir == "" {
			continue
		}
		name := installed.NameOf(dir)
		if packages.IsESM(input) {
			modules[name] = true
		}
		if dirs[name] == nil {
			dirs[name] = map[string]bool{}
		}
		dirs[name][dir] = true
	}
	leaves := map[string]bool{}
	for name, in := range dirs {
		if len(in) == 1 && !modules[name] {
			maps.Copy(leaves, in)
		}
	}
	return leaves
}

// besideTheirCopies plans packages to stay files that have a copy of a package of their
// own, where two copies of it must stay files: only a file beside its own copy finds that
// one, and not the other.
func besideTheirCopies(packages *installed.Tree, l *linked, tree *kept.Tree) (grew bool) {
	conflicts := tree.Conflicts()
	if len(conflicts) == 0 {
		return false
	}
	leaves := mayLeave(packages, l)
	for _, p := range tree.Packages() {
		in := installed.PackageDir(filepath.Dir(filepath.Dir(packages.Relative(p.Dir))))
		if leaves[in] && slices.ContainsFunc(conflicts, func(c *kept.Package) bool { return c.Name == p.Name }) {
			grew = add(&l.plan.files, installed.NameOf(in)) || grew
		}
	}
	return grew
}
