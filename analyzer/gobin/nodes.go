package gobin

import (
	"cmp"
	"encoding/binary"
	"slices"
	"sort"
	"strings"
)

// node is a range of bytes with one owner, or 0 for none.
type node struct {
	start, end uint64
	owner      int32
	kind       Kind
	// name describes the bytes if they have no owner.
	name string
}

// settle sorts the nodes and removes overlaps. Of two nodes with the same start, the
// one with an owner wins. If both or neither have one, the longer node wins.
func (a *attribution) settle() {
	slices.SortStableFunc(a.nodes, func(x, y node) int {
		return cmp.Or(cmp.Compare(x.start, y.start), cmp.Compare(min(y.owner, 1), min(x.owner, 1)), cmp.Compare(y.end, x.end))
	})
	kept := a.nodes[:0]
	end := uint64(0)
	for _, n := range a.nodes {
		n.start = max(n.start, end)
		if n.start >= n.end {
			continue
		}
		end = n.end
		kept = append(kept, n)
	}
	a.nodes = kept
}

// nodeAt returns the index of the settled node that contains an address, or -1.
func (a *attribution) nodeAt(addr uint64) int {
	i := sort.Search(len(a.nodes), func(i int) bool { return a.nodes[i].end > addr })
	if i == len(a.nodes) || a.nodes[i].start > addr {
		return -1
	}
	return i
}

// placeSymbols makes a node for every variable and constant in the symbol table.
func (a *attribution) placeSymbols() {
	for _, s := range a.symbols {
		a.placeRegion(s)
		if s.size == 0 || s.size > maxProgram || strings.HasSuffix(s.name, ".*") {
			continue
		}
		in, ok := a.image.at(s.addr)
		if !ok || !in.contains(s.addr, s.size) || !holdsPointers(in) && !strings.HasPrefix(in.name, ".go.") {
			continue // functions and their tables are known from the pclntab
		}
		n := node{start: s.addr, end: s.addr + s.size, kind: in.kind()}
		switch s.name {
		case "runtime.modinfo.str", "go:buildinfo", "go:buildinfo.ref":
			n.kind, n.name = Metadata, "(build info)"
		case "runtime.gcdata", "runtime.gcbss":
			n.kind, n.name = Metadata, "(garbage collector masks)"
		case "go:fipsinfo":
			n.kind, n.owner = Data, a.owners.of("crypto/internal/fips140/check")
		default:
			if strings.HasPrefix(s.name, "go:itab.") {
				n.kind = Itabs
			}
			n.owner = a.owners.of(PackageOf(s.name))
		}
		a.nodes = append(a.nodes, n)
	}
	if s, ok := a.image.section(".go.module"); ok {
		a.nodes = append(a.nodes, node{start: s.addr, end: s.end(), owner: a.owners.of("runtime"), kind: Data})
	}
	for _, t := range []table{{a.module.gcdata, 0}, {a.module.gcbss, 0}} {
		a.regions = append(a.regions, region{t.addr, Rodata})
	}
	slices.SortStableFunc(a.regions, func(x, y region) int { return cmp.Compare(x.start, y.start) })
	a.settle()
}

// region is a part of .rodata where the linker groups unnamed objects.
type region struct {
	start uint64
	kind  Kind
}

// placeRegion records the symbols of size 0 that the linker puts at the start of a
// group (cmd/link/internal/ld/symtab.go).
func (a *attribution) placeRegion(s symbol) {
	switch s.name {
	case "type:*":
		a.regions = append(a.regions, region{s.addr, Types})
	case "go:string.*":
		a.regions = append(a.regions, region{s.addr, Strings})
	case "go:funcdesc":
		a.regions = append(a.regions, region{s.addr, Rodata})
	case "runtime.gcbits.*":
		a.regions = append(a.regions, region{s.addr, Types})
	}
}

// kindAt returns the kind of an unnamed object.
func (a *attribution) kindAt(s section, addr uint64) Kind {
	if s.kind() != Rodata {
		return s.kind()
	}
	i := sort.Search(len(a.regions), func(i int) bool { return a.regions[i].start > addr })
	if i == 0 {
		return Rodata
	}
	return a.regions[i-1].kind
}

