package js

import "strings"

// Specifier is an import or require of a module by a plain string.
type Specifier struct {
	Name string
	// Kind is import, export, require, dynamic-import or require-resolve.
	Kind string
	Place
	// Guarded means that the code catches a failure to load.
	Guarded bool
	// Conditional means that the import is in a function or a branch, so it may not
	// run when the module loads.
	Conditional bool
	// Branch means that it is in a branch or a catch block, so it may not run at all.
	Branch bool
}

// Specifiers lists the static imports and requires of a source, in order. It skips
// a require that the source declares itself. A source that does not parse as
// JavaScript, such as TypeScript, is read token by token, which cannot detect such
// a require.
func Specifiers(src []byte) []Specifier {
	tree, err := Parse(src)
	if err != nil {
		return scanSpecifiers(src)
	}
	f := specifierFinder{lines: lineStarts(string(src))}
	f.find(tree.Top, circumstances{})
	return f.found
}

type specifierFinder struct {
	lines []int
	found []Specifier
}

// circumstances are the Guarded, Conditional and Branch of the current node.
type circumstances struct{ guarded, conditional, branch bool }

func (c circumstances) where(conditional bool) circumstances {
	c.conditional = c.conditional || conditional
	c.branch = c.branch || conditional
	return c
}

func (f *specifierFinder) add(kind string, n *Node, c circumstances) {
	s := Specifier{
		Name: n.Name, Kind: kind, Guarded: c.guarded, Conditional: c.conditional, Branch: c.branch,
		Place: Place{Start: int(n.Start), End: int(n.End)},
	}
	if n.Kind == Template {
		s.Name = n.Texts[0]
	}
	s.Line, s.Column = lineColumn(f.lines, s.Start)
	f.found = append(f.found, s)
}

func (f *specifierFinder) find(n *Node, c circumstances) {
	switch n.Kind {
	case Import:
		f.add("import", n.Z, circumstances{})
		return
	case Export:
		if n.Z != nil {
			f.add("export", n.Z, circumstances{})
			return
		}
	case ImportCall:
		if len(n.List) > 0 && n.List[0].IsPlainString() {
			f.add("dynamic-import", n.List[0], c)
		}
	case Call:
		f.call(n, c)
	case Try:
		f.find(n.X, circumstances{c.guarded || n.Y != nil, c.conditional, c.branch})
		if n.Y != nil {
			f.find(n.Y, c.where(true))
		}
		if n.Z != nil {
			f.find(n.Z, c)
		}
		return
	case Function, Arrow:
		c = circumstances{conditional: true, branch: c.branch}
	case If, Cond:
		f.find(n.X, c)
		for _, branch := range []*Node{n.Y, n.Z} {
			if branch != nil {
				f.find(branch, c.where(!testsModuleFormat(n.X)))
			}
		}
		return
	case Binary, Assign:
		if n.Op == OpAnd || n.Op == OpOr || n.Op == OpNullish || n.Op == OpLogicAssign {
			f.find(n.X, c)
			f.find(n.Y, c.where(!testsModuleFormat(n.X)))
			return
		}
	case Case:
		c = c.where(true)
	case Class:
		if n.X != nil {
			f.find(n.X, c)
		}
		for _, member := range n.List {
			inner := c
			inner.conditional = c.conditional || member.Kind == Property && member.Flags&Static == 0
			f.find(member, inner)
		}
		return
	}
	if n.Kind == Call && n.X.Kind == Member && (n.X.Name == "catch" || n.X.Name == "then" && len(n.List) > 1) {
		f.find(n.X, circumstances{true, c.conditional, c.branch})
		for _, a := range n.List {
			f.find(a, c)
		}
		return
	}
	if n.Kind == Call && (n.X.Kind == Function || n.X.Kind == Arrow) {
		n.X.Each(func(child *Node) { f.find(child, c) }) // called where it is defined
		for _, a := range n.List {
			f.find(a, c)
		}
		return
	}
	n.Each(func(child *Node) { f.find(child, c) })
}

// testsModuleFormat reports whether a condition tests the module format, as UMD
// wrappers do. In a Lambda function the result is known.
func testsModuleFormat(n *Node) bool {
	switch n.Kind {
	case Unary:
		return n.Name == "typeof" && n.X.Kind == Name && formatNames[n.X.Name] || testsModuleFormat(n.X)
	case Binary:
		return testsModuleFormat(n.X) || testsModuleFormat(n.Y)
	}
	return false
}

var formatNames = map[string]bool{"exports": true, "module": true, "require": true, "define": true}

func (f *specifierFinder) call(n *Node, c circumstances) {
	if len(n.List) == 0 || !n.List[0].IsPlainString() {
		return
	}
	x, kind := n.X, "require"
	if x.Kind == Member && x.Name == "resolve" {
		x, kind = x.X, "require-resolve"
	}
	if x.IsGlobal("require") {
		f.add(kind, n.List[0], c)
	}
}

// PackageName returns the package of a bare specifier: "@scope/name" for
// "@scope/name/sub". It returns "" for relative, absolute and "#internal"
// specifiers.
func PackageName(specifier string) string {
	if specifier == "" || specifier[0] == '.' || specifier[0] == '/' || specifier[0] == '#' || strings.IndexByte(specifier, ':') >= 0 {
		return ""
	}
	first, rest, _ := strings.Cut(specifier, "/")
	if !strings.HasPrefix(first, "@") {
		return first
	}
	second, _, _ := strings.Cut(rest, "/")
	if second == "" {
		return ""
	}
	return specifier[:len(first)+1+len(second)]
}

// Builtin reports whether the specifier is one of Node's own modules.
func Builtin(specifier string) bool {
	if strings.HasPrefix(specifier, "node:") {
		return true
	}
	first, _, sub := strings.Cut(specifier, "/")
	if sub { // "punycode/" and "process/browser" are npm packages
		return builtinParts[specifier]
	}
	return builtins[first]
}

// builtinParts are the built-in modules with a slash. Source: see builtins.
var builtinParts = map[string]bool{
	"assert/strict": true, "dns/promises": true, "fs/promises": true, "inspector/promises": true, "path/posix": true,
	"path/win32": true, "readline/promises": true, "stream/consumers": true, "stream/promises": true, "stream/web": true,
	"timers/promises": true, "util/types": true,
}

// builtins are the modules that Node resolves without "node:". Source:
// module.builtinModules of Node 18 to 24.
var builtins = map[string]bool{
	"_http_agent": true, "_http_client": true, "_http_common": true, "_http_incoming": true, "_http_outgoing": true,
	"_http_server": true, "_stream_duplex": true, "_stream_passthrough": true, "_stream_readable": true,
	"_stream_transform": true, "_stream_wrap": true, "_stream_writable": true, "_tls_common": true, "_tls_wrap": true,
	"assert": true, "async_hooks": true, "buffer": true, "child_process": true, "cluster": true, "console": true,
	"constants": true, "crypto": true, "dgram": true, "diagnostics_channel": true, "dns": true, "domain": true,
	"events": true, "fs": true, "http": true, "http2": true, "https": true, "inspector": true, "module": true,
	"net": true, "os": true, "path": true, "perf_hooks": true, "process": true, "punycode": true,
	"querystring": true, "readline": true, "repl": true, "stream": true, "string_decoder": true, "sys": true,
	"timers": true, "tls": true, "trace_events": true, "tty": true, "url": true, "util": true, "v8": true,
	"vm": true, "wasi": true, "worker_threads": true, "zlib": true,
}
