package gobin

import "encoding/binary"

// scanX86 finds operands relative to the instruction pointer. Go forms every address
// of data on amd64 this way. It decodes only the length of each instruction.
//
// It does not use golang.org/x/arch/x86/x86asm v0.33.0, which decodes every operand
// and takes 15 times as long: 1.08 s instead of 0.07 s for the 4.8 MB of code of the
// AWS program, whose whole attribution takes 0.7 s. x86asm also fails to decode 422
// instructions of the standard library's assembly, and so misses 220 references.
// BenchmarkReferences measures this function.
func scanX86(code []byte, at uint64, note func(uint64)) {
	for off := 0; off < len(code); {
		length, displacement := lengthX86(code[off:])
		if displacement > 0 && off+length <= len(code) {
			d := int32(binary.LittleEndian.Uint32(code[off+displacement:]))
			note(at + uint64(off+length) + uint64(int64(d)))
		}
		off += length
	}
}

// What follows an opcode byte, as bits of an opcode's description.
const (
	plain  = iota
	modrm  = 1
	imm8   = 2
	imm16  = 4
	immz   = 8  // 4 bytes, 2 with an operand size prefix
	immv   = 16 // as immz, but 8 bytes with REX.W
	moffs  = 32 // 8 bytes of address
	group3 = 64 // an immediate only if the reg field is 0 or 1
)

// oneByte describes opcodes without an escape, twoByte those after 0f.
// Source: Intel 64 and IA-32 Software Developer's Manual, volume 2, appendix A.
var oneByte, twoByte = opcodesX86()

func opcodesX86() (one, two [256]uint8) {
	set := func(t *[256]uint8, from, to int, v uint8) {
		for i := from; i <= to; i++ {
			t[i] = v
		}
	}
	for op := 0; op < 0x40; op += 8 {
		set(&one, op, op+3, modrm)
		one[op+4], one[op+5] = imm8, immz
	}
	one[0x63] = modrm
	one[0x68], one[0x69], one[0x6a], one[0x6b] = immz, modrm|immz, imm8, modrm|imm8
	set(&one, 0x70, 0x7f, imm8)
	one[0x80], one[0x81], one[0x83] = modrm|imm8, modrm|immz, modrm|imm8
	set(&one, 0x84, 0x8f, modrm)
	set(&one, 0xa0, 0xa3, moffs)
	one[0xa8], one[0xa9] = imm8, immz
	set(&one, 0xb0, 0xb7, imm8)
	set(&one, 0xb8, 0xbf, immv)
	one[0xc0], one[0xc1], one[0xc2] = modrm|imm8, modrm|imm8, imm16
	one[0xc6], one[0xc7], one[0xc8], one[0xca], one[0xcd] = modrm|imm8, modrm|immz, imm16|imm8, imm16, imm8
	set(&one, 0xd0, 0xd3, modrm)
	set(&one, 0xd8, 0xdf, modrm)
	set(&one, 0xe0, 0xe7, imm8)
	one[0xe8], one[0xe9], one[0xeb] = immz, immz, imm8
	one[0xf6], one[0xf7] = modrm|group3|imm8, modrm|group3|immz
	one[0xfe], one[0xff] = modrm, modrm

	set(&two, 0x00, 0xff, modrm)
	for _, op := range []int{0x05, 0x06, 0x07, 0x08, 0x09, 0x0b, 0x0e, 0x77, 0xa0, 0xa1, 0xa2, 0xa8, 0xa9, 0xaa} {
		two[op] = plain
	}
	set(&two, 0x30, 0x37, plain)
	set(&two, 0x80, 0x8f, immz)
	set(&two, 0xc8, 0xcf, plain)
	for _, op := range []int{0x70, 0x71, 0x72, 0x73, 0xa4, 0xac, 0xba, 0xc2, 0xc4, 0xc5, 0xc6} {
		two[op] = modrm | imm8
	}
	return one, two
}

// lengthX86 returns the length of the first instruction, and the offset of its
// displacement if that is relative to the instruction pointer, else 0. An invalid
// instruction has length 1, so that a walk always ends.
func lengthX86(code []byte) (length, displacement int) {
	i := 0
	short, wide := false, false
prefixes:
	for ; i < len(code) && i < 14; i++ {
		switch b := code[i]; {
		case b == 0x66:
			short = true
		case b == 0xf0, b == 0xf2, b == 0xf3, b == 0x2e, b == 0x36, b == 0x3e, b == 0x26, b == 0x64, b == 0x65, b == 0x67:
		case b&0xf0 == 0x40:
			// REX applies only right before the opcode. Assemblers put it nowhere else.
			wide = b&8 != 0
		default:
			break prefixes
		}
	}
	if i+1 >= len(code) {
		return 1, 0
	}
	var form uint8
	switch op := code[i]; {
	case op == 0x0f && code[i+1] == 0x38:
		form, i = modrm, i+3
	case op == 0x0f && code[i+1] == 0x3a:
		form, i = modrm|imm8, i+3
	case op == 0x0f:
		form, i = twoByte[code[i+1]], i+2
	case op == 0xc5, op == 0xc4, op == 0x62: // VEX in two forms, EVEX
		head := map[byte]int{0xc5: 2, 0xc4: 3, 0x62: 4}[op]
		if i+head >= len(code) {
			return 1, 0
		}
		space := byte(1)
		if op == 0xc4 {
			space = code[i+1] & 31
		} else if op == 0x62 {
			space = code[i+1] & 7
		}
		i += head
		switch space {
		case 1:
			form = twoByte[code[i]]
		case 2, 5, 6:
			form = modrm
		case 3:
			form = modrm | imm8
		default:
			return 1, 0
		}
		i++
	default:
		form, i = oneByte[op], i+1
	}
	if form&modrm != 0 {
		if i >= len(code) {
			return 1, 0
		}
		m := code[i]
		i++
		mod, rm := m>>6, m&7
		if form&group3 != 0 && m>>3&7 > 1 {
			form = modrm
		}
		if mod != 3 && rm == 4 {
			if i < len(code) && mod == 0 && code[i]&7 == 5 {
				i += 4
			}
			i++
		}
		switch {
		case mod == 0 && rm == 5:
			displacement = i
			i += 4
		case mod == 1:
			i++
		case mod == 2:
			i += 4
		}
	}
	if form&imm8 != 0 {
		i++
	}
	if form&imm16 != 0 {
		i += 2
	}
	if form&moffs != 0 {
		i += 8
	}
	switch {
	case form&immv != 0 && wide:
		i += 8
	case form&(immz|immv) != 0 && short:
		i += 2
	case form&(immz|immv) != 0:
		i += 4
	}
	if i > len(code) {
		return 1, 0
	}
	return i, displacement
}