// placeReferenced makes a node from each referenced address without a node up to the
// next address: a string, a static temporary, a pointer mask.
func (a *attribution) placeReferenced() {
	var at []uint64
	for _, r := range a.refs {
		at = append(at, r.target)
	}
	for _, w := range a.words {
		at = append(at, w.target)
	}
	slices.Sort(at)
	at = slices.Compact(at)
	settled := len(a.nodes)
	n := 0
	for i, start := range at {
		s, ok := a.image.at(start)
		if !ok || !holdsPointers(s) {
			continue
		}
		for n < settled && a.nodes[n].end <= start {
			n++
		}
		if n < settled && a.nodes[n].start <= start {
			continue
		}
		end := s.end()
		if n < settled {
			end = min(end, a.nodes[n].start)
		}
		if i+1 < len(at) {
			end = min(end, at[i+1])
		}
		object := node{start: start, end: end, kind: a.kindAt(s, start)}
		if end-start == 8 {
			// A function value belongs to its function, not to the code that uses it.
			f := binary.LittleEndian.Uint64(s.data[start-s.addr:])
			if code := a.nodeAtSettled(settled, f); code >= 0 && a.nodes[code].kind == Code && a.nodes[code].start == f {
				object.owner = a.nodes[code].owner
			}
		}
		a.nodes = append(a.nodes, object)
	}
	a.settle()
}

func (a *attribution) nodeAtSettled(settled int, addr uint64) int {
	i := sort.Search(settled, func(i int) bool { return a.nodes[i].end > addr })
	if i == settled || a.nodes[i].start > addr {
		return -1
	}
	return i
}

// spread assigns owners along references: first from functions, in the linker's
// order, then from data with an owner to its targets.
func (a *attribution) spread() {
	claim := func(target uint64, owner int32) int {
		if owner == 0 {
			return -1
		}
		i := a.nodeAt(target)
		if i < 0 || a.nodes[i].owner != 0 || a.nodes[i].name != "" {
			return -1
		}
		a.nodes[i].owner = owner
		return i
	}
	for _, r := range a.refs {
		claim(r.target, a.tables.functions[r.from].owner)
	}
	slices.SortFunc(a.words, func(x, y wordRef) int {
		return cmp.Or(cmp.Compare(x.from, y.from), cmp.Compare(x.target, y.target))
	})
	var queue []int
	visit := func(i int) {
		n := a.nodes[i]
		w := sort.Search(len(a.words), func(k int) bool { return a.words[k].from >= n.start })
		for ; w < len(a.words) && a.words[w].from < n.end; w++ {
			if claimed := claim(a.words[w].target, n.owner); claimed >= 0 {
				queue = append(queue, claimed)
			}
		}
	}
	had := make([]bool, len(a.nodes))
	for i, n := range a.nodes {
		had[i] = n.owner != 0
	}
	for i := range a.nodes {
		if had[i] && a.nodes[i].kind != Code && a.nodes[i].kind != Pclntab {
			visit(i)
		}
	}
	for len(queue) > 0 {
		i := queue[0]
		queue = queue[1:]
		visit(i)
	}
	a.placeLinks()
}

// placeLinks attributes the entries of the lists of types and itabs to the packages
// of their targets.
func (a *attribution) placeLinks() {
	m := a.module
	var entries []node
	place := func(t table, width uint64, kind Kind, target func([]byte) uint64) {
		b := a.image.bytes(t.addr, t.size)
		for off := uint64(0); off+width <= uint64(len(b)); off += width {
			e := node{start: t.addr + off, end: t.addr + off + width, kind: kind}
			if i := a.nodeAt(target(b[off:])); i >= 0 {
				e.owner = a.nodes[i].owner
			}
			entries = append(entries, e)
		}
	}
	place(m.typelinks, 4, Types, func(b []byte) uint64 { return m.types + uint64(binary.LittleEndian.Uint32(b)) })
	place(m.itabs, 8, Itabs, func(b []byte) uint64 { return binary.LittleEndian.Uint64(b) })
	a.nodes = append(a.nodes, entries...)
	a.settle()
}
