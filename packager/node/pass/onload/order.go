package onload

import "slices"

// maxFollowed bounds the modules that one question about the order follows, fewBelow
// those of names that are no namespaces: below many, following them costs more time than
// the bundler saves.
const maxFollowed, fewBelow = 3000, 60

// sameOrder reports whether the modules below targets, files that a barrel hands on, are
// evaluated in the same order where a module imports them itself as where it imports the
// barrel. Modules that are free of side effects may change places, since each is
// evaluated after what it imports. The order of modules in a circle and of those that
// have side effects must be the same.
//
// Whatever has been evaluated before takes itself and all below it out of both orders.
// The importer must not be below the targets.
func sameOrder(v View, importer, barrel string, targets []string, limit int) bool {
	direct := walk{view: v, seen: map[string]int{}, limit: limit}
	for _, t := range targets {
		direct.visit(t)
	}
	if direct.tooMany {
		return false
	}
	if _, circle := direct.seen[importer]; circle {
		return false
	}
	fixed := map[string]bool{}
	for _, file := range direct.order {
		if direct.inCircle[file] || !v.SideEffectFree(file) || v.Outline(file) == nil {
			fixed[file] = true
		}
	}
	if len(fixed) < 2 {
		return true
	}
	if limit == fewBelow {
		return false
	}
	through := walk{view: v, seen: map[string]int{}, limit: limit}
	through.visit(barrel)
	if _, circle := through.seen[importer]; circle || through.tooMany {
		return false
	}
	only := func(order []string) []string {
		return slices.DeleteFunc(slices.Clone(order), func(file string) bool { return !fixed[file] })
	}
	return slices.Equal(only(direct.order), only(through.order))
}

// leadsTo reports whether a file imports another, directly or not. It says so where that
// takes too long to find out.
func leadsTo(v View, from, to string) bool {
	w := walk{view: v, seen: map[string]int{}, limit: maxFollowed}
	w.visit(from)
	_, found := w.seen[to]
	return found || w.tooMany
}

// walk visits modules in the order in which they are evaluated.
type walk struct {
	view  View
	seen  map[string]int // the depth of first visit, by file
	order []string
	// inCircle are the files that import each other.
	inCircle map[string]bool
	stack    []string
	onStack  map[string]bool
	limit    int
	tooMany  bool
}

// visit returns the lowest place on the stack that the file leads back to, as Tarjan's
// algorithm for strongly connected components does.
func (w *walk) visit(file string) (low int) {
	at := len(w.seen)
	w.seen[file] = at
	if at > w.limit {
		w.tooMany = true
		return at
	}
	if w.onStack == nil {
		w.onStack, w.inCircle = map[string]bool{}, map[string]bool{}
	}
	w.stack, w.onStack[file] = append(w.stack, file), true
	low = at
	if o := w.view.Outline(file); o != nil {
		for _, specifier := range o.Requests {
			to := w.view.Resolve(file, specifier)
			if to == "" {
				continue
			}
			if earlier, seen := w.seen[to]; !seen {
				low = min(low, w.visit(to))
			} else if w.onStack[to] {
				low = min(low, earlier)
			}
			if w.tooMany {
				return low
			}
		}
	}
	w.order = append(w.order, file)
	if low == at {
		i := slices.Index(w.stack, file)
		for _, f := range w.stack[i:] {
			w.onStack[f], w.inCircle[f] = false, len(w.stack)-i > 1
		}
		w.stack = w.stack[:i]
	}
	return low
}
