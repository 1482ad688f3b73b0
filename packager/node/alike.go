package node

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager/node/installed"
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
//
// A process that watches a project remembers the guesses: a function that has changed begins
// with the plan that one of its kind had grown to before. Then own modules may have changed as
// well as the entry.

// guesses are those of a group that is linked for the first time.
type guesses struct {
	*builder
	kinds map[*job]string
	first map[string]*job // of a kind
	// grown are the guesses from the first of a kind, nil where nothing is guessed from it.
	grown map[string]*guess
	keys  map[string]string // of a kind, to remember its guess by
}

// guess is a plan to begin with.
type guess struct {
	plan plan
	// before is the plan that it has grown from. Under that the first of its kind has
	// reached these modules, its entry apart, and its entry has had these imports.
	before  plan
	reached map[string]bool
	imports []resolution.Import
	// own are the project's own modules among those, if the guess is remembered under key.
	own map[string]ownModule
	key string
	// build is the number of the build that it was made in.
	build int
}

// ownModule is what an own module held and imported when a guess was made.
type ownModule struct {
	sum     [sha256.Size]byte
	imports []resolution.Import
}

// newGuesses puts the functions of a group in order: the first of each kind comes before
// all others.
func (b *builder) newGuesses(group []*job) (*guesses, []*job) {
	g := &guesses{builder: b, kinds: map[*job]string{}, first: map[string]*job{}, grown: map[string]*guess{}, keys: map[string]string{}}
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
			if b.remembered != nil {
				g.keys[kind] = j.group() + kind
				if known := b.remembered.guesses[g.keys[kind]]; known != nil {
					g.grown[kind] = known
				}
			}
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
		g.grown[kind] = &guess{plan: after, before: before, reached: behindEntry(l), imports: importsOf(l, l.f.Entry), build: g.build}
		g.remember(l, g.grown[kind], g.keys[kind])
	}
}

// maxMissed is how often remembered guesses of one kind may be wrong before none is made any
// more.
const maxMissed = 3

// remember keeps a guess for later builds.
func (b *builder) remember(l *linked, g *guess, key string) {
	if b.remembered == nil || b.remembered.missed[key] >= maxMissed {
		return
	}
	own := map[string]ownModule{}
	for input := range g.reached {
		if !isOwn(input) {
			continue
		}
		text, err := b.packages.ReadModule(b.packages.Absolute(input))
		if err != nil {
			return
		}
		own[input] = ownModule{sha256.Sum256(text), importsOf(l, input)}
	}
	g.own, g.key = own, key
	b.remembered.guesses[key] = g
}

// isOwn reports whether an input is a file of the project, not of an installed package.
func isOwn(input string) bool {
	return installed.PackageDir(input) == "" && !strings.Contains(input, ":")
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

// importsOf are those that a module's text makes: what keeps names is an import too.
func importsOf(l *linked, input string) []resolution.Import {
	return slices.DeleteFunc(slices.Clone(l.Inputs[input].Imports), func(im resolution.Import) bool { return im.Path == "<runtime>" })
}

// confirm compares a guess with what the function's first plan grows to. If that is another
// plan, the function is linked again with its first plan.
func (b *builder) confirm(l *linked) (again bool) {
	g := l.guess
	if g == nil {
		return false
	}
	l.plan, l.guess = g.before, nil
	if len(l.Errors) == 0 && (!g.plan.keepNames || g.before.keepNames || b.reachesTheSame(l, g)) {
		b.growByGraph(l)
		if reflect.DeepEqual(l.plan, g.plan) {
			return false
		}
		l.plan, l.copied = g.before, nil
	}
	if b.remembered != nil && g.key != "" && g.build != b.build {
		delete(b.remembered.guesses, g.key)
		b.remembered.missed[g.key]++
	}
	return true
}

// reachesTheSame reports whether a function that is linked with names kept would reach, if
// they were not, what the first of its kind has reached.
func (b *builder) reachesTheSame(l *linked, g *guess) bool {
	if !maps.Equal(behindEntry(l), g.reached) || !slices.Equal(importsOf(l, l.f.Entry), g.imports) {
		return false
	}
	imported := slices.ContainsFunc(l.Reached, func(input string) bool {
		return slices.ContainsFunc(l.Inputs[input].Imports, func(im resolution.Import) bool { return im.Path == l.f.Entry })
	})
	return !mayFold(l, l.f.Entry, imported) && (g.build == b.build || b.ownAreTheSame(l, g, imported))
}

// ownAreTheSame reports whether the own modules behind the entry still import the same, names
// kept or not. Where one has changed, esbuild may know another constant of it in any other.
func (b *builder) ownAreTheSame(l *linked, g *guess, entryImported bool) bool {
	changed := entryImported
	for input, was := range g.own {
		text, err := b.packages.ReadModule(b.packages.Absolute(input))
		if err != nil || !slices.Equal(importsOf(l, input), was.imports) {
			return false
		}
		changed = changed || sha256.Sum256(text) != was.sum
	}
	if changed {
		for input := range g.own {
			if mayFold(l, input, true) {
				return false
			}
		}
	}
	return true
}

// mayFold reports whether what esbuild knows of branches may depend on whether the names of a
// module are kept: of its own, and if it is imported, of others.
func mayFold(l *linked, input string, imported bool) bool {
	m := l.resolution.Module(input)
	if m == nil {
		return true
	}
	text := m.Text()
	return text == nil || foldsByFunctions(text.Top, imported)
}

// foldsByFunctions reports whether esbuild may know of a branch that it is never taken, and
// drop what it imports, because it sees what a function is: where a function is part of a
// condition, and where constants follow one that a condition may depend on. With names kept,
// it sees a call instead. What TypeScript becomes may hold the literal that it has made of such
// a condition.
func foldsByFunctions(top *js.Node, imported bool) bool {
	constants := map[string]bool{}
	return judgesFunctions(top, nil, constants) || len(constants) > 0 && decide(constants, top, false, imported)
}

// judgesFunctions reports whether a function is part of a condition. It collects the names of
// constants that follow a function, and of all their like.
func judgesFunctions(n, parent *js.Node, constants map[string]bool) bool {
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
				if d.X.Kind != js.Name {
					return true
				}
				constants[d.X.Name] = true
			}
			behindFunction = behindFunction || holdsFunction(d.Y)
		}
	}
	found := false
	n.Each(func(child *js.Node) { found = found || judgesFunctions(child, n, constants) })
	return found
}

