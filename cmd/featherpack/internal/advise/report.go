package advise

import (
	"cmp"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/lint"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/chains"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/locate"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/coldstart"
)

// Untried is the advice that needs no trial: about the sources and the bundles of Node
// functions, and about the settings of all. Terms are those of its projections, which are
// set by the time that they are needed. Kept is what earlier calls in this process have left;
// it may be nil.
type Untried struct {
	Terms *coldstart.Terms
	Kept  *Kept
}

// Add adds the advice to a report. It reads a module once for all functions. builds names the
// build that a function is the result of, so that equal names stand for equal functions, their
// unbundled zips apart; it returns "" where that is not known.
func (u Untried) Add(r *reporters.Report, p analyzer.Project, files *projectfs.FS, builds func(id string) string) {
	terms := *u.Terms
	kept := cmp.Or(u.Kept, &Kept{})
	read := &sources{files: files, known: map[string][]byte{}, read256: map[string]digest{}}
	kept.renew(u.On(p.Functions), read)
	read.texts = kept.texts
	places := locate.In(files)
	places.Read = read.noted(places.Read)
	read.locate, read.licences = locate.Imports(places, p.Functions), newLicences(read.read)
	defer kept.learn(read)
	discovered := map[string]analyzer.Function{}
	for _, f := range p.Functions {
		discovered[f.ID] = f
	}
	silencer := Silencer{Ignored: p.AdviceIgnored}
	var all []reporters.Advice
	for _, f := range r.Functions {
		of, known := discovered[f.ID]
		if f.Artifact == nil || !known {
			continue
		}
		f.Unbundled = nil // other functions' files are in it
		a := Advised{Function: f.ID, Advice: kept.advice(f, *r, builds(f.ID), func() []Advice { return withoutTrial(*r, f, of, read, costsOf(*r, f, terms)) })}
		for _, file := range slices.Concat(adviceFiles(a.Advice), manifestsOf(a.Advice)) {
			a.comments = append(a.comments, commentsIn(file, read.source(file))...)
		}
		a.Advice = withOthers(a.Advice, *r, f, of)
		silencer.Silence(&a) // advise warns about exceptions without effect
		for _, one := range a.Advice {
			all = append(all, withDiff(f.ID, one, read))
		}
	}
	for _, a := range Images(p, read.read) {
		silencer.Silence(&a)
		for _, one := range a.Advice {
			all = append(all, withDiff(a.Function, one, read))
		}
	}
	r.Advice = reporters.MergeAdvice(all)
}

// On returns what the advice about functions depends on besides the report, the project and
// its files: the day and the terms.
func (u Untried) On(functions []analyzer.Function) any {
	on := struct {
		Day   string
		Terms coldstart.Terms
		Usage []coldstart.Usage
	}{today().Format(time.DateOnly), *u.Terms, nil}
	if on.Terms.Usage != nil {
		for _, f := range functions {
			on.Usage = append(on.Usage, on.Terms.Usage(reporters.Function{Function: f}))
		}
		on.Terms.Usage = nil
	}
	return on
}

// smallestPackage is the size from which it is worth a word that functions ship together, in
// bytes before they are zipped.
const smallestPackage = 64 << 10

// withOthers is advice with what functions that ship together carry of each other. Advice about
// a few bytes is left out.
func withOthers(list []Advice, r reporters.Report, f reporters.Function, of analyzer.Function) []Advice {
	i := slices.IndexFunc(list, func(a Advice) bool { return a.Code == "packaged-together" })
	if i < 0 {
		return list
	}
	if list[i].Holds = loadedByOthers(r, f, of.Deployment.Together); list[i].Holds != nil && list[i].Holds.Unzipped < smallestPackage {
		return slices.Delete(list, i, i+1)
	}
	return list
}

