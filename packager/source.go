package packager

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"sync"

	"github.com/featherpack/featherpack/analyzer"
)

// copyBytes is the size of one read. It is the same for files on disk and in
// memory, so that an encoder always gets the same pieces.
const copyBytes = 64 << 10

// source is the content of a [File], readable any number of times.
type source struct {
	name  string // the entry's name; messages must not show the path on disk
	size  int64
	bytes io.ReaderAt
	file  *os.File    // nil when the content is in memory
	stat  os.FileInfo // of file, when it was opened
}

// openSource opens a file after checking that it is regular and not too large.
func openSource(f File) (*source, error) {
	s := &source{name: f.Name, size: int64(len(f.Content)), bytes: bytes.NewReader(f.Content)}
	if f.Content == nil && f.Source != "" {
		if err := s.open(f.Source); err != nil {
			s.close()
			return nil, err
		}
	}
	if s.size > maxEntryBytes {
		s.close()
		return nil, analyzer.Diagnostic{
			Code: "file-too-large", Severity: analyzer.Error,
			Message: fmt.Sprintf("%q has %d bytes, more than the 4 GiB limit of a file in a zip", f.Name, s.size),
			Hint:    "lambda allows 262144000 bytes in total; exclude the file and fetch it at run time",
		}
	}
	return s, nil
}

func (s *source) open(path string) error {
	if !filepath.IsAbs(path) {
		return s.cannotRead(errors.New("the source path is not absolute"))
	}
	// Check first, because opening a named pipe would wait for a writer.
	stat, err := os.Stat(path)
	if err != nil {
		return s.cannotRead(err)
	}
	if !stat.Mode().IsRegular() {
		return s.cannotRead(errors.New("it is not a regular file"))
	}
	if s.file, err = os.Open(path); err != nil {
		return s.cannotRead(err)
	}
	if s.stat, err = s.file.Stat(); err != nil {
		return s.cannotRead(err)
	}
	if !os.SameFile(stat, s.stat) {
		return s.changed()
	}
	s.size, s.bytes = s.stat.Size(), s.file
	return nil
}

func (s *source) close() {
	if s.file != nil {
		s.file.Close()
	}
}

// traits are the properties of a file that are needed before it is encoded.
type traits struct {
	size   int64
	crc    uint32
	sha256 [32]byte
	// executable is set if the file starts with the ELF magic or "#!".
	executable bool
}

func (t traits) mode(name string) uint32 {
	if t.executable || name == "bootstrap" {
		return 0o755
	}
	return 0o644
}

// survey reads the file once to determine its traits.
func (s *source) survey(ctx context.Context) (traits, error) {
	watch := observer{digest: sha256.New()}
	if _, err := s.stream(ctx, &watch); err != nil {
		return traits{}, err
	}
	t := watch.traits
	t.size = s.size
	watch.digest.Sum(t.sha256[:0])
	return t, nil
}

// observer collects a file's traits as the file is written to it.
type observer struct {
	traits
	seen   int64
	digest hash.Hash
}

func (o *observer) Write(p []byte) (int, error) {
	if o.seen == 0 {
		o.executable = bytes.HasPrefix(p, []byte("\x7fELF")) || bytes.HasPrefix(p, []byte("#!"))
	}
	o.seen += int64(len(p))
	o.digest.Write(p)
	o.crc = crc32.Update(o.crc, crc32.IEEETable, p)
	return len(p), nil
}

// copyTo writes the file to w. It fails if the bytes differ from those that survey
// read. Errors of w are returned unchanged.
func (s *source) copyTo(ctx context.Context, w io.Writer, t traits) (int64, error) {
	crc := crc32.NewIEEE()
	n, err := s.stream(ctx, io.MultiWriter(w, crc))
	if err == nil && crc.Sum32() != t.crc {
		err = s.changed()
	}
	return n, err
}

// stream writes the file to w in pieces of copyBytes.
func (s *source) stream(ctx context.Context, w io.Writer) (int64, error) {
	buffer := copyBuffers.Get().(*[copyBytes]byte)
	defer copyBuffers.Put(buffer)
	var n int64
	for n < s.size {
		if err := ctx.Err(); err != nil {
			return n, err
		}
		piece := buffer[:min(copyBytes, s.size-n)]
		if got, err := s.bytes.ReadAt(piece, n); got < len(piece) {
			if err == io.EOF {
				return n, s.changed()
			}
			return n, s.cannotRead(err)
		}
		if _, err := w.Write(piece); err != nil {
			return n, err
		}
		n += int64(len(piece))
	}
	if s.file == nil {
		return n, nil
	}
	stat, err := s.file.Stat()
	if err != nil {
		return n, s.cannotRead(err)
	}
	if stat.Size() != s.size || !stat.ModTime().Equal(s.stat.ModTime()) {
		return n, s.changed()
	}
	return n, nil
}

var copyBuffers = sync.Pool{New: func() any { return new([copyBytes]byte) }}

func (s *source) cannotRead(err error) error {
	return analyzer.Diagnostic{
		Code: "read-failed", Severity: analyzer.Error,
		Message: fmt.Sprintf("cannot read the file that becomes %q: %s", s.name, reason(err)),
		Hint:    "every file of a function must be a regular file that the build may read",
	}
}

func (s *source) changed() error {
	return analyzer.Diagnostic{
		Code: "input-changed", Severity: analyzer.Error,
		Message: fmt.Sprintf("the file that becomes %q changed while it was read", s.name),
		Hint:    "build again when nothing writes to the project's folder",
	}
}
