package lint

import (
	"fmt"
	"path"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// slowCalls are functions that hold the program up by design.
var slowCalls = map[string]string{
	"child_process execSync": "starts another program", "child_process execFileSync": "starts another program", "child_process spawnSync": "starts another program",
	"crypto pbkdf2Sync": "derives a key", "crypto scryptSync": "derives a key", "crypto generateKeyPairSync": "makes a pair of keys", "crypto generatePrimeSync": "makes a prime",
	"bcrypt hashSync": "hashes a password", "bcryptjs hashSync": "hashes a password",
}

// compilers are functions that compile a template when they are called. Those of Handlebars and
// Nunjucks that are called compile wait until the template is used.
var compilers = map[string]string{
	"pug compile": "a template", "pug compileFile": "a template", "pug compileClient": "a template", "ejs compile": "a template",
	"handlebars precompile": "a template", "nunjucks precompile": "templates", "nunjucks precompileString": "a template",
}

// Sizes from which reading and parsing a file is slow, in bytes. JSON that is imported is
// parsed as code.
const (
	largeFile = 256 << 10
	largeJSON = 1 << 20
)

// workAtLoad finds slow work that every cold start does before the first request.
func (f *function) workAtLoad() {
	if f.Handler == "" {
		return
	}
	report := func(m *module, n *js.Node) {
		at, what := n, ""
		switch n.Kind {
		case js.Call:
			at, what = m.slowCall(n)
		case js.Import:
			if n.Z != nil && defaultOnly(n) != "" {
				what = m.largeJSON(n.Z.Name)
			}
		}
		if what == "" || insideOf(n, "require.main") {
			return
		}
		m.add(at, Advice{
			Without: m.withoutWork(at),
			Diagnostic: analyzer.Diagnostic{
				Message: what + " in every cold start, before the first request; since August 2025 that time is billed",
				Hint:    "do it once at build time, or on first use",
			},
			Source: "https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase/", BehaviourChanges: "the work is done at another time",
		})
	}
	for _, own := range f.Paths {
		if m := f.module(own); m != nil {
			m.atLoad(func(n *js.Node) { report(m, n) })
		}
	}
	for _, n := range f.started() {
		if !n.later {
			report(n.module, n.Node)
		}
	}
}

// slowCall describes the slow work of a call, "" if it is not known to be slow. With what a file
// has it may be the call that parses it.
func (m *module) slowCall(n *js.Node) (at *js.Node, what string) {
	from, name := exportOf(n.X)
	name = strings.TrimPrefix(name, "default.")
	if work := slowCalls[from+" "+name]; work != "" {
		return n, name + " " + work
	}
	if compiled := compilers[from+" "+name]; compiled != "" {
		return n, from + "'s " + name + " compiles " + compiled
	}
	if specifier := required(n); specifier != "" {
		return n, m.largeJSON(specifier)
	}
	if from != "fs" || name != "readFileSync" || len(n.List) == 0 {
		return n, ""
	}
	file, known := m.packagePath(n.List[0], 0)
	size := m.Files[file]
	if !known || size < largeFile {
		return n, ""
	}
	if p := n.Parent; p != nil && p.Kind == js.Call && len(p.List) == 1 && p.List[0] == n && p.X.Kind == js.Member && p.X.Name == "parse" && p.X.X.IsGlobal("JSON") {
		return p, fmt.Sprintf("%s of %d KiB is read and parsed", file, size>>10)
	}
	return n, fmt.Sprintf("%s of %d KiB is read", file, size>>10)
}

// largeJSON describes a large JSON file that a specifier leads to, "" if it is not one.
func (m *module) largeJSON(specifier string) string {
	if !strings.HasSuffix(specifier, ".json") {
		return ""
	}
	file := m.Modules.Resolve(m.path, specifier)
	for i, in := range m.Inputs {
		if in.Path == file && in.Package == "" && i < len(m.Bytes) && m.Bytes[i] >= largeJSON {
			return fmt.Sprintf("%s, %d KiB in the bundle, is parsed as code", file, m.Bytes[i]>>10)
		}
	}
	return ""
}

// packagePath is the path of a file that an expression names by the module's own place.
func (m *module) packagePath(n *js.Node, depth int) (string, bool) {
	if depth > maxNames {
		return "", false
	}
	folder := path.Dir(m.path)
	switch n.Kind {
	case js.Name:
		if n.IsGlobal("__dirname") {
			return folder, true
		}
		if b := boundOnce(n); b != nil {
			return m.packagePath(b, depth+1)
		}
	case js.Member:
		return folder, n.X.Kind == js.ImportMeta && n.Name == "dirname"
	case js.New:
		if n.X.IsGlobal("URL") && len(n.List) == 2 && n.List[0].Kind == js.String && n.List[1].Kind == js.Member && n.List[1].X.Kind == js.ImportMeta && n.List[1].Name == "url" && !strings.Contains(n.List[0].Name, ":") {
			return path.Join(folder, n.List[0].Name), true
		}
	case js.Binary: // __dirname + '/a'
		if left, known := m.packagePath(n.X, depth+1); known && n.Y.Kind == js.String && strings.HasPrefix(n.Y.Name, "/") {
			return path.Join(left, n.Y.Name), true
		}
	case js.Template: // `${__dirname}/a`
		if len(n.List) == 1 && len(n.Texts) == 2 && n.Texts[0] == "" && strings.HasPrefix(n.Texts[1], "/") {
			left, known := m.packagePath(n.List[0], depth+1)
			return path.Join(left, n.Texts[1]), known
		}
	case js.Call:
		from, name := exportOf(n.X)
		if name = strings.TrimPrefix(name, "default."); len(n.List) == 0 {
			return "", false
		}
		if from == "url" && name == "fileURLToPath" {
			return m.packagePath(n.List[0], depth+1)
		}
		if from == "path" && (name == "join" || name == "resolve") {
			joined, known := m.packagePath(n.List[0], depth+1)
			for _, part := range n.List[1:] {
				known = known && part.Kind == js.String && !strings.HasPrefix(part.Name, "/")
				joined = path.Join(joined, part.Name)
			}
			return joined, known
		}
	}
	return "", false
}

// boundOnce is the only value of a name, nil if it is not known.
func boundOnce(n *js.Node) *js.Node {
	if n.Scope == nil {
		return nil
	}
	b := n.Scope.Find(n.Name)
	if b == nil || b.Param != nil || len(b.Writes) != 1 || b.Writes[0].From == nil || len(b.Writes[0].Keys) > 0 || b.Writes[0].Each {
		return nil
	}
	return b.Writes[0].From
}

// defaultOnly is the local name of an import that takes nothing but the default export, "" for
// any other.
func defaultOnly(statement *js.Node) string {
	if len(statement.List) != 1 || statement.List[0].Name != "default" || statement.List[0].X == nil {
		return ""
	}
	return statement.List[0].X.Name
}

// withoutWork replaces a call, or an import of a default export, by a stand-in.
func (m *module) withoutWork(n *js.Node) []Edit {
	edits := m.withStandIn(n)
	if n.Kind == js.Import && len(edits) == 1 {
		edits[0].Text = "const " + defaultOnly(n) + " = " + standIn + ";"
	}
	return edits
}

// standIn is an expression that answers every use of it with itself, and does nothing.
const standIn = `((a) => a = new Proxy(function () {}, { get: (_, n) => n === Symbol.toPrimitive ? () => "" : ` +
	`n === "then" || n === "prototype" ? void 0 : a, apply: () => a, construct: () => a }))()`

// withStandIn replaces an expression by a stand-in. It is nil if the module's own text does not
// have the whole expression.
func (m *module) withStandIn(n *js.Node) []Edit {
	p := js.Place{Start: int(n.Start), End: int(n.End)}
	if m.text.Locate(&p); p.End <= p.Start {
		return nil
	}
	text := standIn
	if n.Parent != nil && n.Parent.Kind == js.Expr {
		text = "void " + text // a parenthesis at the start would call what a line without a semicolon ends with
	}
	return []Edit{{Start: p.Start, End: p.End, Text: text}}
}

// insideOf reports whether an expression runs only if a member of that text is what the
// condition asks for.
func insideOf(n *js.Node, text string) bool {
	object, member, _ := strings.Cut(text, ".")
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Kind != js.If {
			continue
		}
		asks := false
		var look func(*js.Node)
		look = func(c *js.Node) {
			asks = asks || c.Kind == js.Member && c.Name == member && c.X.Kind == js.Name && c.X.Name == object
			c.Each(look)
		}
		if look(p.X); asks {
			return true
		}
	}
	return false
}
