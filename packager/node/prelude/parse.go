package prelude

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// Code is a function's linked code.
type Code struct {
	Function analyzer.Function
	Text     []byte
	// Name is its path in the zip.
	Name string
	// ESM means that it is an ES module, EntryESM that the entry's source is one.
	ESM, EntryESM bool
}

// Parse parses a function's finished code, before the prelude is added. It returns
// the tree, nil where our own parser fails, and which names the code declares at its
// top level; or a diagnostic when the code cannot be loaded.
//
// The nodes of the tree lie in a memory of the caller's.
//
// Code that esbuild wrote follows every rule, so our own parser is enough to find
// the names: it takes half of esbuild's time, but does not know all rules. esbuild
// adds a banner and a footer without parsing them. With one of these, and where
// our parser fails, esbuild parses the finished code again and decides.
func Parse(c Code, nodes *js.Nodes) (tree *js.Tree, declares func(name string) bool, refused *analyzer.Diagnostic) {
	tree, err := nodes.Parse(c.Text)
	if err == nil && c.Function.Build.Banner == "" && c.Function.Build.Footer == "" {
		return tree, func(name string) bool { return tree.Scope.Own(name) != nil }, nil
	}
	if err != nil {
		tree = nil
	}
	declares, refused = parseStrictly(c)
	return tree, declares, refused
}

// redeclared matches esbuild's error about a name that is declared twice.
var redeclared = regexp.MustCompile(`^The symbol "([^"]+)" has already been declared$`)

// parseStrictly lets esbuild parse the code. All names that a prelude may declare
// are declared on a line in front of it, so that esbuild reports those that the
// code declares too.
func parseStrictly(c Code) (declares func(name string) bool, refused *analyzer.Diagnostic) {
	code := c.Text
	if bytes.HasPrefix(code, []byte("#!")) {
		code = append([]byte("//"), code[2:]...)
	}
	probed := map[string]bool{URLName: true}
	for _, name := range numbered.FindAllString(string(code), -1) {
		probed[name] = true
	}
	before, after := "(function(exports,require,module,__filename,__dirname){", "\n})" // as Node wraps CommonJS
	if c.ESM {
		before, after = "", "\nexport{}"
		for _, name := range []string{"require", "__filename", "__dirname"} {
			probed[name] = true
		}
	}
	var text strings.Builder
	text.WriteString(before)
	for name := range probed {
		fmt.Fprintf(&text, "const %s=0;", name)
	}
	text.WriteString("\n")
	text.Write(code)
	text.WriteString(after)
	result := api.Transform(text.String(), api.TransformOptions{Loader: api.LoaderJS, LogLevel: api.LogLevelSilent})
	declared := map[string]bool{}
	for _, m := range result.Errors {
		if match := redeclared.FindStringSubmatch(m.Text); match != nil && probed[match[1]] && onFirstLine(m.Notes) {
			declared[match[1]] = true
			continue
		}
		return nil, unparsed(c, m)
	}
	return func(name string) bool { return declared[name] }, nil
}

// onFirstLine reports whether a note points to the line in front of the code.
func onFirstLine(notes []api.Note) bool {
	return len(notes) > 0 && notes[0].Location != nil && notes[0].Location.Line == 1
}

// unparsed is the diagnostic of code that cannot be loaded. Its hint names the
// setting that is part of the cause.
func unparsed(c Code, m api.Message) *analyzer.Diagnostic {
	d := &analyzer.Diagnostic{
		Code: "bundle-does-not-parse", Severity: analyzer.Error, Function: c.Function.ID, Position: c.Function.Position,
		Message: fmt.Sprintf("the finished bundle does not parse: %s", m.Text),
		Hint:    "build it with minify: false to see the place; if no setting causes it, please report it",
	}
	if at := m.Location; at != nil {
		d.Message = fmt.Sprintf("the finished bundle does not parse: %s (%s:%d:%d)", m.Text, c.Name, at.Line-1, at.Column+1)
	}
	for _, setting := range []struct{ name, text string }{{"banner", c.Function.Build.Banner}, {"footer", c.Function.Build.Footer}} {
		if !heldBy(c.Text, setting.text, m) {
			continue
		}
		d.Hint = fmt.Sprintf("build.%s is part of the cause: correct it, or choose names there that the code does not declare", setting.name)
		if !c.ESM {
			d.Hint = fmt.Sprintf("build.%s is part of the cause: the bundle is CommonJS, which has require, __filename and __dirname and cannot "+
				"import; correct it, or set build.format to esm", setting.name)
		}
		break
	}
	return d
}

// heldBy reports whether a message, or one of its notes, points into the text of a
// setting.
func heldBy(code []byte, text string, m api.Message) bool {
	text = strings.TrimSpace(text)
	at := bytes.Index(code, []byte(text))
	if text == "" || at < 0 {
		return false
	}
	first := bytes.Count(code[:at], []byte("\n")) + 1
	last := first + strings.Count(text, "\n")
	points := func(l *api.Location) bool { return l != nil && l.Line-1 >= first && l.Line-1 <= last }
	return points(m.Location) || slices.ContainsFunc(m.Notes, func(n api.Note) bool { return points(n.Location) })
}
