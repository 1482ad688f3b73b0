package advise

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/lint"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/chains"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/locate"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/trial"
	"github.com/featherpack/featherpack/packager/node/credentials"
	"github.com/featherpack/featherpack/reporters"
)

// maxRead is the size limit of a module that is read for advice, in bytes.
const maxRead = 4 << 20

// adviseNode reads those of the project's own modules that are in a function's
// bundle. For a package that is bundled as a whole, it returns the size, and builds
// the function without the package to measure the saving.
func adviseNode(ctx context.Context, q Question) (Advised, error) {
	out := Advised{Function: q.Function.ID, Advice: []Advice{}}
	var g chains.Graph
	var settings []Advice
	var c costs
	err := q.Build(ctx, q.Function, func(r reporters.Report, f reporters.Function, _ *outdir.Dir) error {
		out.Before = chains.Of(f)
		g, c = chains.New(r, f), costsOf(r, f, q.Terms)
		out.InitCost, settings = c.initCost(), settingsAdvice(q.Function, c)
		return nil
	})
	if err != nil || q.OnlySafe { // all advice for Node can change behaviour
		return out, err
	}
	locate := locate.Imports(locate.Below(q.Project.Root), nil)
	if err := measureCredentials(ctx, g, q, c, &out, locate); err != nil {
		return out, err
	}
	measured := map[string]bool{}
	own := modulesOf(g, func(path string) ([]byte, error) { return q.Source(path, maxRead) })
	for _, path := range own.paths {
		if file, ok := own.Module(path); ok {
			out.comments = append(out.comments, commentsIn(path, file.Source)...)
		}
	}
	out.comments = append(out.comments, commentsAround(q, settings)...)
	all := lint.AdviseFunction(subjectOf(q.Function, c, g, own, nil))
	for _, found := range all {
		a := told(found)
		held := heldBy(g, found)
		if len(found.Inputs) > 0 {
			sum := g.Sum(held)
			a.Holds, a.Chain = &sum, shortest(g, held)
			if err := measureInstead(ctx, g, q, found, out.Before, &a); err != nil {
				return out, err
			}
			if a.vain {
				out.InVain = append(out.InVain, a.What)
				continue
			}
		}
		if len(found.Replaced) > 0 {
			if err := measureReplaced(ctx, q, found, out.Before, &a); err != nil {
				return out, err
			}
		}
		if found.OneImport {
			sum := g.Sum(held)
			if a.Holds = &sum; notLater(found, a.Holds, q.Function) {
				continue
			}
			if err := measureLater(ctx, g, q, held, &a); err != nil {
				return out, err
			}
		} else if len(found.Without) > 0 {
			if err := measureWork(ctx, q, found, out.Before, &a); err != nil {
				return out, err
			}
		} else if found.Package != "" && !measured[found.Package] {
			measured[found.Package] = true
			if len(found.Inputs) > 0 && len(found.Otherwise) > 0 { // what the parts spare is known
			} else if err := measurePackage(ctx, g, q, found.Package, out.Before, &a); err != nil {
				return out, err
			}
			if err := measureParts(ctx, q, all, found.Package, out.Before, &a); err != nil {
				return out, err
			}
		} else if found.Package != "" {
			a.Unmeasured = "see the advice about " + found.Package + " above"
		}
		if a.File == "" {
			a.Position = placeOf(g, held, q.Function, locate)
		}
		a.Projected = c.projected(ruleOf(a.Code), held, a.Holds)
		out.Advice = append(out.Advice, a)
	}
	layers := layerDuplicates(g, q.Function, c)
	if err := measureLayers(ctx, q, out.Before, layers); err != nil {
		return out, err
	}
	unclear := newLicences(func(name string) ([]byte, error) { return q.Source(name, maxRead) }).advise(g)
	for i := range unclear {
		unclear[i].Chain, unclear[i].Position = shortest(g, unclear[i].held), placeOf(g, unclear[i].held, q.Function, locate)
	}
	out.Advice = slices.Concat(out.Advice, layers, unclear, settings)
	return out, nil
}

