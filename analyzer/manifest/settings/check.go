package settings

import (
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

// Checker reads typed settings from values and collects problems.
type Checker struct {
	Problems []analyzer.Diagnostic
}

// Fail adds an error.
func (c *Checker) Fail(at analyzer.Position, hint, format string, args ...any) {
	c.Problems = append(c.Problems, analyzer.Problem(analyzer.Error, "bad-config", at, hint, format, args...))
}

// Object checks that v is a mapping and has only known keys.
func (c *Checker) Object(v *yamltree.Value, where string, known []string) bool {
	if !c.Mapping(v, where) {
		return false
	}
	for _, k := range v.Keys {
		if !slices.Contains(known, k.Name) {
			c.Fail(k.At, analyzer.DidYouMean(k.Name, known), "%s has no setting %q", where, k.Name)
		}
	}
	return true
}

// Mapping reports whether v is a mapping. Null is none, and no error either.
func (c *Checker) Mapping(v *yamltree.Value, where string) bool {
	if v == nil || v.Kind == yamltree.Null {
		return false
	}
	if v.Kind != yamltree.Mapping {
		c.Fail(v.At, "write it as lines of NAME: VALUE", "%s must be a mapping, and is %s", where, v.Kind)
		return false
	}
	return true
}

// Truth reads true or false. ok is false after an error, here and below.
func (c *Checker) Truth(v *yamltree.Value, where string) (is, ok bool) {
	if is, ok = v.Truth(); !ok || v.Kind != yamltree.Boolean {
		c.Fail(v.At, "write true or false", "%s must be true or false, and is %s", where, v.Kind)
		return false, false
	}
	return is, true
}

// Text reads a text, number or boolean as it is written.
func (c *Checker) Text(v *yamltree.Value, where string) (string, bool) {
	if !v.Scalar() {
		c.Fail(v.At, "write a single value for it", "%s must be a text, and is %s", where, v.Kind)
		return "", false
	}
	return v.Text, true
}

// OneOf reads one of several texts.
func (c *Checker) OneOf(v *yamltree.Value, where string, choices ...string) (string, bool) {
	s, ok := c.Text(v, where)
	if ok && !slices.Contains(choices, s) {
		c.Fail(v.At, "use one of "+strings.Join(choices, ", "), "%s cannot be %q", where, v.Shown())
		return "", false
	}
	return s, ok
}

// Integer reads a whole number from 0 on.
func (c *Checker) Integer(v *yamltree.Value, where string) (int, bool) {
	n, ok := v.Integer()
	if !ok || n < 0 {
		c.Fail(v.At, "write digits alone, such as 512", "%s must be a whole number", where)
		return 0, false
	}
	return n, true
}

// Texts reads a list of texts; a single text is a list of one.
func (c *Checker) Texts(v *yamltree.Value, where string) ([]string, bool) {
	if v.Scalar() {
		return []string{v.Text}, true
	}
	if v.Kind != yamltree.Sequence {
		c.Fail(v.At, "write it as [one, two]", "%s must be a list of texts, and is %s", where, v.Kind)
		return nil, false
	}
	list := make([]string, 0, len(v.Items))
	for _, item := range v.Items {
		s, ok := c.Text(item, where+"'s entry")
		if !ok {
			return nil, false
		}
		list = append(list, s)
	}
	return list, true
}

// TextMap reads a mapping of texts.
func (c *Checker) TextMap(v *yamltree.Value, where string) (map[string]string, bool) {
	if !c.Mapping(v, where) {
		return nil, false
	}
	m := make(map[string]string, len(v.Keys))
	for i, k := range v.Keys {
		s, ok := c.Text(v.Items[i], where+"."+k.Name)
		if !ok {
			return nil, false
		}
		m[k.Name] = s
	}
	return m, true
}

// Patterns reads globs, where a leading "!" excludes.
func (c *Checker) Patterns(v *yamltree.Value, where string) ([]analyzer.Pattern, bool) {
	items := []*yamltree.Value{v}
	if v.Kind == yamltree.Sequence {
		items = v.Items
	}
	var list []analyzer.Pattern
	for _, item := range items {
		s, ok := c.Text(item, where+"'s entry")
		if !ok {
			return nil, false
		}
		p := NewPattern(s, item.At)
		if hint := BadGlob(p.Glob); hint != "" {
			c.Fail(item.At, hint, "%s: %q is not a valid glob", where, item.Shown())
			continue
		}
		list = append(list, p)
	}
	return list, true
}
