package cache

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/featherpack/featherpack/analyzer/inputtest"
)

func open(t testing.TB, dir string, capacity int64) *Disk {
	t.Helper()
	d, err := Open(dir, capacity)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func put(t testing.TB, d *Disk, content string) Digest {
	t.Helper()
	digest, err := Write(t.Context(), d, []byte(content))
	if err != nil {
		t.Fatal(err)
	}
	return digest
}

// file is the path of an entry on disk.
func file(dir, kind string, d Digest) string {
	return filepath.Join(dir, filepath.FromSlash(place(kind, d.Hash)))
}

func TestRoundTrip(t *testing.T) {
	dir := t.TempDir()
	d := open(t, dir, 0)
	blob, empty, action := put(t, d, "zip"), put(t, d, ""), Of([]byte("action"))
	if err := d.SetResult(t.Context(), action, Result{[]File{{"a.zip", blob}, {"a.map", empty}}}); err != nil {
		t.Fatal(err)
	}
	again := open(t, dir, 0)
	r, err := again.Result(t.Context(), action)
	if digest, ok := r.File("a.zip"); err != nil || !ok || digest != blob {
		t.Fatalf("%v, %v", r, err)
	}
	for digest, want := range map[Digest]string{blob: "zip", empty: ""} {
		if got, err := Read(t.Context(), again, digest); err != nil || string(got) != want {
			t.Errorf("%q, %v; want %q", got, err, want)
		}
	}
	if entries, _ := os.ReadDir(filepath.Join(dir, drafts)); len(entries) > 0 {
		t.Errorf("drafts stay: %v", entries)
	}
	for _, none := range []Digest{Of([]byte("none")), {}, {Hash: "../../../etc/passwd"}, {Hash: strings.Repeat("z", 64)}, {blob.Hash, 4}} {
		if _, err := Read(t.Context(), again, none); err != ErrMissing {
			t.Errorf("%v: %v", none, err)
		}
		if _, err := again.Result(t.Context(), none); err != ErrMissing {
			t.Errorf("result of %v: %v", none, err)
		}
	}
}

// A damaged entry is a miss, and is replaced.
func TestDamage(t *testing.T) {
	for name, damage := range map[string]func(content []byte) []byte{
		"truncated": func(c []byte) []byte { return c[:len(c)/2] },
		"emptied":   func([]byte) []byte { return nil },
		"a bit":     func(c []byte) []byte { c[len(c)-1] ^= 1; return c },
		"longer":    func(c []byte) []byte { return append(c, 0) },
		"swapped":   func(c []byte) []byte { slices.Reverse(c); return c },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			d := open(t, dir, 0)
			content := strings.Repeat("content ", 10_000)
			blob, action := put(t, d, content), Of([]byte("action"))
			set := func() {
				if err := d.SetResult(t.Context(), action, Result{[]File{{"a.zip", blob}}}); err != nil {
					t.Fatal(err)
				}
			}
			set()
			for _, at := range []string{file(dir, blobs, blob), file(dir, results, action)} {
				raw, err := os.ReadFile(at)
				if err := errors.Join(err, os.WriteFile(at, damage(raw), 0o600)); err != nil {
					t.Fatal(err)
				}
			}
			if got, err := Read(t.Context(), d, blob); err != ErrMissing {
				t.Errorf("%d bytes, %v", len(got), err)
			}
			if got, err := d.Result(t.Context(), action); err != ErrMissing {
				t.Errorf("%v, %v", got, err)
			}
			put(t, d, content)
			set()
			if got, err := Read(t.Context(), d, blob); err != nil || string(got) != content {
				t.Errorf("after it was replaced: %d bytes, %v", len(got), err)
			}
			if _, err := d.Result(t.Context(), action); err != nil {
				t.Error(err)
			}
		})
	}
}

