package packager

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"

	"github.com/featherpack/featherpack/analyzer"
)

// verify reads a finished zip independently of the writer: from its end, every
// entry to its last byte, and again along the local headers, which must agree and
// leave no gaps. It returns the zip's size.
//
// This guards against two known kinds of bugs: readers that interpret a zip
// differently (CVE-2024-24789), and writers that produce an unreadable file without
// an error (a name over 65,535 bytes in archive/zip).
func verify(ctx context.Context, f *os.File, want []record) (int64, error) {
	stat, err := f.Stat()
	if err != nil {
		return 0, err
	}
	r, err := zip.NewReader(f, stat.Size())
	if err != nil {
		return 0, damaged("its directory is unreadable: " + reason(err))
	}
	if len(r.File) != len(want) {
		return 0, damaged(fmt.Sprintf("it has %d entries instead of %d", len(r.File), len(want)))
	}
	var at int64
	for i, w := range want {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		if err := verifyEntry(f, r.File[i], w, at); err != nil {
			return 0, err
		}
		at += localBytes + int64(len(w.name)) + int64(w.packed)
	}
	return stat.Size(), nil
}

func verifyEntry(f *os.File, got *zip.File, want record, at int64) error {
	local := make([]byte, localBytes+len(want.name))
	if _, err := f.ReadAt(local, at); err != nil {
		return err
	}
	data, err := got.DataOffset()
	if err != nil {
		return damaged(fmt.Sprintf("the header of %s is unreadable: %s", shown(want.name), reason(err)))
	}
	if !bytes.Equal(local, appendLocal(nil, want)) || data != at+int64(len(local)) ||
		got.Name != want.name || got.Method != want.method || got.CRC32 != want.crc ||
		got.UncompressedSize64 != uint64(want.size) || got.CompressedSize64 != uint64(want.packed) ||
		uint32(got.Mode()) != want.mode {
		return damaged("the headers of " + shown(want.name) + " differ")
	}
	content, err := got.Open()
	if err != nil {
		return damaged(shown(want.name) + " is unreadable: " + reason(err))
	}
	defer content.Close()
	n, err := io.Copy(io.Discard, content) // the reader checks the CRC
	if err != nil {
		return damaged(shown(want.name) + " is unreadable: " + reason(err))
	}
	if n != int64(want.size) {
		return damaged(fmt.Sprintf("%s has %d bytes instead of %d", shown(want.name), n, want.size))
	}
	return nil
}

func damaged(fact string) error {
	return analyzer.Diagnostic{
		Code: "zip-damaged", Severity: analyzer.Error,
		Message: "the zip reads back differently from what was written: " + fact,
		Hint:    "build again; if it happens again, check the disk and the memory, then report a bug in featherpack",
	}
}
