package analyzer

// MaxAlternatives limits how many globs the braces of one glob may expand to. The time of
// a match grows with the number.
const MaxAlternatives = 1024

// GlobAlternatives counts the brace-free globs that a glob such as {a,b}{c,d} expands to,
// including nested braces, up to MaxAlternatives+1. The glob must be valid.
func GlobAlternatives(glob string) int {
	// For each level of braces: the sum over its finished alternatives, and the product so
	// far within the current one.
	type level struct{ sum, product int }
	levels := []level{{0, 1}}
	class := false
	for i := 0; i < len(glob); i++ {
		top := &levels[len(levels)-1]
		switch c := glob[i]; {
		case c == '\\':
			i++
		case class:
			class = c != ']'
		case c == '[':
			class = true
		case c == '{':
			levels = append(levels, level{0, 1})
		case c == ',' && len(levels) > 1:
			top.sum, top.product = min(top.sum+top.product, MaxAlternatives+1), 1
		case c == '}' && len(levels) > 1:
			alternatives := top.sum + top.product
			levels = levels[:len(levels)-1]
			top = &levels[len(levels)-1]
			top.product = min(top.product*alternatives, MaxAlternatives+1)
		}
	}
	return levels[0].product
}
