package typescript

import (
	"slices"
	"strings"
)

// Options are the compiler's options that decide about metadata.
type Options struct {
	// StrictNullChecks makes null and undefined types of their own.
	StrictNullChecks bool
}

// serializer says what types are at run time. It follows the compiler's transformer,
// case by case.
// Source: serializeTypeNode in src/compiler/transformers/typeSerializer.ts, and
// getTypeReferenceSerializationKind in checker.ts, of TypeScript 5.9.
type serializer struct {
	*Program
	Options
	undecided *typeNode // the first type that only a type checker could tell
}

// Values of types at run time.
const (
	object   = "Object"
	nothing  = "void 0"
	callable = "Function"
)

// of is the expression for a type that stands in a decorated declaration.
func (s *serializer) of(t *typeNode, e env) string {
	if t == nil {
		return object
	}
	switch t.form {
	case keyword:
		return keywordValues[t.name]
	case literal:
		return keywordValues[t.name]
	case function:
		return callable
	case list:
		return "Array"
	case predicate:
		return "Boolean"
	case assertion:
		return nothing
	case reference:
		return s.reference(t, e)
	case union, conditional:
		return s.constituents(t.parts, e, false)
	case intersection:
		return s.constituents(t.parts, e, true)
	}
	return object
}

var keywordValues = map[string]string{
	"string": "String", "number": "Number", "boolean": "Boolean", "bigint": "BigInt", "symbol": "Symbol", "object": object,
	"any": object, "unknown": object, "this": object, "void": nothing, "undefined": nothing, "null": nothing, "never": nothing,
}

func (s *serializer) constituents(parts []*typeNode, e env, isIntersection bool) string {
	result := ""
	for _, part := range parts {
		if part.form == keyword {
			switch {
			case part.name == "never" && isIntersection:
				return nothing
			case part.name == "never", part.name == "unknown" && isIntersection:
				continue
			case part.name == "unknown", part.name == "any":
				return object
			case !s.StrictNullChecks && (part.name == "null" || part.name == "undefined"):
				continue
			}
		}
		value := s.of(part, e)
		if value == object || result != "" && result != value {
			return object
		}
		result = value
	}
	if result == "" {
		return nothing
	}
	return result
}

// constructors are the globals that every Node has and that can be constructed.
var constructors = []string{
	"AggregateError", "Array", "ArrayBuffer", "Boolean", "DataView", "Date", "Error", "EvalError", "FinalizationRegistry", "Float32Array",
	"Float64Array", "Function", "Int16Array", "Int32Array", "Int8Array", "Map", "Number", "Object", "Promise", "Proxy", "RangeError",
	"ReferenceError", "RegExp", "Set", "SharedArrayBuffer", "String", "SyntaxError", "TypeError", "URIError", "Uint16Array",
	"Uint32Array", "Uint8Array", "Uint8ClampedArray", "WeakMap", "WeakRef", "WeakSet", "BigInt64Array", "BigUint64Array",
}

// unlike are the globals whose type is not what their value would say.
var unlike = map[string]string{
	"ReadonlyArray": "Array", "Uppercase": "String", "Lowercase": "String", "Capitalize": "String", "Uncapitalize": "String",
	"Symbol": object, "BigInt": object, "Atomics": object, "Math": object, "JSON": object, "Reflect": object,
}

func (s *serializer) reference(t *typeNode, e env) string {
	found := s.lookup(e, t.name, 0)
	if name := found.global; name != "" {
		switch {
		case found.typeOnly:
			return object
		case slices.Contains(constructors, name):
			return name
		case unlike[name] != "":
			return unlike[name]
		case t.inConditional:
			return object
		}
		return ifFunction(t.name)
	}
	if d := found.d; d != nil && !found.enumMember {
		switch {
		case d.class && found.typeOnly:
			return callable
		case d.class:
			return t.name
		case d.iface != nil && d.value && !found.typeOnly:
			return ifFunction(t.name)
		case d.alias == nil && d.iface == nil && !d.enum: // no type
			return ifFunction(t.name)
		}
	}
	k, known := s.kindOf(t, e, 0)
	if !known {
		if s.undecided == nil {
			s.undecided = t
		}
		return object
	}
	return string(k)
}

