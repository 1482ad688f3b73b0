package deflate

import "math"

// Symbols of the format, RFC 1951 section 3.2.5.
const (
	endOfBlock     = 256
	literalSymbols = 286
	distSymbols    = 30
	maxSymbols     = 288
)

// lengthSymbol and lengthExtra are the symbol of each match length, and the number
// of extra bits that follow it. distanceSlots and distanceExtra are the same for
// distances; slot looks a distance up.
var (
	lengthSymbol, lengthBase, lengthExtra = lengthTable()
	distanceBase, distanceExtra           = distanceTable()
	nearSlots                             = slotTable()
)

func lengthTable() (symbol [maxMatch + 1]uint16, base [literalSymbols]uint16, extra [literalSymbols]uint8) {
	length := minMatch
	for s := 257; s < 285; s++ {
		if s >= 265 {
			extra[s] = uint8((s - 261) / 4)
		}
		base[s] = uint16(length)
		for range 1 << extra[s] {
			if length < maxMatch {
				symbol[length] = uint16(s)
			}
			length++
		}
	}
	base[285], symbol[maxMatch] = maxMatch, 285
	return symbol, base, extra
}

func distanceTable() (base [distSymbols]uint16, extra [distSymbols]uint8) {
	distance := 1
	for s := range base {
		if s >= 4 {
			extra[s] = uint8(s/2 - 1)
		}
		base[s] = uint16(distance - 1)
		distance += 1 << extra[s]
	}
	return base, extra
}

func slotTable() (near [512]uint8) {
	slotOf := func(distance int) uint8 {
		s := distSymbols - 1
		for int(distanceBase[s])+1 > distance {
			s--
		}
		return uint8(s)
	}
	for i := range 256 {
		near[i] = slotOf(i + 1)
		near[256+i] = slotOf(i<<7 + 1)
	}
	return near
}

// slot is the symbol of a distance of 1 to 32768.
func slot(distance int) uint8 {
	if distance <= 256 {
		return nearSlots[distance-1]
	}
	return nearSlots[256+(distance-1)>>7]
}

// histogram counts the symbols of a block.
type histogram struct {
	literals  [literalSymbols]uint32
	distances [distSymbols]uint32
}

// count counts the symbols of a path over buf[from:to], and the end of the block.
func (h *histogram) count(buf []byte, path []match, from, to int) {
	*h = histogram{}
	h.literals[endOfBlock] = 1
	for pos := from; pos < to; {
		m := path[pos-from]
		if m == 0 {
			h.literals[buf[pos]]++
			pos++
			continue
		}
		h.literals[lengthSymbol[m.length()]]++
		h.distances[slot(m.distance())]++
		pos += m.length()
	}
}

// Prices are in sixteenths of a bit.
const bit = 16

// prices are what the symbols cost, extra bits included.
type prices struct {
	literal  [256]uint32
	length   [maxMatch + 1]uint32
	distance [distSymbols]uint32
}

// firstPrices are for a text of which nothing is known.
func firstPrices() *prices {
	p := &prices{}
	for i := range p.literal {
		p.literal[i] = 7*bit - bit/2
	}
	for l := minMatch; l <= maxMatch; l++ {
		p.length[l] = 5*bit + bit*uint32(lengthExtra[lengthSymbol[l]]) + uint32(min(l, 64))*bit/16
	}
	for s := range p.distance {
		p.distance[s] = 4*bit + bit*uint32(distanceExtra[s])
	}
	return p
}

// fromEntropy sets the prices to the information of each symbol under the counts.
// A symbol that was not used costs a bit more than one that was used once.
func (p *prices) fromEntropy(h *histogram) {
	var literals [literalSymbols]uint32
	information(h.literals[:], literals[:])
	information(h.distances[:], p.distance[:])
	p.set(&literals)
}

// fromLengths sets the prices to the lengths of codes.
func (p *prices) fromLengths(literals, distances []uint8) {
	var l [literalSymbols]uint32
	for i, n := range literals {
		l[i] = bit * uint32(n)
		if n == 0 {
			l[i] = 13 * bit
		}
	}
	for i, n := range distances {
		p.distance[i] = bit * uint32(n)
		if n == 0 {
			p.distance[i] = 9 * bit
		}
	}
	p.set(&l)
}

// set completes prices: p.distance holds what distances cost without their extra bits.
func (p *prices) set(literals *[literalSymbols]uint32) {
	copy(p.literal[:], literals[:256])
	for l := minMatch; l <= maxMatch; l++ {
		s := lengthSymbol[l]
		p.length[l] = literals[s] + bit*uint32(lengthExtra[s])
	}
	for s := range p.distance {
		p.distance[s] += bit * uint32(distanceExtra[s])
	}
}

func information(counts []uint32, out []uint32) {
	total := uint32(0)
	for _, n := range counts {
		total += n
	}
	all := math.Log2(float64(max(total, 1)))
	for i, n := range counts {
		cost := all - math.Log2(max(float64(n), 0.5))
		out[i] = uint32(min(max(cost, 1), 15)*bit + 0.5)
	}
}

// parse finds the cheapest path over buf[from:to] and writes it to path: at each
// position, the match to take there, or 0 for a literal. The matches of position
// from+i are found[starts[i]:starts[i+1]]. cost is scratch, one longer than the text.
func parse(p *prices, buf []byte, from, to int, starts []uint32, found []match, path []match, cost []uint32) {
	n := to - from
	text := buf[from:to]
	path, cost, starts = path[:n], cost[:n+1], starts[:n+1]
	cost[n] = 0
	for i := n - 1; i >= 0; i-- {
		best, choice := p.literal[text[i]]+cost[i+1], match(0)
		length := minMatch
		for _, m := range found[starts[i]:starts[i+1]] {
			base := p.distance[slot(m.distance())]
			end := min(m.length(), n-i)
			if length > end {
				break
			}
			prices, costs := p.length[length:end+1], cost[i+length:i+end+1]
			distance := m &^ 511
			for k, price := range prices {
				if c := base + price + costs[k]; c < best {
					best, choice = c, distance|match(length+k)
				}
			}
			length = end + 1
		}
		cost[i], path[i] = best, choice
	}
}