// loadedByOthers is the size of what only other functions load, as each of them is built. It
// is nil if one of them was not.
func loadedByOthers(r reporters.Report, f reporters.Function, others []string) *chains.Weight {
	shares := map[int]reporters.InputBytes{}
	for _, id := range others {
		i := slices.IndexFunc(r.Functions, func(other reporters.Function) bool { return other.ID == id })
		if i < 0 || r.Functions[i].Artifact == nil {
			return nil
		}
		for _, share := range r.Functions[i].Inputs {
			if known := shares[share.Input]; share.Unzipped > known.Unzipped {
				shares[share.Input] = share
			}
		}
	}
	for _, share := range f.Inputs {
		delete(shares, share.Input)
	}
	var sum chains.Weight
	for _, share := range shares {
		sum.Unzipped, sum.Zipped = sum.Unzipped+share.Unzipped, sum.Zipped+share.Zipped
	}
	return &sum
}

// withoutTrial is the advice about one function of a report, as discovery has found it.
func withoutTrial(r reporters.Report, f reporters.Function, of analyzer.Function, read *sources, c costs) (all []Advice) {
	if f.Family == analyzer.Node {
		g := chains.New(r, f)
		own := modulesOf(g, read.read)
		if a, held := credentialsHeld(g); a != nil {
			a.Position = placeOf(g, held, of, read.locate)
			a.Projected = c.projected(ruleOf(a.Code), held, a.Holds)
			all = append(all, *a)
		}
		for _, found := range lint.AdviseFunction(subjectOf(of, c, g, own, read.texts)) {
			a := told(found)
			held := heldBy(g, found)
			if len(held) > 0 {
				sum := g.Sum(held)
				a.Holds = &sum
			}
			if notLater(found, a.Holds, of) {
				continue
			}
			if a.File == "" {
				a.Position = placeOf(g, held, of, read.locate)
			}
			a.Projected = c.projected(ruleOf(a.Code), held, a.Holds)
			all = append(all, a)
		}
		all = append(all, layerDuplicates(g, of, c)...)
		for _, a := range read.licences.advise(g) {
			a.Position = placeOf(g, a.held, of, read.locate)
			all = append(all, a)
		}
	}
	return append(all, settingsAdvice(of, c)...)
}

// heldBy are the inputs of the bundle that following advice could at most leave out: those
// that it names, or a package with all that only the package needs.
func heldBy(g chains.Graph, found lint.Advice) map[int]bool {
	if found.OneImport {
		target := g.Package(found.Package)
		return g.LostInputs(func(e chains.Edge) bool {
			to := g.Inputs[e.To]
			return g.Inputs[e.From].Path == found.File && (target[e.To] || to.Package == "" && to.Path == found.Target)
		})
	}
	if len(found.Inputs) == 0 && found.Package != "" {
		return g.LostInputs(into(g.Package(found.Package)))
	}
	held := map[int]bool{}
	for _, i := range found.Inputs {
		held[i] = true
	}
	return held
}

// smallestLoad is the size from which it is worth a word that a package is loaded for errors
// or for one route, in bytes before they are zipped.
const smallestLoad = 64 << 10

// notLater reports whether advice to load something later is about too little or about what
// something else loads too, or whether no request waits for the start.
func notLater(found lint.Advice, holds *chains.Weight, of analyzer.Function) bool {
	return found.OneImport && (holds == nil || holds.Unzipped < smallestLoad || of.ProvisionedConcurrency || of.SnapStart)
}

// into are the edges that lead into some inputs.
func into(inputs map[int]bool) func(chains.Edge) bool {
	return func(e chains.Edge) bool { return inputs[e.To] }
}

// locator finds the place of an import.
type locator func(analyzer.Input, analyzer.Import) analyzer.Position

// placeOf is the place in the project's own code that leads to some inputs: the import on the
// shortest way, or else one of the same packages. Where the code has neither, it is that of the
// function in its manifest.
func placeOf(g chains.Graph, held map[int]bool, of analyzer.Function, locate locator) analyzer.Position {
	if at := importOf(g, held, locate); at.Line > 0 {
		return at
	}
	packages := map[string]bool{}
	for i := range held {
		packages[g.Inputs[i].Package] = true
	}
	order, _ := g.Reach(func(chains.Edge) bool { return false })
	for _, i := range order {
		from := g.Inputs[i]
		for _, im := range from.Imports {
			if to := g.Inputs[im.To].Package; from.Package != "" || to == "" || !packages[to] {
				continue
			}
			if at := locate(from, im); at.Line > 0 {
				return at
			}
		}
	}
	return of.Position
}

