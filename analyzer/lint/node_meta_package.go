package lint

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// metaPackage is a package that brings many others, of which a function usually needs few.
type metaPackage struct {
	// instead maps the members that have a package or entry point of their own to it. If it is
	// empty, the hint is for any use.
	instead map[string]string
	// major is the first major version that the advice is for, 0 for any.
	major int
	// beside names packages of which one must be imported too, none for any.
	beside       []string
	hint, source string
}

// metaPackages are those by name, as of November 2026. Packages that can be tree-shaken are not
// among them.
var metaPackages = map[string]metaPackage{
	"puppeteer": {beside: []string{"@sparticuz/chromium", "@sparticuz/chromium-min", "chrome-aws-lambda"}, // they bring the browser
		hint: "use puppeteer-core, which has the same API without the code that finds and installs browsers", source: "https://pptr.dev/guides/configuration"},
	"firebase-admin": {major: 10, source: "https://firebase.google.com/docs/admin/migrate-node-v10", instead: map[string]string{
		"initializeApp": "firebase-admin/app", "credential": "firebase-admin/app", "apps": "firebase-admin/app", "app": "firebase-admin/app",
		"auth": "firebase-admin/auth", "firestore": "firebase-admin/firestore", "database": "firebase-admin/database", "messaging": "firebase-admin/messaging",
		"storage": "firebase-admin/storage", "appCheck": "firebase-admin/app-check", "remoteConfig": "firebase-admin/remote-config",
	}},
	"web3": {instead: map[string]string{"utils": "web3-utils"}, source: "https://docs.web3js.org/libdocs/Utils/"},
	"@opentelemetry/auto-instrumentations-node": {source: "https://opentelemetry.io/docs/languages/js/libraries/", instead: map[string]string{
		"getNodeAutoInstrumentations": "the @opentelemetry/instrumentation-NAME packages of the libraries that the function loads",
	}},
	"azure":        {hint: "use the @azure/NAME packages of the services you call; azure is no longer maintained", source: "https://azure.github.io/azure-sdk/releases/latest/js.html"},
	"google-cloud": {hint: "use the @google-cloud/NAME packages of the services you call; google-cloud is no longer maintained", source: "https://www.npmjs.com/package/google-cloud"},
}

// metaPackage finds imports of packages that bring many others, where a few of them have all
// that the module uses.
func (m *module) metaPackage() {
	m.imports(func(at *js.Node, specifier string, statement *js.Node) {
		meta, known := metaPackages[specifier]
		if !known || !m.importsOneOf(meta.beside) || !m.isFrom(specifier, meta.major) {
			return
		}
		hint := meta.hint
		if hint == "" {
			used, all := usedMembers(at, statement)
			instead := map[string]bool{}
			for _, name := range used {
				instead[meta.instead[name]] = true
			}
			if !all || len(used) == 0 || instead[""] || m.asModules(specifier) {
				return
			}
			hint = "use " + strings.Join(slices.Sorted(maps.Keys(instead)), ", ")
		}
		otherwise, parts := m.otherImport(at, statement, specifier)
		m.add(at, Advice{
			Otherwise: otherwise, Parts: parts,
			Diagnostic: analyzer.Diagnostic{Message: "imports all of " + specifier + ", which brings packages that the function does not name", Hint: hint},
			Package:    specifier, Source: meta.source, BehaviourChanges: "the replacement may behave differently",
		})
	})
}

// importsOneOf reports whether one of the function's own modules imports one of some packages.
// It is true for none.
func (m *module) importsOneOf(packages []string) bool {
	found := len(packages) == 0
	for _, path := range m.Paths {
		if other := m.function.module(path); other != nil {
			other.imports(func(_ *js.Node, specifier string, _ *js.Node) {
				found = found || slices.Contains(packages, js.PackageName(specifier))
			})
		}
	}
	return found
}

// isFrom reports whether all copies of a package in the bundle have a major version or a later
// one. It is true for 0.
func (m *module) isFrom(name string, first int) bool {
	held := false
	for _, in := range m.reached() {
		if in.Package == name {
			if n, err := strconv.Atoi(major(in.Version)); err != nil || n < first {
				return first == 0
			}
			held = true
		}
	}
	return held || first == 0
}

// asModules reports whether the bundle has ES modules of a package, which may have been
// tree-shaken.
func (m *module) asModules(name string) bool {
	for _, in := range m.reached() {
		if in.Package == name && in.Format == "esm" {
			return true
		}
	}
	return false
}

// usedMembers are the names that a module uses of an import or a require, in order. It is false
// where it may use others.
func usedMembers(at, statement *js.Node) (names []string, all bool) {
	var locals []*js.Node
	if statement != nil {
		if statement.Kind != js.Import {
			return nil, false
		}
		for _, c := range statement.List {
			if c.Name == "*" || c.Name == "default" {
				locals = append(locals, c.X)
			} else {
				names = append(names, c.Name)
			}
		}
	} else if call := at.Parent; call != nil && call.Parent != nil {
		switch p := call.Parent; {
		case p.Kind == js.Member && p.X == call:
			return []string{p.Name}, true
		case p.Kind == js.Declare && p.Y == call && p.X.Kind == js.Name:
			locals = append(locals, p.X)
		case p.Kind == js.Declare && p.Y == call && p.X.Kind == js.Object:
			for _, property := range p.X.List {
				if property.Kind != js.Property || property.X != nil {
					return nil, false
				}
				names = append(names, property.Name)
			}
		default:
			return nil, false
		}
	}
	for _, local := range locals {
		if local == nil || local.Scope == nil || local.Scope.Find(local.Name) == nil {
			return nil, false
		}
		b := local.Scope.Find(local.Name)
		if b.Exported {
			return nil, false
		}
		for _, ref := range b.Refs {
			if ref == local {
				continue
			}
			if ref.Parent == nil || ref.Parent.Kind != js.Member || ref.Parent.X != ref {
				return nil, false
			}
			names = append(names, ref.Parent.Name)
		}
	}
	return names, true
}
