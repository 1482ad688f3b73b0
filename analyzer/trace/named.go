package trace

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/trace/value"
)

// options, viewEngine and literal find modules and files that plain strings name,
// without a call of require or of a function of Node that reads.

// options finds the targets of pino's transports in an object literal: {transport:
// {target: "x"}}, {targets: [{target: "x"}]} below a transport, and
// pino.transport({...}) (https://getpino.io/#/docs/transports). pino loads them in
// a worker thread.
func (t *tracer) options(n *js.Node, c context) {
	for _, p := range n.List {
		if p.Kind == js.Property && p.Name == "target" && p.Y != nil && t.isTransport(n) {
			t.named(p.Y, "worker", c)
		}
	}
}

// isTransport reports whether an object is where pino expects a transport.
func (t *tracer) isTransport(n *js.Node) bool {
	for range 6 {
		p := n.Parent
		if p == nil {
			return false
		}
		switch p.Kind {
		case js.Property:
			if p.Name == "transport" {
				return true
			}
			if p.Name != "targets" && p.Name != "pipeline" {
				return false
			}
		case js.Call:
			return strings.HasSuffix(t.Eval(p.X).Thing, "pino.transport")
		case js.Array, js.Object:
		default:
			return false
		}
		n = p
	}
	return false
}

func (t *tracer) named(arg *js.Node, kind string, c context) {
	for _, s := range t.Eval(arg).Strings {
		if value.Anchored(value.PlainPath(s)) || value.HasGap(s) || s == "" || js.Builtin(s) ||
			strings.Contains(s, ":") && !strings.HasPrefix(s, "node:") {
			continue
		}
		r := t.reference(arg, arg, c)
		r.Kind, r.Specifier = kind, s
		if p, ok := t.Resolve(s, t.module.Dir(), "require"); ok {
			r.Candidates = []Candidate{{Specifier: s, Path: p}}
		} else if !strings.Contains(t.Text.Source, "pino") && !strings.Contains(t.Text.Source, "fastify") {
			continue
		}
		t.result.Modules = append(t.result.Modules, r)
	}
}

// viewEngine handles app.set("view engine", "pug"), which requires the engine when
// the first view is rendered, and app.set("views", "./views")
// (https://expressjs.com/en/guide/using-template-engines.html).
//
// Nest has methods of its own for both: setViewEngine, setBaseViewsDir
// (https://docs.nestjs.com/techniques/mvc).
func (t *tracer) viewEngine(n *js.Node, c context) {
	if n.X.Kind == js.Member && n.X.Name == "setViewEngine" && len(n.List) == 1 {
		c.guarded = true
		t.named(n.List[0], "require", c)
		return
	}
	if n.X.Kind != js.Member || n.X.Name != "set" || len(n.List) != 2 || n.List[0].Kind != js.String {
		return
	}
	view := n.List[1]
	switch t.Eval(n.List[0]).Only() {
	case "view engine":
		c.guarded = true // app.engine may provide it instead
		t.engine = n
		t.named(view, "require", c)
	case "views":
		t.hasViews = true
		for _, s := range t.Eval(view).Strings {
			if !strings.HasPrefix(s, "/") && !strings.HasPrefix(s, value.Gap) {
				t.take(view, value.ResolvePath([]string{s}), use{kind: useList, tree: true, folder: true}, c)
			}
		}
	}
}

// A library's option or function that takes a path has one of these words in its name.
// Others take addresses, keys and topics, which can look like a path.
var (
	takesPath  = regexp.MustCompile(`(?i)dir|folder|path|views|root|file|locales|template|partial|layout|schema|migrat|seed|spec$|entit|models|dict|cwd|glob|load|static|scan|include|import|resource`)
	takesOther = regexp.MustCompile(`(?i)^(key|prefix|topic|url|uri|href|route|event|bucket|channel|subject|message|type|name|id)$`)
)

