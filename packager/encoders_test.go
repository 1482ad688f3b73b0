package packager

import (
	"bytes"
	"io"
	"testing"

	"github.com/klauspost/compress/flate"

	"github.com/featherpack/featherpack/packager/deflate"
)

// An encoder that was used before, even for an attempt that was aborted, must produce
// the same bytes as a new one.
func TestUsedEncodersAreAsNew(t *testing.T) {
	content := append(javascript(500_000, 3), noise(50_000, 3)...)
	fresh := func(open func(io.Writer) (io.WriteCloser, error)) []byte {
		var b bytes.Buffer
		w, err := open(&b)
		if err != nil {
			t.Fatal(err)
		}
		w.Write(content)
		w.Close()
		return b.Bytes()
	}
	want := map[string][]byte{
		"fast":    fresh(func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, 6) }),
		"default": fresh(func(w io.Writer) (io.WriteCloser, error) { return deflate.NewWriter(w, deflate.Default), nil }),
		"best":    fresh(func(w io.Writer) (io.WriteCloser, error) { return deflate.NewWriter(w, deflate.Best), nil }),
	}
	for round := range 3 {
		for name, want := range want {
			squeezed(t, noise(200_000, uint64(round+1)), name)
			squeezed(t, javascript(70_000*round, 9), name)
			if _, _, got := squeezed(t, content, name); !bytes.Equal(got, want) {
				t.Errorf("%s, round %d: %d bytes, a new encoder leaves %d others", name, round, len(got), len(want))
			}
		}
	}
}
