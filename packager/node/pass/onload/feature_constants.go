package onload

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// featureConstants writes out what tests for the platform find in Node on Lambda, such as
// typeof window or process.browser. The bundler then drops the branches for browsers, and
// with them the modules that only these require.
//
// The value of a test is a constant in every process of one version of Node on Linux, as
// long as nothing sets the variable. Each change says which one it is about
// ([Change.Global]): it holds only in a graph where nothing may set it ([Globals] says
// what does), and where no function is sent to another process as text. That graph may be
// the one without the dropped branches. Code in these could only run after the variable
// has been set by other code. These stay as they are:
//   - a name that the module declares, or that direct eval or with may declare; one of a
//     function anywhere in the module, since outside of strict mode a function in a block
//     is a variable of the function around it;
//   - a name that the build settings define;
//   - tests in code for another runtime than Node, and for versions of Node that may have
//     the variable: navigator is there since 21;
//   - process.platform and process.arch other than in a comparison with a string, so that
//     the value itself is still the machine's;
//   - process.browser and its like other than where only its value is tested: it may be
//     assigned to, or called as a method;
//   - a Response of which anything but its property cf is used: code makes one to see
//     whether it runs on Cloudflare, and Node 20 loads all of fetch for that;
//   - a test of process.version by semver whose range begins within a major version of Node;
//   - tests by other means, such as globalThis.window or "window" in globalThis.
func featureConstants(m *Module, v View, _ analyzer.Switches) []Change {
	process := v.Process()
	if process.Node == 0 || redeclares(m.Source) {
		return nil
	}
	text := m.Text()
	if text == nil {
		return nil
	}
	edits, declared := map[string][]js.Edit{}, map[string]bool{}
	var look func(n *js.Node)
	look = func(n *js.Node) {
		if n.Kind == js.Function {
			declared[n.Name] = true
		}
		global, value := process.constant(n)
		if global == "" || process.defines(global) {
			n.Each(look)
			return
		}
		place := js.Place{Start: int(n.Start), End: int(n.End)}
		if written := text.Source[n.Start:n.End]; text.Rewritten() {
			text.Locate(&place)
			if place.End = place.Start + len(written); !bytes.HasPrefix(m.Source[place.Start:], []byte(written)) {
				return
			}
		}
		lines := bytes.Count(m.Source[place.Start:place.End], []byte("\n"))
		edits[global] = append(edits[global], js.Edit{Start: place.Start, End: place.End, Text: value + strings.Repeat("\n", lines)})
	}
	look(text.Top)
	var changes []Change
	for _, f := range features {
		if len(edits[f.name]) > 0 && !declared[f.name] {
			changes = append(changes, Change{Edits: edits[f.name], Global: f.name})
		}
	}
	return changes
}

// Process is the process that code runs in.
type Process struct {
	// Node is the major version of Node, 0 where the process may not be one of Node.
	Node int
	// Arch is its process.arch.
	Arch string
	// Define are the names that the build settings define, such as process.browser.
	Define map[string]string
}

// A feature is a global variable, or a property of process, that is the same in every
// process of Node on Lambda.
type feature struct {
	name, is string
	until    int // the last major version of Node that this is known of, 0 for all
	since    int // the first
}

// features are those that code tests for. "is" is the type of a variable, and "undefined"
// or nothing for a property.
// Source: nodejs.org/api/globals.html and nodejs.org/api/process.html.
var features = []feature{
	{"window", "undefined", 0, 0}, {"document", "undefined", 0, 0}, {"self", "undefined", 24, 0}, {"navigator", "undefined", 20, 0}, {"location", "undefined", 24, 0},
	{"importScripts", "undefined", 0, 0}, {"WorkerGlobalScope", "undefined", 0, 0}, {"DedicatedWorkerGlobalScope", "undefined", 0, 0},
	{"ServiceWorkerGlobalScope", "undefined", 0, 0}, {"XMLHttpRequest", "undefined", 0, 0}, {"HTMLElement", "undefined", 0, 0},
	{"Deno", "undefined", 0, 0}, {"Bun", "undefined", 0, 0}, {"EdgeRuntime", "undefined", 0, 0}, {"define", "undefined", 0, 0},
	{"__webpack_require__", "undefined", 0, 0}, {"__non_webpack_require__", "undefined", 0, 0},
	{"process", "object", 0, 0}, {"global", "object", 0, 0}, {"globalThis", "object", 0, 0}, {"Buffer", "function", 0, 0},
	{response, "function", 0, 18}, {headers, "function", 0, 18},
	{"process.browser", "undefined", 0, 0}, {"process.type", "undefined", 0, 0}, {"process.__nwjs", "undefined", 0, 0},
	{"process.versions.electron", "undefined", 0, 0}, {"process.versions.nw", "undefined", 0, 0},
	{"process.platform", "", 0, 0}, {"process.arch", "", 0, 0}, {version, "", 0, 0},
}

