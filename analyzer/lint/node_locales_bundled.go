package lint

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// fewestLocales are the locales that nothing uses from which on it is worth saying.
const fewestLocales = 10

// localesBundled finds require("date-fns/locale"), which loads every locale, where the module
// uses few of them. An import of single names can be tree-shaken.
func (m *module) localesBundled() {
	m.imports(func(at *js.Node, specifier string, statement *js.Node) {
		if specifier != "date-fns/locale" || statement != nil {
			return
		}
		used, all := usedMembers(at, statement)
		if !all || len(used) == 0 {
			return
		}
		slices.Sort(used)
		used = slices.Compact(used)
		var instead []string
		for _, name := range used {
			instead = append(instead, localeFile(name))
		}
		held, others := m.localesBut(append([]string{"en-US"}, instead...)) // en-US is date-fns's own default
		if others < fewestLocales {
			return
		}
		for i, file := range instead {
			instead[i] = "date-fns/locale/" + file
		}
		m.add(at, Advice{
			Diagnostic: analyzer.Diagnostic{
				Message: fmt.Sprintf("loads %d locales of date-fns that nothing here uses", others),
				Hint:    "require " + strings.Join(instead, ", "),
			},
			Without: m.withLocales(at.Parent, used), Inputs: held, Source: "https://date-fns.org/docs/I18n", BehaviourChanges: "only the locales that are named are there",
		})
	})
}

// withLocales replaces a require of all locales by an object of some. In version 2 of date-fns a
// locale's own module is the locale.
func (m *module) withLocales(call *js.Node, names []string) []Edit {
	edits := m.withStandIn(call)
	if len(edits) != 1 {
		return nil
	}
	var properties []string
	for _, name := range names {
		properties = append(properties, fmt.Sprintf("%s: (l => l.%s || l)(require('date-fns/locale/%s'))", name, name, localeFile(name)))
	}
	edits[0].Text = "({ " + strings.Join(properties, ", ") + " })"
	return edits
}

// localesBut are the inputs of the bundle that are CommonJS locales of date-fns other than those
// of some files, and how many locales they are. It is none if the files are not among the inputs.
func (m *module) localesBut(used []string) (held []int, locales int) {
	found, others := map[string]bool{}, map[string]bool{}
	for i, in := range m.Inputs {
		_, rest, isLocale := strings.Cut(in.Path, "node_modules/date-fns/locale/")
		if in.Package != "date-fns" || !isLocale || in.Format != "cjs" || i >= len(m.Bytes) || m.Bytes[i] == 0 {
			continue
		}
		name, _, _ := strings.Cut(rest, "/")
		name, _, _ = strings.Cut(name, ".")
		switch {
		case name == "_lib" || name == "index":
		case slices.Contains(used, name):
			found[name] = true
		default:
			held, others[name] = append(held, i), true
		}
	}
	for _, name := range used[1:] {
		if !found[name] {
			return nil, 0
		}
	}
	return held, len(others)
}

// localeFile is the name of the file of a locale: en-US for enUS.
func localeFile(name string) string {
	at := strings.IndexFunc(name, unicode.IsUpper)
	if at <= 0 {
		return name
	}
	if name == "beTarask" {
		return "be-tarask"
	}
	return name[:at] + "-" + name[at:]
}