// namedFile finds own modules with a string that may be a path: with a slash inside, or
// as the value of an option that takes a path.
var namedFile = regexp.MustCompile("[\"'`](?:\\./)?[\\w.-]+/[^\"'`\n]*[\"'`]|(?i:dir|folder|path|views|root|file|locales|templates?|partials|layouts?|schemas?)\\w*[\"']?\\s*(?::|\\()\\s*\\[?\\s*[\"'`]")

// literal handles a string of the project's own code that names a file or a folder
// below the working folder, or in node_modules, and is passed to code that is not
// traced: {dicPath: "node_modules/kuromoji/dict"}, {directory: "locales"}.
func (t *tracer) literal(n *js.Node, c context) {
	s, _ := t.Eval(n).Single()
	s = strings.TrimPrefix(s, "./")
	if t.module.installed() || len(s) < 3 || len(s) > 200 || strings.HasPrefix(s, "/") || strings.HasPrefix(s, "@") || strings.ContainsAny(s, ":\n\\") {
		return
	}
	call, names := t.passedTo(n)
	if call == nil || slices.ContainsFunc(names, takesOther.MatchString) {
		return
	}
	asPath := slices.ContainsFunc(names, takesPath.MatchString)
	if !asPath && !strings.Contains(s, "/") {
		return
	}
	full, u := "/"+value.CWDMark+"/"+s, use{tree: true, fromCWD: true}
	if folder, ok := t.hoisted(s); ok {
		full = folder
	}
	if isGlob(s) {
		if dir, _, ok := t.split(full); ok && !t.covers(dir) && dir != t.module.CWD && t.exists(dir) {
			t.take(n, full, u, c)
		}
		return
	}
	rel, ok := t.Relative(full)
	st, err := fs.Stat(t.Files, rel)
	if !ok || err != nil || t.covers(rel) || rel == t.module.CWD || !asPath && (st.IsDir() || codeExtensions[path.Ext(rel)]) && !strings.HasPrefix(s, "node_modules/") {
		return
	}
	t.take(n, full, u, c)
}

// mayBePath reports whether a name is the value of an option that takes a path.
func (t *tracer) mayBePath(n *js.Node) bool {
	p := n.Parent
	return !t.module.installed() && p != nil && p.Kind == js.Property && p.Y == n && takesPath.MatchString(p.Name)
}

// hoisted finds a path that starts with node_modules in a folder above the working
// folder, where a workspace has its packages.
func (t *tracer) hoisted(s string) (marked string, ok bool) {
	if !strings.HasPrefix(s, "node_modules/") {
		return "", false
	}
	for dir := t.module.CWD; dir != "." && dir != "/"; dir = path.Dir(dir) {
		if t.exists(path.Join(dir, s)) {
			return "", false // the working folder's own, or nearer
		}
		if up := path.Join(path.Dir(dir), s); t.exists(up) {
			return value.RootPath(up), true
		}
	}
	return "", false
}

// passedTo returns the call that gets a string, be it in an object or an array, and the
// names of the options on the way and of the function. It returns nil if the call is
// traced otherwise.
func (t *tracer) passedTo(n *js.Node) (call *js.Node, names []string) {
	for p := n.Parent; p != nil; n, p = p, p.Parent {
		switch p.Kind {
		case js.Property:
			if p.Y != n {
				return nil, nil
			}
			names = append(names, p.Name)
		case js.Object, js.Array, js.Cond:
		case js.Binary:
			if p.Op != js.OpOr && p.Op != js.OpNullish {
				return nil, nil
			}
		case js.Call, js.New:
			if p.X == n {
				return nil, nil
			}
			f := t.Eval(p.X)
			if _, ok := sinkOf(f.Thing); ok || strings.HasPrefix(f.Thing, "path.") || f.Node != nil && f.Node.Kind != js.Class {
				return nil, nil // a function of the module passes it on, or not
			}
			name := js.CalleeName(p.X)
			if harmless[name] || strings.HasSuffix(name, "Error") || name == "require" || name == "resolve" {
				return nil, nil
			}
			return p, append(names, name)
		default:
			return nil, nil
		}
	}
	return nil, nil
}