// subjectOf is a Node function as the rules check it.
func subjectOf(f analyzer.Function, c costs, g chains.Graph, own ownModules, texts lint.Texts) lint.Subject {
	files := map[string]int64{}
	if c.function.Artifact != nil {
		for _, e := range c.function.Artifact.Entries {
			files[e.Name] = e.Bytes
		}
	}
	return lint.Subject{
		Paths: own.paths, Handler: exportOf(f.Handler), Node: nodeOf(f.Runtime), Modules: own, Inputs: g.Inputs, Bytes: g.Bytes(), Reached: own.order, Texts: texts,
		ReuseUnset: reuseUnset(f), Files: files, Requires: own.requires, Opens: own.opens,
	}
}

// requires is the range of versions of a package that the package.json in a folder asks for, ""
// if that is not known.
func (o ownModules) requires(dir, name string) string {
	text, err := o.source(path.Join(dir, "package.json"))
	if err != nil {
		return ""
	}
	var declared struct{ Dependencies, OptionalDependencies, PeerDependencies map[string]string }
	if json.Unmarshal(text, &declared) != nil {
		return ""
	}
	return cmp.Or(declared.Dependencies[name], declared.OptionalDependencies[name], declared.PeerDependencies[name])
}

// opens reports whether a path leads others that require it to a file of the package in a folder, as
// its package.json says: it has no exports, or exports the file.
func (o ownModules) opens(dir, subpath, file string) bool {
	text, err := o.source(path.Join(dir, "package.json"))
	if err != nil {
		return false
	}
	var declared struct{ Exports any }
	if json.Unmarshal(text, &declared) != nil {
		return false
	}
	if declared.Exports == nil {
		return subpath == file || subpath+".js" == file // what Node looks for
	}
	exports, _ := declared.Exports.(map[string]any)
	if to, named := exports["./"+subpath]; named {
		return leadsTo(to, "./"+file, "")
	}
	for key, to := range exports {
		before, after, pattern := strings.Cut(key, "*")
		if name := "./" + subpath; pattern && len(name) > len(before)+len(after) && strings.HasPrefix(name, before) && strings.HasSuffix(name, after) {
			if leadsTo(to, "./"+file, name[len(before):len(name)-len(after)]) {
				return true
			}
		}
	}
	return false
}

// leadsTo reports whether a target of exports is a file for a module that is required. matched is
// what a pattern's star stands for.
func leadsTo(to any, file, matched string) bool {
	switch to := to.(type) {
	case string:
		return strings.ReplaceAll(to, "*", matched) == file
	case map[string]any:
		for _, condition := range []string{"node", "require", "default"} {
			if inner, has := to[condition]; has && leadsTo(inner, file, matched) {
				return true
			}
		}
	}
	return false
}

// reuseUnset reports whether a function's manifest sets its environment, as far as that is known,
// and not that the AWS SDK v2 keeps connections alive.
func reuseUnset(f analyzer.Function) bool {
	const variable = "AWS_NODEJS_CONNECTION_REUSE_ENABLED"
	switch f.Format {
	case "serverless", "sam", "cloudformation", "terraform":
		return f.Environment[variable] != "1" && !slices.Contains(f.EnvironmentUnknown, variable) && !f.Deployment.EnvironmentOpen
	}
	return false // another tool may set it
}

// ownModules are the project's own modules of a function, as its graph has them.
type ownModules struct {
	graph  chains.Graph
	source func(path string) ([]byte, error)
	paths  []string       // the entry point first
	order  []int          // the inputs that the graph reaches, sorted
	inputs map[string]int // of all files that the graph reaches, by path
}

var _ lint.Modules = ownModules{}

// modulesOf are the own modules of a graph, which source reads by their paths.
func modulesOf(g chains.Graph, source func(path string) ([]byte, error)) ownModules {
	own := ownModules{graph: g, inputs: map[string]int{}, source: source}
	order, _ := g.Reach(func(chains.Edge) bool { return false })
	for _, i := range order {
		in := g.Inputs[i]
		own.inputs[in.Path] = i
		if in.Package == "" && isScript(in.Path) {
			own.paths = append(own.paths, in.Path)
		}
	}
	slices.Sort(order)
	own.order = order
	return own
}

// commentsIn are the comments of a source that silence advice.
func commentsIn(file string, source []byte) (all []comment) {
	for _, c := range lint.Comments(source) {
		all = append(all, comment{file, c})
	}
	return all
}

// commentsAround are the comments of a function's manifest, and of those that advice about
// its settings is about.
func commentsAround(q Question, settings []Advice) (all []comment) {
	for _, file := range manifestsOf(append([]Advice{{Position: q.Function.Position}}, settings...)) {
		if text, err := q.Source(file, maxRead); err == nil {
			all = append(all, commentsIn(file, text)...)
		}
	}
	return all
}

