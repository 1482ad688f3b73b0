package yamltree

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// Kind is what a value of a manifest is.
type Kind uint8

const (
	Null Kind = iota
	Text
	Number
	Boolean
	Sequence
	Mapping
	// InPart is a text of which a part is not known here.
	InPart
	// Deployed is a value of which nothing is known here: it exists only once
	// deployed, or a mistake keeps it from being worked out.
	Deployed
)

func (k Kind) String() string {
	return [...]string{"nothing", "a text", "a number", "true or false", "a list", "a mapping", "unknown", "unknown"}[k]
}

// Value is a node of a YAML or JSON document, with its place. Aliases are
// shared pointers, so a document is a directed acyclic graph.
type Value struct {
	Kind Kind
	// Text is a scalar's text, as written but unquoted. Of an InPart value it is
	// the text with what is not known as it is written: "arn:${ssm:/account}:x".
	Text string
	// Tag is a local tag such as "!Sub", empty for YAML's own.
	Tag string
	At  analyzer.Position
	// Keys belong to Items, one by one, in a mapping.
	Keys  []Key
	Items []*Value
	// Missing says what is not known, nil where the value is known.
	Missing *Missing
	// Fallback is what the manifest says to take where the value is not known, nil
	// for nothing. It is known itself.
	Fallback *Value
}

// Key is a key of a mapping.
type Key struct {
	Name string
	At   analyzer.Position
}

// Missing says what keeps a value from being known.
type Missing struct {
	// Name is as written, such as "${ssm:/table}" or "!Ref Table".
	Name string
	// Why is a clause, such as "it is known only once deployed".
	Why string
	// Mistake says that correcting the manifest helps, Refused that it would lead
	// outside the project's root.
	Mistake, Refused bool
}

// NewText is a text.
func NewText(s string, at analyzer.Position) *Value { return &Value{Kind: Text, Text: s, At: at} }

// NewPair is a mapping of one key to v, and stands where v does.
func NewPair(name string, v *Value) *Value {
	return &Value{Kind: Mapping, At: v.At, Keys: []Key{{name, v.At}}, Items: []*Value{v}}
}

// Add puts a key at the end of a mapping.
func (v *Value) Add(name string, at analyzer.Position, item *Value) {
	v.Keys, v.Items = append(v.Keys, Key{name, at}), append(v.Items, item)
}

// NewDeployed is a value that exists only once deployed.
func NewDeployed(name, why string, at analyzer.Position) *Value {
	return &Value{Kind: Deployed, At: at, Missing: &Missing{Name: name, Why: why}}
}

// NewMistake is a value that a mistake keeps from being worked out.
func NewMistake(name, why string, at analyzer.Position) *Value {
	return &Value{Kind: Deployed, At: at, Missing: &Missing{Name: name, Why: why, Mistake: true}}
}

// NewRefused is a value that would lead outside the project's root.
func NewRefused(name, why string, at analyzer.Position) *Value {
	return &Value{Kind: Deployed, At: at, Missing: &Missing{Name: name, Why: why, Mistake: true, Refused: true}}
}

// Get follows keys down mappings; nil means there is no such value.
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

// Has reports whether a value is there and is not null.
func (v *Value) Has() bool { return v != nil && v.Kind != Null }

// Scalar reports whether a value is a known text, number or boolean.
func (v *Value) Scalar() bool {
	return v != nil && (v.Kind == Text || v.Kind == Number || v.Kind == Boolean)
}

// Unknown reports whether a value, or a part of its text, is not known.
func (v *Value) Unknown() bool { return v != nil && v.Missing != nil }

// Mistaken reports whether a mistake keeps a value from being known.
func (v *Value) Mistaken() bool { return v.Unknown() && v.Missing.Mistake }

// Settled is the value itself, or its fallback where it is not known and has one.
// The fallback of a mistake does not count. It stands where the value does.
func (v *Value) Settled() *Value {
	if !v.Unknown() || v.Missing.Mistake || v.Fallback == nil {
		return v
	}
	return v.Fallback.Moved(v.At)
}

// SettledWithin is Settled of a value and all within it. used is called with each
// value whose fallback is taken.
func (v *Value) SettledWithin(used func(*Value)) *Value {
	settled := v.Settled()
	if v.Unknown() && settled != v {
		used(v)
	}
	if settled == nil || settled.Kind != Sequence && settled.Kind != Mapping {
		return settled
	}
	c := *settled
	c.Items = make([]*Value, len(settled.Items))
	for i, item := range settled.Items {
		c.Items[i] = item.SettledWithin(used)
	}
	return &c
}

// FirstUnknown finds the first value that is not known in a value, itself
// included; nil where all is known.
func (v *Value) FirstUnknown() *Value {
	if v == nil || v.Unknown() {
		return v
	}
	for _, item := range v.Items {
		if found := item.FirstUnknown(); found != nil {
			return found
		}
	}
	return nil
}

// Integer reads a number, also one written as text, as frameworks do.
func (v *Value) Integer() (int, bool) {
	if v == nil || v.Kind != Number && v.Kind != Text {
		return 0, false
	}
	n, err := strconv.Atoi(strings.ReplaceAll(strings.TrimSpace(v.Text), "_", ""))
	return n, err == nil
}

// Truth reads true or false, also one written as text.
func (v *Value) Truth() (is, ok bool) {
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

// Moved gives a copy of a scalar as if it stood at another place, so that a
// problem points to where a value is used, not to where it comes from.
func (v *Value) Moved(at analyzer.Position) *Value {
	if v == nil || v.Kind == Sequence || v.Kind == Mapping {
		return v
	}
	c := *v
	c.At = at
	return &c
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
	case InPart:
		s = fmt.Sprintf("%q ", v.Text)
	case Deployed:
	default:
		s = v.Text
	}
	if v.Missing != nil {
		s += "<" + v.Missing.Name + ": " + v.Missing.Why + ">"
	}
	if v.Fallback != nil {
		s += "|" + v.Fallback.String()
	}
	if v.Tag != "" {
		s = v.Tag + " " + s
	}
	return s
}
