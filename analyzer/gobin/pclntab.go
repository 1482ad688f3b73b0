package gobin

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
)

// The layout is that of Go 1.20 and later: runtime.pcHeader and runtime._func, written
// by cmd/link/internal/ld/pcln.go.
const (
	pclnMagic  = 0xfffffff1
	pclnHeader = 72
	funcRecord = 44
	// internal/abi/symtab.go defines about 8 tables of each sort for a function. A
	// function with more than this is damaged.
	maxFuncTables = 32
	stackObjects  = 2    // FUNCDATA_StackObjects
	lookupBucket  = 20   // bytes of a runtime.findfuncbucket
	lookupSpan    = 4096 // bytes of code for each bucket
)

// pclntab is the content of the pclntab about functions.
type pclntab struct {
	functions []function
	// masks are the addresses of pointer masks in functions' stack maps.
	masks []reference
}

// function is one function of the program. It ends where the next one begins.
type function struct {
	start, end uint64
	owner      int32
}

// starts collects the start of each piece of a table: its offset and a function,
// packed so that sorting puts the first function that refers to a piece first.
type starts []uint64

func (s *starts) add(offset uint32, fn int) { *s = append(*s, uint64(offset)<<32|uint64(uint32(fn))) }

// readFunctions reads every function and attributes the whole pclntab to packages.
func (a *attribution) readFunctions() error {
	im, m := a.image, a.module
	header := im.bytes(m.header.addr, pclnHeader)
	if header == nil || binary.LittleEndian.Uint32(header) != pclnMagic || header[7] != 8 {
		return unreadable("its pclntab has an unknown layout")
	}
	count := binary.LittleEndian.Uint64(header[8:])
	if count == 0 || count > m.funcs.size/(8+funcRecord) {
		return unreadable("its pclntab has an invalid count of %d functions", count)
	}
	n := int(count)
	records := im.bytes(m.funcs.addr, m.funcs.size)
	names := im.bytes(m.names.addr, m.names.size)
	fns := make([]function, n)
	units := make([]uint32, n)
	var unitStarts, pcStarts, dataStarts starts
	var stackMaps []reference
	add := func(start, end uint64, owner int32) {
		a.nodes = append(a.nodes, node{start: start, end: end, owner: owner, kind: Pclntab, name: "(function tables)"})
	}
	ownerOf := map[uint32]int32{} // of compilation units, from their functions' names
	// Each function has its own name. Names that overlap are damaged, and reading them
	// again for each function would take quadratic time.
	budget := 2*len(names) + n
	for i := range n {
		entry := binary.LittleEndian.Uint32(records[8*i:])
		off := uint64(binary.LittleEndian.Uint32(records[8*i+4:]))
		if off < 8*count || off+funcRecord > uint64(len(records)) {
			return unreadable("function %d is outside its pclntab", i)
		}
		record := records[off:]
		name := text(names, uint64(binary.LittleEndian.Uint32(record[4:])))
		if budget -= len(name); budget < 0 {
			return unreadable("the names of its functions overlap")
		}
		units[i] = binary.LittleEndian.Uint32(record[32:])
		fns[i].start = m.text + uint64(entry)
		fns[i].owner = a.owners.of(PackageOf(name))
		if i > 0 {
			if fns[i].start < fns[i-1].start {
				return unreadable("its functions are out of order")
			}
			fns[i-1].end = fns[i].start
		}
		// An instance of a generic function is in the unit that instantiates it.
		if o := fns[i].owner; o != 0 && ownerOf[units[i]] == 0 && !strings.ContainsRune(name, '[') && !strings.HasPrefix(name, "type:") {
			ownerOf[units[i]] = o
		}
		tables, datas := uint64(binary.LittleEndian.Uint32(record[28:])), uint64(record[43])
		if tables > maxFuncTables || datas > maxFuncTables || off+funcRecord+4*(tables+datas) > uint64(len(records)) {
			return unreadable("the tables of function %d are outside its pclntab", i)
		}
		for _, at := range []int{16, 20, 24} {
			pcStarts.add(binary.LittleEndian.Uint32(record[at:]), i)
		}
		for j := range tables {
			pcStarts.add(binary.LittleEndian.Uint32(record[funcRecord+4*j:]), i)
		}
		for j := range datas {
			at := binary.LittleEndian.Uint32(record[funcRecord+4*(tables+j):])
			if at == ^uint32(0) {
				continue
			}
			dataStarts.add(at, i)
			if j == stackObjects {
				stackMaps = append(stackMaps, reference{target: m.funcdata + uint64(at), from: int32(i)})
			}
		}
		if units[i] != ^uint32(0) {
			unitStarts.add(units[i], i)
		}
		add(m.funcs.addr+8*uint64(i), m.funcs.addr+8*uint64(i)+8, int32(i))
		add(m.funcs.addr+off, m.funcs.addr+off+funcRecord+4*(tables+datas), int32(i))
	}
	last := uint64(binary.LittleEndian.Uint32(records[min(8*n, len(records)-4):]))
	if fns[n-1].end = m.text + last; fns[n-1].end < fns[n-1].start {
		return unreadable("its functions are out of order")
	}
	// Local functions in assembly have no package in their name. Use the package of
	// their unit or of the code before them: the linker keeps a package's functions
	// together.
	for i := range fns {
		if fns[i].owner == 0 && units[i] != ^uint32(0) {
			if fns[i].owner = ownerOf[units[i]]; fns[i].owner == 0 && i > 0 {
				fns[i].owner = fns[i-1].owner
			}
		}
	}
	for i := range a.nodes {
		a.nodes[i].owner = fns[a.nodes[i].owner].owner
	}
	a.tables = pclntab{functions: fns}
	a.pieces(unitStarts, m.units, 4)
	a.pieces(pcStarts, m.pcs, 1)
	a.pieces(dataStarts, a.funcdata(), 1)
	a.functionNames(names)
	a.fileNames(unitStarts)
	a.lookupTable()
	a.stackMasks(stackMaps)
	a.nodes = append(a.nodes, node{start: m.header.addr, end: m.header.end(), owner: a.owners.of("runtime"), kind: Pclntab})
	for _, f := range fns {
		a.nodes = append(a.nodes, node{start: f.start, end: f.end, owner: f.owner, kind: Code})
	}
	return nil
}

