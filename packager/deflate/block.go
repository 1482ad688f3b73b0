package deflate

import "encoding/binary"

// The forms of a block, RFC 1951 section 3.2.3.
const (
	stored = iota
	fixed
	dynamic
)

// A code is a pair of Huffman codes and how a block's header describes them.
type code struct {
	literals  [maxSymbols]uint8
	distances [32]uint8
	header    []header // the lengths of both codes, run-length encoded
	headerLen [19]uint8
	literalN  int // code lengths that the header holds
	distanceN int
	headerN   int
	bits      int // the header's size
}

// header is a symbol of the header, with its extra bits.
type header struct{ symbol, extra uint8 }

// headerOrder is the order in which the lengths of the header's own code are stored.
var headerOrder = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

var headerExtra = [19]uint8{16: 2, 17: 3, 18: 7}

// fixedCode is the code of fixed blocks.
var fixedCode = func() (c code) {
	for i := range c.literals {
		switch {
		case i < 144:
			c.literals[i] = 8
		case i < 256:
			c.literals[i] = 9
		case i < 280:
			c.literals[i] = 7
		default:
			c.literals[i] = 8
		}
	}
	for i := range c.distances {
		c.distances[i] = 5
	}
	return c
}()

// size is the number of bits of a block's symbols under the code, extra bits
// included, its header apart.
func (c *code) size(h *histogram) int {
	n := 0
	for i, count := range h.literals {
		n += int(count) * int(c.literals[i]+lengthExtra[i])
	}
	for i, count := range h.distances {
		n += int(count) * int(c.distances[i]+distanceExtra[i])
	}
	return n
}

// build makes the code that is the smallest for the counts, header included: the
// Huffman code, or that of counts which are smoothed so that the header is shorter.
func (c *code) build(h *histogram, scratch *code) (size int) {
	c.fromCounts(h)
	size = c.bits + c.size(h)
	smooth := *h
	smoothed(smooth.literals[:])
	smoothed(smooth.distances[:])
	scratch.fromCounts(&smooth)
	if other := scratch.bits + scratch.size(h); other < size {
		*c, *scratch = *scratch, *c
		size = other
	}
	return size
}

func (c *code) fromCounts(h *histogram) {
	lengths(h.literals[:], 15, c.literals[:literalSymbols])
	lengths(h.distances[:], 15, c.distances[:distSymbols])
	c.literalN, c.distanceN = literalSymbols, distSymbols
	for c.literalN > 257 && c.literals[c.literalN-1] == 0 {
		c.literalN--
	}
	for c.distanceN > 1 && c.distances[c.distanceN-1] == 0 {
		c.distanceN--
	}
	var all [maxSymbols + 32]uint8
	n := copy(all[:], c.literals[:c.literalN])
	n += copy(all[n:], c.distances[:c.distanceN])

	c.bits = -1
	var best []header
	var counts [19]uint32
	for choice := range 4 {
		encoded := encodeLengths(all[:n], choice&1 != 0, choice&2 != 0, nil)
		counts = [19]uint32{}
		for _, e := range encoded {
			counts[e.symbol]++
		}
		var lens [19]uint8
		lengths(counts[:], 7, lens[:])
		if counts[encoded[0].symbol] == uint32(len(encoded)) {
			lens[(encoded[0].symbol+1)%19] = 1 // zlib refuses a header whose code has one symbol
		}
		stored := 19
		for stored > 4 && lens[headerOrder[stored-1]] == 0 {
			stored--
		}
		size := 14 + 3*stored
		for s, count := range counts {
			size += int(count) * int(lens[s]+headerExtra[s])
		}
		if c.bits < 0 || size < c.bits {
			c.bits, c.headerN, c.headerLen, best = size, stored, lens, encoded
		}
	}
	c.header = best
}

// encodeLengths run-length encodes the lengths of codes. repeat and zeros choose
// whether to use the symbols for short runs, which may cost more than they save.
func encodeLengths(lengths []uint8, repeat, zeros bool, out []header) []header {
	for i := 0; i < len(lengths); {
		l, run := lengths[i], 1
		for i+run < len(lengths) && lengths[i+run] == l {
			run++
		}
		i += run
		if l == 0 {
			for run >= 11 {
				n := min(run, 138)
				out = append(out, header{18, uint8(n - 11)})
				run -= n
			}
			if zeros && run >= 3 {
				out = append(out, header{17, uint8(run - 3)})
				run = 0
			}
		} else if repeat && run >= 4 {
			out = append(out, header{l, 0})
			run--
			for run >= 3 {
				n := min(run, 6)
				if left := run - n; left > 0 && left < 3 && run >= 6 {
					n = run - 3 // so that the rest is a run as well
				}
				n = min(n, 6)
				out = append(out, header{16, uint8(n - 3)})
				run -= n
			}
		}
		for range run {
			out = append(out, header{l, 0})
		}
	}
	return out
}

