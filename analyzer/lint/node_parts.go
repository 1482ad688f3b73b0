package lint

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// part is where a member of a package can be had by itself: an expression after require(...), with
// no more than one %s, for the value.
type part struct{ specifier, value string }

// packageParts find the part of a package that has one of its members, by the package's name. They
// have no specifier for members that have no part of their own.
var packageParts = map[string]func(member string) part{
	"lodash": func(member string) part {
		switch member {
		case "chain", "default", "mixin", "noConflict", "placeholder", "prototype", "runInContext", "templateSettings", "VERSION":
			return part{}
		}
		return part{"lodash/" + member, "%s"}
	},
	"aws-sdk": func(member string) part {
		switch {
		case isService(member):
			return part{"aws-sdk/clients/" + strings.ToLower(member), "%s"}
		case member == "config" || member == "Credentials" || member == "Endpoint":
			return part{"aws-sdk/global", "%s." + member}
		}
		return part{}
	},
	"web3": func(member string) part {
		if member == "utils" {
			return part{"web3-utils", "%s"}
		}
		return part{}
	},
	"firebase-admin": func(member string) part {
		switch member {
		case "auth", "firestore", "database", "messaging", "storage", "appCheck", "remoteConfig":
			specifier := metaPackages["firebase-admin"].instead[member]
			return part{specifier, "%s.get" + strings.ToUpper(member[:1]) + member[1:]}
		case "initializeApp", "credential", "app", "apps":
			value := map[string]string{"initializeApp": "%s.initializeApp", "credential": "%s", "app": "%s.getApp", "apps": "%s.getApps()"}[member]
			return part{"firebase-admin/app", value}
		}
		return part{}
	},
}

// samePackages are packages that have all of another one's exports, by that one's name.
var samePackages = map[string]string{"puppeteer": "puppeteer-core"}

// otherImport replaces an import of a whole package by imports of those of its parts that the module
// uses, as a trial build does to measure what they cost. It is nil where the package or a use of
// it is not known.
func (m *module) otherImport(at, statement *js.Node, specifier string) (edits []Edit, parts []string) {
	if same := samePackages[specifier]; same != "" {
		if start, end := m.quoted(at); end > 0 {
			return []Edit{{start, end, "'" + same + "'"}}, []string{same}
		}
		return nil, nil
	}
	if partOf := packageParts[specifier]; partOf != nil {
		return m.importOf(at, statement, partOf)
	}
	return nil, nil
}

// importOf replaces an import by imports of the parts that have what the module uses.
func (m *module) importOf(at, statement *js.Node, partOf func(member string) part) (edits []Edit, parts []string) {
	used, all := usedMembers(at, statement)
	if !all || len(used) == 0 {
		return nil, nil
	}
	values := map[string]string{}
	for _, name := range used {
		p := partOf(name)
		if p.specifier == "" {
			return nil, nil
		}
		values[name] = fmt.Sprintf(p.value, "require('"+p.specifier+"')")
		parts = append(parts, p.specifier)
	}
	slices.Sort(parts)
	slices.Sort(used)
	used = slices.Compact(used)
	var properties []string
	for _, name := range used {
		properties = append(properties, name+": "+values[name])
	}
	object := "{ " + strings.Join(properties, ", ") + " }"
	if statement == nil {
		if edits = m.withStandIn(at.Parent); len(edits) == 1 {
			edits[0].Text = "(" + object + ")"
		}
		return edits, slices.Compact(parts)
	}
	var declared []string
	for _, c := range statement.List {
		if c.Name == "*" || c.Name == "default" {
			declared = append(declared, c.X.Name+" = "+object)
		} else {
			declared = append(declared, c.X.Name+" = "+values[c.Name])
		}
	}
	_, end := m.quoted(at)
	before := string(m.source[:max(end, 0)])
	start := max(strings.LastIndex(before, "import"), 0)
	if !importFrom.MatchString(before[start:]) {
		return nil, nil
	}
	return []Edit{{start, end, "const " + strings.Join(declared, ", ")}}, slices.Compact(parts)
}

// importFrom matches an import declaration up to its specifier.
var importFrom = regexp.MustCompile(`^import\b[^'";]*\bfrom\s*(?:'[^'\n]*'|"[^"\n]*")$`)

// quoted are the offsets of a specifier in the module's own text, with its quotes. They are -1 if
// it is not there.
func (m *module) quoted(at *js.Node) (start, end int) {
	p := js.Place{Start: int(at.Start), End: int(at.End)}
	m.text.Locate(&p)
	for _, quote := range []string{"'", `"`} {
		if text := quote + at.Name + quote; strings.HasPrefix(string(m.source[p.Start:]), text) {
			return p.Start, p.Start + len(text)
		}
	}
	return -1, -1
}