// Module is that of [lint.Modules]. A file was readable during the build: there is no
// advice without it.
func (o ownModules) Module(path string) (js.File, bool) {
	if i, known := o.inputs[path]; !known || o.graph.Inputs[i].Package != "" || !isScript(path) {
		return js.File{}, false
	}
	text, err := o.source(path)
	return js.File{Path: path, Source: text}, err == nil
}

// Resolve is that of [lint.Modules].
func (o ownModules) Resolve(from, specifier string) string {
	i, known := o.inputs[from]
	if !known {
		return ""
	}
	for _, im := range o.graph.Inputs[i].Imports {
		if im.Specifier == specifier {
			return o.graph.Inputs[im.To].Path
		}
	}
	return ""
}

// measurePackage sets the size of a package in the artifact, and the saving of
// leaving the package out.
func measurePackage(ctx context.Context, g chains.Graph, q Question, pkg string, whole chains.Weight, a *Advice) error {
	target := g.Package(pkg)
	sum := g.Lost(into(target))
	if sum.Unzipped == 0 {
		a.Unmeasured = "nothing of it is in the bundle: it is in the zip as files, or external"
		return nil
	}
	a.Holds = &sum
	if q.Trials == 0 {
		return nil
	}
	q.Options.Step("featherpack: %s: building without %s", q.Function.ID, pkg)
	s, err := q.Omit(ctx, g, g.Omission(pkg, target), whole)
	switch {
	case err != nil:
		return err
	case s.Method == trial.Measured:
		a.Saves, a.Most, a.Load, a.LoadUnmeasured = &s.Weight, true, s.Load, s.LoadUnmeasured
	default:
		a.Unmeasured = s.Because
	}
	return nil
}

// measureParts sets the saving of importing parts of a package, in all of the function's own
// modules that import the whole of it, and what the parts are by themselves. Where that is not
// known, or cannot be built, what was measured without the package stays.
func measureParts(ctx context.Context, q Question, all []lint.Advice, pkg string, whole chains.Weight, a *Advice) error {
	if q.Trials == 0 || a.Holds == nil {
		return nil
	}
	edits, parts := map[string][]lint.Edit{}, map[string]bool{}
	for _, found := range all {
		if found.Package != pkg || found.OneImport {
			continue
		}
		if len(found.Otherwise) == 0 {
			return nil
		}
		edits[found.File] = append(edits[found.File], found.Otherwise...)
		for _, part := range found.Parts {
			parts[part] = true
		}
	}
	modules := map[string][]byte{}
	for _, file := range slices.Sorted(maps.Keys(edits)) {
		source, err := q.Source(file, maxRead)
		if err != nil {
			return nil // it was readable during the build
		}
		modules[file] = lint.Apply(source, edits[file])
	}
	names := slices.Sorted(maps.Keys(parts))
	q.Options.Step("featherpack: %s: building with %s", q.Function.ID, strings.Join(names, ", "))
	err := q.BuildChanged(ctx, modules, func(_ reporters.Report, built reporters.Function, out *outdir.Dir) error {
		saves := whole.Minus(chains.Of(built))
		if saves.Unzipped <= 0 {
			a.Saves, a.Most, a.Holds, a.Load, a.LoadUnmeasured = nil, false, nil, nil, ""
			a.Unmeasured = "a build with " + strings.Join(names, ", ") + " is no smaller: something else loads as much of it"
			return nil
		}
		if a.Saves != nil {
			if hold := a.Saves.Minus(saves); hold.Unzipped > 0 && hold.Zipped > 0 {
				a.PartsHold = &hold
			}
		}
		a.Saves, a.Most, a.Holds, a.Parts, a.Unmeasured = &saves, false, nil, names, ""
		a.Load, a.LoadUnmeasured = q.MeasureLoad(ctx, q.Function, out)
		return nil
	})
	var d analyzer.Diagnostic
	if errors.As(err, &d) && ctx.Err() == nil {
		err = nil
	}
	return err
}

// unbuilt turns the error of a trial whose function does not build into the reason why a figure
// is not known. Other errors stay.
func unbuilt(ctx context.Context, q Question, err error, how string, reason *string) error {
	var d analyzer.Diagnostic
	if !errors.As(err, &d) || ctx.Err() != nil {
		return err
	}
	*reason = "the function does not build " + how + ": " + strings.ReplaceAll(d.Message, q.Project.Root+string(filepath.Separator), "")
	return nil
}

