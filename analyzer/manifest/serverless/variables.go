package serverless

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

// Bounds on resolving variables: a few lines can cause exponential work.
const (
	maxResolutions  = 200_000
	maxResolvedText = 1 << 20
	maxResolveDepth = 64
	maxIncluded     = 16 << 20 // bytes of all included files
)

// Variables resolves the variables of one serverless.yml. It is lazy: a value that
// is not used is not resolved, so it cannot fail.
type Variables struct {
	declared.Input
	done   map[*yamltree.Value]*yamltree.Value // texts that are resolved
	files  map[string]*yamltree.Value          // included files
	stack  []string                            // sources being resolved, to detect cycles
	work   int
	length int // bytes of text produced so far
	loaded int64
	cyclic map[string]analyzer.Diagnostic
}

// NewVariables returns a resolver for a manifest's variables.
func NewVariables(in declared.Input) *Variables {
	return &Variables{Input: in,
		done: map[*yamltree.Value]*yamltree.Value{}, files: map[string]*yamltree.Value{}, cyclic: map[string]analyzer.Diagnostic{}}
}

// Get follows keys from v, as [yamltree.At] does.
func (r *Variables) Get(v *yamltree.Value, keys ...string) *yamltree.Value {
	return yamltree.At(r, v, keys...)
}

// Resolve resolves the variables in a text and returns any other value unchanged.
// A value with a tag, such as !Ref, is known only once CloudFormation deploys it.
func (r *Variables) Resolve(v *yamltree.Value) *yamltree.Value {
	switch {
	case v == nil || r.Resolved:
		return v
	case v.Tag != "":
		return r.tagged(v)
	case v.Kind != yamltree.Text || !strings.Contains(v.Text, "${"):
		return v
	}
	if known, ok := r.done[v]; ok {
		return known
	}
	pieces, err := parseVariables(v.Text)
	if err != nil {
		return yamltree.NewMistake(v.Text, err.Error(), v.At)
	}
	if pieces == nil {
		return v
	}
	result := r.join(pieces, v.At)
	// While a cycle is being followed, a value can look broken although it is not, so
	// it is not stored.
	if len(r.stack) == 0 || !result.Mistaken() {
		r.done[v] = result
	}
	return result
}

// tagged returns an unknown value for a CloudFormation tag. The text of !Sub is
// known in part: CloudFormation replaces only the references in it.
func (r *Variables) tagged(v *yamltree.Value) *yamltree.Value {
	u := yamltree.NewDeployed(strings.TrimSpace(v.Tag+" "+v.Text), "it is known only once deployed", v.At)
	if v.Tag == "!Sub" && v.Scalar() {
		if text := r.Resolve(yamltree.NewText(v.Text, v.At)).Settled(); text.Scalar() {
			u.Kind, u.Text = yamltree.InPart, text.Text
		}
	}
	return u
}

// join joins the pieces of a text. A single variable keeps its type.
func (r *Variables) join(pieces []piece, at analyzer.Position) *yamltree.Value {
	if len(pieces) == 1 && pieces[0].sources != nil {
		return r.variable(pieces[0], at).Moved(at)
	}
	var text yamltree.Joiner
	for _, p := range pieces {
		if p.sources == nil {
			text.Add(p.literal)
			continue
		}
		v := r.variable(p, at)
		if !text.AddValue(v, p.source) {
			if v.Unknown() {
				return v.Moved(at)
			}
			return yamltree.NewMistake(p.source, "gives "+v.Kind.String()+" in the middle of a text", at)
		}
		if text.Len() > maxResolvedText {
			return yamltree.NewMistake(p.source, "grows beyond 1 MiB", at)
		}
	}
	if r.length += text.Len(); r.length > 16*maxResolvedText {
		return yamltree.NewMistake(pieces[0].source, "variables make more than 16 MiB of text", at)
	}
	return text.Value(at)
}

