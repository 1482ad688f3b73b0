package node

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/featherpack/featherpack/analyzer"
)

// Advice is something in a module that makes a function slow to start or to
// answer, or larger than it need be.
type Advice struct {
	analyzer.Diagnostic
	// Package is what is imported whole, where the advice is about that.
	Package string
	// BehaviourChanges is what may be different afterwards, a clause.
	BehaviourChanges string
	// Source is where the advice can be checked.
	Source string
}

// Advise reads one of the project's own modules. The handler is the name of the
// export that Lambda calls, "" where the module is not a function's entry
// point. It judges by syntax and names, and says nothing where it is in doubt:
// about a name that is assigned twice, or a module it cannot parse.
func Advise(m Module, handler string) []Advice {
	// esbuild 0.28.2 never returns from a text that ends within a UTF-8 sequence:
	// its quoting for source maps does not move past one (internal/helpers/quote.go).
	if !utf8.Valid(m.Source) {
		return nil
	}
	text, err := understand(m)
	if err != nil {
		return nil // the build says so
	}
	t := &tracer{
		module: m, text: text, members: map[string][]*node{}, reads: map[string]bool{}, scripts: map[string]any{},
		evaluation: newEvaluation(),
	}
	t.bind(text.tree)
	a := &adviser{tracer: t}
	a.imports(text.tree)
	a.agents(text.tree)
	if handler != "" {
		a.handler(handler)
	}
	slices.SortStableFunc(a.found, func(x, y Advice) int {
		if x.Line != y.Line {
			return x.Line - y.Line
		}
		return x.Column - y.Column
	})
	return a.found
}

type adviser struct {
	*tracer
	found []Advice
}

func (a *adviser) add(n *node, advice Advice) {
	p := Place{Start: int(n.start), End: int(n.end)}
	a.text.place(&p)
	advice.Severity = analyzer.Note
	advice.Position = analyzer.Position{File: a.module.Path, Line: p.Line, Column: p.Column}
	a.found = append(a.found, advice)
}

// wholePackages cannot be shaken: whatever is used of them, all of them is
// bundled. The hint names what can.
var wholePackages = map[string]struct{ hint, source string }{
	"lodash":          {`import the functions by themselves ("lodash/pick"), or use lodash-es, which can be shaken`, "https://lodash.com/per-method-packages"},
	"underscore":      {"use the language's own functions, or underscore's modules/ folder", "https://underscorejs.org/#modular"},
	"moment":          {"use Intl and Date, or a library of functions such as date-fns; moment is in maintenance", "https://momentjs.com/docs/#/-project-status/"},
	"moment-timezone": {"use Intl.DateTimeFormat, which Node brings with its time zones", "https://momentjs.com/docs/#/-project-status/"},
	"googleapis":      {"install the one API that is used: @googleapis/NAME", "https://github.com/googleapis/google-api-nodejs-client#working-with-google-apis"},
}

const awsSDKv2 = "https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/migrating.html"

// imports finds packages that come in whole.
func (a *adviser) imports(n *node) {
	switch n.kind {
	case kImport:
		if n.z != nil {
			a.imported(n.z, n.z.name, n)
		}
	case kCall:
		if n.x.kind == kName && n.x.name == "require" && n.x.scope.find("require") == nil && len(n.list) == 1 && literal(n.list[0]) && n.list[0].kind == kString {
			a.imported(n.list[0], n.list[0].name, nil)
		}
	}
	n.each(a.imports)
}

// imported judges one import; statement is nil for a require.
func (a *adviser) imported(at *node, specifier string, statement *node) {
	if w, ok := wholePackages[specifier]; ok {
		a.add(at, Advice{
			Diagnostic: analyzer.Diagnostic{Code: "whole-package", Message: "imports all of " + specifier + ", which cannot be tree-shaken", Hint: w.hint},
			Package:    specifier, Source: w.source, BehaviourChanges: "whatever replaces it does the work",
		})
		return
	}
	if specifier == "aws-sdk" || specifier == "aws-sdk/clients/all" {
		a.add(at, Advice{
			Diagnostic: analyzer.Diagnostic{
				Code: "aws-sdk-v2", Message: "imports the whole AWS SDK v2, every service's client; it is past its end of support",
				Hint: "use the @aws-sdk/client-NAME package of the services that are called; until then import aws-sdk/clients/NAME",
			},
			Package: "aws-sdk", Source: awsSDKv2, BehaviourChanges: "version 3 has another interface; errors and retries differ",
		})
		return
	}
	if statement == nil || strings.HasPrefix(specifier, ".") {
		return
	}
	for _, c := range statement.list {
		if c.kind == kBind && c.name == "*" && c.x != nil && !builtin(specifier) {
			a.namespace(c.x, specifier)
		}
	}
}

