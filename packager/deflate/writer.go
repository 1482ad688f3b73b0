package deflate

import (
	"errors"
	"io"
)

var errClosed = errors.New("deflate: the stream is closed")

// Level is how hard a Writer tries.
type Level struct {
	depth  int // positions that a search for matches looks at
	nice   int // a match of this length ends a search
	passes int // times that a block is parsed under the prices of its own code; 0 is lazy
}

// The levels, measured on the bundles of testdata/apps/orders (9.3 MB) and a stripped
// Go program (23.5 MB), Go 1.26.8, by `go test -bench Peers`:
//
//	                  bundles        CPU       program        CPU
//	Default         2,728,955     0.35 s     9,212,885     1.16 s
//	Best            2,665,214     1.65 s     8,916,234     4.49 s
//	zip -9          2,786,365     0.30 s     9,265,070     3.49 s
//	7z -mx=9        2,672,411     4.07 s     8,926,609    11.24 s
//	klauspost 9     2,813,408     0.33 s     9,393,589     2.14 s
//
// More depth or passes than Best has make files smaller by 0.03%.
var (
	Default = Level{depth: 48, nice: 128}
	Best    = Level{depth: 32, nice: 128, passes: 2}
)

const (
	partBytes  = 256 << 10 // what is searched, parsed and split at once
	carryBytes = 128 << 10 // a last block of at most so many bytes may go on in the next part
)

// Writer compresses what is written to it. The zero value is not usable; see
// [NewWriter].
type Writer struct {
	w     io.Writer
	level Level
	err   error

	buf    []byte // up to a window that is written, and what is not written yet
	start  int    // of what is not written yet, in buf
	done   int    // buf[start:done] has been searched
	starts []uint32
	found  []match

	finder *finder
	chains *chains // instead of finder, if the level is lazy
	split  splitter
	path   []match
	trial  []match
	cost   []uint32
	ends   []int
	bits   bitWriter
}

// NewWriter returns a Writer that writes a raw DEFLATE stream to w. Close ends the
// stream.
func NewWriter(w io.Writer, level Level) *Writer {
	z := &Writer{level: level}
	if level.passes == 0 {
		z.chains = &chains{depth: level.depth, nice: level.nice}
	} else {
		z.finder = &finder{depth: level.depth, nice: level.nice}
	}
	z.Reset(w)
	return z
}

// Reset makes z equal to a new Writer of the same level.
func (z *Writer) Reset(w io.Writer) {
	z.w, z.err = w, nil
	z.buf, z.start, z.done = z.buf[:0], 0, 0
	z.starts, z.found = append(z.starts[:0], 0), z.found[:0]
	if z.chains != nil {
		z.chains.reset()
	} else {
		z.finder.reset()
	}
	z.bits = bitWriter{out: z.bits.out[:0]}
}

// Write implements [io.Writer].
func (z *Writer) Write(p []byte) (n int, err error) {
	for len(p) > 0 && z.err == nil {
		k := min(len(p), z.done+partBytes+maxMatch-len(z.buf))
		z.buf = append(z.buf, p[:k]...)
		p = p[k:]
		n += k
		if len(z.buf) == z.done+partBytes+maxMatch {
			z.part(false)
		}
	}
	return n, z.err
}

// Close writes the rest of the stream. It does not close the underlying writer.
func (z *Writer) Close() error {
	if z.err != nil {
		return z.err
	}
	z.part(true)
	if z.err == nil {
		z.err = errClosed
		return nil
	}
	return z.err
}

// part finds, parses, splits and writes what can be written of the buffer.
func (z *Writer) part(last bool) {
	end := len(z.buf)
	if !last {
		end -= maxMatch
	}
	n := end - z.start
	z.path = grow(z.path, n)
	if z.chains != nil {
		z.chains.path(z.buf, z.start, end, z.path)
		z.done = end
	} else {
		z.search(end)
		z.trial, z.cost = grow(z.trial, n), grow(z.cost, n+1)
		parse(firstPrices(), z.buf, z.start, end, z.starts, z.found, z.path, z.cost)
	}
	z.ends = z.split.split(z.buf, z.path[:n], z.start, end, z.ends[:0])
	if len(z.ends) == 0 {
		z.ends = append(z.ends, end)
	}
	written := z.start
	for i, to := range z.ends {
		final := i == len(z.ends)-1
		if final && !last && z.chains == nil && (to-written <= carryBytes && i > 0 || to-written <= partBytes/2) {
			break
		}
		z.block(written, to, last && final)
		written = to
	}
	z.advance(written)
	if last {
		z.bits.align()
	}
	_, z.err = z.w.Write(z.bits.out)
	z.bits.out = z.bits.out[:0]
}

func grow[E any](s []E, n int) []E {
	if cap(s) < n {
		return make([]E, n+n/4)
	}
	return s[:cap(s)]
}

// search finds the matches of buf[done:end].
func (z *Writer) search(end int) {
	skip := 0 // positions within a long match, whose own matches are not needed
	for pos := z.done; pos < end; pos++ {
		had := len(z.found)
		z.found = z.finder.at(z.buf, pos, z.found)
		if skip > 0 {
			z.found = z.found[:had]
			skip--
		} else if len(z.found) > had {
			if n := z.found[len(z.found)-1].length(); n >= z.level.nice {
				skip = n - 1
			}
		}
		z.starts = append(z.starts, uint32(len(z.found)))
	}
	z.done = end
}

// block writes buf[from:to]. It parses the block under the prices of its own code,
// again and again, and keeps the smallest.
func (z *Writer) block(from, to int, last bool) {
	path := z.path[from-z.start : to-z.start]
	var h, smallest histogram
	var c, best, scratch code
	smallest.count(z.buf, path, from, to)
	size := best.build(&smallest, &scratch)
	p := &prices{}
	h = smallest
	if z.chains != nil {
		z.bits.block(z.buf[from:to], path, &smallest, &best, size, last)
		return
	}
	starts := z.starts[from-z.start:]
	for pass := range z.level.passes {
		if pass == 0 {
			p.fromEntropy(&h)
		} else {
			p.fromLengths(c.literals[:literalSymbols], c.distances[:distSymbols])
		}
		trial := z.trial[:to-from]
		parse(p, z.buf, from, to, starts, z.found, trial, z.cost)
		h.count(z.buf, trial, from, to)
		n := c.build(&h, &scratch)
		if n < size {
			size, smallest = n, h
			best = c
			copy(path, trial)
		}
	}
	z.bits.block(z.buf[from:to], path, &smallest, &best, size, last)
}

// advance drops what is written from the buffer, except for a window.
func (z *Writer) advance(written int) {
	if z.chains == nil {
		z.forget(written - z.start)
	}
	z.start = written
	if shift := (written - window) &^ (window - 1); shift > 0 {
		z.buf = z.buf[:copy(z.buf, z.buf[shift:])]
		z.start, z.done = z.start-shift, z.done-shift
		if z.chains != nil {
			z.chains.slide(shift)
		} else {
			z.finder.slide(shift)
		}
	}
}

// forget drops the matches of the first k positions.
func (z *Writer) forget(k int) {
	base := z.starts[k]
	z.found = z.found[:copy(z.found, z.found[base:])]
	z.starts = z.starts[:copy(z.starts, z.starts[k:])]
	for i := range z.starts {
		z.starts[i] -= base
	}
}
