package gobin

import (
	"cmp"
	"encoding/binary"
	"slices"
	"unicode/utf8"
)

// The layout of type descriptors is in internal/abi/type.go. It is the same from Go
// 1.24 to 1.26 on 64-bit machines.
const (
	typeSize      = 48
	uncommonSize  = 16
	flagUncommon  = 1 << 0
	flagNamed     = 1 << 2
	maxTypeFlag   = 1 << 6
	kindMask      = 1<<5 - 1
	kindArray     = 17
	kindChan      = 18
	kindFunc      = 19
	kindInterface = 20
	kindMap       = 21
	kindPointer   = 22
	kindSlice     = 23
	kindStruct    = 25
	kindLast      = 26
)

// bodySize is the size of a descriptor before its uncommon part, by kind.
func bodySize(kind byte) uint64 {
	switch kind {
	case kindArray:
		return typeSize + 24
	case kindChan:
		return typeSize + 16
	case kindFunc, kindPointer, kindSlice:
		return typeSize + 8
	case kindInterface, kindStruct:
		return typeSize + 32
	case kindMap:
		return typeSize + 64
	}
	return typeSize
}

// goType is a type descriptor of the program.
type goType struct {
	addr, end uint64
	kind      byte
	owner     int32
	// builtin marks predeclared types. Their descriptors are in the runtime.
	builtin bool
	// resolved is set once owner is final. It also ends the search in a recursive
	// type.
	resolved bool
	// parts are its component types, names the names in it, and links other types
	// that it refers to.
	parts, names, links []uint64
}

// typeReader walks the type descriptors.
type typeReader struct {
	image   *image
	owners  *owners
	base    uint64 // offsets of names and types are relative to it
	low     uint64 // descriptors are between low and high
	high    uint64
	byAddr  map[uint64]*goType
	queue   []uint64
	runtime int32
	// budget bounds the total number of fields and methods. In a valid program they
	// do not overlap, so there are at most as many as fit in the section.
	budget int
}

// readTypes finds the type descriptors and their names, and makes nodes for them. It
// starts from the linker's list and from references in code and data, and follows
// the references between descriptors.
func (a *attribution) readTypes() error {
	m := a.module
	r := &typeReader{
		image: a.image, owners: a.owners, base: m.types, low: m.types, high: m.etypes,
		byAddr: map[uint64]*goType{}, runtime: a.owners.of("runtime"), budget: int((m.etypes - m.types) / 8),
	}
	for _, g := range a.regions {
		if g.kind == Strings && g.start > r.low {
			r.high = min(r.high, g.start)
		}
	}
	links := a.image.bytes(m.typelinks.addr, m.typelinks.size)
	for off := 0; off+4 <= len(links); off += 4 {
		r.seek(m.types + uint64(binary.LittleEndian.Uint32(links[off:])))
	}
	for _, ref := range a.refs {
		r.seek(ref.target)
	}
	for _, w := range a.words {
		r.seek(w.target)
	}
	for len(r.queue) > 0 && r.budget > 0 {
		addr := r.queue[len(r.queue)-1]
		r.queue = r.queue[:len(r.queue)-1]
		if t := r.read(addr); t != nil {
			r.byAddr[addr] = t
			for _, to := range t.parts {
				r.seek(to)
			}
			for _, to := range t.links {
				r.seek(to)
			}
		}
	}
	if r.budget <= 0 {
		return unreadable("its type descriptors overlap")
	}
	a.placeTypes(r)
	a.placeItabs(r)
	a.settle()
	return nil
}

// seek queues the descriptor at an address to be read, once.
func (r *typeReader) seek(addr uint64) {
	if addr < r.low || addr >= r.high || addr%8 != 0 {
		return
	}
	if _, seen := r.byAddr[addr]; !seen {
		r.byAddr[addr] = nil
		r.queue = append(r.queue, addr)
	}
}

