package yamltree

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// Resolver evaluates a variable or a function call. It returns any other value
// unchanged. nil means that there is no value.
type Resolver interface {
	Resolve(*Value) *Value
}

// At follows keys from v and resolves each value on the way, and the last one. The
// keys of a list are numbers. nil means that there is no such value. If a value on
// the way is not known, neither is the result. The result's fallback is then found
// by following the remaining keys from that value's fallback.
func At(r Resolver, v *Value, keys ...string) *Value {
	v = r.Resolve(v)
	for i, k := range keys {
		switch {
		case v == nil:
			return nil
		case v.Unknown():
			lost := &Value{Kind: Deployed, At: v.At, Missing: v.Missing}
			if v.Fallback != nil {
				lost.Fallback = fallbackOf(At(r, v.Fallback, keys[i:]...))
			}
			return lost
		case v.Kind == Mapping:
			v = v.Get(k)
		case v.Kind == Sequence:
			n, err := strconv.Atoi(k)
			if err != nil || n < 0 || n >= len(v.Items) {
				return nil
			}
			v = v.Items[n]
		default:
			return nil
		}
		v = r.Resolve(v)
	}
	return v
}

// fallbackOf returns v if it is known, or else its fallback.
func fallbackOf(v *Value) *Value {
	if v.Unknown() {
		return v.Fallback
	}
	return v
}

// Bounds on Deep: a few lines can cause exponential work.
const (
	maxDeep      = 64
	maxDeepNodes = 100_000
)

// Deep resolves a value and everything inside it. A value inside that is missing
// becomes null. Values beyond the bounds stay as they are written.
func Deep(r Resolver, v *Value) *Value {
	left := maxDeepNodes
	return deep(r, v, 0, &left)
}

func deep(r Resolver, v *Value, depth int, left *int) *Value {
	v = r.Resolve(v)
	if *left--; v == nil || depth > maxDeep || *left < 0 || v.Kind != Sequence && v.Kind != Mapping {
		return v
	}
	c := *v
	c.Items = make([]*Value, len(v.Items))
	for i, item := range v.Items {
		if c.Items[i] = deep(r, item, depth+1, left); c.Items[i] == nil {
			c.Items[i] = &Value{At: v.At}
		}
	}
	return &c
}

// Joiner joins pieces of a text, some of which may not be known. The zero value is
// an empty text.
type Joiner struct {
	text, fallback strings.Builder
	// shown is the text as messages may quote it. outside means that it differs.
	shown   strings.Builder
	outside bool
	// missing is the first piece that is not known. lost means that an unknown piece
	// has no fallback.
	missing *Missing
	lost    bool
}

// Add adds a text.
func (j *Joiner) Add(text string) {
	j.shown.WriteString(text)
	j.text.WriteString(text)
	j.fallback.WriteString(text)
}

// AddValue adds a value. If the value is not known, it adds the text that is
// written for it. It returns false if the value cannot be part of a text: a list,
// a mapping or a mistake.
func (j *Joiner) AddValue(v *Value, written string) bool {
	switch {
	case v == nil || v.Kind == Null:
		return true
	case v.Scalar():
		shown := v.Shown()
		if v.Written != "" {
			shown, j.outside = cmp.Or(written, shown), true
		}
		j.text.WriteString(v.Text)
		j.fallback.WriteString(v.Text)
		j.shown.WriteString(shown)
		return true
	case !v.Unknown() || v.Mistaken():
		return false
	}
	shown := written
	if v.Kind == InPart {
		written, shown = v.Text, v.Shown()
	}
	j.text.WriteString(written)
	j.shown.WriteString(shown)
	j.outside = j.outside || v.Written != "" || v.Fallback != nil && v.Fallback.Written != ""
	if j.missing == nil {
		j.missing = v.Missing
	}
	switch f := v.Fallback; {
	case f.Scalar():
		j.fallback.WriteString(f.Text)
	case f == nil || f.Kind != Null:
		j.lost = true
	}
	return true
}

// Len returns the length of the text so far, in bytes.
func (j *Joiner) Len() int { return max(j.text.Len(), j.fallback.Len()) }

// Value returns the text, known or known in part.
func (j *Joiner) Value(at analyzer.Position) *Value {
	v := NewText(j.text.String(), at)
	if j.outside {
		v.Written = j.shown.String()
	}
	if j.missing == nil {
		return v
	}
	v.Kind, v.Missing = InPart, j.missing
	if !j.lost {
		v.Fallback = v.Part(j.fallback.String(), at)
	}
	return v
}
