package manifest

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// kind is what a value of a manifest is.
type kind uint8

const (
	null kind = iota
	text
	number
	boolean
	sequence
	mapping
	// unknown is a value that cannot be known here: one that exists only once
	// deployed, or one that a mistake keeps from being worked out.
	unknown
)

func (k kind) String() string {
	return [...]string{"nothing", "a text", "a number", "true or false", "a list", "a mapping", "unknown"}[k]
}

// value is a node of a YAML or JSON document, with its place. Aliases are
// shared pointers, so a document is a directed acyclic graph.
type value struct {
	kind kind
	// text is a scalar's text, as written but unquoted; for unknown it names
	// what is not known, such as "${ssm:/table}".
	text string
	// tag is a local tag such as "!Sub", empty for YAML's own.
	tag string
	at  analyzer.Position
	// keys belong to items, one by one, in a mapping.
	keys  []key
	items []*value
	// Of an unknown value: why, and what the manifest falls back to, if anything.
	why      string
	mistake  bool
	refused  bool
	fallback *value
}

type key struct {
	name string
	at   analyzer.Position
}

// get follows keys down mappings; nil means there is no such value.
func (v *value) get(path ...string) *value {
	for _, name := range path {
		if v == nil || v.kind != mapping {
			return nil
		}
		i := v.index(name)
		if i < 0 {
			return nil
		}
		v = v.items[i]
	}
	return v
}

func (v *value) index(name string) int {
	for i, k := range v.keys {
		if k.name == name {
			return i
		}
	}
	return -1
}

// has reports whether a value is there and is not null.
func (v *value) has() bool { return v != nil && v.kind != null }

func (v *value) scalar() bool {
	return v != nil && (v.kind == text || v.kind == number || v.kind == boolean)
}

// integer reads a number, also one written as text, as frameworks do.
func (v *value) integer() (int, bool) {
	if v == nil || v.kind != number && v.kind != text {
		return 0, false
	}
	n, err := strconv.Atoi(strings.ReplaceAll(strings.TrimSpace(v.text), "_", ""))
	return n, err == nil
}

func (v *value) truth() (bool, bool) {
	if !v.scalar() {
		return false, false
	}
	switch strings.ToLower(v.text) {
	case "true":
		return true, true
	case "false":
		return false, true
	}
	return false, false
}

// at gives a copy of a scalar as if it stood at another place, so that a
// problem points to where a value is used, not to where it comes from.
func (v *value) moved(at analyzer.Position) *value {
	if v == nil || v.kind == sequence || v.kind == mapping {
		return v
	}
	c := *v
	c.at = at
	return &c
}

func textValue(s string, at analyzer.Position) *value { return &value{kind: text, text: s, at: at} }

func unknownValue(what, why string, at analyzer.Position) *value {
	return &value{kind: unknown, text: what, why: why, at: at}
}

func mistakenValue(what, why string, at analyzer.Position) *value {
	return &value{kind: unknown, text: what, why: why, mistake: true, at: at}
}

// maxMessage bounds a message in bytes; manifests may hold very long values.
const maxMessage = 1000

// problem builds the diagnostics of this package.
func problem(severity analyzer.Severity, code string, at analyzer.Position, hint, format string, args ...any) analyzer.Diagnostic {
	return analyzer.Diagnostic{
		Code: code, Severity: severity, Position: at, Hint: clip(hint),
		Message: clip(fmt.Sprintf(format, args...)),
	}
}

// clip cuts a long text in the middle, where it says least.
func clip(s string) string {
	if len(s) <= maxMessage {
		return s
	}
	return strings.ToValidUTF8(s[:maxMessage/2], "") + "..." + strings.ToValidUTF8(s[len(s)-maxMessage/2:], "")
}