// read decodes the descriptor at an address. It returns nil if there is none.
func (r *typeReader) read(addr uint64) *goType {
	b := r.image.bytes(addr, typeSize)
	if b == nil {
		return nil
	}
	size, pointers := binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])
	flags, align, fieldAlign, kind := b[20], b[21], b[22], b[23]&kindMask
	if kind == 0 || kind > kindLast || flags >= maxTypeFlag || pointers > size || size > 1<<47 ||
		!alignment(align) || !alignment(fieldAlign) {
		return nil
	}
	name := r.base + uint64(binary.LittleEndian.Uint32(b[40:]))
	if _, ok := r.name(name); !ok {
		return nil
	}
	r.budget--
	t := &goType{addr: addr, kind: kind, names: []uint64{name}}
	if to := binary.LittleEndian.Uint32(b[44:]); to != 0 {
		t.links = append(t.links, r.base+uint64(to))
	}
	body := bodySize(kind)
	t.end = addr + body
	after := t.end
	var pkgPath uint64
	if flags&flagUncommon != 0 {
		u := r.image.bytes(t.end, uncommonSize)
		if u == nil {
			return nil
		}
		after += uncommonSize
		t.end = after
		if off := binary.LittleEndian.Uint32(u); off != 0 {
			pkgPath = r.base + uint64(off)
		}
		count, off := uint64(binary.LittleEndian.Uint16(u[4:])), uint64(binary.LittleEndian.Uint32(u[8:]))
		if !r.methods(t, addr+body+off, count) {
			return nil
		}
	}
	word := func(off uint64) uint64 { v, _ := r.image.word(addr + off); return v }
	switch kind {
	case kindArray:
		t.parts = []uint64{word(48)}
		t.links = append(t.links, word(56))
	case kindChan, kindPointer, kindSlice:
		t.parts = []uint64{word(48)}
	case kindMap:
		t.parts = []uint64{word(48), word(56)}
		t.links = append(t.links, word(64))
	case kindFunc:
		counts := word(48)
		n := counts&0xffff + counts>>16&0x7fff
		if !r.list(t, after, n, 8) {
			return nil
		}
		for i := range n {
			part, _ := r.image.word(after + 8*i)
			t.parts = append(t.parts, part)
		}
	case kindStruct, kindInterface:
		if pkgPath == 0 {
			pkgPath = word(48)
		}
		if !r.members(t, word(56), word(64)) {
			return nil
		}
	}
	if pkgPath != 0 {
		path, ok := r.name(pkgPath)
		if !ok {
			return nil
		}
		t.owner = r.owners.of(path)
		t.names = append(t.names, pkgPath)
	} else if flags&flagNamed != 0 {
		t.builtin = true
	}
	return t
}

// alignment reports whether n is a valid alignment of a Go type.
func alignment(n byte) bool { return n == 1 || n == 2 || n == 4 || n == 8 }

// list checks an array that follows a descriptor: it must be within the section and
// the budget.
func (r *typeReader) list(t *goType, addr, count, width uint64) bool {
	if count == 0 {
		return true
	}
	if count > 1<<24 || addr < t.addr || r.image.bytes(addr, count*width) == nil {
		return false
	}
	r.budget -= int(count)
	t.end = max(t.end, addr+count*width)
	return r.budget > 0
}

// methods reads the names and types of a type's methods. Each has four offsets; the
// last two refer to code.
func (r *typeReader) methods(t *goType, addr, count uint64) bool {
	if !r.list(t, addr, count, 16) {
		return false
	}
	b := r.image.bytes(addr, count*16)
	for ; len(b) >= 16; b = b[16:] {
		t.names = append(t.names, r.base+uint64(binary.LittleEndian.Uint32(b)))
		// The linker writes 0 or -1 as the type of a removed method.
		if to := int32(binary.LittleEndian.Uint32(b[4:])); to > 0 {
			t.links = append(t.links, r.base+uint64(to))
		}
	}
	return true
}

// members reads the fields of a struct or the methods of an interface.
func (r *typeReader) members(t *goType, addr, count uint64) bool {
	if t.kind == kindInterface {
		if !r.list(t, addr, count, 8) {
			return false
		}
		b := r.image.bytes(addr, count*8)
		for ; len(b) >= 8; b = b[8:] {
			t.names = append(t.names, r.base+uint64(binary.LittleEndian.Uint32(b)))
			t.parts = append(t.parts, r.base+uint64(binary.LittleEndian.Uint32(b[4:])))
		}
		return true
	}
	if !r.list(t, addr, count, 24) {
		return false
	}
	b := r.image.bytes(addr, count*24)
	for ; len(b) >= 24; b = b[24:] {
		t.names = append(t.names, binary.LittleEndian.Uint64(b))
		t.parts = append(t.parts, binary.LittleEndian.Uint64(b[8:]))
	}
	return true
}

