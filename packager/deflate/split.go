package deflate

import "math"

// segmentSymbols is how finely a path is cut: a block ends after a multiple of so
// many literals and matches.
const segmentSymbols = 512

// maxSegments bounds the segments that split compares with each other.
const maxSegments = 160

// splitter cuts a path into blocks.
type splitter struct {
	sums  [maxSegments + 1]histogram // sums[i] counts the symbols of the first i segments
	ends  [maxSegments + 1]int       // where a segment ends, from the start of the path
	cost  [maxSegments + 1]float64
	first [maxSegments + 1]int // the segment that the block ending here starts with
}

// split returns the ends of the blocks that buf[from:to] is best written in, as
// positions of buf. It tries all ways to join neighbouring segments, and takes the
// entropy of a block and an estimate of its header as its cost.
func (s *splitter) split(buf []byte, path []match, from, to int, ends []int) []int {
	n := s.segment(buf, path, from, to)
	for end := 1; end <= n; end++ {
		s.cost[end] = math.Inf(1)
		for start := end - 1; start >= 0; start-- {
			if c := s.cost[start] + s.blockCost(start, end); c < s.cost[end] {
				s.cost[end], s.first[end] = c, start
			}
		}
	}
	from0 := len(ends)
	for end := n; end > 0; end = s.first[end] {
		ends = append(ends, from+s.ends[end])
	}
	for i, j := from0, len(ends)-1; i < j; i, j = i+1, j-1 {
		ends[i], ends[j] = ends[j], ends[i]
	}
	return ends
}

// segment fills sums and ends, and returns the number of segments.
func (s *splitter) segment(buf []byte, path []match, from, to int) int {
	symbols := 0
	for pos := from; pos < to; symbols++ {
		pos += max(1, path[pos-from].length())
	}
	per := max(segmentSymbols, (symbols+maxSegments-1)/maxSegments)
	n, left := 0, per
	s.sums[1] = s.sums[0]
	for pos := from; pos < to; {
		sum := &s.sums[n+1]
		if m := path[pos-from]; m == 0 {
			sum.literals[buf[pos]]++
			pos++
		} else {
			sum.literals[lengthSymbol[m.length()]]++
			sum.distances[slot(m.distance())]++
			pos += m.length()
		}
		if left--; left == 0 || pos >= to {
			n++
			s.ends[n] = pos - from
			left = per
			if pos < to {
				s.sums[n+1] = s.sums[n]
			}
		}
	}
	return n
}

// blockCost is about what a block of the segments from start to end costs, in bits,
// without the extra bits of its matches.
func (s *splitter) blockCost(start, end int) float64 {
	a, b := &s.sums[start], &s.sums[end]
	literals, used := entropy(a.literals[:], b.literals[:], 1)
	distances, usedDistances := entropy(a.distances[:], b.distances[:], 0)
	return literals + distances + headerBits + headerBitsPerSymbol*float64(used+usedDistances)
}

// The estimate of a block's header was fitted to the blocks of bundles and programs.
const (
	headerBits          = 90
	headerBitsPerSymbol = 3
)

// entropy is the information in the symbols that b counts and a does not, in bits,
// and the number of different symbols. more is added to the number of all symbols.
func entropy(a, b []uint32, more uint32) (cost float64, used int) {
	total := more
	for i, n := range b {
		if n -= a[i]; n > 0 {
			total += n
			cost -= nLogN(n)
			used++
		}
	}
	return cost + nLogN(total), used
}

// nLogN is n times the logarithm of n to base 2.
func nLogN(n uint32) float64 {
	if n < uint32(len(smallLogs)) {
		return smallLogs[n]
	}
	return float64(n) * math.Log2(float64(n))
}

var smallLogs = func() (table [4096]float64) {
	for i := 1; i < len(table); i++ {
		table[i] = float64(i) * math.Log2(float64(i))
	}
	return table
}()
