package packager

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
)

// The rows for bytes that do not come from an input.
const (
	// RowOverhead is the zip's headers and central directory.
	RowOverhead = "(zip overhead)"
	// RowRuntime is code that the bundler added to a file it generated.
	RowRuntime = "(bundler runtime)"
	// RowNames is a file that lists the exports of a program, which ships in another file.
	RowNames = "(names of exports)"
)

// attribute computes which input every byte of the artifact came from. Inputs come
// first, in the graph's order, then rows by name. A file's compressed size is
// divided in proportion to unzipped bytes, so the part of one input is an estimate,
// but the sum is exact. files must be the artifact's files in the same order.
func attribute(inputs int, files []File, a Artifact) ([]Share, error) {
	var all []Share
	overhead := a.ZipBytes
	for i, f := range files {
		e := a.Entries[i]
		shares, err := partition(inputs, f, e.Bytes)
		if err != nil {
			return nil, err
		}
		apportion(shares, e.Bytes, e.ZipBytes)
		all = append(all, shares...)
		overhead -= e.ZipBytes
	}
	all = append(all, Share{Input: -1, Row: RowOverhead, Zipped: overhead})
	return merge(all), nil
}

// partition returns one share for each owner of a file's bytes. inputs is the size of the
// graph.
func partition(inputs int, f File, size int64) ([]Share, error) {
	rest := size
	shares := make([]Share, 0, len(f.Parts)+1)
	for _, p := range f.Parts {
		if p.Bytes < 0 || p.Bytes > rest {
			return nil, misattributed(f.Name, fmt.Sprintf("cover more than its %d bytes", size))
		}
		if p.Input >= inputs {
			return nil, misattributed(f.Name, "name an input that is not in the graph")
		}
		s := Share{Input: p.Input, Unzipped: p.Bytes}
		if p.Input < 0 {
			s.Input, s.Row = -1, cmp.Or(p.Row, RowRuntime)
		}
		shares = append(shares, s)
		rest -= p.Bytes
	}
	if rest > 0 {
		row := RowRuntime
		if f.Content == nil {
			row = f.Name
		}
		shares = append(shares, Share{Input: -1, Row: row, Unzipped: rest})
	}
	return merge(shares), nil
}

// FitParts takes from the inputs' parts, each by its size, what they cover too much: a source
// map does not show where every byte was that a pass took out, and there may be none.
func FitParts(parts []Part, size int64) {
	var inputs, excess int64
	for _, p := range parts {
		excess += p.Bytes
		if p.Input >= 0 {
			inputs += p.Bytes
		}
	}
	if excess -= size; excess <= 0 || inputs == 0 {
		return
	}
	excess = min(excess, inputs)
	rest, largest := excess, -1
	for i := range parts {
		if parts[i].Input < 0 {
			continue
		}
		taken := int64(float64(parts[i].Bytes) * float64(excess) / float64(inputs))
		parts[i].Bytes -= taken
		rest -= taken
		if largest < 0 || parts[i].Bytes > parts[largest].Bytes {
			largest = i
		}
	}
	for i := largest; rest > 0; i = (i + 1) % len(parts) { // what rounding left
		if parts[i].Input >= 0 && parts[i].Bytes > 0 {
			parts[i].Bytes--
			rest--
		}
	}
}

// apportion divides the compressed bytes by largest remainder. Among equal
// remainders the earlier share gets the byte.
func apportion(shares []Share, size, packed int64) {
	if size == 0 {
		return
	}
	type remainder struct {
		share int
		of    uint64
	}
	remainders := make([]remainder, len(shares))
	left := packed
	for i := range shares {
		// Both factors may have 32 bits, so an int64 product could overflow.
		hi, lo := bits.Mul64(uint64(packed), uint64(shares[i].Unzipped))
		whole, rest := bits.Div64(hi, lo, uint64(size))
		shares[i].Zipped = int64(whole)
		left -= int64(whole)
		remainders[i] = remainder{i, rest}
	}
	slices.SortStableFunc(remainders, func(a, b remainder) int { return cmp.Compare(b.of, a.of) })
	for _, r := range remainders[:left] {
		shares[r.share].Zipped++
	}
}

// merge sorts shares and adds up the shares of the same owner.
func merge(shares []Share) []Share {
	slices.SortStableFunc(shares, func(a, b Share) int {
		return cmp.Or(
			cmp.Compare(min(a.Input, 0), min(b.Input, 0))*-1,
			cmp.Compare(a.Input, b.Input), cmp.Compare(a.Row, b.Row))
	})
	merged := shares[:0]
	for _, s := range shares {
		if last := len(merged) - 1; last >= 0 && merged[last].Input == s.Input && merged[last].Row == s.Row {
			merged[last].Unzipped += s.Unzipped
			merged[last].Zipped += s.Zipped
			continue
		}
		merged = append(merged, s)
	}
	return merged
}

func misattributed(name, fact string) error {
	return analyzer.Diagnostic{
		Code: "attribution", Severity: analyzer.Error,
		Message: "the parts of " + shown(name) + " " + fact,
		Hint:    "this is a bug in featherpack: please report it with the function's source",
	}
}
