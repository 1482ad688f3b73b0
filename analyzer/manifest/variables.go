package manifest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// Bounds of resolving variables: a few lines can ask for exponential work.
const (
	maxResolutions  = 200_000
	maxResolvedText = 1 << 20
	maxResolveDepth = 64
	maxIncluded     = 16 << 20 // bytes of all included files
)

// resolver works out the variables of one serverless.yml. It is lazy: what
// nobody asks for is not resolved, and so cannot fail.
type resolver struct {
	*discovery
	dir    string
	root   *value
	done   map[*value]*value // texts resolved already
	files  map[string]*value // included files
	stack  []string          // sources being resolved, for cycles
	work   int
	length int // bytes of text made
	loaded int64
	cyclic map[string]analyzer.Diagnostic
	// final says that what looks like a variable is text.
	final bool
}

func newResolver(d *discovery, s *service) *resolver {
	return &resolver{discovery: d, dir: s.dir, root: s.root, final: s.resolved,
		done: map[*value]*value{}, files: map[string]*value{}, cyclic: map[string]analyzer.Diagnostic{}}
}

// get follows keys from v, resolving variables on the way and at the end. nil
// means there is no such value; an unknown one says why.
func (r *resolver) get(v *value, keys ...string) *value {
	v = r.resolve(v)
	for _, k := range keys {
		switch {
		case v == nil || v.kind == unknown:
			return v
		case v.kind == mapping:
			v = v.get(k)
		case v.kind == sequence:
			i, err := strconv.Atoi(k)
			if err != nil || i < 0 || i >= len(v.items) {
				return nil
			}
			v = v.items[i]
		default:
			return nil
		}
		v = r.resolve(v)
	}
	return v
}

// resolve gives the value of a text with variables; anything else is itself.
func (r *resolver) resolve(v *value) *value {
	if v == nil || v.kind != text || r.final || !strings.Contains(v.text, "${") {
		return v
	}
	if known, ok := r.done[v]; ok {
		return known
	}
	pieces, err := parseVariables(v.text)
	if err != nil {
		return mistakenValue(v.text, err.Error(), v.at)
	}
	if pieces == nil {
		return v
	}
	result := r.join(pieces, v.at)
	// In the midst of a circle a value looks broken that need not be.
	if len(r.stack) == 0 || result == nil || !result.mistake {
		r.done[v] = result
	}
	return result
}

// join puts a text together from its pieces. A single variable keeps its type.
func (r *resolver) join(pieces []piece, at analyzer.Position) *value {
	if len(pieces) == 1 && pieces[0].sources != nil {
		return r.variable(pieces[0], at).moved(at)
	}
	var b strings.Builder
	for _, p := range pieces {
		if p.sources == nil {
			b.WriteString(p.literal)
			continue
		}
		v := r.variable(p, at)
		switch {
		case v == nil || v.kind == null:
		case v.kind == unknown:
			return v.moved(at)
		case v.scalar():
			b.WriteString(v.text)
		default:
			return mistakenValue(p.source, "gives "+v.kind.String()+" in the middle of a text", at)
		}
		if b.Len() > maxResolvedText {
			return mistakenValue(p.source, "grows beyond 1 MiB", at)
		}
	}
	if r.length += b.Len(); r.length > 16*maxResolvedText {
		return mistakenValue(pieces[0].source, "variables make more than 16 MiB of text", at)
	}
	return textValue(b.String(), at)
}

// variable tries the sources of a variable in order.
func (r *resolver) variable(p piece, at analyzer.Position) *value {
	if r.work++; r.work > maxResolutions {
		return mistakenValue(p.source, "variables take too much work to resolve", at)
	}
	var missing string
	for i, s := range p.sources {
		v := r.source(s, p.source, at)
		switch {
		case v == nil || v.kind == null:
			if missing == "" {
				missing = describe(s.kind)
			}
			if s.literal != nil { // a fallback of null means: leave it out
				return &value{at: at}
			}
		case v.kind == unknown && !v.mistake && i+1 < len(p.sources):
			u := *v
			u.fallback = r.variable(piece{sources: p.sources[i+1:], source: p.source}, at)
			if u.fallback != nil && u.fallback.kind == unknown {
				u.fallback = u.fallback.fallback
			}
			return &u
		default:
			return v
		}
	}
	if p.source == "" {
		return nil
	}
	return mistakenValue(p.source, missing, at)
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
func (r *resolver) source(s source, written string, at analyzer.Position) *value {
	if s.literal != nil {
		return s.literal
	}
	if s.kind == "${}" {
		return r.variable(s.address[0], at)
	}
	if len(r.stack) >= maxResolveDepth {
		return mistakenValue(written, "variables are nested too deep", at)
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
			return r.root
		}
		return r.get(r.root, strings.Split(address, ".")...)
	case "opt":
		return r.option(address, at)
	case "env":
		if v, ok := r.LookupEnv(address); ok {
			return textValue(v, at)
		}
		return nil
	case "param":
		return r.param(address, at)
	case "sls":
		if address == "stage" {
			return textValue(r.stage(), at)
		}
		return unknownValue(written, "it is made anew for each deployment", at)
	case "file":
		if len(params) == 0 || params[0] == "" {
			return mistakenValue(written, "names no file", at)
		}
		return r.file(params[0], address, written, at)
	case "strToBool":
		if len(params) == 1 {
			switch strings.ToLower(params[0]) {
			case "true", "1":
				return &value{kind: boolean, text: "true", at: at}
			case "false", "0":
				return &value{kind: boolean, text: "false", at: at}
			}
		}
		return mistakenValue(written, "is neither true nor false", at)
	case "aws":
		if address == "region" {
			return r.region(at)
		}
	}
	if near := analyzer.Nearest(s.kind, sourceKinds); near != "" {
		return mistakenValue(written, fmt.Sprintf("there is no source %s: did you mean %s?", s.kind, near), at)
	}
	return unknownValue(written, "it is known only once deployed", at)
}

