package starter

import (
	"fmt"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/migrate"
)

// settingsOf returns the settings that are equivalent to other tools' options, as a
// part of a featherpack.yaml, "" if there are none. A setting that all functions
// share is written once.
func settingsOf(m migrate.Migration, p analyzer.Project) string {
	groups := map[string][]migrate.Equivalent{} // by function glob, "" for all
	var order []string
	services := map[string]bool{}
	for _, f := range p.Functions {
		services[f.Service] = true
	}
	for _, e := range m.Settings {
		if !services[e.Service] {
			continue // no function of this service is built
		}
		glob := ""
		switch {
		case e.Function != "" && !agreed(m, p, e):
			glob = e.Function
			if len(services) > 1 {
				glob = e.Service + "/" + e.Function
			}
		case len(services) > 1:
			glob = e.Service + "/*"
		}
		if _, known := groups[glob]; !known {
			order = append(order, glob)
		}
		if !slices.ContainsFunc(groups[glob], func(o migrate.Equivalent) bool { return o.Key == e.Key && o.Value == e.Value }) {
			groups[glob] = append(groups[glob], e)
		}
	}
	var b strings.Builder
	if own := groups[""]; len(own) > 0 {
		b.WriteString("build:\n")
		writeSettings(&b, own, "  ")
	}
	overriding := false
	for _, glob := range order {
		if glob == "" {
			continue
		}
		if !overriding {
			b.WriteString("override:\n")
			overriding = true
		}
		fmt.Fprintf(&b, "  %q:\n", glob)
		writeSettings(&b, groups[glob], "    ")
	}
	return b.String()
}

// agreed reports whether every Node function of the service has the same setting.
func agreed(m migrate.Migration, p analyzer.Project, e migrate.Equivalent) bool {
	for _, f := range p.Functions {
		if f.Service != e.Service || f.Family != analyzer.Node {
			continue
		}
		if !slices.ContainsFunc(m.Settings, func(o migrate.Equivalent) bool {
			return o.Service == e.Service && o.Function == f.Name && o.Key == e.Key && o.Value == e.Value
		}) {
			return false
		}
	}
	return true
}

func writeSettings(b *strings.Builder, settings []migrate.Equivalent, indent string) {
	for _, e := range settings {
		fmt.Fprintf(b, "%s%s: %s # %s\n", indent, e.Key, e.Value, oneLine(e.Option))
	}
}