// name reads a name's text (internal/abi.Name: flags, length, text, tag).
func (r *typeReader) name(addr uint64) (string, bool) {
	b := r.nameBytes(addr)
	if b == nil {
		return "", false
	}
	n, w := binary.Uvarint(b[1:])
	s := b[1+w : 1+w+int(n)]
	return string(s), utf8.Valid(s)
}

// maxName bounds the length of a name or tag. The compiler's limit is 1<<29.
const maxName = 1 << 16

// nameBytes returns the encoded name, or nil if there is none.
func (r *typeReader) nameBytes(addr uint64) []byte {
	s, ok := r.image.at(addr)
	if !ok || !holdsPointers(s) {
		return nil
	}
	b := s.data[addr-s.addr:]
	if b[0] > 15 {
		return nil
	}
	end := 1
	parts := 1
	if b[0]&2 != 0 {
		parts = 2
	}
	for range parts {
		n, w := binary.Uvarint(b[end:min(len(b), end+4)])
		if w <= 0 || n > maxName || n > uint64(len(b)-end-w) {
			return nil
		}
		end += w + int(n)
	}
	if b[0]&4 != 0 {
		end += 4
	}
	if end > len(b) {
		return nil
	}
	return b[:end]
}

// placeTypes makes nodes for the types and names. An unnamed type belongs to the
// package of its components. If all of them are predeclared, as in []string, it
// belongs to the first package that refers to it.
func (a *attribution) placeTypes(r *typeReader) {
	var types []*goType
	for _, t := range r.byAddr {
		if t != nil {
			types = append(types, t)
		}
	}
	slices.SortFunc(types, func(x, y *goType) int { return cmp.Compare(x.addr, y.addr) })
	for _, t := range types {
		r.owner(t, 0)
	}
	names := map[uint64]int{}
	for _, t := range types {
		owner := t.owner
		if t.builtin {
			owner = r.runtime
		}
		a.nodes = append(a.nodes, node{start: t.addr, end: t.end, owner: owner, kind: Types})
		for _, to := range t.links {
			a.words = append(a.words, wordRef{t.addr, to})
		}
		for _, to := range t.parts {
			a.words = append(a.words, wordRef{t.addr, to})
		}
		for _, at := range t.names {
			i, seen := names[at]
			if !seen {
				b := r.nameBytes(at)
				if b == nil {
					continue
				}
				i = len(a.nodes)
				names[at] = i
				a.nodes = append(a.nodes, node{start: at, end: at + uint64(len(b)), kind: Types})
			}
			if a.nodes[i].owner == 0 {
				a.nodes[i].owner = owner
				if owner == 0 {
					a.words = append(a.words, wordRef{t.addr, at})
				}
			}
		}
	}
}

// maxTypeDepth bounds the nesting of unnamed types. Deeper types count as made of
// predeclared types.
const maxTypeDepth = 100

// owner returns the package of the first named type among a type's components.
func (r *typeReader) owner(t *goType, depth int) int32 {
	if t.owner != 0 || t.builtin || t.resolved || depth == maxTypeDepth {
		return t.owner
	}
	t.resolved = true
	for _, at := range t.parts {
		if part := r.byAddr[at]; part != nil {
			if t.owner = r.owner(part, depth+1); t.owner != 0 {
				break
			}
		}
	}
	return t.owner
}

// placeItabs makes nodes for the method tables. They belong to the concrete type's
// package (internal/abi.ITab: interface, type, hash, then one word for each method).
func (a *attribution) placeItabs(r *typeReader) {
	m := a.module
	b := a.image.bytes(m.itabs.addr, m.itabs.size)
	for ; len(b) >= 8; b = b[8:] {
		addr := binary.LittleEndian.Uint64(b)
		inter, _ := a.image.word(addr)
		concrete, _ := a.image.word(addr + 8)
		methods, ok := a.image.word(inter + typeSize + 16)
		if !ok || methods > 1<<16 || r.byAddr[inter] == nil || a.image.bytes(addr, 24+8*max(methods, 1)) == nil {
			continue
		}
		n := node{start: addr, end: addr + 24 + 8*max(methods, 1), kind: Itabs}
		if t := r.byAddr[concrete]; t != nil {
			n.owner = t.owner
			a.words = append(a.words, wordRef{addr, concrete})
		}
		a.nodes = append(a.nodes, n)
	}
}
