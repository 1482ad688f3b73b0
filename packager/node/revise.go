package node

import (
	"bytes"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// revise compares a function's finished graph with its plan and makes the plan
// more cautious where the graph proves it wrong. It reports whether the
// function has to be linked again.
func (b *builder) revise(j *job, r *resolver, result linked, inputs map[string]metaInput) bool {
	if !j.plan.exact && r.sawTwins.Load() && (len(result.errors) > 0 ||
		slices.ContainsFunc(result.reached, func(name string) bool { return b.packages.HasTwin(b.absolute(name)) })) {
		j.plan.exact = true
		return true
	}
	changed := false
	if len(result.errors) > 0 {
		for _, m := range result.errors {
			if !strings.Contains(m.Text, topLevelAwait) {
				continue
			}
			// What a CommonJS function reaches by require has no such await in
			// Node: its package's other build is the one meant.
			if m.Location != nil && !b.packages.IsESM(j.f.Entry) && b.distrust(j, []api.Message{m}) {
				changed = true
			} else if !changed && !j.plan.esm && j.f.Build.Format == "" {
				j.plan.esm = true
				changed = true
			}
		}
		return b.distrust(j, result.errors) || changed
	}
	if b.distrust(j, result.warnings) {
		changed = true
	}
	for _, dir := range b.reachedBothWays(result, inputs) {
		if add(&j.plan.main, dir) {
			changed = true
		}
	}
	for _, dir := range b.devImports(r, result, inputs) {
		if add(&j.plan.dev, dir) {
			changed = true
		}
	}
	if !j.plan.keepNames && j.f.Build.KeepNames != "never" && b.readsNames(result) != "" {
		j.plan.keepNames = true
		changed = true
	}
	for _, name := range slices.Concat(b.instrumented(j, result, inputs), b.mustStayFiles(j, result, inputs)) {
		if add(&j.plan.files, name) {
			changed = true
		}
	}
	return changed
}

// topLevelAwait is esbuild's complaint about await outside a function in
// CommonJS output (internal/js_parser of v0.28.2).
const topLevelAwait = `Top-level await is currently not supported with the "cjs" output format`

// noExport finds the file of esbuild's two complaints about a missing export:
// the error 'No matching export in "FILE" for import' and the warning 'always
// be undefined because there is no matching export in "FILE"'.
var noExport = regexp.MustCompile(`[Nn]o matching export in "([^"]+)"`)

// distrust takes the packages by their main whose module build esbuild
// complains about: an export that does not match, or a file that cannot be
// built.
func (b *builder) distrust(j *job, messages []api.Message) bool {
	changed := false
	blame := func(file string) {
		dir := installed.PackageDir(file)
		if dir == "" || !b.hasModuleBuild(dir) {
			return
		}
		if add(&j.plan.main, dir) {
			changed = true
		}
	}
	for _, m := range messages {
		if match := noExport.FindStringSubmatch(m.Text); match != nil {
			blame(match[1])
		} else if m.Location != nil && m.ID == "" {
			blame(m.Location.File)
		}
	}
	return changed
}

// hasModuleBuild reports whether the package in that folder offers both a
// module and a main build through its top package.json or a nested one.
func (b *builder) hasModuleBuild(dir string) bool {
	m := b.packages.Manifest(filepath.Join(b.packages.Root(), filepath.FromSlash(dir)))
	return m != nil && m.Module != ""
}

// reachedBothWays returns the packages whose module build is in the graph and
// must not be, for two copies of one package would disagree about its state:
//
//   - something requires it, and would get the ES module's namespace where it
//     expects module.exports;
//   - its CommonJS build is in the graph too, by main or by a path of its own;
//   - Node would hand a default import the whole of module.exports, because the
//     importer is an ES module and the CommonJS build is transpiled from one.
func (b *builder) reachedBothWays(result linked, inputs map[string]metaInput) []string {
	promoted := map[string]string{} // package folder -> its CommonJS main, both relative
	mains := map[string]string{}    // the other way round
	for _, name := range result.reached {
		if dir, main := b.packages.ModuleBuild(name); dir != "" {
			promoted[dir], mains[main] = main, dir
		}
	}
	if len(promoted) == 0 {
		return nil
	}
	distrusted := map[string]bool{}
	for _, importer := range result.reached {
		if dir, ok := mains[importer]; ok {
			distrusted[dir] = true
		}
		from := installed.PackageDir(importer)
		for _, im := range inputs[importer].Imports {
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
				inputs[im.Path].Format == "cjs",
				b.packages.IsESM(importer) && !b.namedImportsOnly(importer, im.Original) && b.transpiled(main):
				distrusted[to] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(distrusted))
}

// transpiled reports whether a CommonJS file marks itself as made from an ES module.
func (b *builder) transpiled(file string) bool {
	source, err := b.packages.ReadFile(filepath.Join(b.packages.Root(), filepath.FromSlash(file)))
	return err != nil || bytes.Contains(source, []byte("__esModule"))
}

// namedImportsOnly reports whether every mention of the specifier in the file
// is "import {...} from" or "export {...} from" without "default". Anything
// else, a mention in a comment included, counts as a default import.
func (b *builder) namedImportsOnly(file, specifier string) bool {
	source, err := b.packages.ReadFile(filepath.Join(b.packages.Root(), filepath.FromSlash(file)))
	if err != nil {
		return false
	}
	quoted := `["']` + regexp.QuoteMeta(specifier) + `["']`
	mentions := regexp.MustCompile(quoted).FindAllIndex(source, -1)
	named := regexp.MustCompile(`(?:import|export)\s*(?:type\s*)?\{([^{}]*)\}\s*from\s*`+quoted).FindAllSubmatch(source, -1)
	if len(mentions) == 0 || len(named) != len(mentions) {
		return false
	}
	for _, match := range named {
		if bytes.Contains(match[1], []byte("default")) {
			return false
		}
	}
	return true
}

// devImports returns the development dependencies that are in the graph,
// because own code imports them or a library cannot load without, while some
// library's optional request for one was left unanswered: what is part of the
// function is there for all.
func (b *builder) devImports(r *resolver, result linked, inputs map[string]metaInput) []string {
	leftOut := false
	found := map[string]bool{}
	for _, importer := range result.reached {
		from := installed.PackageDir(importer)
		for _, im := range inputs[importer].Imports {
			if im.External {
				if from != "" && r.optional(b.absolute(importer), im.Path, im.Kind) == devOnly {
					leftOut = true
				}
				continue
			}
			to := installed.PackageDir(im.Path)
			if to != "" && to != from && !r.production[b.absolute(to)] {
				found[to] = true
			}
		}
	}
	if !leftOut {
		return nil
	}
	return slices.Sorted(maps.Keys(found))
}

func (b *builder) absolute(name string) string {
	return filepath.Join(b.packages.Root(), filepath.FromSlash(name))
}

// readsNames returns the library in the graph that reads class or function
// names at run time, "" if there is none.
func (b *builder) readsNames(result linked) string {
	for _, name := range result.reached {
		if dir := installed.PackageDir(name); dir != "" {
			if _, ok := nameReaders[installed.NameOf(dir)]; ok {
				return installed.NameOf(dir)
			}
		}
	}
	return ""
}

// instrumented returns the packages that must stay files because a tracer
// hooks require to instrument them, and the tracer itself.
func (b *builder) instrumented(j *job, result linked, inputs map[string]metaInput) []string {
	tracer := b.tracer(j, result, inputs)
	if tracer == nil {
		return nil
	}
	j.tracer = tracer.name
	found := map[string]bool{}
	for _, importer := range result.reached {
		for _, im := range inputs[importer].Imports {
			name := installed.PackageName(im.Original)
			if name == "" || installed.Builtin(im.Original) || im.External {
				continue
			}
			if slices.Contains(tracer.packages, name) || tracer.hooks(name) {
				found[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}