// importOf is the place in the project's own code of the import that leads to some inputs on
// the shortest way.
func importOf(g chains.Graph, held map[int]bool, locate locator) analyzer.Position {
	found := g.ChainsTo(held)
	if len(found) == 0 {
		return analyzer.Position{}
	}
	edge, known := g.ProjectImport(found[0])
	if !known {
		return analyzer.Position{}
	}
	from := g.Inputs[edge.From]
	i := slices.IndexFunc(from.Imports, func(im analyzer.Import) bool { return im.To == edge.To })
	return locate(from, from.Imports[i])
}

// holdsAddons reports whether an artifact holds machine code that is not built for it.
func holdsAddons(f reporters.Function) bool {
	return f.Family == analyzer.Node && slices.ContainsFunc(f.Artifact.Entries, func(e packager.Entry) bool {
		return e.Mode == 0o755 || slices.Contains([]string{".node", ".so"}, path.Ext(e.Name))
	})
}

// sources reads the project's own files, each once.
type sources struct {
	files *projectfs.FS
	texts lint.Texts
	known map[string][]byte
	// read256 are the digests of all that was asked for.
	read256 map[string]digest
	// licences judges each package once.
	licences *licences
	locate   locator
}

func (s *sources) read(name string) ([]byte, error) {
	if text, known := s.known[name]; known {
		return text, nil
	}
	text, err := s.noted(func(name string) ([]byte, error) { return s.files.Read(name, maxRead) })(name)
	if err == nil {
		s.known[name] = text
	}
	return text, err
}

// noted reads by a function, and notes what it has read.
func (s *sources) noted(read func(name string) ([]byte, error)) func(name string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		text, err := read(name)
		s.read256[name] = digestOf(text, err)
		return text, err
	}
}

// source is a file, nil if it cannot be read.
func (s *sources) source(name string) []byte {
	text, err := s.read(name)
	if err != nil {
		return nil
	}
	return text
}

// adviceFiles are the files of the project that advice is about.
func adviceFiles(list []Advice) (files []string) {
	for _, one := range list {
		if isScript(one.File) {
			files = append(files, one.File)
		}
	}
	slices.Sort(files)
	return slices.Compact(files)
}

// manifestsOf are the manifests with comments that advice is about.
func manifestsOf(list []Advice) (files []string) {
	for _, one := range list {
		if isManifest(one.File) {
			files = append(files, one.File)
		}
	}
	slices.Sort(files)
	return slices.Compact(files)
}

func isManifest(file string) bool { return path.Ext(file) == ".yml" || path.Ext(file) == ".yaml" }

// withDiff is advice as a report has it, with the edits as a diff.
func withDiff(function string, a Advice, read *sources) reporters.Advice {
	one := reported(a)
	one.Functions = []string{function}
	if len(a.edits) > 0 {
		before := read.source(a.File)
		one.Change = string(Changed{a.File, before, lint.Apply(before, a.edits)}.Diff())
	}
	return one
}

// reported is advice as a report has it.
func reported(a Advice) reporters.Advice {
	one := reporters.Advice{
		Diagnostic: analyzer.Diagnostic{Code: a.Code, Severity: a.Severity, Message: a.What, Hint: a.Do, Position: a.Position},
		Kind:       a.Kind, Projected: strings.TrimSuffix(strings.TrimPrefix(a.Costs+"; "+a.Projected, "; "), "; "), Change: a.Change, Behaviour: a.Changes, Link: a.Source,
		Subject: cmp.Or(a.about, figures.ReplaceAllString(a.What, "N")),
	}
	if a.Holds != nil {
		one.Holds = &reporters.Held{Unzipped: a.Holds.Unzipped, Zipped: a.Holds.Zipped}
	}
	return one
}

// figures are what changes in a message while the finding stays the same.
var figures = regexp.MustCompile(`[0-9][0-9.,]*`)

// ruleOf is the rule of a code.
func ruleOf(code string) lint.Rule {
	rules := lint.Rules()
	if i := slices.IndexFunc(rules, func(r lint.Rule) bool { return r.Code == code }); i >= 0 {
		return rules[i]
	}
	return lint.Rule{}
}