// sourceKinds are the sources that are known offline. Any other name is taken
// for one of a plugin, unless it is nearly one of these.
var sourceKinds = []string{"self", "opt", "env", "param", "sls", "file", "strToBool"}

func (r *resolver) cycle(chain []string, at analyzer.Position) *value {
	for i, c := range chain {
		chain[i] = "${" + c + "}"
	}
	text := strings.Join(chain, " -> ")
	v := mistakenValue(chain[0], "it leads back to itself: "+text, at)
	sorted := slices.Sorted(slices.Values(chain[1:]))
	id := strings.Join(sorted, " ")
	if _, ok := r.cyclic[id]; !ok {
		r.cyclic[id] = problem(analyzer.Error, "cyclic-variable", at, "give one of them a value of its own", "variables in a circle: %s", text)
	}
	return v
}

// plainText resolves what must become a text: an address or a parameter.
func (r *resolver) plainText(pieces []piece, at analyzer.Position) (string, *value) {
	if len(pieces) == 0 {
		return "", nil
	}
	v := r.join(pieces, at)
	switch {
	case v == nil || v.kind == null:
		return "", nil
	case v.scalar():
		return v.text, nil
	case v.kind == unknown:
		if v.fallback != nil && v.fallback.scalar() {
			return v.fallback.text, nil
		}
		return "", v
	}
	return "", mistakenValue(pieces[0].source, "gives "+v.kind.String()+" where a text is needed", at)
}

func (r *resolver) option(name string, at analyzer.Position) *value {
	if s, ok := r.Opts[name]; ok {
		return textValue(s, at)
	}
	if name == "stage" && r.Stage != "" {
		return textValue(r.Stage, at)
	}
	return nil
}

// stage is the --stage given, else provider.stage, else the framework's "dev".
func (r *resolver) stage() string {
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
	v := r.get(r.root, "provider", "stage")
	if v != nil && v.kind == unknown {
		v = v.fallback
	}
	if v.scalar() && v.text != "" {
		return v.text
	}
	return "dev"
}

func (r *resolver) region(at analyzer.Position) *value {
	if v := r.option("region", at); v != nil {
		return v
	}
	if v := r.get(r.root, "provider", "region"); v.has() {
		return v
	}
	return textValue("us-east-1", at)
}

// param looks a parameter up as the framework does: --param, then the stage's,
// then the default ones. Version 4 writes them below "stages".
func (r *resolver) param(name string, at analyzer.Position) *value {
	if s, ok := r.Params[name]; ok {
		return textValue(s, at)
	}
	for _, stage := range []string{r.stage(), "default"} {
		for _, where := range [][]string{{"params", stage, name}, {"stages", stage, "params", name}} {
			if v := r.get(r.root, where...); v.has() {
				return v
			}
		}
	}
	return nil
}

// checkCycles resolves what a service's own settings hold, so that a circle is
// told of even where no function leads into it.
func (r *resolver) checkCycles() {
	visited := map[*value]bool{}
	var visit func(v *value, depth int)
	visit = func(v *value, depth int) {
		if v == nil || depth > maxNesting || visited[v] {
			return
		}
		visited[v] = true
		v = r.resolve(v)
		if v != nil && (v.kind == mapping || v.kind == sequence) {
			visited[v] = true
			for _, item := range v.items {
				visit(item, depth+1)
			}
		}
	}
	for _, name := range []string{"params", "stages", "custom", "provider", "package", "functions"} {
		visit(r.root.get(name), 0)
	}
	ids := make([]string, 0, len(r.cyclic))
	for id := range r.cyclic {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		r.report(r.cyclic[id])
	}
}
