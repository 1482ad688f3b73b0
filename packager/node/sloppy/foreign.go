package sloppy

import (
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// Change is a property that a module changes, of an object which another module made.
type Change struct {
	// Specifier is the module that the object comes from. It is empty for an object that the
	// module's functions are given.
	Specifier string
	// Path leads from the module's exports to the object: names of members.
	Path []string
	// Name is the property; empty if it is computed.
	Name string
	// Called is set where the object comes out of a call of the module.
	Called bool
}

// foreign notes the objects of other modules that the module changes.
func (m *module) foreign() (changes []Change) {
	for _, n := range m.written {
		for _, w := range m.origins(n.X, 0) {
			w.Name = memberName(n)
			if builtinFixed(w) {
				m.lost(n, "a property of Node's own that cannot be changed")
			}
			changes = append(changes, w)
		}
		if n.Kind == js.Member && fixedGlobals[n.Name] && m.isGlobalObject(n.X) {
			m.lost(n, "a property of Node's own that cannot be changed")
		}
	}
	return changes
}

func memberName(n *js.Node) string {
	if n.Kind == js.Index {
		if n.Y.Kind == js.String {
			return n.Y.Name
		}
		return ""
	}
	return n.Name
}

// origins are the places that an object may come from.
func (m *module) origins(n *js.Node, depth int) []Change {
	if depth > most {
		return nil
	}
	switch n.Kind {
	case js.Member, js.Index:
		return each(m.origins(n.X, depth), func(w *Change) {
			if !w.Called {
				w.Path = append(w.Path, memberName(n))
			}
		})
	case js.New:
		return each(m.origins(n.X, depth), func(w *Change) { w.Called = true })
	case js.Call:
		if n.X.IsGlobal("require") {
			if len(n.List) == 1 && n.List[0].IsPlainString() {
				return []Change{{Specifier: plain(n.List[0])}}
			}
			return nil
		}
		return each(m.origins(n.X, depth), func(w *Change) { w.Called = true })
	case js.Cond:
		return append(m.origins(n.Y, depth+1), m.origins(n.Z, depth+1)...)
	case js.Binary:
		return append(m.origins(n.X, depth+1), m.origins(n.Y, depth+1)...)
	case js.Assign:
		return m.origins(n.Y, depth+1)
	case js.Name:
		return m.originsOf(n, depth)
	}
	return nil
}

// originsOf are the places that the values of a variable may come from.
func (m *module) originsOf(n *js.Node, depth int) (out []Change) {
	if n.Scope == nil {
		return nil
	}
	if n.IsGlobal("process") {
		return []Change{{Specifier: "process"}}
	}
	b := n.Scope.Find(n.Name)
	if b == nil || b.Function != nil {
		return nil
	}
	if b.Param != nil {
		out = m.argument(b.Param, depth)
	}
	for _, from := range b.Writes {
		if from.From == nil || from.From == n {
			continue
		}
		out = append(out, each(m.origins(from.From, depth+1), func(w *Change) {
			if !w.Called {
				w.Path = append(w.Path, from.Keys...)
			}
		})...)
	}
	return out
}

// argument says where an argument comes from: from whoever calls the function, or from the module
// that the function is given to.
func (m *module) argument(f *js.Node, depth int) []Change {
	if p := f.Parent; p != nil && p.Kind == js.Call && p.X != f {
		if of := m.origins(p.X, depth+1); len(of) > 0 && of[0].Specifier != "" {
			return each(of, func(w *Change) { w.Called = true })
		}
	}
	return []Change{{}}
}

func each(changes []Change, edit func(*Change)) []Change {
	for i := range changes {
		edit(&changes[i])
	}
	return changes
}

// isGlobalObject reports whether an expression is the global object, or a variable that may
// hold it.
func (m *module) isGlobalObject(n *js.Node) bool {
	if n.IsGlobal("global") || n.IsGlobal("globalThis") || n.IsGlobal("GLOBAL") || n.IsGlobal("root") {
		return true
	}
	if n.Kind != js.Name || n.Scope == nil {
		return false
	}
	b := n.Scope.Find(n.Name)
	if b == nil || b.Param != nil || len(b.Writes) != 1 || b.Writes[0].From == nil || len(b.Writes[0].Keys) > 0 {
		return false
	}
	from := b.Writes[0].From
	text := m.Source[from.Start:from.End]
	return len(text) < 400 && (strings.Contains(text, "globalThis") || strings.Contains(text, "global") && from.Kind != js.Function)
}

// fixedGlobals are variables of Node that cannot be assigned: crypto since Node 20,
// navigator since Node 21.
var fixedGlobals = map[string]bool{"crypto": true, "navigator": true}

// fixedBuiltins are properties of Node's modules that cannot be assigned: what
// Object.getOwnPropertyDescriptor says in Node 20, 22 or 24.
var fixedBuiltins = map[string]string{
	"async_hooks": "AsyncLocalStorage",
	"buffer":      "constants",
	"crypto":      "constants webcrypto subtle getRandomValues createCipher createDecipher",
	"dns":         "promises",
	"events":      "EventEmitterAsyncResource kMaxEventTargetListeners kMaxEventTargetListenersWarned",
	"fs":          "F_OK R_OK W_OK X_OK constants promises Utf8Stream",
	"http":        "maxHeaderSize WebSocket CloseEvent MessageEvent",
	"net":         "BlockList SocketAddress",
	"os":          "constants EOL devNull",
	"perf_hooks":  "constants",
	"process": "version versions arch platform release moduleLoadList config features sourceMapsEnabled stdout stdin stderr pid argv0 " +
		"noDeprecation report",
	"stream": "promises",
	"timers": "promises",
	"tls":    "rootCertificates",
	"util":   "transferableAbortSignal transferableAbortController aborted",
	"zlib": "createDeflate createInflate createDeflateRaw createInflateRaw createGzip createGunzip createUnzip createBrotliCompress " +
		"createBrotliDecompress createZstdCompress createZstdDecompress constants codes",
}

// deep are those whose own properties cannot be assigned either.
var deep = map[string]bool{"constants": true, "codes": true, "versions": true, "release": true, "config": true, "features": true}

// builtinFixed reports whether a property of Node's own modules cannot be assigned.
func builtinFixed(w Change) bool {
	names := " " + fixedBuiltins[strings.TrimPrefix(w.Specifier, "node:")] + " "
	if w.Called || len(names) == 2 {
		return false
	}
	if len(w.Path) == 0 {
		return w.Name != "" && strings.Contains(names, " "+w.Name+" ")
	}
	return deep[w.Path[0]] && strings.Contains(names, " "+w.Path[0]+" ")
}

// changesThis reports whether the module changes properties of this.
func (m *module) changesThis() bool {
	return slices.ContainsFunc(m.written, func(n *js.Node) bool { return n.X.Kind == js.Literal && n.X.Name == "this" })
}
