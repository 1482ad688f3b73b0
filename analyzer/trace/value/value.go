package value

import (
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// maxAlternatives bounds what one expression may be; beyond that the
// alternatives become one string with a gap.
const maxAlternatives = 32

// Value is what an expression may evaluate to. The zero value is nothing at
// all: undefined, or not reached.
type Value struct {
	// Strings are the strings it may be.
	Strings []string
	// Open says that it may be something else besides.
	Open bool
	// Thing names a part of Node or of a package: "fs.readFile", "require",
	// "module:pino.transport".
	Thing string
	// Base is the folder a thing "require" resolves from, as a marked path.
	Base string
	// Node is the object, array, function or class literal that it is.
	Node *js.Node
	// JSON is a piece of a JSON module.
	JSON any
	// Truth is yes or no for what is neither of the above, such as a comparison.
	Truth Truth
	// Unsure says that it may still be undefined where it is asked for, so that
	// nothing can be said about its truth.
	Unsure bool
}

// Truth says whether a value counts as true.
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

// IsString says that it may be a string.
func (v Value) IsString() bool { return len(v.Strings) > 0 }

// IsAnchored says that it may be a path below the project's root or the working
// folder.
func (v Value) IsAnchored() bool {
	return slices.ContainsFunc(v.Strings, func(s string) bool { return Anchored(PlainPath(s)) })
}

func (v Value) isThing() bool { return v.Thing != "" || v.Node != nil }
func (v Value) isNothing() bool {
	return !v.Open && len(v.Strings) == 0 && v.Thing == "" && v.Node == nil && v.JSON == nil
}

// Only is the one string it can be, "" where there is none.
func (v Value) Only() string {
	s, _ := v.Single()
	return s
}

// Single is the one string it can be.
func (v Value) Single() (string, bool) {
	if len(v.Strings) == 1 && !v.Open && !HasGap(v.Strings[0]) {
		return v.Strings[0], true
	}
	return "", false
}

// Is says whether the value counts as true.
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

// or is what may be either a or b. A thing wins over what is not known: code
// that asks for it is code that hopes for it.
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
		v.Open = true // one of two: nothing can be said about either
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

// texts are the strings to compute with: a gap stands for what is not known.
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
			return Value{} // not reached, as far as is known yet
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

// maxString bounds a computed string, in bytes: no path is longer.
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

// alternatives drops repeats and bounds the rest.
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

// merge is one string that covers all: what they share at both ends, with a gap.
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