// measureLater sets how much sooner a function loads without the packages that only one import
// loads. They stay in the zip; so does the project's own code in the measurement.
func measureLater(ctx context.Context, g chains.Graph, q Question, held map[int]bool, a *Advice) error {
	names := packagesOf(g, held)
	if q.Trials == 0 || len(names) == 0 {
		return nil
	}
	q.Options.Step("featherpack: %s: building without %s", q.Function.ID, strings.Join(names, ", "))
	f := q.Function
	f.Build.External = append(slices.Clone(f.Build.External), names...)
	err := q.Build(ctx, f, func(_ reporters.Report, _ reporters.Function, out *outdir.Dir) error {
		a.Load, a.LoadUnmeasured = q.MeasureLoad(ctx, f, out, names...)
		return nil
	})
	return unbuilt(ctx, q, err, "without it", &a.LoadUnmeasured)
}

// measureWork sets how much sooner a function loads without work that is done at start, and how
// much smaller it is if the advice is about some of its inputs.
func measureWork(ctx context.Context, q Question, found lint.Advice, whole chains.Weight, a *Advice) error {
	if q.Trials == 0 || q.Pairs == 0 && len(found.Inputs) == 0 {
		return nil
	}
	source, err := q.Source(found.File, maxRead)
	if err != nil {
		return nil // it was readable during the build
	}
	q.Options.Step("featherpack: %s: building without the call at %s", q.Function.ID, found.Position)
	modules := map[string][]byte{found.File: lint.Apply(source, found.Without)}
	err = q.BuildChanged(ctx, modules, func(_ reporters.Report, built reporters.Function, out *outdir.Dir) error {
		if saves := whole.Minus(chains.Of(built)); len(found.Inputs) > 0 && saves.Unzipped > 0 {
			a.Saves, a.Holds = &saves, nil
		}
		a.Load, a.LoadUnmeasured = q.MeasureLoad(ctx, q.Function, out)
		return nil
	})
	return unbuilt(ctx, q, err, "without it", &a.LoadUnmeasured)
}

// packagesOf are the packages of which all inputs are among some inputs.
func packagesOf(g chains.Graph, held map[int]bool) []string {
	names, bytes := map[string]bool{}, g.Bytes()
	for i := range held {
		names[g.Inputs[i].Package] = true
	}
	for i, in := range g.Inputs {
		if !held[i] && bytes[i] > 0 {
			delete(names, in.Package)
		}
	}
	delete(names, "")
	return slices.Sorted(maps.Keys(names))
}

// measureInstead sets the saving of using one copy of a package for all others.
func measureInstead(ctx context.Context, g chains.Graph, q Question, found lint.Advice, whole chains.Weight, a *Advice) error {
	if found.Instead == "" || q.Trials == 0 {
		return nil
	}
	name := g.Inputs[found.Inputs[0]].Package
	q.Options.Step("featherpack: %s: building with one copy of %s", q.Function.ID, name)
	f := q.Function
	f.Build.Alias = maps.Clone(f.Build.Alias)
	if f.Build.Alias == nil {
		f.Build.Alias = map[string]string{}
	}
	f.Build.Alias[name] = filepath.Join(q.Project.Root, filepath.FromSlash(found.Instead))
	err := q.Build(ctx, f, func(_ reporters.Report, built reporters.Function, out *outdir.Dir) error {
		saves := whole.Minus(chains.Of(built))
		switch {
		case saves.Unzipped <= 0 || saves.Zipped <= 0:
			a.vain = true
			return nil
		case saves.Unzipped > a.Holds.Unzipped*11/10+512: // its exports are passed over
			a.Unmeasured = "a build with one copy for all loads other files of it"
			return nil
		}
		a.Saves, a.Holds = &saves, nil
		a.Load, a.LoadUnmeasured = q.MeasureLoad(ctx, f, out)
		return nil
	})
	return unbuilt(ctx, q, err, "with one copy for all", &a.Unmeasured)
}

