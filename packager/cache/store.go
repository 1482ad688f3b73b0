package cache

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
)

// Store keeps blobs by their digest, and results by the digest of the action that they are
// the result of. It may be used by many goroutines, and by other processes at the same
// time. Its methods are those of a remote cache that speaks the Remote Execution API.
type Store interface {
	// Open returns a blob's content. The error is [ErrMissing] if the store does not have
	// it. Reading it to its end fails with [ErrMissing] too if the content is not the
	// blob's: the caller must not have used it by then.
	Open(ctx context.Context, d Digest) (io.ReadCloser, error)
	// Put keeps a blob. content must be the digest's.
	Put(ctx context.Context, d Digest, content io.Reader) error
	// Result returns the result of an action, or [ErrMissing].
	Result(ctx context.Context, action Digest) (Result, error)
	// SetResult keeps the result of an action. It replaces an earlier one.
	SetResult(ctx context.Context, action Digest, r Result) error
	// Close ends the work with the store.
	Close() error
}

// ErrMissing says that a store does not have what it was asked for, or has it damaged.
var ErrMissing = errors.New("is not in the cache")

// ErrWrong says that a server has sent something else than it was asked for.
var ErrWrong = errors.New("it sends wrong content")

// maxRead bounds what Read holds in memory, in bytes.
const maxRead = 512 << 20

// maxGuess bounds what Read allocates before anything came, in bytes. Whoever wrote the result
// chose the size.
const maxGuess = 32 << 20

// Read returns a blob that fits into memory.
func Read(ctx context.Context, s Store, d Digest) ([]byte, error) {
	if d.Size > maxRead {
		return nil, ErrMissing
	}
	r, err := s.Open(ctx, d)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	content := bytes.NewBuffer(make([]byte, 0, min(d.Size, maxGuess)+bytes.MinRead))
	if _, err := content.ReadFrom(r); err != nil {
		return nil, err
	}
	return content.Bytes(), nil
}

// Write keeps a blob and returns its digest.
func Write(ctx context.Context, s Store, content []byte) (Digest, error) {
	d := Of(content)
	if err := s.Put(ctx, d, bytes.NewReader(content)); err != nil {
		return d, fmt.Errorf("writing to the cache: %w", err)
	}
	return d, nil
}
