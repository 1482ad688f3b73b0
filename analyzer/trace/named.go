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
	takesPath = regexp.MustCompile(`(?i)dir|folder|path|views|root|file|locales|template|partial|layout|schema|migrat|seed|spec$|entit|models|dict|cwd|glob|load|static|scan|include|import|resource`)
	// takesFolder are those whose value may be a bare name, such as "locales". A schema
	// of a database and a path of a route are names too.
	takesFolder = regexp.MustCompile(`(?i)dir$|directory|directories|dirs|folder|views|root|locales|partials|layouts|templates|migrations|seeds|dict|^cwd$`)
	takesOther  = regexp.MustCompile(`(?i)^(key|prefix|topic|url|uri|href|route|event|bucket|channel|subject|message|type|name|id)$`)
)

// literal handles a string of the project's own code that names a file or a folder
// below the working folder, or in node_modules, and is passed to code that is not
// traced: {dicPath: "node_modules/kuromoji/dict"}, {directory: "locales"}.
func (t *tracer) literal(n *js.Node, c context) {
	s, _ := t.Eval(n).Single()
	if full := t.filledIn(n, s); full != s {
		t.take(n, full, use{tree: true}, c)
		return
	}
	s = strings.TrimPrefix(s, "./")
	if t.module.installed() || len(s) < 3 || len(s) > 200 || strings.HasPrefix(s, "/") || strings.HasPrefix(s, "@") || strings.ContainsAny(s, ":\n\\") {
		return
	}
	call, names := t.passedTo(n)
	if n.Kind == js.Name {
		names = append(names, n.Name)
	}
	if call == nil || slices.ContainsFunc(names, takesOther.MatchString) {
		return
	}
	asPath := slices.ContainsFunc(names, takesPath.MatchString)
	if !strings.Contains(s, "/") && !slices.ContainsFunc(names, takesFolder.MatchString) && path.Ext(s) == "" {
		return
	}
	if !asPath && !strings.Contains(s, "/") {
		return
	}
	// A route's path can look like a folder of code.
	asFolder := asPath && !slices.Contains(names, "path") || slices.ContainsFunc(names, takesFolder.MatchString)
	full, u := "/"+value.CWDMark+"/"+s, use{tree: true, fromCWD: true}
	if folder, ok := t.hoisted(s); ok {
		full = folder
	}
	if pattern := placeholders.ReplaceAllString(full, value.Gap); isGlob(s) || pattern != full {
		whole := func(dir string) bool { return t.covers(dir) || dir == t.module.CWD }
		if dir, tail, ok := t.split(pattern); ok && t.exists(dir) && (!whole(dir) || isData(tail)) {
			t.take(n, pattern, u, c)
		}
		return
	}
	rel, ok := t.Relative(full)
	st, err := fs.Stat(t.Files, rel)
	if !ok || err != nil || t.covers(rel) || rel == t.module.CWD ||
		(st.IsDir() && !asFolder || !asPath && codeExtensions[path.Ext(rel)]) && !strings.HasPrefix(s, "node_modules/") {
		return
	}
	t.take(n, full, u, c)
}

// isData reports whether a pattern is one of files that are not code.
func isData(tail string) bool {
	ext := path.Ext(tail)
	return ext != "" && !codeExtensions[ext] && ext != ".json" && !strings.ContainsAny(ext, value.Gap+"*?{[")
}

// ofOption matches ${rootDir} in a string of an option, which a library fills in.
var ofOption = regexp.MustCompile(`\$\{(\w+)\}|<(\w+)>`)

// filledIn replaces the names of options in a string by the paths that these options
// have in the objects around it: {rootDir: __dirname, mount: "${rootDir}/routes/*.js"}.
func (t *tracer) filledIn(n *js.Node, s string) string {
	if n.Kind != js.String || !ofOption.MatchString(s) {
		return s
	}
	return ofOption.ReplaceAllStringFunc(s, func(name string) string {
		name = strings.Trim(name, "${}<>")
		for p := n.Parent; p != nil && p.Kind < js.Block; p = p.Parent {
			if p.Kind != js.Object {
				continue
			}
			if folder := t.Property(p, name); folder.IsAnchored() && len(folder.Strings) == 1 {
				return folder.Strings[0]
			}
		}
		return "${" + name + "}"
	})
}

// mayBePath reports whether a name is called as a path is, and passed on: as the value
// of an option or as an argument.
func (t *tracer) mayBePath(n *js.Node) bool {
	p := n.Parent
	if t.module.installed() || p == nil {
		return false
	}
	return p.Kind == js.Property && p.Y == n && takesPath.MatchString(p.Name) || p.Kind == js.Call && p.X != n && takesPath.MatchString(n.Name)
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

// findsPackage matches packages that look for the package.json above a folder.
var findsPackage = regexp.MustCompile(`(?i)^module:(?:[^.].*)?(?:read-?pkg|pkg-?(info|up|dir|conf)|read-?package|package-json|find-?up|find-?root)`)

// packageInfo handles a call of such a package with a folder, or with the module object
// of CommonJS: pkginfo(module), readPackageUp({cwd: __dirname}). Such a package may do the
// same for its own package.json.
func (t *tracer) packageInfo(n *js.Node, c context) {
	if value.LoadsModules(n, t.Eval(n.X)) {
		t.result.Edits = append(t.result.Edits, Edit{Start: int(n.Start), End: int(n.End), What: "require"})
		return
	}
	for _, a := range n.List {
		switch {
		case a.IsGlobal("module"):
			if f := t.Eval(n.X); strings.HasPrefix(f.Thing, "module:") && !strings.HasPrefix(f.Thing, "module:.") {
				t.result.Edits = append(t.result.Edits, Edit{Start: int(a.Start), End: int(a.End), What: "module"})
				t.packageJSON(a, t.module.Dir(), c.guarded)
			}
		case t.Interest(a)&value.OfPlace != 0 && t.calleeFindsPackage(n):
			folders := []*js.Node{a}
			if a.Kind == js.Object {
				folders = nil
				for _, p := range a.List {
					if p.Kind == js.Property {
						folders = append(folders, p.Y)
					}
				}
			}
			for _, folder := range folders {
				if dir, ok := t.Relative(t.Eval(folder).Only()); ok {
					t.handled[folder] = true
					t.packageJSON(folder, dir, true)
				}
			}
		}
	}
}

// calleeFindsPackage reports whether a function that is called looks for a package.json.
func (t *tracer) calleeFindsPackage(n *js.Node) bool {
	f := t.Eval(n.X)
	if f.Thing != "" {
		return findsPackage.MatchString(f.Thing)
	}
	return t.module.installed() && f.Node != nil && findsPackage.MatchString("module:"+path.Base(t.module.PackageDir))
}

// packageJSON reports that the package.json above a folder is read. The search lists the
// folders on its way, so they must be there.
func (t *tracer) packageJSON(n *js.Node, dir string, optional bool) {
	before := len(t.result.Assets)
	t.asset(n, value.RootPath(path.Join(t.packageOf(dir), "package.json")), use{kind: useRead, optional: optional})
	if st, err := fs.Stat(t.Files, dir); err == nil && st.IsDir() && len(t.result.Assets) > before {
		t.result.Assets[before].Through = append(t.result.Assets[before].Through, dir)
	}
}
