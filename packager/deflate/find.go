package deflate

import (
	"encoding/binary"
	"math/bits"
)

// Limits of the format, RFC 1951 section 3.2.5.
const (
	window   = 32 << 10
	minMatch = 3
	maxMatch = 258
)

const (
	hashBits3 = 15
	hashBits4 = 16
	gone      = -2 * window // the position of a node that is not there
)

// A match is a distance and a length: distance<<9 | length. A literal is the match 0.
type match uint32

func newMatch(distance, length int) match { return match(distance<<9 | length) }
func (m match) distance() int             { return int(m >> 9) }
func (m match) length() int               { return int(m & 511) }

// finder finds matches with binary trees, one for each hash of four bytes. The
// trees are ordered by the text at a position, and the newest position is the root.
// So a search from the root meets ever nearer relatives of the text, newest first.
//
// Positions are indexes of the buffer. slide must be called when the buffer moves.
type finder struct {
	newest3 [1 << hashBits3][2]int32 // the last two positions of each hash of three bytes
	newest4 [1 << hashBits4]int32
	child   [2 * window]int32 // of the position p: at 2*(p%window), the smaller and the larger
	depth   int               // nodes that a search looks at
	nice    int               // a match of this length ends a search
}

func (f *finder) reset() {
	for i := range f.newest3 {
		f.newest3[i] = [2]int32{gone, gone}
	}
	for i := range f.newest4 {
		f.newest4[i] = gone
	}
}

// slide moves all positions down by n, a multiple of window.
func (f *finder) slide(n int) {
	move := func(p *int32) { *p = max(*p-int32(n), gone) }
	for i := range f.newest3 {
		move(&f.newest3[i][0])
		move(&f.newest3[i][1])
	}
	for i := range f.newest4 {
		move(&f.newest4[i])
	}
	for i := range f.child {
		move(&f.child[i])
	}
}

// at appends the matches of a position to found, by rising length, each at the
// smallest distance that has it. It also adds the position to the trees. Positions
// must be given in order, without gaps.
func (f *finder) at(buf []byte, pos int, found []match) []match {
	most := min(maxMatch, len(buf)-pos)
	if most < 4 {
		return found
	}
	nice := min(f.nice, most)
	four := binary.LittleEndian.Uint32(buf[pos:])
	oldest := pos - window + 1
	longest := 3
	three := &f.newest3[four<<8*0x9E3779B1>>(32-hashBits3)]
	for _, p := range three {
		if int(p) >= oldest && (binary.LittleEndian.Uint32(buf[p:])^four)<<8 == 0 {
			found = append(found, newMatch(pos-int(p), 3))
			break
		}
	}
	three[1], three[0] = three[0], int32(pos)

	root := &f.newest4[four*0x9E3779B1>>(32-hashBits4)]
	node := int(*root)
	*root = int32(pos)
	here := buf[pos : pos+most]
	smaller, larger := 2*(pos&(window-1)), 2*(pos&(window-1))+1
	smallerLen, largerLen := 0, 0
	for depth := f.depth; node >= oldest && depth > 0; depth-- {
		there := buf[node : node+most]
		next := 2 * (node & (window - 1))
		n := min(smallerLen, largerLen)
		n += common(here[n:], there[n:])
		if n > longest {
			longest = n
			found = append(found, newMatch(pos-node, n))
		}
		if n >= nice {
			f.child[smaller], f.child[larger] = f.child[next], f.child[next+1]
			return found
		}
		if there[n] < here[n] {
			f.child[smaller] = int32(node)
			smaller, smallerLen = next+1, n
			node = int(f.child[smaller])
		} else {
			f.child[larger] = int32(node)
			larger, largerLen = next, n
			node = int(f.child[larger])
		}
	}
	f.child[smaller], f.child[larger] = gone, gone
	return found
}

// common is the number of leading bytes that two texts of equal length share.
func common(a, b []byte) int {
	n := 0
	for len(a)-n >= 8 && len(b)-n >= 8 {
		if x := binary.LittleEndian.Uint64(a[n:]) ^ binary.LittleEndian.Uint64(b[n:]); x != 0 {
			return n + bits.TrailingZeros64(x)/8
		}
		n += 8
	}
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
