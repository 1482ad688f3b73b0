package yamltree

import (
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// Place gives a resolved value the positions of the written one. A value that came
// from a variable gets the position of the variable, and is marked as coming from
// outside.
func (v *Value) Place(written *Value, at analyzer.Position) { v.place(written, at, "") }

func (v *Value) place(written *Value, at analyzer.Position, variable string) {
	if written != nil && written.At.Line > 0 {
		at, variable = written.At, ""
		if written.Kind == Text && strings.Contains(written.Text, "${") {
			variable = written.Text
		}
	}
	v.At = at
	if variable != "" && (v.Kind == Text && v.Text != variable || v.Kind == Number) {
		v.Written = variable
	}
	for i, item := range v.Items {
		switch {
		case v.Kind == Mapping:
			keyAt, from := written.entry(v.Keys[i].Name)
			if keyAt.Line == 0 {
				keyAt = at
			}
			v.Keys[i].At = keyAt
			item.place(from, keyAt, variable)
		case written != nil && written.Kind == Sequence && len(written.Items) == len(v.Items):
			item.place(written.Items[i], at, variable)
		default:
			item.place(nil, at, variable)
		}
	}
}

// entry finds a key in a mapping, or in a list of mappings, which the framework
// merges.
func (v *Value) entry(name string) (analyzer.Position, *Value) {
	switch {
	case v == nil:
	case v.Kind == Mapping:
		if i := v.index(name); i >= 0 {
			return v.Keys[i].At, v.Items[i]
		}
	case v.Kind == Sequence:
		for _, item := range v.Items {
			if item.Kind == Mapping {
				if at, found := item.entry(name); found != nil {
					return at, found
				}
			}
		}
	}
	return analyzer.Position{}, nil
}
