package packager

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/deflate"
	"github.com/klauspost/compress/flate"
)

// efforts are the encoders by the name of the effort. "fast" is 3 to 5% larger than
// "default" and takes a third of its time; "best" is 2 to 4% smaller and takes five
// times as long: see [deflate.Best] for the figures. All are deterministic for one
// version of their code. klauspost's is pinned in go.mod.
var efforts = map[string]*encoder{
	"fast":    newEncoder(func() (deflater, error) { return flate.NewWriter(io.Discard, 6) }),
	"default": newEncoder(func() (deflater, error) { return deflate.NewWriter(io.Discard, deflate.Default), nil }),
	"best":    newEncoder(func() (deflater, error) { return deflate.NewWriter(io.Discard, deflate.Best), nil }),
}

func effortNamed(name string) (*encoder, error) {
	if name == "" {
		name = "default"
	}
	if e, ok := efforts[name]; ok {
		return e, nil
	}
	return nil, analyzer.Diagnostic{
		Code: "unknown-compress", Severity: analyzer.Error,
		Message: fmt.Sprintf("there is no compression named %q", name),
		Hint:    "use fast, default or best",
	}
}

// squeeze writes a file at an offset of w: deflated, or stored if that is not smaller.
// It may leave unused bytes behind that, which the caller overwrites.
func squeeze(ctx context.Context, w store, at int64, src *source, t traits, compress *encoder) (method uint16, size int64, err error) {
	size, err = compress.encode(ctx, io.NewOffsetWriter(w, at), t.size, src, t)
	if errors.Is(err, errNotSmaller) {
		size, err = src.copyTo(ctx, io.NewOffsetWriter(w, at), t)
		return methodStore, size, err
	}
	return methodDeflate, size, err
}

// deflater is the common interface of the encoders. Reset makes one equal to a new
// one, even after an error. Reuse saves allocating about a megabyte per file.
type deflater interface {
	io.WriteCloser
	Reset(io.Writer)
}

type encoder struct{ idle sync.Pool }

type attempt struct {
	deflater
	buffer *bufio.Writer
}

func newEncoder(open func() (deflater, error)) *encoder {
	return &encoder{sync.Pool{New: func() any {
		d, err := open()
		if err != nil {
			panic(err) // the level is a constant of this file
		}
		return &attempt{d, bufio.NewWriterSize(nil, copyBytes)}
	}}}
}

var errNotSmaller = errors.New("not smaller")

// encode writes the deflated file to w. It stops with errNotSmaller as soon as the
// result reaches limit bytes.
func (e *encoder) encode(ctx context.Context, w io.Writer, limit int64, src *source, t traits) (int64, error) {
	a := e.idle.Get().(*attempt)
	defer e.idle.Put(a)
	capped := &cappedWriter{w: w, left: limit - 1}
	a.buffer.Reset(capped)
	a.deflater.Reset(a.buffer)
	if _, err := src.copyTo(ctx, a, t); err != nil {
		return 0, err
	}
	if err := a.Close(); err != nil {
		return 0, err
	}
	if err := a.buffer.Flush(); err != nil {
		return 0, err
	}
	return limit - 1 - capped.left, nil
}

// cappedWriter accepts left more bytes.
type cappedWriter struct {
	w    io.Writer
	left int64
}

func (c *cappedWriter) Write(p []byte) (int, error) {
	if int64(len(p)) > c.left {
		return 0, errNotSmaller
	}
	n, err := c.w.Write(p)
	c.left -= int64(n)
	return n, err
}
