package lint

import (
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// slowCalls are functions that hold the program up by design.
var slowCalls = map[string]string{
	"child_process execSync": "starts another program", "child_process execFileSync": "starts another program", "child_process spawnSync": "starts another program",
	"crypto pbkdf2Sync": "derives a key", "crypto scryptSync": "derives a key", "crypto generateKeyPairSync": "makes a pair of keys", "crypto generatePrimeSync": "makes a prime",
	"bcrypt hashSync": "hashes a password", "bcryptjs hashSync": "hashes a password",
}

// workAtLoad finds slow work that every cold start does before the first request.
func (f *function) workAtLoad() {
	if f.Handler == "" {
		return
	}
	for _, path := range f.Paths {
		m := f.module(path)
		if m == nil {
			continue
		}
		m.atLoad(func(n *js.Node) {
			if n.Kind != js.Call {
				return
			}
			from, name := exportOf(n.X)
			name = strings.TrimPrefix(name, "default.")
			what := slowCalls[from+" "+name]
			if what == "" || insideOf(n, "require.main") {
				return
			}
			m.add(n, Advice{
				Without: m.withStandIn(n),
				Diagnostic: analyzer.Diagnostic{
					Message: name + " " + what + " in every cold start, before the first request; since August 2025 that time is billed",
					Hint:    "do it once at build time, or on first use",
				},
				Source: "https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase/", BehaviourChanges: "the work is done at another time",
			})
		})
	}
}

// standIn is an expression that answers every use of it with itself, and does nothing.
const standIn = `((a) => a = new Proxy(function () {}, { get: (_, n) => n === Symbol.toPrimitive ? () => "" : ` +
	`n === "then" || n === "prototype" ? void 0 : a, apply: () => a, construct: () => a }))()`

// withStandIn replaces an expression by a stand-in. It is nil if the module's own text does not
// have the whole expression.
func (m *module) withStandIn(n *js.Node) []Edit {
	p := js.Place{Start: int(n.Start), End: int(n.End)}
	if m.text.Locate(&p); p.End <= p.Start {
		return nil
	}
	return []Edit{{Start: p.Start, End: p.End, Text: standIn}}
}

// insideOf reports whether an expression runs only if a member of that text is what the
// condition asks for.
func insideOf(n *js.Node, text string) bool {
	object, member, _ := strings.Cut(text, ".")
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Kind != js.If {
			continue
		}
		asks := false
		var look func(*js.Node)
		look = func(c *js.Node) {
			asks = asks || c.Kind == js.Member && c.Name == member && c.X.Kind == js.Name && c.X.Name == object
			c.Each(look)
		}
		if look(p.X); asks {
			return true
		}
	}
	return false
}
