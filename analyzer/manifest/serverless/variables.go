package serverless

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"

	"github.com/featherpack/featherpack/analyzer"
)

// Bounds of resolving variables: a few lines can ask for exponential work.
const (
	maxResolutions  = 200_000
	maxResolvedText = 1 << 20
	maxResolveDepth = 64
	maxIncluded     = 16 << 20 // bytes of all included files
)

// Variables works out the variables of one serverless.yml. It is lazy: what
// nobody asks for is not resolved, and so cannot fail.
type Variables struct {
	declared.Input
	done   map[*yamltree.Value]*yamltree.Value // texts resolved already
	files  map[string]*yamltree.Value          // included files
	stack  []string                            // sources being resolved, for cycles
	work   int
	length int // bytes of text made
	loaded int64
	cyclic map[string]analyzer.Diagnostic
}

// NewVariables returns a resolver of a manifest's variables.
func NewVariables(in declared.Input) *Variables {
	return &Variables{Input: in,
		done: map[*yamltree.Value]*yamltree.Value{}, files: map[string]*yamltree.Value{}, cyclic: map[string]analyzer.Diagnostic{}}
}

// Get follows keys from v, resolving variables on the way and at the end. nil
// means there is no such value; an unknown one says why.
func (r *Variables) Get(v *yamltree.Value, keys ...string) *yamltree.Value {
	v = r.Resolve(v)
	for _, k := range keys {
		switch {
		case v == nil || v.Kind == yamltree.Unknown:
			return v
		case v.Kind == yamltree.Mapping:
			v = v.Get(k)
		case v.Kind == yamltree.Sequence:
			i, err := strconv.Atoi(k)
			if err != nil || i < 0 || i >= len(v.Items) {
				return nil
			}
			v = v.Items[i]
		default:
			return nil
		}
		v = r.Resolve(v)
	}
	return v
}

