package manifest

import (
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// checker reads typed settings out of values and collects what is wrong.
type checker struct {
	problems []analyzer.Diagnostic
}

func (c *checker) fail(at analyzer.Position, hint, format string, args ...any) {
	c.problems = append(c.problems, problem(analyzer.Error, "bad-config", at, hint, format, args...))
}

// object makes sure that v is a mapping with known keys only.
func (c *checker) object(v *value, where string, known []string) bool {
	if !c.mapping(v, where) {
		return false
	}
	for _, k := range v.keys {
		if !slices.Contains(known, k.name) {
			c.fail(k.at, didYouMean(k.name, known), "%s has no setting %q", where, k.name)
		}
	}
	return true
}

func (c *checker) mapping(v *value, where string) bool {
	if v == nil || v.kind == null {
		return false
	}
	if v.kind != mapping {
		c.fail(v.at, "write it as lines of NAME: VALUE", "%s must be a mapping, and is %s", where, v.kind)
		return false
	}
	return true
}

func (c *checker) truth(v *value, where string) (is, ok bool) {
	if is, ok = v.truth(); !ok || v.kind != boolean {
		c.fail(v.at, "write true or false", "%s must be true or false, and is %s", where, v.kind)
		return false, false
	}
	return is, true
}

func (c *checker) text(v *value, where string) (string, bool) {
	if !v.scalar() {
		c.fail(v.at, "write a single value for it", "%s must be a text, and is %s", where, v.kind)
		return "", false
	}
	return v.text, true
}

func (c *checker) oneOf(v *value, where string, choices ...string) (string, bool) {
	s, ok := c.text(v, where)
	if ok && !slices.Contains(choices, s) {
		c.fail(v.at, "use one of "+strings.Join(choices, ", "), "%s cannot be %q", where, s)
		return "", false
	}
	return s, ok
}

func (c *checker) integer(v *value, where string) (int, bool) {
	n, ok := v.integer()
	if !ok || n < 0 {
		c.fail(v.at, "write digits alone, such as 512", "%s must be a whole number", where)
		return 0, false
	}
	return n, true
}

// texts reads a list of texts; a single text is a list of one.
func (c *checker) texts(v *value, where string) ([]string, bool) {
	if v.scalar() {
		return []string{v.text}, true
	}
	if v.kind != sequence {
		c.fail(v.at, "write it as [one, two]", "%s must be a list of texts, and is %s", where, v.kind)
		return nil, false
	}
	list := make([]string, 0, len(v.items))
	for _, item := range v.items {
		s, ok := c.text(item, where+"'s entry")
		if !ok {
			return nil, false
		}
		list = append(list, s)
	}
	return list, true
}

func (c *checker) textMap(v *value, where string) (map[string]string, bool) {
	if !c.mapping(v, where) {
		return nil, false
	}
	m := make(map[string]string, len(v.keys))
	for i, k := range v.keys {
		s, ok := c.text(v.items[i], where+"."+k.name)
		if !ok {
			return nil, false
		}
		m[k.name] = s
	}
	return m, true
}

// patterns reads globs, where a leading "!" excludes.
func (c *checker) patterns(v *value, where string) ([]analyzer.Pattern, bool) {
	items := []*value{v}
	if v.kind == sequence {
		items = v.items
	}
	var list []analyzer.Pattern
	for _, item := range items {
		s, ok := c.text(item, where+"'s entry")
		if !ok {
			return nil, false
		}
		p := newPattern(s, item.at)
		if hint := badGlob(p.Glob); hint != "" {
			c.fail(item.at, hint, "%s: %q is not a valid glob", where, s)
			continue
		}
		list = append(list, p)
	}
	return list, true
}
