package lint

import (
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// installers are the entry points of polyfills that set what is missing, and nothing else.
// Those of the es-shims are called auto.
var installers = []string{"auto", "implement", "polyfill"}

// coreJS are features of core-js by the path below core-js/stable, core-js/actual, core-js/es
// and core-js/features, that the function's Node has from a version on. Entry points of several
// features are not among them, since they grow with the language.
// Source: github.com/zloirock/core-js#ecmascript and node.green
var coreJS = map[string]int{
	"array/at": 18, "array/copy-within": 18, "array/entries": 18, "array/fill": 18, "array/find": 18, "array/find-index": 18, "array/find-last": 18, "array/find-last-index": 18,
	"array/flat": 18, "array/flat-map": 18, "array/from": 18, "array/includes": 18, "array/of": 18, "array/to-reversed": 20, "array/to-sorted": 20, "array/to-spliced": 20, "array/with": 20,
	"global-this": 18, "object/assign": 18, "object/entries": 18, "object/from-entries": 18, "object/has-own": 18, "object/values": 18, "object/group-by": 22,
	"promise/all-settled": 18, "promise/any": 18, "promise/finally": 18, "promise/with-resolvers": 22, "queue-microtask": 18, "structured-clone": 20,
	"string/at": 20, "string/ends-with": 18, "string/includes": 18, "string/match-all": 18, "string/pad-end": 18, "string/pad-start": 18, "string/repeat": 18, "string/replace-all": 18,
	"string/starts-with": 18, "string/trim-end": 18, "string/trim-start": 18,
}

// formatJS are the parts of Intl that Node has since 18, by the package of FormatJS that adds
// them. Lambda's Node has the data of all locales.
var formatJS = map[string]string{
	"@formatjs/intl-getcanonicallocales": "Intl.getCanonicalLocales", "@formatjs/intl-locale": "Intl.Locale", "@formatjs/intl-pluralrules": "Intl.PluralRules",
	"@formatjs/intl-numberformat": "Intl.NumberFormat", "@formatjs/intl-datetimeformat": "Intl.DateTimeFormat", "@formatjs/intl-relativetimeformat": "Intl.RelativeTimeFormat",
	"@formatjs/intl-listformat": "Intl.ListFormat", "@formatjs/intl-displaynames": "Intl.DisplayNames",
}

// polyfillBundled finds imports of polyfills for what the function's Node has. Only those
// count that do nothing else, and of which nothing is used.
func (m *module) polyfillBundled() {
	m.imports(func(at *js.Node, specifier string, statement *js.Node) {
		if !forEffects(at, statement) || m.Node < 18 {
			return
		}
		what := m.installed(specifier)
		if what == "" {
			return
		}
		source := "https://e18e.dev/docs/replacements/"
		if formatJS[js.PackageName(specifier)] != "" {
			source = "https://formatjs.github.io/docs/polyfills"
		}
		m.add(at, Advice{
			Diagnostic: analyzer.Diagnostic{
				Message: specifier + " adds " + what + " where it is missing, and the function's Node has it",
				Hint:    "remove the import",
			},
			Package: js.PackageName(specifier), Source: source, Edits: m.withoutStatement(at),
			BehaviourChanges: "where the polyfill finds Node's own version wanting, it no longer replaces it",
		})
	})
}

// installed is what a polyfill adds if it is missing and the function's Node has it, or "".
func (m *module) installed(specifier string) string {
	name := js.PackageName(specifier)
	entry := strings.TrimPrefix(strings.TrimPrefix(specifier, name), "/")
	if name == "core-js" {
		_, feature, _ := strings.Cut(entry, "/")
		if node := coreJS[strings.TrimSuffix(feature, ".js")]; node > 0 && m.Node >= node {
			return strings.ReplaceAll(feature, "/", ".")
		}
		return ""
	}
	if part := formatJS[name]; part != "" {
		switch locale, isData := strings.CutPrefix(entry, "locale-data/"); {
		case entry == "polyfill" || entry == "polyfill.js":
			return part
		case isData && locale != "":
			return "a locale of " + part
		}
		return ""
	}
	r, known := replacements()[name]
	if !known || r.kind != "native" || m.Node < r.node {
		return ""
	}
	for _, installer := range installers {
		if entry == installer || entry == installer+".js" {
			return r.code
		}
	}
	return ""
}

// forEffects reports whether nothing of an imported module is used.
func forEffects(at, statement *js.Node) bool {
	if statement != nil {
		return statement.Kind == js.Import && len(statement.List) == 0
	}
	call := at.Parent
	return call != nil && call.Kind == js.Call && call.Parent != nil && call.Parent.Kind == js.Expr
}

// withoutStatement removes the line of a statement that is on one line of its own.
func (m *module) withoutStatement(n *js.Node) []Edit {
	l, _, ok := m.lineOf(n)
	if !ok {
		return nil
	}
	statement, whole := code(l.text)
	if trimmed := strings.TrimSpace(statement); !whole || !strings.HasPrefix(trimmed, "import ") && !strings.HasPrefix(trimmed, "require(") {
		return nil
	}
	if call := n.Parent; call != nil && call.Kind == js.Call { // not the only statement of an if
		e := call.Parent
		if e == nil || e.Kind != js.Expr || e.Parent == nil || e.Parent.Kind != js.Block && e.Parent != m.text.Top {
			return nil
		}
	}
	end := l.end
	for end < len(m.source) && m.source[end] != '\n' {
		end++
	}
	return []Edit{{l.start, min(end+1, len(m.source)), ""}}
}
