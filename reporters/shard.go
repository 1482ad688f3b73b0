package reporters

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"iter"
)

// MaxShards is the largest number of parts.
const MaxShards = 10_000

// A Shard is the part of a project's functions that one of several machines builds. Which
// part a function belongs to depends on its ID alone, so that it stays there when other
// functions come and go.
type Shard struct {
	// Index is the number of this part, from 1 to Of.
	Index int `json:"index"`
	Of    int `json:"of"`
	// Functions is the number of functions in all parts together, and Digest the SHA-256
	// of their IDs, in hexadecimal. [Merge] joins only parts in which they are equal.
	Functions int    `json:"functions"`
	Digest    string `json:"digest"`
}

// NewShard describes part index of a project with the given IDs, which are sorted.
func NewShard(index, of int, ids iter.Seq[string]) *Shard {
	s := &Shard{Index: index, Of: of}
	h := sha256.New()
	for id := range ids {
		s.Functions++
		h.Write([]byte(id))
		h.Write([]byte{0})
	}
	s.Digest = hex.EncodeToString(h.Sum(nil))
	return s
}

// Holds reports whether a function belongs to this part: the first eight bytes of the
// SHA-256 of its ID, as a big-endian number, modulo the number of parts.
func (s Shard) Holds(id string) bool {
	sum := sha256.Sum256([]byte(id))
	return int(binary.BigEndian.Uint64(sum[:8])%uint64(s.Of)) == s.Index-1
}
