package node

import (
	"regexp"
	"slices"

	"github.com/featherpack/featherpack/analyzer/js"
)

// membersOnly reports whether a file imports a module by names, or as a namespace of which
// it only reads names, by import * as x. The CommonJS build main must assign these names to
// exports, so that Node finds them there: both builds then give the file the same values.
// A namespace of CommonJS has default and "module.exports" besides, which the ES build has
// not.
func (b *builder) membersOnly(file, specifier, main string) bool {
	at := b.packages.Absolute(file)
	source, err := b.packages.ReadFile(at)
	if err != nil {
		return false
	}
	text, err := js.Read(js.File{Path: file, Source: source})
	if err != nil || !text.Module || text.Rewritten() {
		return false
	}
	exported, err := b.packages.ReadFile(b.packages.Absolute(main))
	if err != nil {
		return false
	}
	text.Bind()
	for _, s := range js.Specifiers(source) {
		if s.Name == specifier && s.Kind != "import" {
			return false // required, loaded by import(), or handed on
		}
	}
	for _, s := range text.Top.List {
		if s.Kind != js.Import || s.Name != specifier {
			continue
		}
		for _, c := range s.List {
			switch {
			case c.Name == "default":
				return false
			case c.Name != "*":
				continue
			}
			binding := c.X.Scope.Find(c.X.Name)
			if binding.Exported || slices.ContainsFunc(binding.Refs, func(ref *js.Node) bool {
				p := ref.Parent
				return ref != c.X && (p == nil || p.Kind != js.Member || p.X != ref || p.Name == "default" || !assigns(exported, p.Name))
			}) {
				return false
			}
		}
	}
	return true
}

// assigns reports whether a CommonJS module assigns a name to exports, as Node's lexer of
// exports sees it.
func assigns(source []byte, name string) bool {
	return regexp.MustCompile(`(?:^|[^\w$.])(?:module\.)?exports\.` + regexp.QuoteMeta(name) + `\s*=[^=]`).Match(source)
}
