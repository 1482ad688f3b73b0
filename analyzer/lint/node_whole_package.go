package lint

import (
	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// wholePackages cannot be tree-shaken: all of their code is bundled, however little
// of it is used. The hint names an alternative.
var wholePackages = map[string]struct{ hint, source string }{
	"lodash":          {`import single functions ("lodash/pick"), or use lodash-es, which can be tree-shaken`, "https://lodash.com/per-method-packages"},
	"underscore":      {"use the language's own functions, or underscore's modules/ folder", "https://underscorejs.org/#modular"},
	"moment":          {"use Intl and Date, or a modular library such as date-fns; moment is in maintenance mode", "https://momentjs.com/docs/#/-project-status/"},
	"moment-timezone": {"use Intl.DateTimeFormat; Node includes the time zone data", "https://momentjs.com/docs/#/-project-status/"},
	"googleapis":      {"install only the API you use: @googleapis/NAME", "https://github.com/googleapis/google-api-nodejs-client#working-with-google-apis"},
}

// wholePackage finds imports of packages that are bundled whole.
func (m *module) wholePackage() {
	m.imports(func(at *js.Node, specifier string, statement *js.Node) {
		if w, ok := wholePackages[specifier]; ok {
			otherwise, parts := m.otherImport(at, statement, specifier)
			m.add(at, Advice{
				Otherwise: otherwise, Parts: parts,
				Diagnostic: analyzer.Diagnostic{Message: "imports all of " + specifier + ", which cannot be tree-shaken", Hint: w.hint},
				Package:    specifier, Source: w.source, BehaviourChanges: "the replacement may behave differently",
			})
		}
	})
}
