package packager

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
)

// memory is a store.
type memory struct{ b []byte }

func (m *memory) WriteAt(p []byte, at int64) (int, error) {
	if grow := int(at) + len(p) - len(m.b); grow > 0 {
		m.b = append(m.b, make([]byte, grow)...)
	}
	return copy(m.b[at:], p), nil
}

func (m *memory) ReadAt(p []byte, at int64) (int, error) { return bytes.NewReader(m.b).ReadAt(p, at) }

func (m *memory) Truncate(size int64) error { m.b = m.b[:size]; return nil }

// zipped is the zip of the files.
func zipped(t *testing.T, compress string, files ...File) []byte {
	t.Helper()
	effort, err := effortNamed(compress)
	if err != nil {
		t.Fatal(err)
	}
	var m memory
	if _, err := writeZip(context.Background(), &m, byName(files), effort); err != nil {
		t.Fatal(err)
	}
	return m.b
}

func TestZipByteForByte(t *testing.T) {
	got := zipped(t, "", File{Name: "é.js", Content: []byte("abc")})
	want := "PK\x03\x04\x14\x00\x00\x08\x00\x00\x00\x00\x21\x00\xc2\x41\x24\x35\x03\x00\x00\x00\x03\x00\x00\x00\x05\x00\x00\x00é.jsabc" +
		"PK\x01\x02\x14\x03\x14\x00\x00\x08\x00\x00\x00\x00\x21\x00\xc2\x41\x24\x35\x03\x00\x00\x00\x03\x00\x00\x00\x05\x00\x00\x00" +
		"\x00\x00\x00\x00\x00\x00\x00\x00\xa4\x81\x00\x00\x00\x00é.js" +
		"PK\x05\x06\x00\x00\x00\x00\x01\x00\x01\x00\x33\x00\x00\x00\x26\x00\x00\x00\x00\x00"
	if string(got) != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestEveryHeader(t *testing.T) {
	content := zipped(t, "", sample().Files...)
	r, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range r.File {
		names = append(names, f.Name)
		if f.CreatorVersion>>8 != 3 || f.ModifiedDate != 0x21 || f.ModifiedTime != 0 || len(f.Extra) > 0 || f.Comment != "" || f.Flags&^uint16(flagUTF8) != 0 {
			t.Errorf("%+v", f.FileHeader)
		}
		if got := f.Modified.Format("2006-01-02 15:04:05"); got != "1980-01-01 00:00:00" {
			t.Errorf("%s is of %s", f.Name, got)
		}
		if utf8 := strings.Contains(f.Name, "日"); (f.Flags&flagUTF8 != 0) != utf8 {
			t.Errorf("%s has flags %#x", f.Name, f.Flags)
		}
		stored := f.UncompressedSize64 < 37 || strings.HasSuffix(f.Name, ".woff2")
		if (f.Method == zip.Store) != stored {
			t.Errorf("%s: method %d for %d bytes", f.Name, f.Method, f.UncompressedSize64)
		}
	}
	if !slices.IsSorted(names) || len(names) != len(sample().Files) {
		t.Errorf("names are %q", names)
	}
}

func TestZip64OnlyWhenNeeded(t *testing.T) {
	for _, test := range []struct {
		count, size, offset int64
		want                bool
	}{
		{0, 0, 0, false},
		{65_534, 1 << 20, 1 << 20, false},
		{65_535, 1 << 20, 1 << 20, true},
		{1, 1<<32 - 2, 1, false},
		{1, 1<<32 - 1, 1, true},
		{1, 1, 1<<32 - 2, false},
		{1, 1, 1<<32 - 1, true},
	} {
		end := appendEnd(nil, test.count, test.size, test.offset)
		if got := len(end) != 22; got != test.want {
			t.Errorf("%d entries, directory of %d at %d: zip64 is %v, want %v", test.count, test.size, test.offset, got, test.want)
		}
	}
	for offset, want := range map[int64]int{0: 0, 1<<32 - 2: 0, 1<<32 - 1: 12, 1 << 40: 12} {
		if got := len(appendCentral(nil, record{offset: offset})) - 46; got != want {
			t.Errorf("at %d the extra field has %d bytes, want %d", offset, got, want)
		}
	}
}

// sparse is a file of mostly zeroes.
type sparse map[int64][]byte

func (s sparse) ReadAt(p []byte, at int64) (int, error) {
	clear(p)
	for start, piece := range s {
		from, to := max(at, start), min(at+int64(len(p)), start+int64(len(piece)))
		if from < to {
			copy(p[from-at:to-at], piece[from-start:])
		}
	}
	return len(p), nil
}

func TestZip64EntryBeyond4GiBIsFound(t *testing.T) {
	const at = 5 << 30
	r := record{name: "far.txt", mode: 0o644, crc: 0x352441c2, packed: 3, size: 3, offset: at}
	local := append(appendLocal(nil, r), "abc"...)
	central := appendCentral(nil, r)
	directory := at + int64(len(local))
	tail := append(central, appendEnd(nil, 1, int64(len(central)), directory)...)
	z, err := zip.NewReader(sparse{at: local, directory: tail}, directory+int64(len(tail)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("far.txt")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(f); err != nil || string(got) != "abc" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestVerifyFindsEveryFlippedByte(t *testing.T) {
	dir := t.TempDir()
	var m memory
	effort, _ := effortNamed("")
	files := []File{{Name: "a.js", Content: javascript(300, 1)}, {Name: "b", Content: []byte("stored")}}
	records, err := writeZip(context.Background(), &m, files, effort)
	if err != nil {
		t.Fatal(err)
	}
	check := func(content []byte) error {
		path := filepath.Join(dir, "x.zip")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		_, err = verify(context.Background(), f, records)
		return err
	}
	if err := check(m.b); err != nil {
		t.Fatal(err)
	}
	directory := bytes.Index(m.b, []byte("PK\x01\x02"))
	for i := range directory { // the local headers and the data
		damaged := bytes.Clone(m.b)
		damaged[i] ^= 0xff
		if check(damaged) == nil {
			t.Errorf("byte %d of %d flipped, and nothing noticed", i, len(m.b))
		}
	}
	for cut := range len(m.b) {
		if check(m.b[:cut]) == nil {
			t.Errorf("cut to %d of %d bytes, and nothing noticed", cut, len(m.b))
		}
	}
}

func FuzzZip(f *testing.F) {
	f.Add("index.js", []byte("exports.handler = async () => 1"), "package.json", []byte("{}"), uint8(0))
	f.Add("../evil", []byte("x"), "a\\b", []byte("y"), uint8(1))
	f.Add("a", []byte{}, "a/b", []byte("\x7fELF"), uint8(2))
	f.Add("Ä", javascript(70_000, 1), "A\u0308", noise(70_000, 1), uint8(2))
	f.Add("\x00", []byte("#!"), "C:x", bytes.Repeat([]byte("é"), 40_000), uint8(1))
	f.Fuzz(func(t *testing.T, name1 string, content1 []byte, name2 string, content2 []byte, compress uint8) {
		defer inputtest.Bound(t)()
		files := []File{{Name: name1, Content: content1}, {Name: name2, Content: content2}}
		if _, err := checkNames(Bundle{Files: files}, "fn.zip"); err != nil {
			return
		}
		content := zipped(t, []string{"fast", "default", "best"}[compress%3], files...)
		r, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			t.Fatal(err)
		}
		if len(r.File) != len(files) {
			t.Fatalf("%d entries", len(r.File))
		}
		for i, want := range byName(files) {
			if r.File[i].Name != want.Name || !filepath.IsLocal(want.Name) {
				t.Fatalf("entry %d is %q, want %q", i, r.File[i].Name, want.Name)
			}
			entry, err := r.File[i].Open()
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(entry)
			if err != nil || !bytes.Equal(got, want.Content) {
				t.Fatalf("%q reads back with %v as %q, want %q", want.Name, err, got, want.Content)
			}
		}
	})
}

func Test70000EntriesReadBack(t *testing.T) {
	files := make([]File, 70_000)
	for i := range files {
		files[i] = File{Name: fmt.Sprintf("d%d/%d.txt", i%100, i), Content: fmt.Append(nil, i)}
	}
	dir := t.TempDir()
	a := mustPack(t, Bundle{ID: "many", Files: files}, dir, Options{Compress: "fast"})
	if len(a.Entries) != len(files) {
		t.Fatalf("%d entries", len(a.Entries))
	}
	content, err := os.ReadFile(a.Path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(content[len(content)-100:], binary.LittleEndian.AppendUint32(nil, sigEnd64)) {
		t.Error("no zip64 end record")
	}
	if got := pythonReads(t, a.Path); len(got) != len(files) || got["d99/69999.txt"] != digest([]byte("69999")) {
		t.Errorf("python reads %d entries", len(got))
	}
	infozipTests(t, a.Path)
}

// failing is a store whose writes fail from some byte on.
type failing struct {
	memory
	from int64
}

var errFull = errors.New("full")

func (f *failing) WriteAt(p []byte, at int64) (int, error) {
	if at+int64(len(p)) > f.from {
		return 0, errFull
	}
	return f.memory.WriteAt(p, at)
}

func TestEveryFailedWriteIsReported(t *testing.T) {
	files := []File{{Name: "a.js", Content: javascript(3000, 1)}, {Name: "b", Content: noise(500, 2)}}
	effort, _ := effortNamed("best")
	size := int64(len(zipped(t, "best", files...)))
	for from := range size {
		if _, err := writeZip(context.Background(), &failing{from: from}, files, effort); !errors.Is(err, errFull) {
			t.Fatalf("writes fail from byte %d of %d, and the error is %v", from, size, err)
		}
	}
}
