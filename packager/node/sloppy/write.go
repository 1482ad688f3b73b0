package sloppy

import (
	"bytes"
	"encoding/json"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager/node/slim"
)

// Module is a CommonJS module to be written as a text.
type Module struct {
	Text []byte
	// AsText evaluates it as a text, whatever is in it.
	AsText bool
	// Name is what stack traces show.
	Name string
	// Define are esbuild's definitions: expressions, by the names and members that they
	// replace.
	Define map[string]string
	// Injected are names, and members of names, that the bundler takes from other modules
	// where no module declares them.
	Injected []string
	// Around are variables of the code around that the text may use.
	Around []string
	// Slim takes out what only people need.
	Slim bool
	// Free is a name of that stem that the text does not have.
	Free func(stem string) string
}

// Write writes a module so that it keeps its meaning in strict mode.
//
// Where edits do that, it is the module with these. Else it evaluates the module's text
// when it is loaded, and gives it what Node gives to a CommonJS module. The module's
// requests are written beside the text, where the bundler follows them. Stack traces show
// the module's name and lines.
func Write(m Module) (string, error) {
	if !m.AsText {
		if r := Read(m.Text, true); r.First == nil {
			return js.Apply(m.Text, r.Edits), nil
		}
	}
	if bytes.HasPrefix(m.Text, []byte("#!")) {
		m.Text = append([]byte("//"), m.Text[2:]...)
	}
	tree, err := js.Parse(m.Text)
	if err != nil {
		return "", err
	}
	tree.Bind()
	w := writer{
		load: m.Free("__featherpackImport"), injection: m.Free("__featherpackInjected"), define: m.Define, injected: m.Injected,
		required: map[string]string{}, imported: map[string]string{},
	}
	w.look(tree.Top)
	body := js.Apply(m.Text, w.edits)
	if m.Slim {
		if slimmed, ok := slim.Code([]byte(body), true); ok {
			body = string(slimmed)
		}
	}
	parameters := []string{"exports", "require", "module"}
	given := []string{"exports", w.require(), "module"}
	for _, name := range append([]string{"__filename", "__dirname"}, m.Around...) {
		if strings.Contains(body, name) {
			parameters, given = append(parameters, name), append(given, name)
		}
	}
	for _, name := range w.takes(tree, body) {
		parameters, given = append(parameters, w.parameter(name)), append(given, name)
	}
	if w.imports {
		parameters, given = append(parameters, w.load), append(given, table(w.imported, "import(k)"))
	}
	text := "(function(" + strings.Join(parameters, ",") + "){" + body + "\n})\n//# sourceURL=" + shown(m.Name)
	return "(0,eval)(" + quote(text) + ").call(" + strings.Join(append([]string{"exports"}, given...), ",") + ")", nil
}

// writer collects what a module requests.
type writer struct {
	edits  []js.Edit
	define map[string]string
	load   string // the name that stands for import
	// injection begins the names that stand for injected members.
	injection string
	injected  []string
	imports   bool // the module has an import()
	computes  bool // it uses require for more than to load what it names
	required  map[string]string
	imported  map[string]string // expressions, by specifier
}

func (w *writer) look(n *js.Node) {
	switch {
	case n.Kind == js.ImportCall:
		w.imports = true
		w.edits = append(w.edits, js.Edit{Start: int(n.Start), End: int(n.Start) + len("import"), Text: w.load})
		if len(n.List) > 0 && n.List[0].IsPlainString() {
			specifier := plain(n.List[0])
			w.imported[specifier] = "import(" + quote(specifier) + ")"
		}
	case n.Kind == js.Call && n.X.IsGlobal("require") && len(n.List) == 1 && n.List[0].IsPlainString():
		specifier := plain(n.List[0])
		w.required[specifier] = "require(" + quote(specifier) + ")"
		return
	case n.IsGlobal("require"), n.IsGlobal("eval"), n.IsGlobal("module"):
		w.computes = w.computes || n.Name != "module" || n.Parent.Kind == js.Member && n.Parent.Name == "require"
	}
	name := dotted(n)
	if strings.Contains(name, ".") && slices.Contains(w.injected, name) && !isWritten(n) {
		w.edits = append(w.edits, js.Edit{Start: int(n.Start), End: int(n.End), Text: w.parameter(name)})
		return
	}
	if value, defined := w.define[name]; defined && !isWritten(n) && !isKey(n) {
		w.edits = append(w.edits, js.Edit{Start: int(n.Start), End: int(n.End), Text: "(" + value + ")"})
		return
	}
	n.Each(w.look)
}

// parameter is what an injected name is called inside the text.
func (w *writer) parameter(name string) string {
	if !strings.Contains(name, ".") {
		return name
	}
	return w.injection + strconv.Itoa(slices.Index(w.injected, name))
}

// takes are the injected names that a module may read and does not declare, also in code that
// it evaluates.
func (w *writer) takes(tree *js.Tree, body string) (names []string) {
	for _, name := range w.injected {
		if own := tree.Scope.Own(name) != nil || ownNames[name]; !own && strings.Contains(body, w.parameter(name)) {
			names = append(names, name)
		}
	}
	return names
}

// ownNames are what Node gives to a CommonJS module.
var ownNames = map[string]bool{"exports": true, "require": true, "module": true, "__filename": true, "__dirname": true}

// require is the expression for the require that the module gets.
func (w *writer) require() string {
	switch {
	case !w.computes && len(w.required) == 0:
		return "0"
	case !w.computes:
		return table(w.required, "")
	case len(w.required) == 0:
		return "require"
	}
	return "Object.assign(" + table(w.required, "require(k)") + ",require)"
}

// table is a function that looks an argument up among expressions, and evaluates another
// expression of k where it is not among them.
func table(rows map[string]string, other string) string {
	var b strings.Builder
	b.WriteString("(m=>k=>")
	if other != "" {
		b.WriteString("Object.hasOwn(m,k)?m[k]():" + other)
	} else {
		b.WriteString("m[k]()")
	}
	b.WriteString(")({")
	var specifiers []string
	for specifier := range rows {
		specifiers = append(specifiers, specifier)
	}
	slices.Sort(specifiers)
	for i, specifier := range specifiers {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("[" + quote(specifier) + "]:()=>" + rows[specifier])
	}
	b.WriteString("})")
	return b.String()
}

// plain is the value of a string without expressions.
func plain(n *js.Node) string {
	if n.Kind == js.Template {
		return n.Texts[0]
	}
	return n.Name
}

// maxDots bounds how many members of members a definition names.
const maxDots = 20

// dotted is an undeclared name, or a member of one, as definitions write it.
func dotted(n *js.Node) string {
	var names []string
	for ; n.Kind == js.Member && n.Flags&js.Optional == 0 && len(names) < maxDots; n = n.X {
		names = append(names, n.Name)
	}
	if n.Kind != js.Name || !n.IsGlobal(n.Name) {
		return ""
	}
	names = append(names, n.Name)
	slices.Reverse(names)
	return strings.Join(names, ".")
}

// isKey reports whether a name is the name of a property too: {a}.
func isKey(n *js.Node) bool {
	return n.Parent != nil && n.Parent.Kind == js.Property && n.Parent.Flags&js.Shorthand != 0
}

// quote is a text as a string of JavaScript.
func quote(text string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(text); err != nil {
		panic(err) // a string always encodes
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// shown is what stack traces call a module: its path from the first node_modules on, or its
// file's name. A zip must not depend on where below the root the function lies.
func shown(name string) string {
	if i := strings.Index("/"+name, "/node_modules/"); i >= 0 {
		return name[i:]
	}
	return path.Base(name)
}
