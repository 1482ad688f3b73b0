package deflate

import (
	"math/bits"
	"slices"
)

// lengths writes the length of each symbol's code for the given counts to out: a
// Huffman code, except that no code is longer than limit. A symbol that is not used
// has length 0, and a symbol that is used alone has length 1.
func lengths(counts []uint32, limit int, out []uint8) {
	clear(out)
	var nodes [maxSymbols]uint64 // count<<16 | symbol
	used := nodes[:0]
	for symbol, n := range counts {
		if n > 0 {
			used = append(used, uint64(n)<<16|uint64(symbol))
		}
	}
	switch len(used) {
	case 0:
		return
	case 1:
		out[used[0]&0xFFFF] = 1
		return
	}
	slices.Sort(used)

	// Moffat and Katajainen, "In-place calculation of minimum-redundancy codes", 1995:
	// a[i] is first a count, then the parent of an inner node, then a depth.
	var a [maxSymbols]int
	n := len(used)
	for i, u := range used {
		a[i] = int(u >> 16)
	}
	a[0] += a[1]
	leaf, root := 2, 0
	for next := 1; next < n-1; next++ {
		if leaf >= n || a[root] < a[leaf] {
			a[next], a[root] = a[root], next
			root++
		} else {
			a[next] = a[leaf]
			leaf++
		}
		if leaf >= n || (root < next && a[root] < a[leaf]) {
			a[next] += a[root]
			a[root] = next
			root++
		} else {
			a[next] += a[leaf]
			leaf++
		}
	}
	a[n-2] = 0
	for i := n - 3; i >= 0; i-- {
		a[i] = a[a[i]] + 1
	}
	var perLength [64]int // the number of codes of each length
	available, inner, depth := 1, n-2, 0
	for available > 0 {
		here := 0
		for inner >= 0 && a[inner] == depth {
			here++
			inner--
		}
		perLength[min(depth, len(perLength)-1)] += available - here
		available, depth = 2*here, depth+1
	}

	// Codes over the limit get its length, and shorter ones are made longer until the
	// code is complete again (Kraft's sum, in units of the shortest share, is 1<<limit).
	for l := limit + 1; l < len(perLength); l++ {
		perLength[limit] += perLength[l]
		perLength[l] = 0
	}
	sum := 0
	for l := 1; l <= limit; l++ {
		sum += perLength[l] << (limit - l)
	}
	for sum > 1<<limit {
		l := limit - 1
		for perLength[l] == 0 {
			l--
		}
		perLength[l]--
		perLength[l+1] += 2
		perLength[limit]--
		sum--
	}

	i := 0
	for l := limit; l >= 1; l-- {
		for range perLength[l] {
			out[used[i]&0xFFFF] = uint8(l)
			i++
		}
	}
}

// codes are the codes of a canonical Huffman code, bits reversed, as the format
// stores them.
func codes(lengths []uint8, out []uint16) {
	var perLength, next [16]uint16
	for _, l := range lengths {
		perLength[l]++
	}
	perLength[0] = 0
	code := uint16(0)
	for l := 1; l < 16; l++ {
		code = (code + perLength[l-1]) << 1
		next[l] = code
	}
	for symbol, l := range lengths {
		if l > 0 {
			out[symbol] = bits.Reverse16(next[l]) >> (16 - l)
			next[l]++
		}
	}
}
