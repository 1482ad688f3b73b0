package lint

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer/js"
)

// The advice about a function does not depend on the other functions whose inputs a report has
// in the same list.
func TestOtherFunctionsInTheReport(t *testing.T) {
	for _, c := range []struct{ name, source, own, others, want string }{
		{
			"tables of encodings", "export const handler = 1",
			"a.js - 100 esm >1\nnode_modules/raw-body/index.js 3.0.0 900 cjs >2\nnode_modules/iconv-lite/lib/index.js 0.6.3 70000 cjs >3\nnode_modules/iconv-lite/encodings/tables/cp936.json 0.6.3 70000",
			"b.js - 0 esm >5\nnode_modules/mysql2/lib/string.js 3.0.0 0 cjs >2",
			"encodings-bundled in a.js [2 3]",
		},
		{
			"both formats", "export const handler = 1",
			"a.js - 100 esm >1 >2\nnode_modules/a/i.mjs 1.0.0 9000 esm\nnode_modules/a/i.js 1.0.0 8000 cjs",
			"A.js - 0 esm >1 >2",
			"both-formats in a.js [2]",
		},
		{
			"a version of node-fetch", "import fetch from 'node-fetch'\nexport const handler = () => fetch('https://a.example.com')",
			"a.js - 100 esm >1\nnode_modules/node-fetch/i.js 3.3.1 9000 esm",
			"node_modules/b/node_modules/node-fetch/i.js 2.7.0 0 cjs",
			"keep-alive-off in a.js []",
		},
	} {
		s := Subject{Paths: []string{"a.js"}, Handler: "handler", Node: 22, Modules: oneModule{js.File{Path: "a.js", Source: []byte(c.source)}}}
		for _, line := range strings.Split(c.own+"\n"+c.others, "\n") {
			in, bytes := readInput(t, line)
			s.Inputs, s.Bytes = append(s.Inputs, in), append(s.Bytes, bytes)
		}
		for i := range strings.Count(c.own, "\n") + 1 {
			s.Reached = append(s.Reached, i)
		}
		var got []string
		for _, a := range AdviseFunction(s) {
			if strings.Contains(a.Message, "A.js") {
				t.Errorf("%s: names another function's module: %s", c.name, a.Message)
			}
			got = append(got, fmt.Sprintf("%s in a.js %v", a.Code, a.Inputs))
		}
		if !slices.Equal(got, []string{c.want}) {
			t.Errorf("%s: %q", c.name, got)
		}
		s.Reached = nil
		if all := AdviseFunction(s); slices.EqualFunc(all, got, func(a Advice, _ string) bool {
			return a.Code == strings.Fields(c.want)[0] && !strings.Contains(a.Message, "A.js")
		}) {
			t.Errorf("%s: the other function makes no difference", c.name)
		}
	}
}
