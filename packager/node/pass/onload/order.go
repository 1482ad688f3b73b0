package onload

import (
	"slices"
	"strings"
	"sync"
)

// maxFollowed bounds the modules that one question follows.
const maxFollowed = 3000

// sameOrder reports whether the modules below targets, files that a barrel hands on, are
// evaluated in the same order where a module imports them itself as where it imports the
// barrel. Modules that are free of side effects may change places, since each is
// evaluated after what it imports. The order of modules in a circle and of those that
// have side effects must be the same, and none of these may lie below the barrel alone:
// what else imports it would evaluate it later than before. A CommonJS module may: the
// bundler evaluates it where a module of the bundle needs it, and those that only the
// barrel leads to are not in the bundle.
//
// Whatever has been evaluated before takes itself and all below it out of both orders.
// The importer must not be below the barrel.
func sameOrder(v View, importer, barrel string, targets []string) bool {
	through := v.Below(barrel)
	if through.TooMany || through.Leads(importer) {
		return false
	}
	if len(through.Fixed) == 0 {
		return true
	}
	key := strings.Join(targets, "\x00")
	through.mu.Lock()
	same, known := through.same[key]
	through.mu.Unlock()
	if known {
		return same
	}
	same = through.sameFrom(v, targets)
	through.mu.Lock()
	defer through.mu.Unlock()
	if through.same == nil {
		through.same = map[string]bool{}
	}
	through.same[key] = same
	return same
}

// sameFrom reports whether what targets import is evaluated in the same order where they are
// imported themselves. They are below the first file, so it is the same for each importer.
func (b *Below) sameFrom(v View, targets []string) bool {
	direct := walk{view: v, seen: map[string]int{}}
	for _, t := range targets {
		direct.visit(t)
	}
	fixed := map[string]bool{}
	var kept []string
	for _, file := range b.Fixed {
		fixed[file] = true
		if _, seen := direct.seen[file]; seen {
			kept = append(kept, file)
		} else if o := v.Outline(file); o == nil || o.Module {
			return false
		}
	}
	order := slices.DeleteFunc(direct.order, func(file string) bool { return !fixed[file] })
	return slices.Equal(order, kept)
}

// leadsTo reports whether a file imports another, directly or not. It says so where that
// takes too long to find out.
func leadsTo(v View, from, to string) bool {
	b := v.Below(from)
	return b.TooMany || b.Leads(to)
}

// Below is what a file imports, directly or not.
type Below struct {
	// Fixed are the files whose order of evaluation matters, in that order: those that have
	// side effects, import each other in a circle, or cannot be read.
	Fixed []string
	// TooMany means that these are not all.
	TooMany bool
	files   map[string]int

	mu   sync.Mutex
	same map[string]bool // see sameOrder; by targets
}

// Leads reports whether a file is among those that are imported, or the first one.
func (b *Below) Leads(to string) bool {
	_, leads := b.files[to]
	return leads
}

// Files are all of them, the first one too.
func (b *Below) Files(yield func(string) bool) {
	for file := range b.files {
		if !yield(file) {
			return
		}
	}
}

// Follow finds what a file imports.
func Follow(v View, file string) *Below {
	w := walk{view: v, seen: map[string]int{}}
	w.visit(file)
	b := &Below{TooMany: w.tooMany, files: w.seen}
	for _, f := range w.order {
		if w.inCircle[f] || !v.SideEffectFree(f) || v.Outline(f) == nil {
			b.Fixed = append(b.Fixed, f)
		}
	}
	return b
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
	tooMany  bool
}

// visit returns the lowest place on the stack that the file leads back to, as Tarjan's
// algorithm for strongly connected components does.
func (w *walk) visit(file string) (low int) {
	at := len(w.seen)
	w.seen[file] = at
	if at > maxFollowed {
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