const response = "Response"

var featureIndex = func() map[string]*feature {
	index := map[string]*feature{}
	for i := range features {
		index[features[i].name] = &features[i]
	}
	return index
}()

// featureOf is the feature of a name, nil for none.
func featureOf(name string) *feature { return featureIndex[name] }

// hasFeatureTest is a quick search.
func hasFeatureTest(source []byte) bool {
	return bytes.Contains(source, []byte("new Response(")) || follows(source, "typeof", " \t\r\n(", "") || follows(source, "process.", "", "process.") || follows(source, "process.versions.", "", "process.versions.")
}

// follows reports whether somewhere behind a text, and any of the spaces, there is a word
// that is a feature's name with the prefix.
func follows(source []byte, text, spaces, prefix string) bool {
	for {
		i := bytes.Index(source, []byte(text))
		if i < 0 {
			return false
		}
		source = bytes.TrimLeft(source[i+len(text):], spaces)
		n := 0
		for n < len(source) && js.InName(source[n]) {
			n++
		}
		if featureOf(prefix+string(source[:n])) != nil {
			return true
		}
	}
}

// redeclares reports whether a text may declare a name that no declaration shows.
func redeclares(source []byte) bool {
	return bytes.Contains(source, []byte("eval")) && evaluates.Match(source) || bytes.Contains(source, []byte("with")) && widens.Match(source)
}

var evaluates, widens = regexp.MustCompile(`(?:^|[^.\w$])eval\s*\(`), regexp.MustCompile(`\bwith\s*\(`)

// constant is the value of a test and the feature that it is about, "" for anything else.
func (p Process) constant(n *js.Node) (global, value string) {
	known := func(name string) *feature {
		f := featureOf(name)
		if f == nil || f.until != 0 && p.Node > f.until || p.Node < f.since {
			return nil
		}
		return f
	}
	switch n.Kind {
	case js.Unary:
		if n.Name == "typeof" && n.X.Kind == js.Name && n.X.IsGlobal(n.X.Name) {
			if f := known(n.X.Name); f != nil {
				return f.name, `"` + f.is + `"`
			}
		}
	case js.Member:
		if f := known(pathOf(n)); f != nil && f.is != "" && onlyTested(n) {
			return f.name, " void 0 "
		}
		if n.X.Kind == js.Name && isCloudflareTest(n) && known(response) != nil && onlyForCloudflare(n.X.Scope.Find(n.X.Name)) {
			return response, "(void 0)"
		}
	case js.Call:
		if value := p.versionTest(n); value != "" {
			return version, value
		}
		if p.onlyVersionTests(n) {
			return version, "(void 0)"
		}
	case js.New:
		if n.X.IsGlobal(response) && n.Parent.Kind == js.Declare && n.Parent.Y == n && n.Parent.X.Kind == js.Name && known(response) != nil &&
			onlyForCloudflare(n.Parent.X.Scope.Find(n.Parent.X.Name)) {
			return response, "(void 0)"
		}
	case js.Binary:
		if n.Op != js.OpEqual && n.Op != js.OpNotEqual {
			return "", ""
		}
		member, text := n.X, n.Y
		if member.Kind == js.String {
			member, text = text, member
		}
		if member.Kind != js.Member || text.Kind != js.String {
			return "", ""
		}
		is := map[string]string{"process.platform": "linux", "process.arch": p.Arch}[pathOf(member)]
		if is == "" {
			return "", ""
		}
		if (text.Name == is) == (n.Op == js.OpEqual) {
			return pathOf(member), " true "
		}
		return pathOf(member), " false "
	}
	return "", ""
}

