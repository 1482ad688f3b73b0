package analyzer

// MaxAlternatives bounds what the braces of one glob may stand for; the time
// of a match grows with it.
const MaxAlternatives = 1024

// GlobAlternatives counts the globs without braces that {a,b}{c,d} stands for,
// nested ones included, up to MaxAlternatives+1. The glob is a valid one.
func GlobAlternatives(glob string) int {
	// A level of braces holds what its finished alternatives add up to and what
	// the open one has multiplied to.
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
			stands := top.sum + top.product
			levels = levels[:len(levels)-1]
			top = &levels[len(levels)-1]
			top.product = min(top.product*stands, MaxAlternatives+1)
		}
	}
	return levels[0].product
}
