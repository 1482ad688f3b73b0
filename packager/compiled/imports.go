package compiled

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// importCall matches what may be a call of import().
var importCall = regexp.MustCompile(`\bimport\s*\(`)

// borrowImport makes a program call import() through a variable of the name that it
// returns, "" if it does not call it. Node 20 does not know where compiled code came
// from, and newer ones warn of import() in it. The name is as long as the keyword, so that
// columns stay. A text that becomes a function where it stands is written as that function.
// Other text that may become code at run time stays as it is.
func borrowImport(content []byte) (changed []byte, name, reason string) {
	places := importCall.FindAllIndex(content, -1)
	if len(places) == 0 {
		return content, "", ""
	}
	tree, err := js.Parse(content)
	if err != nil {
		return content, "", "its code cannot be read"
	}
	var calls []int32
	var texts []evaluated
	var find func(n *js.Node, called bool)
	find = func(n *js.Node, called bool) {
		if n.Kind == js.ImportCall {
			calls = append(calls, n.Start)
		} else if t, ok := evaluatedText(n, content, called); ok {
			texts = append(texts, t)
		}
		n.Each(func(child *js.Node) { find(child, n.Kind == js.Call && child == n.X) })
	}
	find(tree.Top, false)
	if len(calls) == 0 && len(texts) == 0 {
		return content, "", ""
	}
	const letters = "abcdefghijklmnopqrstuvwxyz"
	for i := 0; name == "" || bytes.Contains(content, []byte(name)); i++ {
		name = "$mpor" + string(letters[i%len(letters)])
		if i == len(letters) {
			return content, "", "its code has no free name for import()"
		}
	}
	changed = bytes.Clone(content)
	for _, at := range calls {
		copy(changed[at:], name)
	}
	for _, t := range texts {
		copy(changed[t.start:], t.function(name))
	}
	return changed, name, ""
}

// evaluated is a call of Function with constant text, such as TypeScript's users write to
// keep import() in CommonJS: new Function("s", "return import(s)").
type evaluated struct {
	start, end       int
	parameters, body string
	imports          []int // where the body calls import()
	arrow            bool  // a function does not fit into the call's place, but an arrow function does
}

// evaluatedText judges a call of Function. Its text must mean the same where it stands as
// among the globals, whatever mode that code runs in: it uses its own parameters only, and
// holds only kinds of code that mean the same in strict mode. called says that the function
// is called at once, so that nobody can tell it from an arrow function.
func evaluatedText(n *js.Node, content []byte, called bool) (t evaluated, ok bool) {
	if n.Kind != js.Call && n.Kind != js.New || n.Flags&js.Optional != 0 || !n.X.IsGlobal("Function") || len(n.List) == 0 {
		return t, false
	}
	var texts []string
	for _, argument := range n.List {
		if argument.Kind != js.String || argument.Flags&js.Escaped != 0 {
			return t, false
		}
		texts = append(texts, argument.Name)
	}
	last := len(texts) - 1
	t = evaluated{start: int(n.Start), end: int(n.End), parameters: strings.Join(texts[:last], ","), body: texts[last]}
	if !importCall.MatchString(t.body) || strings.Contains(t.body, "//") || n.Flags&js.Parenthesised != 0 {
		return t, false
	}
	head := "(function(" + t.parameters + "){"
	tree, err := js.Parse([]byte(head + t.body + "})"))
	if err != nil || len(tree.Top.List) != 1 || tree.Top.List[0].Kind != js.Expr || tree.Top.List[0].X.Kind != js.Function {
		return t, false
	}
	function := tree.Top.List[0].X
	parameters := slices.Sorted(slices.Values(texts[:last]))
	ok = len(slices.Compact(parameters)) == last && !slices.ContainsFunc(parameters, func(p string) bool { return !plain(p) })
	var judge func(n *js.Node)
	judge = func(n *js.Node) {
		switch n.Kind {
		case js.ImportCall:
			t.imports = append(t.imports, int(n.Start)-len(head))
		case js.Name:
			ok = ok && n.Scope != nil && n.Scope.Find(n.Name) != nil && plain(n.Name)
		case js.Function:
			ok = ok && n == function
		case js.Literal:
			ok = ok && (n.Name == "true" || n.Name == "false" || n.Name == "null")
		case js.Block, js.Return, js.Expr, js.Arrow, js.Member, js.Call, js.String:
		default:
			ok = false
		}
		n.Each(judge)
	}
	judge(function)
	room := t.end - t.start
	t.arrow = called && len(t.function("$mpora")) > room
	return t, ok && len(t.function("$mpora")) <= room && string(content[t.end-1]) == ")"
}

// plain reports whether a word can be a name in strict mode too. What can be one in no
// mode is an error of syntax already.
func plain(word string) bool {
	return identifier.MatchString(word) && !slices.Contains([]string{"arguments", "await", "eval", "implements", "interface", "let", "package",
		"private", "protected", "public", "static", "yield"}, word)
}

var identifier = regexp.MustCompile(`^[A-Za-z_$][\w$]*$`)

// function is the text as a function, padded to the length of the call.
func (t evaluated) function(name string) string {
	body := []byte(t.body)
	for _, at := range t.imports {
		copy(body[at:], name)
	}
	start := "(function(" + t.parameters + "){"
	if t.arrow {
		start = "((" + t.parameters + ")=>{"
	}
	return start + string(body) + strings.Repeat(" ", max(0, t.end-t.start-len(start)-len(body)-2)) + "})"
}