// smoothed makes neighbouring counts equal where they are close, so that their codes
// have equal lengths, which the header stores as a run.
func smoothed(counts []uint32) {
	n := len(counts)
	for n > 0 && counts[n-1] == 0 {
		n--
	}
	for i := 0; i < n; {
		sum, j := counts[i], i+1
		if counts[i] == 0 {
			i++
			continue
		}
		for j < n && counts[j] > 0 {
			mean := sum / uint32(j-i)
			if d := max(counts[j], mean) - min(counts[j], mean); d > max(1, mean/5) {
				break
			}
			sum += counts[j]
			j++
		}
		if j-i >= 4 {
			mean := max(1, (sum+uint32(j-i)/2)/uint32(j-i))
			for k := i; k < j; k++ {
				counts[k] = mean
			}
		}
		i = j
	}
}

// bitWriter collects bits, the lowest first.
type bitWriter struct {
	out  []byte
	bits uint64
	n    uint
}

func (w *bitWriter) write(value uint64, n uint) {
	w.bits |= value << w.n
	w.n += n
	if w.n >= 32 {
		w.out = binary.LittleEndian.AppendUint32(w.out, uint32(w.bits))
		w.bits >>= 32
		w.n -= 32
	}
}

// align fills the last byte with zeroes.
func (w *bitWriter) align() {
	for w.n > 0 {
		w.out = append(w.out, byte(w.bits))
		w.bits >>= 8
		w.n -= min(w.n, 8)
	}
	w.bits = 0
}

// block writes a block in its smallest form. c is the code for a dynamic block, and
// size its size with that code.
func (w *bitWriter) block(text []byte, path []match, h *histogram, c *code, size int, last bool) {
	final := uint64(0)
	if last {
		final = 1
	}
	storedSize := 8*len(text) + (len(text)+0xFFFE)/0xFFFF*(3+32+7)
	fixedSize := fixedCode.size(h)
	switch {
	case len(text) > 0 && storedSize <= min(size, fixedSize):
		w.stored(text, final)
		return
	case fixedSize <= size:
		w.write(final|fixed<<1, 3)
		c = &fixedCode
	default:
		w.write(final|dynamic<<1, 3)
		w.header(c)
	}
	w.symbols(text, path, c)
}

func (w *bitWriter) stored(text []byte, final uint64) {
	for len(text) > 0 {
		n := min(len(text), 0xFFFF)
		if n == len(text) {
			w.write(final|stored<<1, 3)
		} else {
			w.write(stored<<1, 3)
		}
		w.align()
		w.out = binary.LittleEndian.AppendUint16(w.out, uint16(n))
		w.out = binary.LittleEndian.AppendUint16(w.out, ^uint16(n))
		w.out = append(w.out, text[:n]...)
		text = text[n:]
	}
}

func (w *bitWriter) header(c *code) {
	w.write(uint64(c.literalN-257), 5)
	w.write(uint64(c.distanceN-1), 5)
	w.write(uint64(c.headerN-4), 4)
	for _, s := range headerOrder[:c.headerN] {
		w.write(uint64(c.headerLen[s]), 3)
	}
	var headerCodes [19]uint16
	codes(c.headerLen[:], headerCodes[:])
	for _, h := range c.header {
		w.write(uint64(headerCodes[h.symbol]), uint(c.headerLen[h.symbol]))
		w.write(uint64(h.extra), uint(headerExtra[h.symbol]))
	}
}

func (w *bitWriter) symbols(text []byte, path []match, c *code) {
	var literals [maxSymbols]uint16
	var distances [32]uint16
	codes(c.literals[:], literals[:])
	codes(c.distances[:], distances[:])
	for pos := 0; pos < len(text); {
		m := path[pos]
		if m == 0 {
			w.write(uint64(literals[text[pos]]), uint(c.literals[text[pos]]))
			pos++
			continue
		}
		l, d := m.length(), m.distance()
		s := lengthSymbol[l]
		w.write(uint64(literals[s]), uint(c.literals[s]))
		w.write(uint64(l-int(lengthBase[s])), uint(lengthExtra[s]))
		ds := slot(d)
		w.write(uint64(distances[ds]), uint(c.distances[ds]))
		w.write(uint64(d-1-int(distanceBase[ds])), uint(distanceExtra[ds]))
		pos += l
	}
	w.write(uint64(literals[endOfBlock]), uint(c.literals[endOfBlock]))
}