// pathOf is the path of a property of the global process, "" for anything else.
func pathOf(n *js.Node) string {
	if n.Kind != js.Member || n.Flags&(js.Odd|js.Optional) != 0 {
		return ""
	}
	if n.X.IsGlobal("process") {
		return "process." + n.Name
	}
	if n.X.Kind == js.Member && n.X.Name == "versions" && n.X.X.IsGlobal("process") {
		return "process.versions." + n.Name
	}
	return ""
}

// onlyTested reports whether nothing but the value of an expression matters where it
// stands, and an operator of any precedence may stand there.
func onlyTested(n *js.Node) bool {
	p := n.Parent
	if p == nil {
		return false
	}
	switch p.Kind {
	case js.If, js.Cond:
		return p.X == n
	case js.Unary:
		return p.Op == js.OpNot
	case js.Binary:
		switch p.Op {
		case js.OpAnd, js.OpOr, js.OpNullish, js.OpEqual, js.OpNotEqual:
			return true
		}
	}
	return false
}

// onlyForCloudflare reports whether a variable is a new Response that is made to see
// whether it has the property cf, and that nothing else is done with: a Response without
// options that Node knows, whose making nothing can observe.
func onlyForCloudflare(b *js.Binding) bool {
	if b == nil || b.Exported || b.Function != nil || b.Param != nil || len(b.Writes) != 1 || len(b.Writes[0].Keys) > 0 || b.Writes[0].Each {
		return false
	}
	made := b.Writes[0].From
	if made == nil || made.Kind != js.New || !made.X.IsGlobal(response) || made.Parent.Kind != js.Declare || made.Parent.Y != made || len(made.List) != 2 {
		return false
	}
	body, options := made.List[0], made.List[1]
	if body.Kind != js.Literal || body.Name != "null" || options.Kind != js.Object || len(options.List) != 1 || !isData(options) {
		return false
	}
	if only := options.List[0]; only.Kind != js.Property || only.X != nil || only.Name != cloudflare {
		return false
	}
	for _, ref := range b.Refs {
		if ref != made.Parent.X && (ref.Start < made.End || enclosing(ref) != enclosing(made) || ref.Parent.X != ref || !isCloudflareTest(ref.Parent)) {
			return false
		}
	}
	return true
}

// cloudflare is the property of a Response that only Cloudflare's runtime has.
// Source: developers.cloudflare.com/workers/runtime-apis/response.
const cloudflare = "cf"

// isCloudflareTest reports whether an expression reads the property cf where any other
// expression may stand.
func isCloudflareTest(n *js.Node) bool {
	if n.Kind != js.Member || n.Name != cloudflare || n.Flags&(js.Odd|js.Optional) != 0 {
		return false
	}
	return onlyTested(n) || n.Parent.Kind == js.Unary && n.Parent.Name == "typeof" || n.Parent.Kind == js.Member && n.Parent.X == n && !n.Parent.IsTarget()
}

// isData reports whether an expression is made of constants.
func isData(n *js.Node) bool {
	data := true
	switch n.Kind {
	case js.Object, js.Array, js.Property, js.Unary:
		n.Each(func(n *js.Node) { data = data && isData(n) })
		return data && (n.Kind != js.Unary || n.Op == js.OpNot)
	case js.Literal:
		return n.Name != "this" && n.Name != "super" && n.Name != "new.target"
	}
	return n.Kind == js.String || n.Kind == js.Number
}

// enclosing is the function that code belongs to, nil for none.
func enclosing(n *js.Node) *js.Node {
	for n = n.Parent; n != nil && n.Kind != js.Function && n.Kind != js.Arrow && n.Kind != js.Class; n = n.Parent {
	}
	return n
}

// defines reports whether the build settings define a name, or what it is part of.
func (p Process) defines(name string) bool {
	for {
		if _, defined := p.Define[name]; defined {
			return true
		}
		i := strings.LastIndex(name, ".")
		if i < 0 {
			_, defined := p.Define["typeof "+name]
			return defined
		}
		name = name[:i]
	}
}