// namespace finds an import * that is used as a value, so that every export
// must be kept. One that is only asked for members can be shaken as well as
// any import.
func (a *adviser) namespace(local *node, specifier string) {
	b := local.scope.find(local.name)
	if b == nil {
		return
	}
	for _, ref := range b.refs {
		p := ref.parent
		if ref == local || p == nil || p.kind == kBind || p.kind == kMember && p.x == ref {
			continue
		}
		if p.kind == kIndex && p.x == ref && p.y != nil && literal(p.y) {
			continue
		}
		a.add(ref, Advice{
			Diagnostic: analyzer.Diagnostic{
				Code: "namespace-kept", Message: "uses all of " + specifier + " as one value, so none of its exports can be left out",
				Hint: "import by name what is needed, and hand on that",
			},
			Package: packageOfSpecifier(specifier), Source: "https://esbuild.github.io/api/#tree-shaking",
			BehaviourChanges: "what is handed on holds fewer names",
		})
		return
	}
}

// agents finds HTTP agents that are told to open a connection for every request.
func (a *adviser) agents(n *node) {
	if n.kind == kNew {
		module, name := a.made(n.x, 0)
		if (module == "http" || module == "https" || module == "agentkeepalive") && (name == "Agent" || name == "HttpsAgent") && len(n.list) > 0 && n.list[0].kind == kObject {
			for _, p := range n.list[0].list {
				if p.kind == kProperty && p.name == "keepAlive" && p.y != nil && p.y.kind == kLiteral && p.y.name == "false" {
					a.add(p, Advice{
						Diagnostic: analyzer.Diagnostic{
							Code: "keep-alive-off", Message: "keepAlive: false makes every request open a connection, TLS included",
							Hint: "leave it out where Node's version keeps connections alive by default (19 and later), or set it to true",
						},
						Source: "https://nodejs.org/api/http.html#new-agentoptions", BehaviourChanges: "connections stay open between calls",
					})
				}
			}
		}
	}
	n.each(a.agents)
}

const maxNames = 20

// made is the module, without "node:", and the export that an expression names:
// X of import {X}, M.X of import * as M or of a require, {X} of a require.
// Names that stand for names are followed maxNames deep.
func (a *adviser) made(n *node, depth int) (module, name string) {
	if depth > maxNames {
		return "", ""
	}
	switch n.kind {
	case kName:
		if n.scope == nil {
			return "", ""
		}
		b := n.scope.find(n.name)
		if b == nil {
			return "", ""
		}
		if b.imported != "" {
			return strings.TrimPrefix(b.imported, "node:"), b.member
		}
		if len(b.writes) != 1 || b.writes[0].from == nil || b.writes[0].each {
			return "", ""
		}
		w := b.writes[0]
		switch from := required(w.from); {
		case from != "" && len(w.keys) == 0:
			return from, "*"
		case from != "" && len(w.keys) == 1:
			return from, w.keys[0]
		case from == "" && len(w.keys) == 0 && w.from.kind == kMember:
			return a.made(w.from, depth+1)
		}
	case kMember:
		if from := required(n.x); from != "" {
			return from, n.name
		}
		module, inner := a.made(n.x, depth+1)
		if inner == "*" || inner == "default" {
			return module, n.name
		}
		if module != "" {
			return module, inner + "." + n.name
		}
	}
	return "", ""
}

// required is the module of a require by a plain string, "" for anything else.
func required(n *node) string {
	if n.kind != kCall || n.x.kind != kName || n.x.name != "require" || n.x.scope == nil || n.x.scope.find("require") != nil || len(n.list) != 1 || n.list[0].kind != kString {
		return ""
	}
	return strings.TrimPrefix(n.list[0].name, "node:")
}

// packageOfSpecifier is the package that a bare specifier names.
func packageOfSpecifier(specifier string) string {
	parts := strings.SplitN(specifier, "/", 3)
	if strings.HasPrefix(specifier, "@") && len(parts) > 1 {
		return parts[0] + "/" + parts[1]
	}
	return parts[0]
}
