package value

import (
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// maxAlternatives bounds the alternatives of one value. If there are more, they
// become one string with a gap.
const maxAlternatives = 32

// Value is what an expression may evaluate to. The zero value means no value:
// undefined, or not reached.
type Value struct {
	// Strings are the strings that it may be.
	Strings []string
	// Open means that it may be something else too.
	Open bool
	// Thing names a part of Node or of a package: "fs.readFile", "require",
	// "module:pino.transport".
	Thing string
	// Base is the folder that "require" resolves from, as a marked path.
	Base string
	// Node is the object, array, function or class literal that it is.
	Node *js.Node
	// JSON is a part of a JSON module.
	JSON any
	// Truth is the value of an expression such as a comparison: yes or no.
	Truth Truth
	// Unsure means that it may be undefined where it is read, so that its truth is
	// not known.
	Unsure bool
}

// Truth is whether a value counts as true.
type Truth int8

const (
	Maybe Truth = iota
	Yes
	No
)

func (t Truth) not() Truth { return [...]Truth{Maybe, No, Yes}[t] }

func truthOf(b bool) Truth {
	if b {
		return Yes
	}
	return No
}

var unknown = Value{Open: true}

func exactly(s ...string) Value { return Value{Strings: s} }
func thing(name string) Value   { return Value{Thing: name} }

// IsString reports whether it may be a string.
func (v Value) IsString() bool { return len(v.Strings) > 0 }

// IsAnchored reports whether it may be a path below the project's root or the
// working directory.
func (v Value) IsAnchored() bool {
	return slices.ContainsFunc(v.Strings, func(s string) bool { return Anchored(PlainPath(s)) })
}

func (v Value) isThing() bool { return v.Thing != "" || v.Node != nil }
func (v Value) isNothing() bool {
	return !v.Open && len(v.Strings) == 0 && v.Thing == "" && v.Node == nil && v.JSON == nil
}

// Only returns the one string that it can be, or "".
func (v Value) Only() string {
	s, _ := v.Single()
	return s
}

// Single returns the one string that it can be. ok is false if there is none, or
// more.
func (v Value) Single() (string, bool) {
	if len(v.Strings) == 1 && !v.Open && !HasGap(v.Strings[0]) {
		return v.Strings[0], true
	}
	return "", false
}

// Is returns whether the value counts as true.
func (v Value) Is() Truth {
	switch {
	case v.Unsure:
		return Maybe
	case v.Truth != Maybe:
		return v.Truth
	case v.Thing != "" || v.Node != nil || v.JSON != nil:
		return Yes
	case len(v.Strings) > 0 && !v.Open:
		empty := slices.ContainsFunc(v.Strings, func(s string) bool { return s == "" || s == Gap })
		full := slices.ContainsFunc(v.Strings, func(s string) bool { return s != "" && s != Gap })
		if empty != full {
			return truthOf(full)
		}
	}
	return Maybe
}

// or returns what may be either a or b. A known Thing wins over an unknown value:
// code that tests for it is written for the case that it exists.
func (a Value) or(b Value) Value {
	switch {
	case a.isNothing() && a.Truth == Maybe:
		b.Unsure = b.Unsure || a.Unsure
		return b
	case b.isNothing() && b.Truth == Maybe:
		a.Unsure = a.Unsure || b.Unsure
		return a
	}
	v := Value{Open: a.Open || b.Open, Unsure: a.Unsure || b.Unsure, Strings: a.Strings}
	if len(a.Strings) == 0 {
		v.Strings = b.Strings
	} else if len(b.Strings) > 0 {
		v.Strings = alternatives(slices.Concat(a.Strings, b.Strings))
	}
	switch {
	case a.isThing() && b.isThing() && (a.Thing != b.Thing || a.Base != b.Base || a.Node != b.Node):
		v.Open = true // two different things: neither is certain
	case a.isThing() || a.JSON != nil:
		v.Thing, v.Base, v.Node, v.JSON = a.Thing, a.Base, a.Node, a.JSON
	default:
		v.Thing, v.Base, v.Node, v.JSON = b.Thing, b.Base, b.Node, b.JSON
	}
	if len(v.Strings) > 0 && v.Thing != "" {
		v.Thing = ""
	}
	if a.Truth == b.Truth {
		v.Truth = a.Truth
	}
	return v
}

// texts returns the strings to compute with. A gap replaces an unknown value.
func (v Value) texts() []string {
	if v.Open || len(v.Strings) == 0 {
		return append(slices.Clone(v.Strings), Gap)
	}
	return v.Strings
}

// combine applies f to every combination of the parts' alternatives.
func combine(f func([]string) string, parts ...Value) Value {
	known := false
	for _, p := range parts {
		if p.isNothing() && p.Truth == Maybe {
			return Value{} // not reached so far
		}
		known = known || p.IsString()
	}
	if !known {
		return unknown
	}
	combinations := [][]string{nil}
	for _, p := range parts {
		texts := p.texts()
		if len(combinations)*len(texts) > 4*maxAlternatives {
			texts = []string{merge(texts)}
		}
		var next [][]string
		for _, c := range combinations {
			for _, s := range texts {
				next = append(next, append(slices.Clone(c), s))
			}
		}
		combinations = next
		if len(combinations) > 4*maxAlternatives {
			return unknown
		}
	}
	var out []string
	for _, c := range combinations {
		if s := f(c); len(s) <= maxString {
			out = append(out, s)
		} else {
			return unknown
		}
	}
	return Value{Strings: alternatives(out)}
}

// maxString bounds the length of a computed string in bytes. No path is longer.
const maxString = 4096

func concat(parts ...Value) Value {
	return combine(func(s []string) string { return oneGap(strings.Join(s, "")) }, parts...)
}

func oneGap(s string) string {
	for strings.Contains(s, Gap+Gap) {
		s = strings.ReplaceAll(s, Gap+Gap, Gap)
	}
	return s
}

// alternatives removes duplicates and bounds the rest.
func alternatives(s []string) []string {
	if len(s) < 2 {
		return s
	}
	out := s[:1:1]
	for _, x := range s[1:] {
		if !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	if len(out) > maxAlternatives {
		return []string{merge(out)}
	}
	return out
}

// merge returns one string that covers all: their common prefix and suffix, with a
// gap.
func merge(s []string) string {
	if len(s) == 1 {
		return s[0]
	}
	prefix, suffix := s[0], s[0]
	for _, x := range s[1:] {
		for !strings.HasPrefix(x, prefix) {
			prefix = prefix[:len(prefix)-1]
		}
		for !strings.HasSuffix(x, suffix) {
			suffix = suffix[1:]
		}
	}
	prefix, _, _ = strings.Cut(prefix, Gap)
	if i := strings.LastIndex(suffix, Gap); i >= 0 {
		suffix = suffix[i+1:]
	}
	return prefix + Gap + suffix
}