// decide reports whether the value of one of some names may decide what is reached: in a
// condition, as the name of a module, or through another variable. used means that the value of
// n may do that. exported means that exports may.
func decide(names map[string]bool, n *js.Node, used, exported bool) bool {
	in := func(used bool, nodes ...*js.Node) bool {
		return slices.ContainsFunc(nodes, func(n *js.Node) bool { return n != nil && decide(names, n, used, exported) })
	}
	switch n.Kind {
	case js.Name:
		return used && names[n.Name]
	case js.Member:
		return in(used, n.X) || isLiteral(n.X) && mentions(names, n.X)
	case js.Template, js.Unary, js.Sequence:
		return in(used, n.X) || in(used, n.List...)
	case js.Binary:
		logical := n.Op == js.OpAnd || n.Op == js.OpOr || n.Op == js.OpNullish
		return in(used || logical, n.X) || in(used, n.Y)
	case js.Cond:
		return in(true, n.X) || in(used, n.Y, n.Z)
	case js.Call:
		return in(false, n.X) || in(loads(n.X), n.List...)
	case js.If:
		return in(true, n.X) || in(false, n.Y, n.Z)
	case js.While:
		return in(true, n.X) || in(false, n.Y)
	case js.For:
		return in(true, n.List...) || in(false, n.X)
	case js.Declare:
		return in(true, n.Y) || n.X.Kind != js.Name && mentions(names, n)
	case js.Index:
		return mentions(names, n)
	case js.Export:
		return in(exported, n.List...) || in(exported, n.Y) || exported && n.Y != nil && n.Y.Kind == js.Var && declares(names, n.Y)
	case js.Clause:
		return in(used, n.X)
	case js.Array, js.Object, js.Property, js.Spread, js.Function, js.Arrow, js.Return, js.Block, js.Expr, js.Labelled, js.Try, js.Var:
		return in(false, n.X, n.Y, n.Z) || in(false, n.List...)
	}
	return in(true, n.X, n.Y, n.Z) || in(true, n.List...)
}

// loads reports whether a call of n may load the module that its argument names.
func loads(n *js.Node) bool {
	found := n.Kind == js.Name && n.Name == "require" || n.Kind == js.ImportMeta
	n.Each(func(child *js.Node) { found = found || loads(child) })
	return found
}

func isLiteral(n *js.Node) bool { return n.Kind == js.Object || n.Kind == js.Array }

// mentions reports whether one of some names is anywhere below n.
func mentions(names map[string]bool, n *js.Node) bool {
	found := n.Kind == js.Name && names[n.Name]
	n.Each(func(child *js.Node) { found = found || mentions(names, child) })
	return found
}

func declares(names map[string]bool, n *js.Node) bool {
	return slices.ContainsFunc(n.List, func(d *js.Node) bool { return names[d.X.Name] })
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
