package reapi

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"path"

	"google.golang.org/genproto/googleapis/bytestream"

	"github.com/featherpack/featherpack/packager/cache"
	"github.com/featherpack/featherpack/packager/cache/stall"
)

// piece is how much of a blob is sent in one message, in bytes.
const piece = 256 << 10

// read opens a blob as a stream.
func (c *Client) read(ctx context.Context, d cache.Digest) (io.ReadCloser, error) {
	w := stall.Start(c.authorized(ctx), c.o.Stall)
	stream, err := c.streams.Read(w.Ctx, &bytestream.ReadRequest{ResourceName: path.Join(c.o.Instance, "blobs", d.Hash, fmt.Sprint(d.Size))})
	if err != nil {
		err = reason(w.Ctx, err)
		w.End()
		return nil, err
	}
	return &reader{w: w, stream: stream, sum: sha256.New(), left: d.Size, want: d.Hash}, nil
}

// reader fails at the end of a content that is not the blob, and once there is too much.
type reader struct {
	w      *stall.Watch
	stream bytestream.ByteStream_ReadClient
	data   []byte
	sum    hash.Hash
	left   int64
	want   string
}

func (r *reader) Read(p []byte) (int, error) {
	for len(r.data) == 0 {
		got, err := r.stream.Recv()
		if err == io.EOF && (r.left != 0 || hex.EncodeToString(r.sum.Sum(nil)) != r.want) {
			return 0, cache.ErrWrong
		}
		if err != nil {
			return 0, reason(r.w.Ctx, err)
		}
		r.w.Progress()
		r.data = got.Data
		r.sum.Write(r.data)
		if r.left -= int64(len(r.data)); r.left < 0 {
			return 0, cache.ErrWrong
		}
	}
	n := copy(p, r.data)
	r.data = r.data[n:]
	return n, nil
}

func (r *reader) Close() error {
	r.w.End()
	return nil
}

// write sends a blob as a stream.
func (c *Client) write(ctx context.Context, d cache.Digest, content io.Reader) error {
	w := stall.Start(c.authorized(ctx), c.o.Stall)
	defer w.End()
	stream, err := c.streams.Write(w.Ctx)
	if err != nil {
		return reason(w.Ctx, err)
	}
	id := make([]byte, 16)
	_, _ = rand.Read(id)
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80 // a random UUID
	name := path.Join(c.o.Instance, "uploads", fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:]), "blobs", d.Hash, fmt.Sprint(d.Size))
	data := make([]byte, piece)
	for at := int64(0); at < d.Size; {
		n, err := io.ReadFull(content, data[:min(piece, d.Size-at)])
		if err != nil {
			return err
		}
		request := &bytestream.WriteRequest{WriteOffset: at, Data: data[:n], FinishWrite: at+int64(n) == d.Size}
		if at == 0 {
			request.ResourceName = name
		}
		if stream.Send(request) != nil {
			break // the server says why below, or that it has the blob
		}
		w.Progress()
		at += int64(n)
	}
	done, err := stream.CloseAndRecv()
	if err != nil {
		return reason(w.Ctx, err)
	}
	if done.CommittedSize != d.Size && done.CommittedSize != -1 {
		return cache.ErrWrong
	}
	return nil
}
