package pass

import (
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// nameModuleExports makes require of an ES module answer as Node does: where the module exports
// the name "module.exports", with that value. esbuild (0.28.2) always answers with an object of
// all exports. The helper that makes this object is asked second.
// Source: nodejs.org/api/modules.html#loading-ecmascript-modules-using-require
func nameModuleExports(c *bundle) (edits []js.Edit) {
	if !strings.Contains(c.Tree.Source, `"module.exports":`) {
		return nil
	}
	for _, statement := range c.Tree.Top.List {
		if statement.Kind != js.Var {
			continue
		}
		for _, d := range statement.List {
			if d.X.Kind == js.Name && d.Y != nil && makesCommonJS(d.Y) {
				start, end := int(d.Y.Start), int(d.Y.End)
				edits = append(edits, js.Edit{Start: start, End: start, Text: `(f=>m=>"module.exports"in m?m["module.exports"]:f(m))(`},
					js.Edit{Start: end, End: end, Text: ")"})
			}
		}
	}
	return edits
}

// makesCommonJS reports whether a function is mod => copy(define({}, "__esModule", {value:
// true}), mod).
// Source: __toCommonJS in internal/runtime of esbuild 0.28.2.
func makesCommonJS(f *js.Node) bool {
	if f.Kind != js.Arrow || len(f.List) != 1 || f.X.Kind != js.Call || len(f.X.List) != 2 {
		return false
	}
	define, mod := f.X.List[0], f.X.List[1]
	return define.Kind == js.Call && len(define.List) == 3 && define.List[0].Kind == js.Object && len(define.List[0].List) == 0 &&
		define.List[1].Kind == js.String && define.List[1].Name == "__esModule" && mod.Kind == js.Name
}