// measureReplaced sets the saving of having other modules in place of some.
func measureReplaced(ctx context.Context, q Question, found lint.Advice, whole chains.Weight, a *Advice) error {
	if q.Trials == 0 {
		return nil
	}
	modules := map[string][]byte{}
	for file, text := range found.Replaced {
		modules[file] = []byte(text)
	}
	q.Options.Step("featherpack: %s: building with other modules in place of %d", q.Function.ID, len(modules))
	err := q.BuildChanged(ctx, modules, func(_ reporters.Report, built reporters.Function, out *outdir.Dir) error {
		saves := whole.Minus(chains.Of(built))
		if saves.Unzipped <= 0 {
			a.Unmeasured = "a build with other modules is no smaller"
			return nil
		}
		a.Saves, a.Holds = &saves, nil
		a.Load, a.LoadUnmeasured = q.MeasureLoad(ctx, q.Function, out)
		return nil
	})
	return unbuilt(ctx, q, err, "with other modules", &a.Unmeasured)
}

// credentialsHeld advises to leave out the credential providers that Lambda never uses,
// where the function's AWS SDK holds them: in the inputs that it returns. Else it is nil.
func credentialsHeld(g chains.Graph) (a *Advice, held map[int]bool) {
	chain, held := false, map[int]bool{}
	order, _ := g.Reach(func(chains.Edge) bool { return false })
	for _, i := range order {
		chain = chain || credentials.InChain(g.Inputs[i].Path)
		if credentials.IsProvider(g.Inputs[i].Package) {
			held[i] = true
		}
	}
	if sum := g.Sum(held); !chain || sum.Unzipped == 0 {
		return nil, nil
	}
	held = g.LostInputs(into(held))
	sum := g.Sum(held)
	return &Advice{
		Code: "sdk-credentials", Kind: string(lint.Size), Severity: analyzer.Note, Holds: &sum,
		What:    "the bundle holds the AWS SDK's search for credentials in profiles, SSO, processes and web identity, which no function of Lambda has",
		Do:      "set build.sdkCredentials: lambda",
		Change:  "build: {sdkCredentials: lambda}",
		Changes: "where AWS_PROFILE or AWS_WEB_IDENTITY_TOKEN_FILE is set, a call fails and names the setting",
		Source:  "https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html",
	}, held
}

// measureCredentials adds the advice of credentialsHeld, with the saving.
func measureCredentials(ctx context.Context, g chains.Graph, q Question, c costs, out *Advised, locate locator) error {
	a, held := credentialsHeld(g)
	if a == nil {
		return nil
	}
	a.Position = placeOf(g, held, q.Function, locate)
	a.Projected = c.projected(ruleOf(a.Code), held, a.Holds)
	if q.Trials > 0 {
		q.Options.Step("featherpack: %s: building with sdkCredentials: lambda", q.Function.ID)
		f := q.Function
		f.Build.SDKCredentials = "lambda"
		err := q.Build(ctx, f, func(_ reporters.Report, built reporters.Function, changed *outdir.Dir) error {
			saves := out.Before.Minus(chains.Of(built))
			a.Saves, a.Holds = &saves, nil
			if worthSaving(saves.Zipped, out.Before.Zipped) {
				a.Load, a.LoadUnmeasured = q.MeasureLoad(ctx, f, changed)
			}
			return nil
		})
		if err != nil {
			return err
		}
		if !worthSaving(a.Saves.Zipped, out.Before.Zipped) {
			out.InVain = append(out.InVain, a.What+": leaving that out saves nothing")
			return nil
		}
	}
	out.Advice = append(out.Advice, *a)
	return nil
}

// shortest is the shortest import chain to some inputs.
func shortest(g chains.Graph, inputs map[int]bool) (steps []chains.Step) {
	found := g.ChainsTo(inputs)
	if len(found) == 0 {
		return nil
	}
	for _, i := range found[0] {
		steps = append(steps, chains.Step{Name: g.Inputs[i].Path})
	}
	return steps
}

// nodeOf is the major version of a runtime of Node, 0 for another one.
func nodeOf(runtime string) int {
	version, _ := strings.CutSuffix(strings.TrimPrefix(runtime, "nodejs"), ".x")
	major, _ := strconv.Atoi(version)
	return major
}

func isScript(name string) bool {
	return slices.Contains([]string{".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx"}, path.Ext(name))
}

// exportOf returns the name of a handler's export: the part after the first dot of
// the last path segment.
func exportOf(handler string) string {
	_, export, _ := strings.Cut(path.Base(handler), ".")
	return export
}