// variable tries the sources of a variable in order. If a source is known only
// once deployed, the next source that has a value becomes its fallback.
func (r *Variables) variable(p piece, at analyzer.Position) *yamltree.Value {
	if r.work++; r.work > maxResolutions {
		return yamltree.NewMistake(p.source, "variables take too much work to resolve", at)
	}
	var missing string
	for i, s := range p.sources {
		v := r.source(s, p.source, at)
		switch {
		case v == nil || v.Kind == yamltree.Null:
			if missing == "" {
				missing = describe(s.kind)
			}
			if s.literal != nil { // a fallback of null removes the setting
				return &yamltree.Value{At: at}
			}
		case v.Unknown() && !v.Missing.Mistake && v.Fallback == nil && i+1 < len(p.sources):
			u := *v
			if u.Fallback = r.variable(piece{sources: p.sources[i+1:], source: p.source}, at); u.Fallback.Unknown() {
				u.Fallback = u.Fallback.Fallback
			}
			return &u
		default:
			return v
		}
	}
	if p.source == "" {
		return nil
	}
	return yamltree.NewMistake(p.source, missing, at)
}

// describe explains why a source has no value.
func describe(kind string) string {
	switch kind {
	case "self":
		return "the manifest has no such value"
	case "opt":
		return "no such option is given"
	case "env":
		return "no such environment variable is set"
	case "param":
		return "no such parameter is given: --param NAME=VALUE"
	case "file":
		return "the file, or the value in it, does not exist"
	}
	return "it has no value"
}

// source resolves one source. nil means that it has no value. Problems quote the
// variable as written, because its resolved address may contain a secret.
func (r *Variables) source(s source, written string, at analyzer.Position) *yamltree.Value {
	if s.literal != nil {
		return s.literal
	}
	if s.kind == "${}" {
		return r.variable(s.address[0], at)
	}
	if len(r.stack) >= maxResolveDepth {
		return yamltree.NewMistake(written, "variables are nested too deep", at)
	}
	// If the address is known only once deployed, its fallback leads to a value. That
	// value is then a fallback too.
	address, unsure, bad := r.plainText(s.address, at)
	if bad != nil {
		return bad
	}
	var params []string
	for _, p := range s.params {
		param, missing, bad := r.plainText(p, at)
		if bad != nil {
			return bad
		}
		params = append(params, param)
		unsure = cmp.Or(unsure, missing)
	}
	v := r.lookUp(s.kind, address, params, written, at)
	if unsure == nil || v.Mistaken() {
		return v
	}
	if v.Unknown() {
		v = v.Fallback
	}
	return &yamltree.Value{Kind: yamltree.Deployed, At: at, Missing: unsure, Fallback: v}
}

// lookUp returns the value of a source. params is nil if the source is written
// without parentheses.
func (r *Variables) lookUp(kind, address string, params []string, written string, at analyzer.Position) *yamltree.Value {
	name := kind
	if params != nil {
		name += "(" + strings.Join(params, ", ") + ")"
	}
	if address != "" || params == nil {
		name += ":" + address
	}
	if i := slices.Index(r.stack, name); i >= 0 {
		return r.cycle(append(slices.Clone(r.stack[i:]), name), at)
	}
	r.stack = append(r.stack, name)
	defer func() { r.stack = r.stack[:len(r.stack)-1] }()
	switch kind {
	case "self":
		if address == "" {
			return r.Root
		}
		return r.Get(r.Root, strings.Split(address, ".")...)
	case "opt":
		return r.option(address, written, at)
	case "env":
		if v, ok := r.LookupEnv(address); ok {
			return yamltree.NewOutside(v, written, at)
		}
		return nil
	case "param":
		return r.param(address, written, at)
	case "sls":
		if address == "stage" {
			return yamltree.NewText(r.stage(), at)
		}
		return yamltree.NewDeployed(written, "it is different in each deployment", at)
	case "file":
		if len(params) == 0 || params[0] == "" {
			return yamltree.NewMistake(written, "names no file", at)
		}
		return r.file(params[0], address, written, at)
	case "strToBool":
		if len(params) == 1 {
			switch strings.ToLower(params[0]) {
			case "true", "1":
				return &yamltree.Value{Kind: yamltree.Boolean, Text: "true", At: at}
			case "false", "0":
				return &yamltree.Value{Kind: yamltree.Boolean, Text: "false", At: at}
			}
		}
		return yamltree.NewMistake(written, "is neither true nor false", at)
	case "aws":
		if address == "region" {
			return r.region(at)
		}
	}
	if near := analyzer.Nearest(kind, sourceKinds); near != "" {
		return yamltree.NewMistake(written, fmt.Sprintf("there is no source %s: did you mean %s?", kind, near), at)
	}
	return yamltree.NewDeployed(written, "it is known only once deployed", at)
}

