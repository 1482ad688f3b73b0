package advise

import (
	"context"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/lint"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/chains"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/trial"
	"github.com/featherpack/featherpack/packager"
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
	err := q.Build(ctx, q.Function, func(r reporters.Report, f reporters.Function, _ *outdir.Dir) error {
		out.Before = chains.Of(f)
		g = chains.New(r, f)
		out.addons = slices.ContainsFunc(f.Artifact.Entries, func(e packager.Entry) bool {
			return e.Mode == 0o755 || slices.Contains([]string{".node", ".so"}, path.Ext(e.Name))
		})
		return nil
	})
	if err != nil || q.OnlySafe { // all advice for Node can change behaviour
		return out, err
	}
	if err := measureCredentials(ctx, g, q, &out); err != nil {
		return out, err
	}
	measured := map[string]bool{}
	own := modulesOf(g, q)
	for _, path := range own.paths {
		if file, ok := own.Module(path); ok {
			out.comments = append(out.comments, commentsIn(path, file.Source)...)
		}
	}
	subject := lint.Subject{
		Paths: own.paths, Handler: exportOf(q.Function.Handler), Node: nodeOf(q.Function.Runtime), Modules: own, Inputs: g.Inputs, Bytes: g.Bytes(),
	}
	for _, found := range lint.AdviseFunction(subject) {
		a := told(found)
		if len(found.Inputs) > 0 {
			inputs := map[int]bool{}
			for _, i := range found.Inputs {
				inputs[i] = true
			}
			sum := g.Sum(inputs)
			a.Holds, a.Chain = &sum, shortest(g, inputs)
		} else if found.Package != "" && !measured[found.Package] {
			measured[found.Package] = true
			if err := measurePackage(ctx, g, q, found.Package, out.Before, &a); err != nil {
				return out, err
			}
		} else if found.Package != "" {
			a.Unmeasured = "see the advice about " + found.Package + " above"
		}
		out.Advice = append(out.Advice, a)
	}
	return out, nil
}

// ownModules are the project's own modules of a function, as its graph has them.
type ownModules struct {
	graph  chains.Graph
	source func(path string) ([]byte, error)
	paths  []string       // the entry point first
	inputs map[string]int // of all files that the graph reaches, by path
}

var _ lint.Modules = ownModules{}

func modulesOf(g chains.Graph, q Question) ownModules {
	own := ownModules{graph: g, inputs: map[string]int{}, source: func(path string) ([]byte, error) { return q.Source(path, maxRead) }}
	order, _ := g.Reach(func(chains.Edge) bool { return false })
	for _, i := range order {
		in := g.Inputs[i]
		own.inputs[in.Path] = i
		if in.Package == "" && isScript(in.Path) {
			own.paths = append(own.paths, in.Path)
		}
	}
	return own
}

// commentsIn are the comments of a source that silence advice.
func commentsIn(file string, source []byte) (all []comment) {
	for _, c := range lint.Comments(source) {
		all = append(all, comment{file, c})
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
	sum := g.Sum(target)
	a.Holds = &sum
	if q.Trials == 0 || sum.Unzipped == 0 {
		return nil
	}
	q.Options.Step("featherpack: %s: building without %s", q.Function.ID, pkg)
	s, err := q.Omit(ctx, g, g.Omission(pkg, target), whole)
	switch {
	case err != nil:
		return err
	case s.Method == trial.Measured:
		a.Saves, a.Most = &s.Weight, true
	default:
		a.Unmeasured = s.Because
	}
	return nil
}

// measureCredentials advises to leave out the credential providers that Lambda never
// uses, with the saving, where the function's AWS SDK holds them.
func measureCredentials(ctx context.Context, g chains.Graph, q Question, out *Advised) error {
	chain, held := false, map[int]bool{}
	for i, in := range g.Inputs {
		chain = chain || credentials.InChain(in.Path)
		if credentials.IsProvider(in.Package) {
			held[i] = true
		}
	}
	sum := g.Sum(held)
	if !chain || sum.Unzipped == 0 {
		return nil
	}
	a := Advice{
		Code: "sdk-credentials", Holds: &sum,
		What:    "the AWS SDK looks for credentials in profiles, SSO, processes and web identity, which no function of Lambda has",
		Do:      "set build.sdkCredentials: lambda",
		Changes: "where AWS_PROFILE or AWS_WEB_IDENTITY_TOKEN_FILE is set, a call fails and names the setting",
		Source:  "https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html",
	}
	if q.Trials > 0 {
		q.Options.Step("featherpack: %s: building with sdkCredentials: lambda", q.Function.ID)
		f := q.Function
		f.Build.SDKCredentials = "lambda"
		err := q.Build(ctx, f, func(_ reporters.Report, f reporters.Function, _ *outdir.Dir) error {
			saves := out.Before.Minus(chains.Of(f))
			a.Saves, a.Holds = &saves, nil
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
	out.Advice = append(out.Advice, a)
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