// pieces splits a table where functions point into it. If several functions share a
// piece, the first owns it.
func (a *attribution) pieces(s starts, t table, unit uint64) {
	slices.Sort(s)
	for i := 0; i < len(s); {
		offset := s[i] >> 32 * unit
		owner := a.tables.functions[uint32(s[i])].owner
		j := i + 1
		for j < len(s) && s[j]>>32 == s[i]>>32 {
			j++
		}
		end := t.size
		if j < len(s) {
			end = min(end, s[j]>>32*unit)
		}
		if offset < end {
			a.nodes = append(a.nodes, node{start: t.addr + offset, end: t.addr + end, owner: owner, kind: Pclntab, name: "(function tables)"})
		}
		i = j
	}
}

// funcdata returns the table of stack maps and inlining trees. From Go 1.26 on it is
// in the pclntab. Before, it is in .rodata and ends at a symbol or the section's end.
func (a *attribution) funcdata() table {
	m := a.module
	if m.funcdataEnd != 0 {
		return table{m.funcdata, m.funcdataEnd - m.funcdata}
	}
	for _, s := range a.symbols {
		if s.name == "go:func.*" {
			return table{s.addr, s.size}
		}
	}
	s, _ := a.image.at(m.funcdata)
	return table{m.funcdata, s.end() - m.funcdata}
}

// functionNames attributes each name to the package in it. Some functions exist only
// inlined into others.
func (a *attribution) functionNames(names []byte) {
	at := a.module.names.addr
	for len(names) > 0 {
		n := bytes.IndexByte(names, 0) + 1
		if n == 0 {
			n = len(names)
		}
		owner := a.owners.of(PackageOf(string(bytes.TrimSuffix(names[:n], []byte{0}))))
		a.nodes = append(a.nodes, node{start: at, end: at + uint64(n), owner: owner, kind: Pclntab, name: "(function names of no package)"})
		at += uint64(n)
		names = names[n:]
	}
}

// fileNames attributes each source file's name to the first compilation unit, which
// is a package, whose part of the unit table refers to it.
func (a *attribution) fileNames(unitStarts starts) {
	m := a.module
	units := a.image.bytes(m.units.addr, m.units.size)
	files := a.image.bytes(m.files.addr, m.files.size)
	first := map[uint64]int32{}
	next := 0
	owner := int32(0)
	for i := uint64(0); i+4 <= uint64(len(units)); i += 4 {
		for next < len(unitStarts) && unitStarts[next]>>32*4 <= i {
			// Use the first function of a unit.
			if next == 0 || unitStarts[next]>>32 != unitStarts[next-1]>>32 {
				owner = a.tables.functions[uint32(unitStarts[next])].owner
			}
			next++
		}
		at := uint64(binary.LittleEndian.Uint32(units[i:]))
		if _, seen := first[at]; !seen && at < uint64(len(files)) {
			first[at] = owner
		}
	}
	for at := uint64(0); at < uint64(len(files)); {
		n := uint64(bytes.IndexByte(files[at:], 0) + 1)
		if n == 0 {
			n = uint64(len(files)) - at
		}
		a.nodes = append(a.nodes, node{start: m.files.addr + at, end: m.files.addr + at + n, owner: first[at], kind: Pclntab, name: "(file names)"})
		at += n
	}
}

// lookupTable attributes each entry of the index from addresses to functions to the
// package of the code at those addresses.
func (a *attribution) lookupTable() {
	m := a.module
	s, ok := a.image.at(m.lookup)
	if !ok {
		return
	}
	fns := a.tables.functions
	f := 0
	for at, pc := m.lookup, fns[0].start; at < s.end() && pc < fns[len(fns)-1].end; at, pc = at+lookupBucket, pc+lookupSpan {
		for f+1 < len(fns) && fns[f+1].start <= pc {
			f++
		}
		a.nodes = append(a.nodes, node{start: at, end: min(at+lookupBucket, s.end()), owner: fns[f].owner, kind: Pclntab})
	}
}

// stackMasks records the pointer masks that functions' stack objects refer to
// (runtime.stackObjectRecord: a count, then records of 16 bytes whose last word is
// the mask's offset from the module's rodata).
func (a *attribution) stackMasks(maps []reference) {
	// Several functions may share a table. Tables do not overlap, which bounds the
	// number of records.
	seen := map[uint64]bool{}
	budget := a.funcdata().size / 16
	for _, r := range maps {
		if seen[r.target] {
			continue
		}
		seen[r.target] = true
		count, ok := a.image.word(r.target)
		if !ok || count > budget {
			continue
		}
		budget -= count
		for i := range count {
			b := a.image.bytes(r.target+8+16*i, 16)
			if b == nil {
				break
			}
			mask := a.module.rodata + uint64(binary.LittleEndian.Uint32(b[12:]))
			a.tables.masks = append(a.tables.masks, reference{target: mask, from: r.from})
		}
	}
}

// text returns the NUL-terminated string at an offset, limited like symbol names.
func text(b []byte, off uint64) string {
	if off >= uint64(len(b)) {
		return ""
	}
	b = b[off:min(uint64(len(b)), off+1<<16)]
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	return string(b)
}