// ifFunction decides at run time: it is what the compiler writes for a name that it
// does not know.
func ifFunction(name string) string {
	first, rest, dotted := strings.Cut(name, ".")
	if !dotted {
		return "(typeof " + name + `=="function"?` + name + ":Object)"
	}
	return `(x=>typeof x=="function"?x:Object)(typeof ` + first + `!="undefined"?` + first + "?." + strings.ReplaceAll(rest, ".", "?.") + ":0)"
}

// kind is what a declared type is assignable to, as a value at run time.
type value string

// primitive reports whether a union or intersection keeps the kind.
func (k value) primitive() bool { return k != object && k != "Array" && k != callable }

// kindOf is the kind of a type that a name stands for. It is not known where only a
// type checker could tell.
func (s *serializer) kindOf(t *typeNode, e env, depth int) (k value, known bool) {
	if depth++; depth > maxSteps {
		return object, false
	}
	switch t.form {
	case keyword, literal:
		return value(keywordValues[t.name]), true
	case function:
		return callable, true
	case list:
		return "Array", true
	case anything:
		if t.name == "callable" {
			return callable, true
		}
		return object, true
	case union:
		return s.unionKind(t, e, depth)
	case intersection:
		for _, part := range t.parts {
			k, known := s.kindOf(part, e, depth)
			if !known || k.primitive() {
				return k, known
			}
		}
		return object, true
	case conditional:
		yes, known := s.kindOf(t.parts[0], e, depth)
		no, alsoKnown := s.kindOf(t.parts[1], e, depth)
		return yes, known && alsoKnown && yes == no
	case reference:
		return s.referenceKind(t, e, depth)
	case keys:
		return s.keysKind(t.parts[0], e)
	case indexed:
		return s.elementsKind(t.parts[0], e)
	}
	return object, false
}

func (s *serializer) unionKind(t *typeNode, e env, depth int) (value, bool) {
	var all value
	for _, part := range t.parts {
		if part.form == keyword && (part.name == "any" || part.name == "unknown") {
			return object, true
		}
		if part.form == keyword && (part.name == "never" || !s.StrictNullChecks && (part.name == "null" || part.name == "undefined")) {
			continue
		}
		k, known := s.kindOf(part, e, depth)
		switch {
		case !known:
			return object, false
		case !k.primitive() && len(t.parts) > 1, all != "" && all != k:
			all = object
		case all == "":
			all = k
		}
	}
	if all == "" {
		return nothing, true
	}
	return all, true
}

func (s *serializer) referenceKind(t *typeNode, e env, depth int) (value, bool) {
	found := s.lookup(e, t.name, 0)
	switch {
	case found.isParameter:
		if found.parameter == nil {
			return object, true
		}
		return s.kindOf(found.parameter.t, found.parameter.in, depth)
	case found.global != "":
		return s.globalKind(found.global, t, e, depth)
	case found.d == nil:
		return object, true
	case found.d.enum:
		return s.enumKind(found.d, found.in.file)
	case found.d.class:
		return object, true
	case found.d.alias != nil:
		in := found.in
		if len(found.d.typeParameters) > 0 {
			in.bound = map[string]*argument{}
			for i, name := range found.d.typeParameters {
				in.bound[name] = nil
				switch constraint := found.d.constraints[name]; {
				case depth > 1 && i < len(t.parts): // the compiler looks at the declared type itself, with its parameters
					in.bound[name] = &argument{t.parts[i], e}
				case constraint != nil:
					in.bound[name] = &argument{constraint, found.in}
				}
			}
		}
		return s.kindOf(found.d.alias, in, depth)
	case found.d.iface != nil:
		return s.interfaceKind(found, depth)
	}
	return object, true
}

func (s *serializer) interfaceKind(found entity, depth int) (value, bool) {
	for _, open := range found.d.iface {
		if found.in.file.callable(open) {
			return callable, true
		}
	}
	for _, parent := range found.d.interfaceParents {
		if parent.form != reference || depth > maxSteps {
			continue
		}
		if up := s.lookup(found.in, parent.name, 0); up.d != nil && up.d.iface != nil && up.d != found.d {
			if k, known := s.interfaceKind(up, depth+1); !known || k == callable {
				return k, known
			}
		}
	}
	return object, true
}

