package deflate

import (
	"encoding/binary"
	"math/bits"
)

// chains finds one long match at a position: it follows the chain of earlier
// positions that have the same hash of four bytes, newest first.
//
// Positions are indexes of the buffer. slide must be called when the buffer moves.
type chains struct {
	newest3 [1 << hashBits3]int32
	newest4 [1 << hashBits4]int32
	older   [window]int32 // the next older position of the same hash, by position%window
	depth   int           // positions that a search looks at
	nice    int           // a match of this length is taken at once
}

func (c *chains) reset() {
	for i := range c.newest3 {
		c.newest3[i] = gone
	}
	for i := range c.newest4 {
		c.newest4[i] = gone
	}
}

// slide moves all positions down by n, a multiple of window.
func (c *chains) slide(n int) {
	for _, table := range [][]int32{c.newest3[:], c.newest4[:], c.older[:]} {
		for i, p := range table {
			table[i] = max(p-int32(n), gone)
		}
	}
}

// add adds the position to the chains, and returns the newest earlier positions with
// the same three and four bytes. Positions must be added in order, without gaps.
func (c *chains) add(four uint32, pos int) (three, chain int) {
	p3 := &c.newest3[four<<8*0x9E3779B1>>(32-hashBits3)]
	p4 := &c.newest4[four*0x9E3779B1>>(32-hashBits4)]
	three, chain = int(*p3), int(*p4)
	*p3, *p4 = int32(pos), int32(pos)
	c.older[pos&(window-1)] = int32(chain)
	return three, chain
}

// longest adds the position, and returns its longest match that is longer than
// atLeast, or 0.
func (c *chains) longest(buf []byte, pos, atLeast, most, depth int) match {
	four := binary.LittleEndian.Uint32(buf[pos:])
	three, node := c.add(four, pos)
	oldest := pos - window + 1
	found := match(0)
	here := buf[pos : pos+most]
	best := atLeast
	if best < 3 && three >= oldest && pos-three <= 4096 && (binary.LittleEndian.Uint32(buf[three:])^four)<<8 == 0 {
		best, found = 3, newMatch(pos-three, 3)
	}
	best = max(best, 3)
	if best >= most {
		return found
	}
	// A longer match has the same four bytes around its new end.
	tail := binary.LittleEndian.Uint32(here[best-3:])
	for ; node >= oldest && depth > 0; depth-- {
		if binary.LittleEndian.Uint32(buf[node+best-3:]) == tail && binary.LittleEndian.Uint32(buf[node:]) == four {
			if n := 4 + common(here[4:], buf[node+4:node+most]); n > best {
				best, found = n, newMatch(pos-node, n)
				if n >= c.nice || n >= most {
					return found
				}
				tail = binary.LittleEndian.Uint32(here[best-3:])
			}
		}
		node = int(c.older[node&(window-1)])
	}
	return found
}

// path writes a path over buf[from:to] to path. It takes the longest match of a
// position, unless one of the next two positions has a better one.
func (c *chains) path(buf []byte, from, to int, path []match) {
	added := from // positions below it are in the chains
	search := func(pos, atLeast, depth int) match {
		most := min(maxMatch, to-pos)
		if most < 4 {
			return 0
		}
		added = pos + 1
		return c.longest(buf, pos, atLeast, most, depth)
	}
	m := search(from, 0, c.depth)
	for pos := from; pos < to; {
		better := 0
		for ahead := 1; m != 0 && ahead <= 2 && m.length() < c.nice; ahead++ {
			next := search(pos+ahead, m.length()-ahead, c.depth>>ahead)
			if next != 0 && worth(next) > worth(m)+6*(ahead-1) {
				m, better = next, ahead
				break
			}
		}
		if better > 0 {
			clear(path[pos-from : pos-from+better])
			pos += better
			continue
		}
		path[pos-from] = m
		pos += max(1, m.length())
		for ; added < min(pos, len(buf)-3); added++ {
			c.add(binary.LittleEndian.Uint32(buf[added:]), added)
		}
		m = search(pos, 0, c.depth)
	}
}

// worth compares matches: four units for a byte, one less for each bit of distance.
func worth(m match) int { return 4*m.length() - bits.Len(uint(m.distance())) }
