package value

import (
	"path"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// evaluate evaluates an expression for the first time.
func (e *Evaluator) evaluate(n *js.Node) Value {
	switch n.Kind {
	case js.String:
		if n.Flags&js.Odd != 0 || strings.ContainsAny(n.Name, Marks) {
			return unknown
		}
		return exactly(n.Name)
	case js.Number:
		return Value{Open: true, Truth: truthOf(strings.Trim(n.Name, "0.") != "")}
	case js.Literal:
		switch n.Name {
		case "true":
			return Value{Open: true, Truth: Yes}
		case "false", "null":
			return Value{Truth: No}
		}
	case js.Name:
		return e.evalName(n)
	case js.Template:
		return e.evalTemplate(n)
	case js.Tagged:
		if x := n.X; x.Kind == js.Member && x.Name == "raw" && x.X.Kind == js.Name && x.X.Name == "String" {
			return e.evalTemplate(n.Y)
		}
	case js.Array, js.Object, js.Function, js.Arrow, js.Class:
		return Value{Node: n}
	case js.Member:
		if n.Flags&js.Odd != 0 {
			return unknown
		}
		return e.evalMember(n, n.Name)
	case js.Index:
		return e.evalIndex(n)
	case js.Call:
		return e.evalCall(n)
	case js.New:
		if e.Eval(n.X).Thing == "url.URL" && len(n.List) > 0 {
			return e.evalURL(n)
		}
	case js.ImportCall:
		if len(n.List) > 0 {
			if s, ok := e.Eval(n.List[0]).Single(); ok {
				return e.imported(s, path.Dir(e.Path))
			}
		}
	case js.Unary:
		return e.evalUnary(n)
	case js.Binary:
		return e.evalBinary(n)
	case js.Assign:
		if n.Op == js.OpAssign {
			return e.Eval(n.Y)
		}
		if n.Op == js.OpLogicAssign {
			return e.Eval(n.X).or(e.Eval(n.Y))
		}
	case js.Cond:
		switch e.Eval(n.X).Is() {
		case Yes:
			return e.Eval(n.Y)
		case No:
			return e.Eval(n.Z)
		}
		return e.Eval(n.Y).or(e.Eval(n.Z))
	case js.Sequence:
		return e.Eval(n.List[len(n.List)-1])
	}
	return unknown
}

func (e *Evaluator) evalTemplate(n *js.Node) Value {
	if n.Flags&js.Odd != 0 {
		return unknown
	}
	if len(n.List) == 0 {
		if strings.ContainsAny(n.Texts[0], Marks) {
			return unknown
		}
		return exactly(n.Texts[0])
	}
	parts := make([]Value, 0, 2*len(n.List)+1)
	for i, s := range n.Texts {
		if strings.ContainsAny(s, Marks) {
			return unknown
		}
		if s != "" {
			parts = append(parts, exactly(s))
		}
		if i < len(n.List) {
			parts = append(parts, e.operand(n.List[i]))
		}
	}
	return concat(parts...)
}

// operand evaluates an operand of a concatenation. A number becomes its text.
func (e *Evaluator) operand(n *js.Node) Value {
	if n.Kind == js.Number {
		return exactly(n.Name)
	}
	return e.Eval(n)
}

func (e *Evaluator) evalUnary(n *js.Node) Value {
	switch {
	case n.Op == js.OpNot:
		return Value{Open: true, Truth: e.Eval(n.X).Is().not()}
	case n.Name == "typeof":
		return e.typeOf(n.X)
	case n.Name == "await":
		return e.Eval(n.X)
	case n.Name == "void":
		return Value{Truth: No}
	}
	return unknown
}

func (e *Evaluator) evalBinary(n *js.Node) Value {
	switch n.Op {
	case js.OpPlus:
		if n.X.Kind == js.Number && n.Y.Kind == js.Number {
			return unknown
		}
		return concat(e.operand(n.X), e.operand(n.Y))
	case js.OpAnd:
		x := e.Eval(n.X)
		switch x.Is() {
		case No:
			return x
		case Yes:
			return e.Eval(n.Y)
		}
		y := e.Eval(n.Y)
		if y.Is() == No {
			return Value{Open: true, Truth: No}
		}
		y.Open, y.Unsure = true, true
		return y
	case js.OpOr, js.OpNullish:
		x := e.Eval(n.X)
		switch {
		case x.Is() == Yes:
			return x
		case x.Is() == No && n.Op == js.OpOr, x.isNothing() && !x.Unsure:
			return e.Eval(n.Y)
		}
		return x.or(e.Eval(n.Y))
	case js.OpEqual, js.OpNotEqual:
		same := e.Same(e.Eval(n.X), e.Eval(n.Y))
		if n.Op == js.OpNotEqual {
			same = same.not()
		}
		return Value{Open: true, Truth: same}
	}
	return unknown
}

// Same compares two values of strings.
func (e *Evaluator) Same(a, b Value) Truth {
	if a.Open || b.Open || a.Unsure || b.Unsure || !a.IsString() || !b.IsString() {
		return Maybe
	}
	shared := false
	for _, x := range a.Strings {
		for _, y := range b.Strings {
			if HasGap(x) || HasGap(y) {
				return Maybe
			}
			shared = shared || x == y
		}
	}
	if !shared {
		return No
	}
	if len(a.Strings) == 1 && len(b.Strings) == 1 {
		return Yes
	}
	return Maybe
}

// absentGlobals do not exist in Node. Code tests for them to find out where it
// runs.
var absentGlobals = map[string]bool{
	"window": true, "document": true, "importScripts": true, "WorkerGlobalScope": true, "Deno": true, "Bun": true,
	"XMLHttpRequest": true, "__webpack_require__": true, "__non_webpack_require__": true, "EdgeRuntime": true, "HTMLElement": true,
}

// scriptGlobals are the names around a CommonJS module, and their types.
var scriptGlobals = map[string]string{
	"require": "function", "module": "object", "exports": "object", "__dirname": "string", "__filename": "string",
}

func (e *Evaluator) typeOf(x *js.Node) Value {
	if x.IsGlobal(x.Name) {
		switch x.Name {
		case "process", "global", "globalThis":
			return exactly("object")
		}
		if kind := scriptGlobals[x.Name]; kind != "" {
			if e.Text.Module {
				return unknown
			}
			return exactly(kind)
		}
		if absentGlobals[x.Name] {
			return exactly("undefined")
		}
		return unknown
	}
	if v := e.Eval(x); !v.Unsure && v.Node != nil && (v.Node.Kind == js.Function || v.Node.Kind == js.Arrow || v.Node.Kind == js.Class) {
		return exactly("function")
	}
	return unknown
}

// isRelative reports whether a specifier is a path.
func isRelative(s string) bool {
	return s == "." || s == ".." || strings.HasPrefix(s, "./") || strings.HasPrefix(s, "../")
}

// imported returns the value of a module of that name.
func (e *Evaluator) imported(specifier, from string) Value {
	name := strings.TrimPrefix(specifier, "node:")
	switch name {
	case "fs", "fs/promises", "fs-extra", "fs-extra/esm", "graceful-fs", "original-fs":
		return thing("fs")
	case "path", "path/posix":
		return thing("path")
	case "url", "module", "worker_threads", "child_process", "os", "util", "process", "vm":
		return thing(name)
	case appRootPath:
		return exactly("/" + CWDMark)
	}
	if strings.HasSuffix(specifier, ".json") && (isRelative(specifier) || strings.HasPrefix(specifier, "/"+rootMark)) {
		full := path.Join(from, specifier)
		if fromRoot(specifier) {
			full, _ = e.Relative(specifier)
		}
		if v, ok := e.ReadJSON(full); ok {
			return jsonValue(v)
		}
	}
	if exports := e.exportsOf(specifier, from); exports != nil {
		return Value{JSON: exports, Strings: exports["*"]}
	}
	return thing("module:" + specifier)
}

// exportsOf returns the paths that a module exports, nil if there are none.
func (e *Evaluator) exportsOf(specifier, from string) Exports {
	if len(e.Exports) == 0 || !isRelative(specifier) && !fromRoot(specifier) {
		return nil
	}
	file, ok := e.Resolve(specifier, from, "import")
	if !ok {
		return nil
	}
	return e.Exports[file]
}

func jsonValue(v any) Value {
	switch v := v.(type) {
	case string:
		if !strings.ContainsAny(v, Marks) {
			return exactly(v)
		}
	case map[string]any:
		return Value{JSON: v}
	}
	return unknown
}