// globalKind is the kind of a type of the standard library.
func (s *serializer) globalKind(name string, t *typeNode, e env, depth int) (value, bool) {
	argument := func() (value, bool) {
		if len(t.parts) == 0 {
			return object, true
		}
		return s.kindOf(t.parts[0], e, depth)
	}
	switch name {
	case "Array", "ReadonlyArray":
		return "Array", true
	case "Parameters", "ConstructorParameters":
		return "Array", depth > 1
	case "Uppercase", "Lowercase", "Capitalize", "Uncapitalize":
		return "String", true
	case "Partial", "Required", "Readonly", "Exclude", "Extract":
		return argument()
	case "NonNullable":
		loose := *s
		loose.StrictNullChecks = false
		if len(t.parts) == 0 {
			return object, true
		}
		return loose.kindOf(t.parts[0], e, depth)
	case "ReturnType", "Awaited":
		return object, false
	}
	return object, true
}

// enumKind is Number, String, or Object for a mix of both.
func (s *serializer) enumKind(d *declaration, f *file) (value, bool) {
	var all value
	for _, open := range d.bodies {
		for _, m := range f.enumMembers(open) {
			k := value("Number")
			if m.isString(f) {
				k = "String"
			}
			if all != "" && all != k {
				return object, true
			}
			all = k
		}
	}
	if all == "" {
		all = "Number"
	}
	return all, true
}

// member is a member of an enum, with the tokens of its value.
type member struct {
	name     string
	from, to int // equal without a value
}

// enumMembers lists the members between an enum's brackets.
func (f *file) enumMembers(open int) (members []member) {
	for i := open + 1; i < f.token(open).match; i++ {
		m := member{name: f.at(i)}
		if quoted := f.unquoted(i); quoted != "" {
			m.name = quoted
		}
		i++
		if f.at(i) == "=" {
			m.from = i + 1
			for i++; i < f.token(open).match && f.at(i) != ","; i = f.behind(i) {
			}
			m.to = i
		}
		members = append(members, m)
	}
	return members
}

// isString reports whether a member's value is a string: it begins with one.
func (m member) isString(f *file) bool {
	return m.from < m.to && f.token(m.from).kind == text
}

// keysKind is the kind of keyof T, known where T is typeof a constant object.
func (s *serializer) keysKind(t *typeNode, e env) (value, bool) {
	f, open := s.constant(t, e)
	if f == nil || f.at(open) != "{" {
		return object, false
	}
	for i := open + 1; i < f.token(open).match; i = f.behindElement(i) {
		if !f.isName(i) && f.unquoted(i) == "" {
			return object, false
		}
	}
	return "String", true
}

// elementsKind is the kind of T[K], known where T is typeof a constant list or object
// of plain values.
func (s *serializer) elementsKind(t *typeNode, e env) (value, bool) {
	f, open := s.constant(t, e)
	if f == nil || f.at(open) != "[" && f.at(open) != "{" {
		return object, false
	}
	var all value
	for i := open + 1; i < f.token(open).match; i = f.behindElement(i) {
		at := i
		if f.at(open) == "{" {
			if at += 2; f.at(i+1) != ":" {
				return object, false
			}
		}
		var k value
		switch next := f.at(at + 1); {
		case next != "," && at+1 != f.token(open).match:
			return object, false
		case f.token(at).kind == text:
			k = "String"
		case f.token(at).kind == other:
			k = "Number"
		default:
			return object, false
		}
		if all != "" && all != k {
			return object, true
		}
		all = k
	}
	return all, all != ""
}

// constant finds the bracket at which the value of x begins, for typeof x.
func (s *serializer) constant(t *typeNode, e env) (*file, int) {
	if t.form != query {
		return nil, 0
	}
	found := s.lookup(e, t.name, 0)
	if found.d == nil || found.d.initial == 0 {
		return nil, 0
	}
	return found.in.file, found.d.initial
}

// behindElement is the index behind an element of a list or object, and its comma.
func (f *file) behindElement(i int) int {
	for i < len(f.tokens)-1 && f.at(i) != "," && f.at(i) != "}" && f.at(i) != "]" {
		i = f.behind(i)
	}
	return i + 1
}
