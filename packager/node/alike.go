package node

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager/node/resolution"
)

// Functions whose entries import the same modules mostly come to the same plan. So one of
// them is linked first, and the others begin with the plan that it has grown to. That is a
// guess: a function's own graph confirms it, or the function is linked again as if there
// had been no guess. Half of all links are saved where every function is planned twice.
//
// Whether a guess holds must not depend on the guess. So it holds only what changes no
// decision:
//
//   - Edits of CommonJS modules. Such a module is included whole, with the same imports.
//   - That names are kept. esbuild (0.28.2) then knows less of functions, and may include
//     more: a branch that it can leave out without names, for example. What it includes
//     beyond that the first plan would be judged by as well, once it had led to kept names.
//     So it is enough that the first plan leads to them, and this depends on what
//     the function reaches alone. Without names it reaches what the first of its kind has
//     reached, since its entry imports the same. See [builder.reachesTheSame].

// guesses are those of a group that is linked for the first time.
type guesses struct {
	*builder
	kinds map[*job]string
	first map[string]*job // of a kind
	// grown are the guesses from the first of a kind, nil where nothing is guessed from it.
	grown map[string]*guess
}

// guess is a plan to begin with.
type guess struct {
	plan plan
	// before is the plan that it has grown from. Under that the first of its kind has
	// reached these modules, its entry apart, and its entry has had these imports.
	before  plan
	reached map[string]bool
	imports []resolution.Import
}

// newGuesses puts the functions of a group in order: the first of each kind comes before
// all others.
func (b *builder) newGuesses(group []*job) (*guesses, []*job) {
	g := &guesses{builder: b, kinds: map[*job]string{}, first: map[string]*job{}, grown: map[string]*guess{}}
	var ordered, others []*job
	for _, j := range group {
		kind := j.f.Entry
		if text, err := b.packages.ReadModule(b.packages.Absolute(j.f.Entry)); err == nil {
			var names strings.Builder
			for _, s := range js.Specifiers(text) {
				fmt.Fprintf(&names, "%q %s\n", s.Name, s.Kind)
			}
			kind = names.String()
		}
		g.kinds[j] = kind
		if g.first[kind] == nil {
			g.first[kind] = j
			ordered = append(ordered, j)
		} else {
			others = append(others, j)
		}
	}
	return g, append(ordered, others...)
}

// next takes the functions of the next link from a queue. Those with a guess are given to
// guessed instead.
func (g *guesses) next(queue []*job, size int, guessed func(*job)) (batch, rest []*job) {
	for ; len(queue) > 0 && len(batch) < size; queue = queue[1:] {
		j := queue[0]
		if g == nil {
			batch = append(batch, j)
			continue
		}
		kind := g.kinds[j]
		grown, known := g.grown[kind]
		switch {
		case !known && g.first[kind] != j && len(batch) > 0: // the first of its kind is in this batch
			return batch, queue
		case grown == nil:
			batch = append(batch, j)
		default:
			j.guess, j.plan = grown, grown.plan
			guessed(j)
		}
	}
	return batch, queue
}

// learn notes what a function has grown to from its first plan.
func (g *guesses) learn(l *linked, before plan, grew bool) {
	if g == nil || g.first[g.kinds[l.job]] != l.job {
		return
	}
	kind, after := g.kinds[l.job], l.plan
	g.grown[kind] = nil
	if !grew || len(l.Errors) > 0 || l.trial != nil {
		return
	}
	rest := after
	rest.keepNames, rest.usesNames, rest.sloppy = before.keepNames, before.usesNames, before.sloppy
	onlyEdited := !slices.ContainsFunc(after.sloppy, func(input string) bool {
		return g.sloppyCode(l.job, input, true).First != nil || g.sloppyCode(l.job, input, false).First != nil
	})
	if onlyEdited && reflect.DeepEqual(rest, before) && !reflect.DeepEqual(after, before) {
		g.grown[kind] = &guess{plan: after, before: before, reached: behindEntry(l), imports: importsOfEntry(l)}
	}
}