// Resolve gives the value of a text with variables; anything else is itself.
func (r *Variables) Resolve(v *yamltree.Value) *yamltree.Value {
	if v == nil || v.Kind != yamltree.Text || r.Resolved || !strings.Contains(v.Text, "${") {
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
	// In the midst of a circle a value looks broken that need not be.
	if len(r.stack) == 0 || result == nil || !result.Mistake {
		r.done[v] = result
	}
	return result
}

// join puts a text together from its pieces. A single variable keeps its type.
func (r *Variables) join(pieces []piece, at analyzer.Position) *yamltree.Value {
	if len(pieces) == 1 && pieces[0].sources != nil {
		return r.variable(pieces[0], at).Moved(at)
	}
	var b strings.Builder
	for _, p := range pieces {
		if p.sources == nil {
			b.WriteString(p.literal)
			continue
		}
		v := r.variable(p, at)
		switch {
		case v == nil || v.Kind == yamltree.Null:
		case v.Kind == yamltree.Unknown:
			return v.Moved(at)
		case v.Scalar():
			b.WriteString(v.Text)
		default:
			return yamltree.NewMistake(p.source, "gives "+v.Kind.String()+" in the middle of a text", at)
		}
		if b.Len() > maxResolvedText {
			return yamltree.NewMistake(p.source, "grows beyond 1 MiB", at)
		}
	}
	if r.length += b.Len(); r.length > 16*maxResolvedText {
		return yamltree.NewMistake(pieces[0].source, "variables make more than 16 MiB of text", at)
	}
	return yamltree.NewText(b.String(), at)
}

// variable tries the sources of a variable in order.
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
			if s.literal != nil { // a fallback of null means: leave it out
				return &yamltree.Value{At: at}
			}
		case v.Kind == yamltree.Unknown && !v.Mistake && i+1 < len(p.sources):
			u := *v
			u.Fallback = r.variable(piece{sources: p.sources[i+1:], source: p.source}, at)
			if u.Fallback != nil && u.Fallback.Kind == yamltree.Unknown {
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

// describe says why a source has no value.
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

// source resolves one source; nil means it has no value. Problems name the
// variable as written, since what is put into an address may be a secret.
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
	address, bad := r.plainText(s.address, at)
	if bad != nil {
		return bad
	}
	var params []string
	for _, p := range s.params {
		param, bad := r.plainText(p, at)
		if bad != nil {
			return bad
		}
		params = append(params, param)
	}
	name := s.kind
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
	switch s.kind {
	case "self":
		if address == "" {
			return r.Root
		}
		return r.Get(r.Root, strings.Split(address, ".")...)
	case "opt":
		return r.option(address, at)
	case "env":
		if v, ok := r.LookupEnv(address); ok {
			return yamltree.NewText(v, at)
		}
		return nil
	case "param":
		return r.param(address, at)
	case "sls":
		if address == "stage" {
			return yamltree.NewText(r.stage(), at)
		}
		return yamltree.NewUnknown(written, "it is made anew for each deployment", at)
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
	if near := analyzer.Nearest(s.kind, sourceKinds); near != "" {
		return yamltree.NewMistake(written, fmt.Sprintf("there is no source %s: did you mean %s?", s.kind, near), at)
	}
	return yamltree.NewUnknown(written, "it is known only once deployed", at)
}

// sourceKinds are the sources that are known offline. Any other name is taken
// for one of a plugin, unless it is nearly one of these.
var sourceKinds = []string{"self", "opt", "env", "param", "sls", "file", "strToBool"}

func (r *Variables) cycle(chain []string, at analyzer.Position) *yamltree.Value {
	for i, c := range chain {
		chain[i] = "${" + c + "}"
	}
	text := strings.Join(chain, " -> ")
	v := yamltree.NewMistake(chain[0], "it leads back to itself: "+text, at)
	sorted := slices.Sorted(slices.Values(chain[1:]))
	id := strings.Join(sorted, " ")
	if _, ok := r.cyclic[id]; !ok {
		r.cyclic[id] = analyzer.Problem(analyzer.Error, "cyclic-variable", at, "give one of them a value of its own", "variables in a circle: %s", text)
	}
	return v
}

// plainText resolves what must become a text: an address or a parameter.
func (r *Variables) plainText(pieces []piece, at analyzer.Position) (string, *yamltree.Value) {
	if len(pieces) == 0 {
		return "", nil
	}
	v := r.join(pieces, at)
	switch {
	case v == nil || v.Kind == yamltree.Null:
		return "", nil
	case v.Scalar():
		return v.Text, nil
	case v.Kind == yamltree.Unknown:
		if v.Fallback != nil && v.Fallback.Scalar() {
			return v.Fallback.Text, nil
		}
		return "", v
	}
	return "", yamltree.NewMistake(pieces[0].source, "gives "+v.Kind.String()+" where a text is needed", at)
}

func (r *Variables) option(name string, at analyzer.Position) *yamltree.Value {
	if s, ok := r.Opts[name]; ok {
		return yamltree.NewText(s, at)
	}
	if name == "stage" && r.Stage != "" {
		return yamltree.NewText(r.Stage, at)
	}
	return nil
}

// stage is the --stage given, else provider.stage, else the framework's "dev".
func (r *Variables) stage() string {
	if r.Stage != "" {
		return r.Stage
	}
	if s, ok := r.Opts["stage"]; ok {
		return s
	}
	// Asked for while it is being resolved, the default holds.
	if slices.Contains(r.stack, "stage") {
		return "dev"
	}
	r.stack = append(r.stack, "stage")
	defer func() { r.stack = r.stack[:len(r.stack)-1] }()
	v := r.Get(r.Root, "provider", "stage")
	if v != nil && v.Kind == yamltree.Unknown {
		v = v.Fallback
	}
	if v.Scalar() && v.Text != "" {
		return v.Text
	}
	return "dev"
}

func (r *Variables) region(at analyzer.Position) *yamltree.Value {
	if v := r.option("region", at); v != nil {
		return v
	}
	if v := r.Get(r.Root, "provider", "region"); v.Has() {
		return v
	}
	return yamltree.NewText("us-east-1", at)
}

// param looks a parameter up as the framework does: --param, then the stage's,
// then the default ones. Version 4 writes them below "stages".
func (r *Variables) param(name string, at analyzer.Position) *yamltree.Value {
	if s, ok := r.Params[name]; ok {
		return yamltree.NewText(s, at)
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

// circles resolves what a service's own settings hold, so that a circle is
// told of even where no function leads into it.
func (r *Variables) circles() []analyzer.Diagnostic {
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
