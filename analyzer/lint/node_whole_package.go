package lint

import (
	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// wholePackages cannot be shaken: whatever is used of them, all of them is
// bundled. The hint names what can.
var wholePackages = map[string]struct{ hint, source string }{
	"lodash":          {`import the functions by themselves ("lodash/pick"), or use lodash-es, which can be shaken`, "https://lodash.com/per-method-packages"},
	"underscore":      {"use the language's own functions, or underscore's modules/ folder", "https://underscorejs.org/#modular"},
	"moment":          {"use Intl and Date, or a library of functions such as date-fns; moment is in maintenance", "https://momentjs.com/docs/#/-project-status/"},
	"moment-timezone": {"use Intl.DateTimeFormat, which Node brings with its time zones", "https://momentjs.com/docs/#/-project-status/"},
	"googleapis":      {"install the one API that is used: @googleapis/NAME", "https://github.com/googleapis/google-api-nodejs-client#working-with-google-apis"},
}

// wholePackage finds packages that come in whole.
func (m *module) wholePackage() {
	m.imports(func(at *js.Node, specifier string, _ *js.Node) {
		if w, ok := wholePackages[specifier]; ok {
			m.add(at, Advice{
				Diagnostic: analyzer.Diagnostic{Message: "imports all of " + specifier + ", which cannot be tree-shaken", Hint: w.hint},
				Package:    specifier, Source: w.source, BehaviourChanges: "whatever replaces it does the work",
			})
		}
	})
}
