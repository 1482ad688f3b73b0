package lint

import (
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// readers are the functions, by module and export, that read a whole file.
var readers = map[string]bool{"fs readFileSync": true, "fs promises.readFile": true, "fs/promises readFile": true}

// readPerInvocation finds files that every invocation reads again.
func (f *function) readPerInvocation() {
	for _, n := range f.invoked() {
		if n.Kind != js.Call || len(n.List) == 0 {
			continue
		}
		from, name := exportOf(n.X)
		if !readers[from+" "+strings.TrimPrefix(name, "default.")] || dependsOnCall(n.List[0], n.fn) || !isFixedPath(n.List[0], 0) {
			continue
		}
		if kept, _ := n.module.kept(n.Node, n.fn); kept || n.outlives() {
			continue
		}
		n.module.add(n.Node, Advice{
			Diagnostic: analyzer.Diagnostic{
				Message: n.module.by(n.fn) + " reads the same file on every invocation",
				Hint:    "read it once, outside the handler",
			},
			Source: bestPractices, BehaviourChanges: "a file that changes while the execution environment lives is not read again",
		})
	}
}

// isFixedPath reports whether a path is one of the package: it is put together from plain
// strings and the module's own place, not from what the environment or a call says, and
// not below /tmp, where the function itself can write.
func isFixedPath(n *js.Node, depth int) bool {
	if depth > maxNames {
		return false
	}
	all := func(nodes []*js.Node) bool {
		return !slices.ContainsFunc(nodes, func(c *js.Node) bool { return !isFixedPath(c, depth+1) })
	}
	switch n.Kind {
	case js.String:
		return !strings.HasPrefix(n.Name, "/tmp")
	case js.Template:
		return (len(n.Texts) == 0 || !strings.HasPrefix(n.Texts[0], "/tmp")) && all(n.List)
	case js.Binary:
		return isFixedPath(n.X, depth+1) && isFixedPath(n.Y, depth+1)
	case js.ImportMeta:
		return true
	case js.Member:
		return n.X.Kind == js.ImportMeta
	case js.New:
		return n.X.IsGlobal("URL") && all(n.List)
	case js.Call:
		from, name := exportOf(n.X)
		switch strings.TrimPrefix(name, "default.") {
		case "join", "resolve", "dirname", "normalize", "fileURLToPath":
			return (from == "path" || from == "url") && all(n.List)
		}
		return n.X.Kind == js.Member && n.X.X.IsGlobal("require") && n.X.Name == "resolve" || n.X.Kind == js.Member && n.X.X.IsGlobal("process") && n.X.Name == "cwd"
	case js.Name:
		if n.IsGlobal("__dirname") || n.IsGlobal("__filename") {
			return true
		}
		if n.Scope == nil {
			return false
		}
		b := n.Scope.Find(n.Name)
		return b != nil && b.Param == nil && len(b.Writes) == 1 && b.Writes[0].From != nil && len(b.Writes[0].Keys) == 0 && !b.Writes[0].Each &&
			isFixedPath(b.Writes[0].From, depth+1)
	}
	return false
}
