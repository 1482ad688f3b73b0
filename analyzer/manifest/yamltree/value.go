package yamltree

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// kind is what a value of a manifest is.
type Kind uint8

const (
	Null Kind = iota
	Text
	Number
	Boolean
	Sequence
	Mapping
	// unknown is a value that cannot be known here: one that exists only once
	// deployed, or one that a mistake keeps from being worked out.
	Unknown
)

func (k Kind) String() string {
	return [...]string{"nothing", "a text", "a number", "true or false", "a list", "a mapping", "unknown"}[k]
}

// value is a node of a YAML or JSON document, with its place. Aliases are
// shared pointers, so a document is a directed acyclic graph.
type Value struct {
	Kind Kind
	// text is a scalar's text, as written but unquoted; for unknown it names
	// what is not known, such as "${ssm:/table}".
	Text string
	// tag is a local tag such as "!Sub", empty for YAML's own.
	Tag string
	At  analyzer.Position
	// keys belong to items, one by one, in a mapping.
	Keys  []Key
	Items []*Value
	// Of an unknown value: why, and what the manifest falls back to, if anything.
	Why      string
	Mistake  bool
	Refused  bool
	Fallback *Value
}

type Key struct {
	Name string
	At   analyzer.Position
}

// get follows keys down mappings; nil means there is no such value.
func (v *Value) Get(path ...string) *Value {
	for _, name := range path {
		if v == nil || v.Kind != Mapping {
			return nil
		}
		i := v.index(name)
		if i < 0 {
			return nil
		}
		v = v.Items[i]
	}
	return v
}

func (v *Value) index(name string) int {
	for i, k := range v.Keys {
		if k.Name == name {
			return i
		}
	}
	return -1
}

// has reports whether a value is there and is not null.
func (v *Value) Has() bool { return v != nil && v.Kind != Null }

func (v *Value) Scalar() bool {
	return v != nil && (v.Kind == Text || v.Kind == Number || v.Kind == Boolean)
}

// integer reads a number, also one written as text, as frameworks do.
func (v *Value) Integer() (int, bool) {
	if v == nil || v.Kind != Number && v.Kind != Text {
		return 0, false
	}
	n, err := strconv.Atoi(strings.ReplaceAll(strings.TrimSpace(v.Text), "_", ""))
	return n, err == nil
}

func (v *Value) Truth() (bool, bool) {
	if !v.Scalar() {
		return false, false
	}
	switch strings.ToLower(v.Text) {
	case "true":
		return true, true
	case "false":
		return false, true
	}
	return false, false
}

// at gives a copy of a scalar as if it stood at another place, so that a
// problem points to where a value is used, not to where it comes from.
func (v *Value) Moved(at analyzer.Position) *Value {
	if v == nil || v.Kind == Sequence || v.Kind == Mapping {
		return v
	}
	c := *v
	c.At = at
	return &c
}

func NewText(s string, at analyzer.Position) *Value { return &Value{Kind: Text, Text: s, At: at} }

// NewPair is a mapping of one key to v, and stands where v does.
func NewPair(name string, v *Value) *Value {
	return &Value{Kind: Mapping, At: v.At, Keys: []Key{{name, v.At}}, Items: []*Value{v}}
}

// Add puts a key at the end of a mapping.
func (v *Value) Add(name string, at analyzer.Position, item *Value) {
	v.Keys, v.Items = append(v.Keys, Key{name, at}), append(v.Items, item)
}

func NewUnknown(what, why string, at analyzer.Position) *Value {
	return &Value{Kind: Unknown, Text: what, Why: why, At: at}
}

func NewMistake(what, why string, at analyzer.Position) *Value {
	return &Value{Kind: Unknown, Text: what, Why: why, Mistake: true, At: at}
}

// String renders a value as one line; what is not known stands between < and >.
func (v *Value) String() string {
	if v == nil {
		return "nil"
	}
	s := ""
	switch v.Kind {
	case Null:
		s = "null"
	case Mapping:
		var parts []string
		for i, k := range v.Keys {
			parts = append(parts, k.Name+": "+v.Items[i].String())
		}
		s = "{" + strings.Join(parts, ", ") + "}"
	case Sequence:
		var parts []string
		for _, item := range v.Items {
			parts = append(parts, item.String())
		}
		s = "[" + strings.Join(parts, ", ") + "]"
	case Text:
		s = fmt.Sprintf("%q", v.Text)
	case Unknown:
		s = "<" + v.Text + ": " + v.Why + ">"
		if v.Fallback != nil {
			s += "|" + v.Fallback.String()
		}
	default:
		s = v.Text
	}
	if v.Tag != "" {
		s = v.Tag + " " + s
	}
	return s
}
