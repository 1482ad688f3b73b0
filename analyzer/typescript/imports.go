package typescript

// ImportsNamesOnly reports whether a source imports and exports single names of a
// module, or hands on all of its names by export *: neither its default, which may be
// called otherwise, nor the module as a namespace. Types do not count.
func ImportsNamesOnly(text []byte, specifier string) bool {
	s := scan(string(text))
	declared := s.declarations(0, len(s.tokens)-1, false)
	whole := func(name string) bool { return name == "default" || name == "*" || name == "=" }
	for _, d := range declared.names {
		if im := d.imported; im != nil && im.specifier == specifier && !im.typeOnly && whole(im.name) {
			return false
		}
	}
	for _, x := range declared.exports {
		if x.specifier == specifier && !x.typeOnly && whole(x.local) {
			return false
		}
	}
	return true
}
