package pass

import (
	"cmp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// findUnits finds all code that may go, and which references are in it.
func (u *usage) findUnits() {
	for _, m := range u.order {
		seen := map[*js.Node]*unit{}
		for _, sites := range m.sites {
			for i, site := range sites {
				if m.escaped || site.node == nil {
					continue
				}
				if first := seen[site.node]; first != nil { // a = b = value
					first.names = append(first.names, site.names...)
					first.targets = append(first.targets, site.targets...)
					sites[i] = first
					continue
				}
				seen[site.node] = site
				site.others = countAssigned(site.node)
				u.add(site, site.node.Start, site.node.End)
			}
		}
		for _, first := range seen { // x = exports.a = value
			first.live = first.live || first.targets != nil && first.others != len(first.targets)
		}
		u.declarations(m.wrapper.X.List, m.wrapper.Scope)
	}
	u.declarations(u.tree.Top.List, u.tree.Scope)
	slices.SortFunc(u.units, func(a, b *unit) int {
		if a.start != b.start {
			return int(a.start - b.start)
		}
		return int(b.end - a.end)
	})
	u.byUnit = map[int32][]*unit{}
	var stack []*unit
	next := 0
	for i, ref := range u.list {
		for len(stack) > 0 && stack[len(stack)-1].end <= ref.start {
			stack = stack[:len(stack)-1]
		}
		for next < len(u.units) && u.units[next].start <= ref.start {
			if unit := u.units[next]; unit.end > ref.start {
				stack = append(stack, unit)
			}
			next++
		}
		if len(stack) > 0 {
			owner := stack[len(stack)-1]
			owner.inside = append(owner.inside, i)
		}
	}
}

// countAssigned is how many targets an assignment such as a = b = value has.
func countAssigned(n *js.Node) (count int) {
	for ; n.Kind == js.Assign && n.Op == js.OpAssign; n = n.Y {
		count++
	}
	return count
}

func (u *usage) add(unit *unit, start, end int32) {
	unit.start, unit.end = start, end
	unit.live = strings.Contains(u.tree.Source[start:end], "\n") || u.edited(int(start), int(end))
	u.units = append(u.units, unit)
}

// edited reports whether an edit of the caller or an earlier pass touches a range.
func (u *usage) edited(start, end int) bool {
	list := u.bundle.edits
	i, _ := slices.BinarySearchFunc(list, start, func(e js.Edit, at int) int { return cmp.Compare(e.End, at) })
	return i < len(list) && list[i].Start <= end
}

// declarations adds the functions and variables that statements declare.
func (u *usage) declarations(list []*js.Node, scope *js.Scope) {
	for _, s := range list {
		switch s.Kind {
		case js.Function:
			if b := scope.Own(s.Name); b != nil && u.single(b) {
				u.add(&unit{node: s, first: int(b.ID), value: s}, s.Start, s.End)
			}
		case js.Var:
			if s.Name != "var" && s.Name != "let" && s.Name != "const" {
				continue
			}
			for _, d := range s.List {
				if d.X.Kind != js.Name || d.Y == nil {
					continue
				}
				b := scope.Own(d.X.Name)
				if b == nil || !u.single(b) || !u.pure(d.Y, d.Start) && !u.isWrapper(b.ID, d) {
					continue
				}
				u.add(&unit{node: d, first: int(b.ID), value: d.Y, statement: s}, d.Start, d.Y.End)
			}
		}
	}
}

func (u *usage) isWrapper(v int32, d *js.Node) bool {
	m := u.modules[v]
	return m != nil && m.declare == d
}

// single reports whether a variable is declared once and never written again.
func (u *usage) single(b *js.Binding) bool {
	if v := u.variables[b.ID]; v.fixed || v.param || u.asWritten[v.name] || u.namesRead[v.name] {
		return false
	}
	declarations := 0
	for _, ref := range u.refsOf(b.ID) {
		switch u.list[ref].use {
		case written:
			return false
		case declared, initialised:
			declarations++
		}
	}
	return declarations == 1
}

// mark follows all code from what runs.
func (u *usage) mark() {
	units := map[int][]*unit{} // by variable
	for _, unit := range u.units {
		if unit.of == nil {
			units[unit.first] = append(units[unit.first], unit)
		}
	}
	var pending []*unit
	wake := func(unit *unit) {
		if !unit.live {
			unit.live = true
			pending = append(pending, unit)
		}
	}
	take := func(i int) {
		ref := u.list[i]
		if ref.use != declared && ref.use != initialised {
			for _, unit := range units[int(ref.variable)] {
				wake(unit)
			}
		}
		d := u.special[i]
		for _, m := range d.of {
			for _, name := range d.names {
				if !m.live[name] {
					m.live[name] = true
					for _, site := range m.sites[name] {
						if site.node != nil {
							wake(site)
						}
					}
				}
			}
		}
	}
	owned := make([]bool, len(u.list))
	for _, unit := range u.units {
		for _, i := range unit.inside {
			owned[i] = true
		}
		if unit.live {
			pending = append(pending, unit)
		}
	}
	for i := range u.list {
		if !owned[i] {
			take(i)
		}
	}
	for _, m := range u.order {
		for _, site := range m.sites["__esModule"] {
			m.live["__esModule"] = true
			if site.node != nil {
				wake(site)
			}
		}
	}
	for len(pending) > 0 {
		unit := pending[len(pending)-1]
		pending = pending[:len(pending)-1]
		for _, i := range unit.inside {
			take(i)
		}
	}
}

// drop is the edits that take out what is not live.
func (u *usage) drop() []js.Edit {
	var edits []js.Edit
	end := int32(0)
	lists := map[*js.Node]map[*js.Node]bool{} // the dead among the parts of a list
	var order []*js.Node
	dead := func(list, part *js.Node) {
		if lists[list] == nil {
			lists[list] = map[*js.Node]bool{}
			order = append(order, list)
		}
		lists[list][part] = true
	}
	for _, unit := range u.units {
		switch {
		case unit.start < end: // in what goes
		case unit.live && unit.of != nil:
			edits = append(edits, u.targets(unit)...)
		case unit.live:
		case unit.statement != nil:
			dead(unit.statement, unit.node)
			end = unit.end
		case unit.of == nil:
			edits = append(edits, js.Edit{Start: int(unit.start), End: int(unit.end)})
			end = unit.end
		default:
			dead(unit.node.Parent, unit.node)
			end = unit.end
		}
	}
	for _, list := range order {
		edits = append(edits, u.parts(list, lists[list])...)
	}
	return u.leave(edits)
}

// targets takes names out of a = b = value that nobody reads.
func (u *usage) targets(unit *unit) (edits []js.Edit) {
	if len(unit.targets) < 2 {
		return nil
	}
	for i, target := range unit.targets {
		if !unit.of.live[unit.names[i]] {
			edits = append(edits, js.Edit{Start: int(target.Start), End: int(target.Y.Start)})
		}
	}
	return edits
}

// parts takes parts out of a statement, an object, or expressions with commas between.
func (u *usage) parts(list *js.Node, dead map[*js.Node]bool) (edits []js.Edit) {
	source := u.tree.Source
	whole := func(n *js.Node) []js.Edit {
		last := int(n.End)
		if last < len(source) && source[last] == ';' && source[last-1] != ';' {
			last++
		}
		return []js.Edit{{Start: int(n.Start), End: last}}
	}
	switch list.Kind {
	case js.Expr:
		return whole(list)
	case js.Var: // a variable stays where others do: the list of names is that of other passes
		if len(dead) == len(list.List) {
			return whole(list)
		}
		value := ""
		if list.Name == "const" {
			value = "=0"
		}
		for d := range dead {
			edits = append(edits, js.Edit{Start: int(d.X.End), End: int(d.Y.End), Text: value})
		}
		return edits
	case js.Sequence, js.Object:
		if list.Kind == js.Sequence && len(dead) == len(list.List) {
			return whole(list.Parent)
		}
		kept, first := -1, -1 // of those that stay
		for i, part := range list.List {
			if !dead[part] {
				if kept = i; first < 0 {
					first = i
				}
			}
		}
		if list.Kind == js.Sequence && first > 0 && notFirst.MatchString(source[list.List[first].Start:]) {
			edits = append(edits, js.Edit{Start: int(list.Start), End: int(list.List[first].Start), Text: "0,"}) // it would be a declaration
		} else {
			first = 0
		}
		for i, part := range list.List {
			switch {
			case !dead[part] || i < first:
			case i < kept:
				edits = append(edits, js.Edit{Start: int(part.Start), End: int(list.List[i+1].Start)})
			case kept >= 0 && i == kept+1:
				edits = append(edits, js.Edit{Start: int(list.List[kept].End), End: int(list.List[len(list.List)-1].End)})
			case kept < 0 && i == 0:
				edits = append(edits, js.Edit{Start: int(part.Start), End: int(list.List[len(list.List)-1].End)})
			}
		}
	}
	return edits
}

// leave notes what goes, for the passes behind this one.
func (u *usage) leave(edits []js.Edit) []js.Edit {
	sortEdits(edits)
	for _, e := range edits {
		first := u.tree.Source[e.Start]
		u.gone = append(u.gone, span{start: e.Start, end: e.End, tail: first == ',' || first == '='})
	}
	slices.SortFunc(u.gone, func(a, b span) int { return a.start - b.start })
	u.forget()
	return edits
}
