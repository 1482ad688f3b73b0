package yamltree

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// Kind is the type of a value.
type Kind uint8

const (
	Null Kind = iota
	Text
	Number
	Boolean
	Sequence
	Mapping
	// InPart is a text of which a part is not known.
	InPart
	// Deployed is a value that is not known. It exists only once deployed, or the
	// manifest has a mistake.
	Deployed
)

func (k Kind) String() string {
	return [...]string{"nothing", "a text", "a number", "true or false", "a list", "a mapping", "unknown", "unknown"}[k]
}

// Value is a node of a YAML or JSON document, with its position. Aliases share
// pointers, so a document is a directed acyclic graph.
type Value struct {
	Kind Kind
	// Text is a scalar's text, unquoted. In an InPart value, unknown parts stay as
	// they are written: "arn:${ssm:/account}:x".
	Text string
	// Written is how the manifest writes a scalar, or a text known in part, that came from
	// the environment, another file or a parameter. It is "" for other values. Text may
	// be a secret then, so messages and reports quote Written.
	Written string
	// Tag is a local tag such as "!Sub". It is empty for YAML's own tags.
	Tag string
	At  analyzer.Position
	// Keys are the keys of a mapping. Items[i] is the value of Keys[i].
	Keys  []Key
	Items []*Value
	// Missing explains why the value is not known. nil means that it is known.
	Missing *Missing
	// Fallback is the manifest's fallback for a value that is not known, or nil. A
	// fallback is always known.
	Fallback *Value
}

// Key is a key of a mapping.
type Key struct {
	Name string
	At   analyzer.Position
}

// Missing explains why a value is not known.
type Missing struct {
	// Name is the expression as written, such as "${ssm:/table}" or "!Ref Table".
	Name string
	// Why is a clause, such as "it is known only once deployed".
	Why string
	// Mistake means that the manifest must be corrected. Refused means that the value
	// would lead outside the project's root.
	Mistake, Refused bool
}

// NewText returns a text.
func NewText(s string, at analyzer.Position) *Value { return &Value{Kind: Text, Text: s, At: at} }

// NewOutside returns a text that came from the environment, another file or a
// parameter.
func NewOutside(s, written string, at analyzer.Position) *Value {
	return &Value{Kind: Text, Text: s, Written: written, At: at}
}

// Part returns a text that is a part of v's.
func (v *Value) Part(s string, at analyzer.Position) *Value { return NewOutside(s, v.Written, at) }

// Shown is the text that messages and reports may contain.
func (v *Value) Shown() string {
	if v.Written != "" {
		return v.Written
	}
	return v.Text
}

// MarkOutside marks all scalars of a file: written returns how the manifest would
// write the value at these keys.
func (v *Value) MarkOutside(written func(keys []string) string) {
	v.markOutside(written, nil, map[*Value]bool{})
}

func (v *Value) markOutside(written func([]string) string, keys []string, seen map[*Value]bool) {
	if v == nil || seen[v] {
		return
	}
	seen[v] = true
	if v.Kind == Text || v.Kind == Number {
		v.Written = written(keys)
	}
	for i, item := range v.Items {
		key := strconv.Itoa(i)
		if v.Kind == Mapping {
			key = v.Keys[i].Name
		}
		item.markOutside(written, append(keys[:len(keys):len(keys)], key), seen)
	}
}

// NewPair returns a mapping of one key to v, at v's position.
func NewPair(name string, v *Value) *Value {
	return &Value{Kind: Mapping, At: v.At, Keys: []Key{{name, v.At}}, Items: []*Value{v}}
}

// Add appends a key to a mapping.
func (v *Value) Add(name string, at analyzer.Position, item *Value) {
	v.Keys, v.Items = append(v.Keys, Key{name, at}), append(v.Items, item)
}

// NewDeployed returns a value that exists only once deployed.
func NewDeployed(name, why string, at analyzer.Position) *Value {
	return &Value{Kind: Deployed, At: at, Missing: &Missing{Name: name, Why: why}}
}

// NewMistake returns a value that is not known because of a mistake in the
// manifest.
func NewMistake(name, why string, at analyzer.Position) *Value {
	return &Value{Kind: Deployed, At: at, Missing: &Missing{Name: name, Why: why, Mistake: true}}
}

// NewRefused returns a value that would lead outside the project's root.
func NewRefused(name, why string, at analyzer.Position) *Value {
	return &Value{Kind: Deployed, At: at, Missing: &Missing{Name: name, Why: why, Mistake: true, Refused: true}}
}

// Get follows keys down mappings. nil means that there is no such value.
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

// Has reports whether a value exists and is not null.
func (v *Value) Has() bool { return v != nil && v.Kind != Null }

// Scalar reports whether a value is a known text, number or boolean.
func (v *Value) Scalar() bool {
	return v != nil && (v.Kind == Text || v.Kind == Number || v.Kind == Boolean)
}

// Unknown reports whether a value, or a part of its text, is not known.
func (v *Value) Unknown() bool { return v != nil && v.Missing != nil }

// Mistaken reports whether a value is not known because of a mistake.
func (v *Value) Mistaken() bool { return v.Unknown() && v.Missing.Mistake }

// Settled returns the value, or its fallback if it is not known and has one. A
// mistake's fallback does not count. The fallback gets the value's position.
func (v *Value) Settled() *Value {
	if !v.Unknown() || v.Missing.Mistake || v.Fallback == nil {
		return v
	}
	return v.Fallback.Moved(v.At)
}

// SettledWithin applies Settled to a value and everything inside it. It calls used
// for each value that it replaces by its fallback.
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

// FirstUnknown returns the first value that is not known, v itself or one inside
// it. nil means that all are known.
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

// Integer reads a number, or a text that holds one, as frameworks do.
func (v *Value) Integer() (int, bool) {
	if v == nil || v.Kind != Number && v.Kind != Text {
		return 0, false
	}
	n, err := strconv.Atoi(strings.ReplaceAll(strings.TrimSpace(v.Text), "_", ""))
	return n, err == nil
}

// Truth reads true or false, or a text that holds one of them.
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

// Moved returns a copy of a scalar at another position, so that a problem points
// to where a value is used and not to where it is defined.
func (v *Value) Moved(at analyzer.Position) *Value {
	if v == nil || v.Kind == Sequence || v.Kind == Mapping {
		return v
	}
	c := *v
	c.At = at
	return &c
}

// String formats a value on one line. It shows what is not known between < and >.
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
