package packager

import (
	"bufio"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/featherpack/featherpack/analyzer"
	klauspost "github.com/klauspost/compress/flate"
)

// effort chooses the encoders to try on a file; the smallest result is kept. To
// support another encoder, add a function and a line here.
type effort func(traits) []*encoder

var (
	standard9  = newEncoder(func() (deflater, error) { return flate.NewWriter(io.Discard, 9) })
	klauspost6 = newEncoder(func() (deflater, error) { return klauspost.NewWriter(io.Discard, 6) })
	klauspost9 = newEncoder(func() (deflater, error) { return klauspost.NewWriter(io.Discard, 9) })
)

// efforts is based on measurements of 33 files (minified esbuild bundles of npm
// packages, Go binaries, JSON) and the 5,202 files of a node_modules folder,
// with Go 1.26.8 and klauspost/compress 1.20.3, on one core:
//
//	                     bytes   standard 9       klauspost 9      klauspost 6      zip -9
//	AWS SDK bundle     342,802   106,690   9 ms   106,048   9 ms   109,194   3 ms   105,942
//	mongoose bundle  1,372,538   377,033  81 ms   374,993  84 ms   390,095  18 ms   374,598
//	express bundle     604,704   236,372  20 ms   244,562  21 ms   243,888   6 ms   236,893
//	zod bundle         384,900    92,242   9 ms    93,239  10 ms    95,108   3 ms    90,780
//	mime-db's JSON     203,840    22,341   9 ms    22,202   9 ms    23,348   1 ms    22,537
//	Go, x86_64       5,951,650 2,524,490 602 ms 2,521,604 511 ms 2,587,389  61 ms 2,474,529
//	Go, arm64        5,505,186 2,290,279 532 ms 2,280,704 427 ms 2,338,578  56 ms 2,227,876
//	node_modules, .js <= 64 KiB
//	                10,785,801 2,956,146 491 ms 2,936,612 465 ms         -                -
//
// klauspost's is smaller, mostly by 0.1 to 1%, except for an HTTP and a Redis
// client (0.3 and 0.7% larger) and for text dense in characters beyond ASCII (1.0
// to 3.5% larger: the tables of iconv-lite in express, the locales of zod). Counting
// bytes recognises such text. So "default" runs one encoder per file, and over the
// whole set its result is within 0.1% of the smaller of both. "best" runs both. "fast"
// is up to 5% larger than klauspost 9 and takes a third to an eighth of the time.
//
// Both encoders are deterministic for one version of their code: klauspost's is
// pinned in go.mod, the standard library's comes with the Go release that built
// this program.
var efforts = map[string]effort{
	"fast": func(traits) []*encoder { return []*encoder{klauspost6} },
	"default": func(t traits) []*encoder {
		if t.dense {
			return []*encoder{standard9}
		}
		return []*encoder{klauspost9}
	},
	"best": func(traits) []*encoder { return []*encoder{klauspost9, standard9} },
}

func effortNamed(name string) (effort, error) {
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

// squeeze writes the smallest form of the file at an offset of w: deflated by the
// best of the encoders, or stored if no encoder makes it smaller. It may leave
// unused bytes behind that, which the caller overwrites. Attempts are written to w
// one after the other, so that they need no memory.
func squeeze(ctx context.Context, w store, at int64, src *source, t traits, compress effort) (method uint16, size int64, err error) {
	var best int64
	found := false
	for _, enc := range compress(t) {
		free, limit := at, t.size
		if found {
			free, limit = at+best, best
		}
		n, err := enc.encode(ctx, io.NewOffsetWriter(w, free), limit, src, t)
		if errors.Is(err, errNotSmaller) {
			continue
		}
		if err != nil {
			return 0, 0, err
		}
		if found {
			if err := moveDown(w, at, free, n); err != nil {
				return 0, 0, err
			}
		}
		best, found = n, true
	}
	if found {
		return methodDeflate, best, nil
	}
	size, err = src.copyTo(ctx, io.NewOffsetWriter(w, at), t)
	return methodStore, size, err
}

// moveDown copies n bytes of w to a lower offset.
func moveDown(w store, to, from, n int64) error {
	_, err := io.CopyBuffer(
		struct{ io.Writer }{io.NewOffsetWriter(w, to)},
		struct{ io.Reader }{io.NewSectionReader(w, from, n)},
		make([]byte, copyBytes))
	return err
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