// behindEntry are the inputs that a function reaches, without its entry.
func behindEntry(l *linked) map[string]bool {
	reached := map[string]bool{}
	for _, input := range l.Reached {
		reached[input] = true
	}
	delete(reached, l.f.Entry)
	return reached
}

// importsOfEntry are those that its text makes: what keeps names is an import too.
func importsOfEntry(l *linked) []resolution.Import {
	return slices.DeleteFunc(slices.Clone(l.Inputs[l.f.Entry].Imports), func(im resolution.Import) bool { return im.Path == "<runtime>" })
}

// confirm compares a guess with what the function's first plan grows to. If that is another
// plan, the function is linked again with its first plan.
func (b *builder) confirm(l *linked) (again bool) {
	g := l.guess
	if g == nil {
		return false
	}
	l.plan, l.guess = g.before, nil
	if len(l.Errors) > 0 || g.plan.keepNames && !g.before.keepNames && !b.reachesTheSame(l, g) {
		return true
	}
	b.growByGraph(l)
	if reflect.DeepEqual(l.plan, g.plan) {
		return false
	}
	l.plan, l.copied = g.before, nil
	return true
}

// reachesTheSame reports whether a function that is linked with names kept would reach, if
// they were not, what the first of its kind has reached.
func (b *builder) reachesTheSame(l *linked, g *guess) bool {
	if !maps.Equal(behindEntry(l), g.reached) || !slices.Equal(importsOfEntry(l), g.imports) {
		return false
	}
	m := l.resolution.Module(l.f.Entry)
	if m == nil {
		return false
	}
	text := m.Text()
	return text != nil && !foldsByFunctions(text.Top, nil)
}

// foldsByFunctions reports whether esbuild may know of a branch that it is never taken, and
// drop what it imports, because it sees what a function is: where a function is part of a
// condition, and where constants follow one. With names kept, it sees a call instead. What
// TypeScript becomes may hold the literal that it has made of such a condition.
func foldsByFunctions(n, parent *js.Node) bool {
	if parent != nil && judges(parent, n) && foldable(n) {
		return true
	}
	behindFunction := false
	for _, s := range n.List {
		if s.Kind == js.Export && s.Y != nil {
			s = s.Y
		}
		if s.Kind != js.Var || s.Name != "const" {
			continue
		}
		for _, d := range s.List {
			if d.Y == nil {
				continue
			}
			if behindFunction && isConstant(d.Y) {
				return true
			}
			behindFunction = behindFunction || holdsFunction(d.Y)
		}
	}
	found := false
	n.Each(func(child *js.Node) { found = found || foldsByFunctions(child, n) })
	return found
}

// judges reports whether a node may decide by the value of its child.
func judges(parent, child *js.Node) bool {
	switch parent.Kind {
	case js.Unary, js.Binary, js.While, js.For, js.Switch, js.Case, js.Sequence:
		return true
	case js.Cond, js.If:
		return parent.X == child
	}
	return false
}

// foldable reports whether a value is a function, or a literal that one may have become.
func foldable(n *js.Node) bool {
	switch n.Kind {
	case js.Function, js.Arrow, js.Class:
		return true
	case js.Assign:
		return foldable(n.Y)
	case js.Literal:
		return n.Name == "true" || n.Name == "false"
	}
	return false
}

// isConstant reports whether esbuild may put the value of a constant where it is used.
func isConstant(n *js.Node) bool {
	switch n.Kind {
	case js.Call, js.New, js.Function, js.Arrow, js.Class, js.Object, js.Array, js.Regex, js.ImportCall, js.Tagged:
		return false
	}
	return true
}

func holdsFunction(n *js.Node) bool {
	found := n.Kind == js.Function || n.Kind == js.Arrow
	n.Each(func(child *js.Node) { found = found || holdsFunction(child) })
	return found
}