// sourceKinds are the sources that can be resolved offline. Any other name is
// taken for a plugin's source, unless it looks like a misspelling of one of these.
var sourceKinds = []string{"self", "opt", "env", "param", "sls", "file", "strToBool"}

func (r *Variables) cycle(chain []string, at analyzer.Position) *yamltree.Value {
	for i, c := range chain {
		chain[i] = "${" + c + "}"
	}
	text := strings.Join(chain, " -> ")
	v := yamltree.NewMistake(chain[0], "it refers to itself: "+text, at)
	sorted := slices.Sorted(slices.Values(chain[1:]))
	id := strings.Join(sorted, " ")
	if _, ok := r.cyclic[id]; !ok {
		r.cyclic[id] = analyzer.Problem(analyzer.Error, "cyclic-variable", at, "set one of them to a value that uses none of the others", "variables refer to each other in a cycle: %s", text)
	}
	return v
}

// plainText resolves an address or a parameter, which must be a text. If it is
// known only once deployed, text is its fallback and unsure explains why.
func (r *Variables) plainText(pieces []piece, at analyzer.Position) (text string, unsure *yamltree.Missing, bad *yamltree.Value) {
	if len(pieces) == 0 {
		return "", nil, nil
	}
	v := r.join(pieces, at)
	switch settled := v.Settled(); {
	case v == nil || v.Kind == yamltree.Null:
		return "", nil, nil
	case settled.Scalar():
		return settled.Text, v.Missing, nil
	case v.Unknown():
		return "", nil, v
	}
	return "", nil, yamltree.NewMistake(pieces[0].source, "gives "+v.Kind.String()+" where a text is needed", at)
}

func (r *Variables) option(name, written string, at analyzer.Position) *yamltree.Value {
	if s, ok := r.Opts[name]; ok {
		return yamltree.NewOutside(s, written, at)
	}
	if name == "stage" && r.Stage != "" {
		return yamltree.NewText(r.Stage, at)
	}
	return nil
}

// stage is --stage, or else provider.stage, or else the framework's default "dev".
func (r *Variables) stage() string {
	if r.Stage != "" {
		return r.Stage
	}
	if s, ok := r.Opts["stage"]; ok {
		return s
	}
	// If provider.stage refers to the stage itself, the default counts.
	if slices.Contains(r.stack, "stage") {
		return "dev"
	}
	r.stack = append(r.stack, "stage")
	defer func() { r.stack = r.stack[:len(r.stack)-1] }()
	if v := r.Get(r.Root, "provider", "stage").Settled(); v.Scalar() && v.Text != "" {
		return v.Text
	}
	return "dev"
}

func (r *Variables) region(at analyzer.Position) *yamltree.Value {
	if v := r.option("region", "${opt:region}", at); v != nil {
		return v
	}
	if v := r.Get(r.Root, "provider", "region"); v.Has() {
		return v
	}
	return yamltree.NewText("us-east-1", at)
}

// param looks up a parameter in the framework's order: --param, then the stage's,
// then the default one. Version 4 writes them below "stages".
func (r *Variables) param(name, written string, at analyzer.Position) *yamltree.Value {
	if s, ok := r.Params[name]; ok {
		return yamltree.NewOutside(s, written, at)
	}
	for _, stage := range []string{r.stage(), "default"} {
		for _, where := range [][]string{{"params", stage, name}, {"stages", stage, "params", name}} {
			if v := r.Get(r.Root, where...); v.Has() {
				return v
			}
		}
	}
	return nil
}

// cycles resolves the service's own settings, so that a cycle is reported even if
// no function uses it.
func (r *Variables) cycles() []analyzer.Diagnostic {
	visited := map[*yamltree.Value]bool{}
	var visit func(v *yamltree.Value, depth int)
	visit = func(v *yamltree.Value, depth int) {
		if v == nil || depth > yamltree.MaxNesting || visited[v] {
			return
		}
		visited[v] = true
		v = r.Resolve(v)
		if v != nil && (v.Kind == yamltree.Mapping || v.Kind == yamltree.Sequence) {
			visited[v] = true
			for _, item := range v.Items {
				visit(item, depth+1)
			}
		}
	}
	for _, name := range []string{"params", "stages", "custom", "provider", "package", "functions"} {
		visit(r.Root.Get(name), 0)
	}
	var found []analyzer.Diagnostic
	for _, id := range slices.Sorted(maps.Keys(r.cyclic)) {
		found = append(found, r.cyclic[id])
	}
	return found
}
