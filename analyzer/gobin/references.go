package gobin

import (
	"debug/elf"
	"encoding/binary"
)

// reference is a reference to an address. from is the index of a function if code
// refers to it, and otherwise the index in nodes of the referring address.
type reference struct {
	target uint64
	from   int32
}

// wordRef is a pointer in data: its own address and its target.
type wordRef struct{ from, target uint64 }

// scanCode records which function refers to which address of data. It keeps only
// addresses that have no owner yet.
func (a *attribution) scanCode() {
	im := a.image
	known := a.knownTargets()
	for i, f := range a.tables.functions {
		code := im.bytes(f.start, f.end-f.start)
		if code == nil {
			continue
		}
		note := func(target uint64) {
			if known.open(target) {
				a.refs = append(a.refs, reference{target: target, from: int32(i)})
			}
		}
		if im.machine == elf.EM_AARCH64 {
			scanARM(code, f.start, note)
		} else {
			scanX86(code, f.start, note)
		}
	}
	a.refs = append(a.refs, a.tables.masks...)
}

// scanWords records the addresses in data. It does not verify them: a number that
// looks like an address can only split an object in two.
func (a *attribution) scanWords() {
	known := a.knownTargets()
	for _, s := range a.image.loaded {
		if !holdsPointers(s) {
			continue
		}
		first := (8 - s.addr%8) % 8
		for off := first; off+8 <= uint64(len(s.data)); off += 8 {
			v := binary.LittleEndian.Uint64(s.data[off:])
			if v-known.low < known.span && known.open(v) {
				a.words = append(a.words, wordRef{s.addr + off, v})
			}
		}
	}
}

// holdsPointers reports whether a section contains Go data.
func holdsPointers(s section) bool {
	return !s.exec && (s.name == ".rodata" || s.name == ".data" || s.name == ".noptrdata")
}

// targets reports whether an address is in Go data without an owner. It is a bitmap
// with one bit for each byte, because it is used for every instruction.
type targets struct {
	low, span uint64
	owned     []uint64
	in        []section
}

// knownTargets marks the bytes that the nodes so far cover.
func (a *attribution) knownTargets() *targets {
	t := &targets{}
	for _, s := range a.image.loaded {
		if holdsPointers(s) {
			t.in = append(t.in, s)
		}
	}
	if len(t.in) == 0 {
		return t
	}
	t.low = t.in[0].addr
	t.span = t.in[len(t.in)-1].end() - t.low
	if t.span > maxProgram {
		t.span = 0 // sections are far apart: no linker lays them out like this
		return t
	}
	t.owned = make([]uint64, t.span/64+1)
	for _, n := range a.nodes {
		if n.owner == 0 && n.name == "" || n.start < t.low {
			continue
		}
		for at, end := n.start-t.low, min(n.end-t.low, t.span); at < end; {
			if at%64 == 0 && end-at >= 64 {
				t.owned[at/64] = ^uint64(0)
				at += 64
				continue
			}
			t.owned[at/64] |= 1 << (at % 64)
			at++
		}
	}
	return t
}

func (t *targets) open(addr uint64) bool {
	d := addr - t.low
	if d >= t.span || t.owned[d/64]&(1<<(d%64)) != 0 {
		return false
	}
	for _, s := range t.in {
		if addr >= s.addr && addr < s.end() {
			return true
		}
	}
	return false
}

// scanARM finds ADRP followed by an ADD, load or store that completes the
// address, which is how Go forms every address of data on arm64 (R_ADDRARM64 and
// R_ARM64_PCREL in cmd/link), and ADR.
// Encodings: Arm Architecture Reference Manual for A-profile, C6.2.
func scanARM(code []byte, at uint64, note func(uint64)) {
	for off := 0; off+8 <= len(code); off += 4 {
		in := binary.LittleEndian.Uint32(code[off:])
		if in&0x1f000000 != 0x10000000 {
			continue
		}
		imm := int64(int32(in>>5&0x7ffff<<2|in>>29&3)<<11) >> 11
		pc := at + uint64(off)
		if in&0x80000000 == 0 { // ADR
			note(pc + uint64(imm))
			continue
		}
		page := pc&^0xfff + uint64(imm<<12)
		register := in & 31
		next := binary.LittleEndian.Uint32(code[off+4:])
		if next>>5&31 != register {
			continue
		}
		low := uint64(next >> 10 & 0xfff)
		switch {
		case next&0xffc00000 == 0x91000000: // ADD, 64 bit, unshifted
			note(page + low)
		case next&0x3b000000 == 0x39000000: // load or store, unsigned offset
			scale := next >> 30
			if next&0x04800000 == 0x04800000 { // 128-bit vector register
				scale = 4
			}
			note(page + low<<scale)
		}
	}
}
