package lint

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// replacementsTSV has a line for each package: its name, native or snippet, what replaces
// it, the first version of Node that has it, and a link. testdata/bench/replacements.py
// writes it.
//
//go:embed replacements.tsv
var replacementsTSV string

type replacement struct {
	kind, code, link string
	node             int // major version
}

// replacements are those of [replacementsTSV] by package.
var replacements = sync.OnceValue(func() map[string]replacement {
	all := map[string]replacement{}
	for line := range strings.Lines(replacementsTSV) {
		columns := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(columns) != 5 {
			continue // the comment
		}
		major, minor, _ := strings.Cut(columns[3], ".")
		node, _ := strconv.Atoi(major)
		if node >= 18 && !strings.HasPrefix(minor, "0.") {
			node++ // the runtime may be an older patch
		}
		all[columns[0]] = replacement{columns[1], columns[2], columns[4], node}
	}
	return all
})

// replaceablePackage finds imports of packages that the language or Node has replaced.
func (m *module) replaceablePackage() {
	m.imports(func(at *js.Node, specifier string, statement *js.Node) {
		r, known := replacements()[specifier]
		if !known || m.Node < max(r.node, 18) || !m.onlyCalled(at, statement) {
			return
		}
		message := fmt.Sprintf("%s does what %s does in the function's Node", specifier, r.code)
		if r.kind == "snippet" {
			message = fmt.Sprintf("%s does what one line does: %s", specifier, r.code)
		}
		if r.link == "" {
			r.link = "https://e18e.dev/docs/replacements/"
		}
		m.add(at, Advice{
			Diagnostic: analyzer.Diagnostic{Message: message, Hint: "use that instead, after a look at the edge cases"},
			Package:    specifier, Source: r.link, BehaviourChanges: "edge cases may differ",
		})
	})
}

// onlyCalled reports whether a package's one name is only called.
func (m *module) onlyCalled(at, statement *js.Node) bool {
	var local *js.Node
	if statement != nil {
		if len(statement.List) != 1 || statement.List[0].Name != "default" && statement.List[0].Name != "*" {
			return false
		}
		local = statement.List[0].X
	} else if d := at.Parent.Parent; d != nil && d.Kind == js.Declare && d.X.Kind == js.Name {
		local = d.X
	}
	if local == nil || local.Scope == nil {
		return false
	}
	b := local.Scope.Find(local.Name)
	return b != nil && slices.ContainsFunc(b.Refs, isCallee) && !slices.ContainsFunc(b.Refs, func(ref *js.Node) bool { return ref != local && !isCallee(ref) })
}

func isCallee(n *js.Node) bool { return n.Parent != nil && n.Parent.Kind == js.Call && n.Parent.X == n }