// A result that lies under the key of another action is a miss.
func TestSwappedResults(t *testing.T) {
	dir := t.TempDir()
	d := open(t, dir, 0)
	blob, one, other := put(t, d, "zip"), Of([]byte("one")), Of([]byte("other"))
	for _, action := range []Digest{one, other} {
		if err := d.SetResult(t.Context(), action, Result{[]File{{"a.zip", blob}}}); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := os.ReadFile(file(dir, results, one))
	if err := errors.Join(err, os.WriteFile(file(dir, results, other), raw, 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Result(t.Context(), one); err != nil {
		t.Error(err)
	}
	if r, err := d.Result(t.Context(), other); err != ErrMissing {
		t.Errorf("%v, %v", r, err)
	}
}

// Content that is not the digest's is not kept, and the store goes on: nothing is wrong with
// it.
func TestWrongContent(t *testing.T) {
	d := open(t, t.TempDir(), 0)
	blob := Of([]byte("right"))
	for _, content := range []string{"wrong", "righ", "rightt"} {
		if err := d.Put(t.Context(), blob, strings.NewReader(content)); err == nil {
			t.Errorf("%q was kept", content)
		}
	}
	if err := d.Put(t.Context(), blob, iotest.ErrReader(errors.New("unreadable"))); err == nil || err.Error() != "unreadable" {
		t.Error(err)
	}
	if _, err := Read(t.Context(), d, blob); err != ErrMissing {
		t.Error(err)
	}
	if err := d.Put(t.Context(), blob, strings.NewReader("right")); err != nil || d.Failure() != nil {
		t.Error(err, d.Failure())
	}
}

// Trim removes what was used least recently.
func TestTrim(t *testing.T) {
	dir := t.TempDir()
	d := open(t, dir, 10*blockBytes)
	var all []Digest
	for i := range 12 {
		blob := put(t, d, fmt.Sprint(i))
		used := time.Now().Add(time.Duration(i-20) * 24 * time.Hour)
		if err := os.Chtimes(file(dir, blobs, blob), used, used); err != nil {
			t.Fatal(err)
		}
		all = append(all, blob)
	}
	if _, err := Read(t.Context(), d, all[0]); err != nil { // the oldest is used
		t.Fatal(err)
	}
	if err := d.Trim(); err != nil {
		t.Fatal(err)
	}
	for i, blob := range all {
		_, err := Read(t.Context(), d, blob)
		if kept := i == 0 || i > 3; (err == nil) != kept {
			t.Errorf("blob %d: %v", i, err)
		}
	}
	if s := d.Stats(); s.Blobs != 9 || s.Cap != 10*blockBytes {
		t.Errorf("%+v", s)
	}
}

// A run that writes much trims the store when it ends.
func TestCloseTrims(t *testing.T) {
	dir := t.TempDir()
	for i := range 4 {
		d, err := Open(dir, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		put(t, d, strings.Repeat(fmt.Sprint(i), 400_000))
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if s := open(t, dir, 1<<20).Stats(); s.Bytes > 1<<20 {
		t.Errorf("%+v", s)
	}
}

func TestMaintain(t *testing.T) {
	dir := t.TempDir()
	d := open(t, dir, 0)
	good, bad, gone := put(t, d, "good"), put(t, d, "bad"), put(t, d, "gone")
	for i, blob := range []Digest{good, bad, gone} {
		if err := d.SetResult(t.Context(), Of([]byte{byte(i)}), Result{[]File{{"a", blob}}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.WriteFile(file(dir, blobs, bad), []byte("BAD"), 0o600), os.Remove(file(dir, blobs, gone))); err != nil {
		t.Fatal(err)
	}
	// Two results lose their blob.
	if damaged, err := d.Verify(t.Context()); damaged != 3 || err != nil {
		t.Errorf("%d, %v", damaged, err)
	}
	if s := d.Stats(); s.Blobs != 1 || s.Results != 1 {
		t.Errorf("%+v", s)
	}
	if before, err := d.Clean(); before.Blobs != 1 || err != nil {
		t.Errorf("%+v, %v", before, err)
	}
	if s := d.Stats(); s.Bytes != 0 {
		t.Errorf("%+v", s)
	}
}

// A folder that holds other files is never taken for a cache, and a link in one leads
// nowhere.
func TestOtherFolders(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "thesis.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, 0); err == nil {
		t.Error("a folder with other files was opened")
	}
	own, outside := t.TempDir(), t.TempDir()
	d := open(t, own, 0)
	if err := os.Symlink(outside, filepath.Join(own, blobs)); err != nil {
		t.Skip(err)
	}
	if _, err := Write(t.Context(), d, []byte("x")); err == nil {
		t.Error("a blob was written through a link")
	}
	if _, err := d.Clean(); err != nil {
		t.Error(err)
	}
	if entries, err := os.ReadDir(outside); err != nil || len(entries) > 0 {
		t.Errorf("%v, %v", entries, err)
	}
}

// A write that fails is the only one that is tried.
func TestReadOnly(t *testing.T) {
	dir := t.TempDir()
	d := open(t, dir, 0)
	blob := put(t, d, "kept")
	if err := os.WriteFile(filepath.Join(dir, drafts+"x"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.RemoveAll(filepath.Join(dir, drafts)), os.WriteFile(filepath.Join(dir, drafts), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(t.Context(), d, []byte("new")); err == nil || d.Failure() == nil {
		t.Errorf("%v, %v", err, d.Failure())
	}
	if _, err := Read(t.Context(), d, blob); err != nil {
		t.Error(err)
	}
}

// Many processes write, read, trim and damage one store. Each finds what it wrote, or
// nothing, and never anything else.
func TestProcesses(t *testing.T) {
	if dir := os.Getenv("FEATHERPACK_TEST_STORE"); dir != "" {
		work(t, dir)
		return
	}
	dir := t.TempDir()
	var busy sync.WaitGroup
	for range 6 {
		busy.Go(func() {
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestProcesses$")
			cmd.Env = append(os.Environ(), "FEATHERPACK_TEST_STORE="+dir)
			if output, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, output)
			}
		})
	}
	busy.Wait()
	if damaged, err := open(t, dir, 0).Verify(context.Background()); err != nil {
		t.Errorf("%d, %v", damaged, err)
	}
}

func work(t *testing.T, dir string) {
	for round := range 3 {
		d := open(t, dir, 40*blockBytes)
		for i := range 60 {
			content := bytes.Repeat([]byte{byte(i)}, 100*i)
			blob, action := Of(content), Of([]byte{byte(i)})
			if r, err := d.Result(t.Context(), action); err == nil {
				if got, _ := r.File("a"); got != blob {
					t.Errorf("the result of %d is %v", i, got)
				}
				if got, err := Read(t.Context(), d, blob); err == nil && !bytes.Equal(got, content) || err != nil && err != ErrMissing {
					t.Errorf("blob %d: %d bytes, %v", i, len(got), err)
				}
			}
			if _, err := Write(t.Context(), d, content); err != nil && !errors.Is(err, fs.ErrNotExist) {
				t.Error(err)
			}
			_ = d.SetResult(t.Context(), action, Result{[]File{{"a", blob}}})
			if i%20 == round {
				_ = os.Truncate(file(dir, blobs, blob), int64(i))
			}
		}
		if err := d.Trim(); err != nil {
			t.Error(err)
		}
	}
}

// The reader of entries takes what the writer writes and refuses everything else.
func FuzzEntry(f *testing.F) {
	fuzzed := Of([]byte("an action"))
	good := encodeEntry(fuzzed, Result{[]File{{"a.zip", Of([]byte("a"))}, {"a.map", Of(nil)}}})
	f.Add(good)
	f.Add(good[:len(good)-1])
	f.Add(entryMark)
	f.Add(append(bytes.Clone(good), 0))
	f.Add([]byte(nil))
	f.Fuzz(func(t *testing.T, raw []byte) {
		defer inputtest.Bound(t)()
		for _, m := range []message{raw, bytes.TrimPrefix(raw, entryMark)} {
			if r, err := DecodeResult(fuzzed, m); err == nil {
				for _, file := range r.Files {
					if !file.Digest.Valid() {
						t.Errorf("%q", file.Digest)
					}
				}
				if again, err := DecodeResult(fuzzed, EncodeResult(fuzzed, r)); err != nil || len(again.Files) != len(r.Files) {
					t.Errorf("%v reads back as %v, %v", r, again, err)
				}
			}
		}
		if r, err := decodeEntry(fuzzed, raw); err == nil {
			if again, err := decodeEntry(fuzzed, encodeEntry(fuzzed, r)); err != nil || len(again.Files) != len(r.Files) {
				t.Errorf("%v reads back as %v, %v", r, again, err)
			}
		}
	})
}

// The encodings are those of the Remote Execution API, byte by byte.
func TestEncodings(t *testing.T) {
	if d := Of(Directory{}.Encode()); d.String() != "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855/0" {
		t.Error(d)
	}
	short := Digest{Hash: "ab", Size: 300}
	for got, want := range map[string]string{
		string(Command{
			Arguments: []string{"build", ""}, Environment: map[string]string{"B": "2", "A": ""}, Outputs: []string{"b", "a"},
		}.Encode()): "\x0a\x05build\x0a\x00\x12\x03\x0a\x01A\x12\x06\x0a\x01B\x12\x012\x3a\x01a\x3a\x01b",
		string(Directory{Files: []File{{"b", short}, {"a", short}}, Symlinks: []Symlink{{"l", "t"}}}.Encode()): "\x0a\x0c\x0a\x01a\x12\x07\x0a\x02ab\x10\xac\x02" +
			"\x0a\x0c\x0a\x01b\x12\x07\x0a\x02ab\x10\xac\x02\x1a\x06\x0a\x01l\x12\x01t",
		string(Directory{Folders: []Folder{{"d", short}}}.Encode()):                                    "\x12\x0c\x0a\x01d\x12\x07\x0a\x02ab\x10\xac\x02",
		string(Action{short, Digest{Hash: "c"}}.Encode()):                                              "\x0a\x07\x0a\x02ab\x10\xac\x02\x12\x03\x0a\x01c",
		string(EncodeResult(Digest{Hash: "k"}, Result{[]File{{"a.zip", Digest{Hash: "c", Size: 1}}}})): "\x12\x0e\x0a\x05a.zip\x12\x05\x0a\x01c\x10\x01\x2a\x01k",
	} {
		if got != want {
			t.Errorf("%q\nwant %q", got, want)
		}
	}
}
