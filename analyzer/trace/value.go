package trace

import (
	"path"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// Marks inside the strings of a value. They are control characters, so that no
// path of a source text can be mistaken for them; a literal that holds one is
// not evaluated.
const (
	rootMark = "\x01" // the project's root, as the first segment of an absolute path
	cwdMark  = "\x02" // the working folder, likewise
	gap      = "\x03" // any characters, slashes included
	marks    = rootMark + cwdMark + gap
)

// maxAlternatives bounds what one expression may be; beyond that the
// alternatives become one string with a gap.
const maxAlternatives = 32

// value is what an expression may evaluate to. The zero value is nothing at
// all: undefined, or not reached.
type value struct {
	// strings are the strings it may be.
	strings []string
	// open says that it may be something else besides.
	open bool
	// thing names a part of Node or of a package: "fs.readFile", "require",
	// "module:pino.transport".
	thing string
	// base is the folder a thing "require" resolves from, as a marked path.
	base string
	// node is the object, array, function or class literal that it is.
	node *js.Node
	// json is a piece of a JSON module.
	json any
	// truth is yes or no for what is neither of the above, such as a comparison.
	truth truth
	// unsure says that it may still be undefined where it is asked for, so that
	// nothing can be said about its truth.
	unsure bool
}

type truth int8

const (
	maybe truth = iota
	yes
	no
)

var unknown = value{open: true}

func exactly(s ...string) value  { return value{strings: s} }
func aThing(name string) value   { return value{thing: name} }
func (v value) only() (s string) { s, _ = v.single(); return }
func (v value) isString() bool   { return len(v.strings) > 0 }
func (v value) isThing() bool    { return v.thing != "" || v.node != nil }
func (v value) isNothing() bool {
	return !v.open && len(v.strings) == 0 && v.thing == "" && v.node == nil && v.json == nil
}
func anchored(s string) bool { return fromRoot(s) || fromCWD(s) }
func fromRoot(s string) bool { return strings.HasPrefix(s, "/"+rootMark) }
func fromCWD(s string) bool  { return strings.HasPrefix(s, "/"+cwdMark) }
func hasGap(s string) bool   { return strings.Contains(s, gap) }
func (v value) isAnchored() bool {
	return slices.ContainsFunc(v.strings, func(s string) bool { return anchored(plainPath(s)) })
}
func plainPath(s string) string  { return strings.TrimPrefix(s, "file://") }
func rootPath(rel string) string { return path.Join("/"+rootMark, rel) }
func (t truth) not() truth       { return [...]truth{maybe, no, yes}[t] }
func truthOf(b bool) truth       { return map[bool]truth{true: yes, false: no}[b] }

// single is the one string it can be.
func (v value) single() (string, bool) {
	if len(v.strings) == 1 && !v.open && !hasGap(v.strings[0]) {
		return v.strings[0], true
	}
	return "", false
}

// is says whether the value counts as true.
func (v value) is() truth {
	switch {
	case v.unsure:
		return maybe
	case v.truth != maybe:
		return v.truth
	case v.thing != "" || v.node != nil || v.json != nil:
		return yes
	case len(v.strings) > 0 && !v.open:
		empty := slices.ContainsFunc(v.strings, func(s string) bool { return s == "" || s == gap })
		full := slices.ContainsFunc(v.strings, func(s string) bool { return s != "" && s != gap })
		if empty != full {
			return truthOf(full)
		}
	}
	return maybe
}

// or is what may be either a or b. A thing wins over what is not known: code
// that asks for it is code that hopes for it.
func (a value) or(b value) value {
	switch {
	case a.isNothing() && a.truth == maybe:
		b.unsure = b.unsure || a.unsure
		return b
	case b.isNothing() && b.truth == maybe:
		a.unsure = a.unsure || b.unsure
		return a
	}
	v := value{open: a.open || b.open, unsure: a.unsure || b.unsure, strings: a.strings}
	if len(a.strings) == 0 {
		v.strings = b.strings
	} else if len(b.strings) > 0 {
		v.strings = alternatives(slices.Concat(a.strings, b.strings))
	}
	switch {
	case a.isThing() && b.isThing() && (a.thing != b.thing || a.base != b.base || a.node != b.node):
		v.open = true // one of two: nothing can be said about either
	case a.isThing() || a.json != nil:
		v.thing, v.base, v.node, v.json = a.thing, a.base, a.node, a.json
	default:
		v.thing, v.base, v.node, v.json = b.thing, b.base, b.node, b.json
	}
	if len(v.strings) > 0 && v.thing != "" {
		v.thing = ""
	}
	if a.truth == b.truth {
		v.truth = a.truth
	}
	return v
}

// texts are the strings to compute with: a gap stands for what is not known.
func (v value) texts() []string {
	if v.open || len(v.strings) == 0 {
		return append(slices.Clone(v.strings), gap)
	}
	return v.strings
}

// combine applies f to every combination of the parts' alternatives.
func combine(f func([]string) string, parts ...value) value {
	known := false
	for _, p := range parts {
		if p.isNothing() && p.truth == maybe {
			return value{} // not reached, as far as is known yet
		}
		known = known || p.isString()
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
	return value{strings: alternatives(out)}
}

// maxString bounds a computed string, in bytes: no path is longer.
const maxString = 4096

func concat(parts ...value) value {
	return combine(func(s []string) string { return oneGap(strings.Join(s, "")) }, parts...)
}

func oneGap(s string) string {
	for strings.Contains(s, gap+gap) {
		s = strings.ReplaceAll(s, gap+gap, gap)
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
	prefix, _, _ = strings.Cut(prefix, gap)
	if i := strings.LastIndex(suffix, gap); i >= 0 {
		suffix = suffix[i+1:]
	}
	return prefix + gap + suffix
}
