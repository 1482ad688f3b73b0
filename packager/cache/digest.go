package cache

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Digest names a blob by its content, as in Bazel's Remote Execution API: the SHA-256 in
// hex, and the size in bytes.
type Digest struct {
	Hash string `json:"hash"`
	Size int64  `json:"size"`
}

// Of is the digest of a blob.
func Of(content []byte) Digest {
	sum := sha256.Sum256(content)
	return Digest{hex.EncodeToString(sum[:]), int64(len(content))}
}

// Valid reports whether a digest can name a blob. A digest that was read from somewhere
// may hold anything.
func (d Digest) Valid() bool {
	if len(d.Hash) != 2*sha256.Size || d.Size < 0 {
		return false
	}
	for _, c := range []byte(d.Hash) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

func (d Digest) String() string { return fmt.Sprintf("%s/%d", d.Hash, d.Size) }
