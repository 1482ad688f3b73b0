package packager

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/google/go-cmp/cmp"
)

// sample holds one file of every kind the zip rules speak of.
func sample() Bundle {
	return Bundle{ID: "orders", Files: []File{
		{Name: "src/orders.js", Content: javascript(300<<10, 7)},
		{Name: "package.json", Content: []byte(`{"type":"module"}`)},
		{Name: "empty.txt", Content: []byte{}},
		{Name: "fonts/noise.woff2", Content: noise(100<<10, 9)},
		{Name: "locales/日本語.json", Content: []byte(strings.Repeat("注文を確認しました", 4000))},
		{Name: "with space/a'b\"c;.txt", Content: []byte("quotes\n")},
		{Name: "bootstrap", Content: []byte("not a program, but named like one")},
		{Name: "node_modules/x/cli.js", Content: []byte("#!/usr/bin/env node\n")},
		{Name: "node_modules/x/x.node", Content: append([]byte("\x7fELF"), javascript(5000, 3)...)},
		{Name: "node_modules/x/bootstrap", Content: []byte("only the one at the root is a program")},
	}}
}

func mustPack(t *testing.T, b Bundle, dir string, o Options) Artifact {
	t.Helper()
	a, err := Pack(context.Background(), b, dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func listing(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestArtifactDescribesTheFile(t *testing.T) {
	dir := t.TempDir()
	b := sample()
	a := mustPack(t, b, dir, Options{})
	if a.Name != "orders.zip" || a.Path != filepath.Join(dir, "orders.zip") {
		t.Errorf("Name %q, Path %q", a.Name, a.Path)
	}
	content, err := os.ReadFile(a.Path)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(content)
	if a.SHA256 != hex.EncodeToString(sum[:]) || a.CodeSHA256 != base64.StdEncoding.EncodeToString(sum[:]) {
		t.Errorf("digests %s and %s are not the file's", a.SHA256, a.CodeSHA256)
	}
	if a.ZipBytes != int64(len(content)) {
		t.Errorf("ZipBytes = %d, the file has %d", a.ZipBytes, len(content))
	}
	var unzipped int64
	modes := map[string]uint32{}
	for _, e := range a.Entries {
		unzipped += e.Bytes
		modes[e.Name] = e.Mode
		i := slices.IndexFunc(b.Files, func(f File) bool { return f.Name == e.Name })
		if sum := sha256.Sum256(b.Files[i].Content); e.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("SHA256 of %s is not its content's", e.Name)
		}
		if e.ZipBytes > e.Bytes {
			t.Errorf("%s grew from %d to %d", e.Name, e.Bytes, e.ZipBytes)
		}
	}
	if unzipped != a.UnzippedBytes {
		t.Errorf("UnzippedBytes = %d, the entries sum to %d", a.UnzippedBytes, unzipped)
	}
	if !slices.IsSortedFunc(a.Entries, func(a, b Entry) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("entries are not sorted")
	}
	want := map[string]uint32{
		"src/orders.js": 0o644, "package.json": 0o644, "empty.txt": 0o644, "fonts/noise.woff2": 0o644,
		"locales/日本語.json": 0o644, "with space/a'b\"c;.txt": 0o644, "node_modules/x/bootstrap": 0o644,
		"bootstrap": 0o755, "node_modules/x/cli.js": 0o755, "node_modules/x/x.node": 0o755,
	}
	if diff := cmp.Diff(want, modes); diff != "" {
		t.Error(diff)
	}
}

func TestBesideAndServiceFolders(t *testing.T) {
	dir := t.TempDir()
	b := sample()
	b.ID = "shop/orders"
	source := filepath.Join(t.TempDir(), "map")
	if err := os.WriteFile(source, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.Beside = []File{
		{Name: "shop/orders.licenses.txt", Content: []byte("MIT\n")},
		{Name: "shop/orders/src/orders.js.map", Source: source},
	}
	a := mustPack(t, b, dir, Options{})
	if a.Name != "shop/orders.zip" {
		t.Errorf("Name = %q", a.Name)
	}
	for name, want := range map[string]string{"shop/orders.licenses.txt": "MIT\n", "shop/orders/src/orders.js.map": "{}"} {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		if stat, err := os.Stat(filepath.Join(dir, name)); err != nil || stat.Mode() != 0o644 {
			t.Errorf("%s: %v, %v", name, stat.Mode(), err)
		}
	}
	if got := listing(t, dir); !slices.Equal(got, []string{"shop"}) {
		t.Errorf("the out-dir holds %q", got)
	}
}

func TestContentAndSourceGiveTheSameZip(t *testing.T) {
	src := t.TempDir()
	memory, disk := sample(), sample()
	for i, f := range disk.Files {
		path := filepath.Join(src, hex.EncodeToString([]byte(f.Name)))
		if err := os.WriteFile(path, f.Content, 0o600); err != nil {
			t.Fatal(err)
		}
		disk.Files[i] = File{Name: f.Name, Source: path}
	}
	slices.Reverse(disk.Files)
	for _, compress := range []string{"", "fast", "default", "best"} {
		a := mustPack(t, memory, t.TempDir(), Options{Compress: compress})
		b := mustPack(t, disk, t.TempDir(), Options{Compress: compress})
		if a.SHA256 != b.SHA256 {
			t.Errorf("compress=%q: the zips differ", compress)
		}
	}
}

func TestBundleIsNotChanged(t *testing.T) {
	b := sample()
	before := sample()
	mustPack(t, b, t.TempDir(), Options{})
	if diff := cmp.Diff(before.Files, b.Files); diff != "" {
		t.Error(diff)
	}
}

func TestFailuresLeaveNothingBehind(t *testing.T) {
	folder := t.TempDir()
	missing := filepath.Join(folder, "no", "such", "file")
	sparse := filepath.Join(folder, "sparse")
	if err := os.WriteFile(sparse, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(sparse, 5<<30); err != nil {
		t.Fatal(err)
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	ok := File{Name: "a.js", Content: javascript(1000, 1)}
	for _, test := range []struct {
		name    string
		ctx     context.Context
		bundle  Bundle
		options Options
		prepare func(dir string) error
		code    string
		message string
	}{
		{name: "missing source", bundle: Bundle{Files: []File{ok, {Name: "b.js", Source: missing}}},
			code: "read-failed", message: `cannot read the file that becomes "b.js": no such file or directory`},
		{name: "relative source", bundle: Bundle{Files: []File{ok, {Name: "b.js", Source: "b.js"}}},
			code: "read-failed", message: `cannot read the file that becomes "b.js": the source path is not absolute`},
		{name: "folder as source", bundle: Bundle{Files: []File{ok, {Name: "b", Source: folder}}},
			code: "read-failed", message: `cannot read the file that becomes "b": it is not a regular file`},
		{name: "device as source", bundle: Bundle{Files: []File{ok, {Name: "b", Source: "/dev/zero"}}},
			code: "read-failed", message: `cannot read the file that becomes "b": it is not a regular file`},
		{name: "5 GiB source", bundle: Bundle{Files: []File{ok, {Name: "b", Source: sparse}}},
			code: "file-too-large", message: `"b" has 5368709120 bytes, more than the 4 GiB limit of a file in a zip`},
		{name: "missing beside", bundle: Bundle{Files: []File{ok}, Beside: []File{{Name: "fn.map", Source: missing}}},
			code: "read-failed", message: `cannot read the file that becomes "fn.map": no such file or directory`},
		{name: "unknown compression", bundle: Bundle{Files: []File{ok}}, options: Options{Compress: "ultra"},
			code: "unknown-compress", message: `there is no compression named "ultra"`},
		{name: "bad name", bundle: Bundle{Files: []File{ok, {Name: "../b"}}},
			code: "name-leaves-root", message: `"../b" would be unpacked outside of the target folder`},
		{name: "parts beyond the file", bundle: Bundle{Files: []File{{Name: "a.js", Content: []byte("abc"), Parts: []Part{{Input: -1, Bytes: 4}}}}},
			code: "attribution", message: `the parts of "a.js" cover more than its 3 bytes`},
		{name: "part of an unknown input", bundle: Bundle{Files: []File{{Name: "a.js", Content: []byte("abc"), Parts: []Part{{Input: 0, Bytes: 3}}}}},
			code: "attribution", message: `the parts of "a.js" name an input that is not in the graph`},
		{name: "a folder in the zip's place", bundle: Bundle{Files: []File{ok}, Beside: []File{{Name: "fn.map", Content: []byte("{}")}}},
			prepare: func(dir string) error { return os.Mkdir(filepath.Join(dir, "fn.zip"), 0o755) },
			code:    "write-failed", message: `cannot write "fn.zip": a folder has that name`},
		{name: "a file in the folder's place", bundle: Bundle{Files: []File{ok}, Beside: []File{{Name: "maps/fn.map", Content: []byte("{}")}}},
			prepare: func(dir string) error { return os.WriteFile(filepath.Join(dir, "maps"), nil, 0o644) },
			code:    "write-failed", message: `cannot write "maps/fn.map": not a directory`},
		{name: "a symlink out of the out-dir", bundle: Bundle{Files: []File{ok}, Beside: []File{{Name: "maps/fn.map", Content: []byte("{}")}}},
			prepare: func(dir string) error { return os.Symlink("/", filepath.Join(dir, "maps")) },
			code:    "write-failed", message: `cannot write "maps/fn.map": path escapes from parent`},
		{name: "cancelled", ctx: cancelled, bundle: Bundle{Files: []File{ok}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			if test.prepare != nil {
				if err := test.prepare(dir); err != nil {
					t.Fatal(err)
				}
			}
			before := listing(t, dir)
			test.bundle.ID = "fn"
			ctx := test.ctx
			if ctx == nil {
				ctx = context.Background()
			}
			a, err := Pack(ctx, test.bundle, dir, test.options)
			if diff := cmp.Diff(Artifact{}, a); diff != "" {
				t.Error(diff)
			}
			if after := listing(t, dir); !slices.Equal(before, after) {
				t.Errorf("left behind: %q", after)
			}
			if test.code == "" {
				if !errors.Is(err, context.Canceled) {
					t.Errorf("got %v, want the context's error", err)
				}
				return
			}
			var d analyzer.Diagnostic
			if !errors.As(err, &d) || d.Code != test.code || d.Message != test.message || d.Hint == "" || d.Function != "fn" {
				t.Errorf("got  %#v\nwant %s: %s", err, test.code, test.message)
			}
		})
	}
}

// changing is a source that its owner rewrites between two reads of it.
type changing struct{ reads int }

func (c *changing) ReadAt(p []byte, _ int64) (int, error) {
	c.reads++
	for i := range p {
		p[i] = byte(c.reads)
	}
	return len(p), nil
}

func TestInputThatChangesWhileReadIsAnError(t *testing.T) {
	inputChanged := func(t *testing.T, err error) {
		t.Helper()
		var d analyzer.Diagnostic
		if !errors.As(err, &d) || d.Code != "input-changed" {
			t.Errorf("got %v, want input-changed", err)
		}
	}
	open := func(t *testing.T) (*source, string) {
		path := filepath.Join(t.TempDir(), "a.js")
		if err := os.WriteFile(path, javascript(200<<10, 1), 0o600); err != nil {
			t.Fatal(err)
		}
		src, err := openSource(File{Name: "a.js", Source: path})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(src.close)
		return src, path
	}
	t.Run("content between two passes", func(t *testing.T) {
		src := &source{name: "a.js", size: 1000, bytes: &changing{}}
		traits, err := src.survey(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		_, err = src.copyTo(context.Background(), &bytes.Buffer{}, traits)
		inputChanged(t, err)
	})
	t.Run("shrunk", func(t *testing.T) {
		src, path := open(t)
		if err := os.Truncate(path, 10); err != nil {
			t.Fatal(err)
		}
		_, err := src.survey(context.Background())
		inputChanged(t, err)
	})
	t.Run("grown", func(t *testing.T) {
		src, path := open(t)
		if err := os.Truncate(path, 1<<20); err != nil {
			t.Fatal(err)
		}
		_, err := src.survey(context.Background())
		inputChanged(t, err)
	})
}

func TestMemoryDoesNotGrowWithTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "large")
	if err := os.WriteFile(path, javascript(1<<20, 1), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 200<<20); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	a := mustPack(t, Bundle{ID: "fn", Files: []File{{Name: "large", Source: path}}}, t.TempDir(), Options{Compress: "fast"})
	runtime.ReadMemStats(&after)
	if a.UnzippedBytes != 200<<20 {
		t.Errorf("%d bytes were packed", a.UnzippedBytes)
	}
	if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 8<<20 {
		t.Errorf("%d bytes were allocated, in all, for a file of 200 MiB", allocated)
	}
}

func TestManyPacksShareADir(t *testing.T) {
	dir := t.TempDir()
	versions := flipBundles()
	want := map[string]bool{}
	for _, v := range versions {
		want[mustPack(t, v, t.TempDir(), Options{Compress: "fast"}).SHA256] = true
	}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 5 {
				a, err := Pack(context.Background(), versions[i%2], dir, Options{Compress: "fast"})
				if err != nil {
					t.Error(err)
				} else if !want[a.SHA256] {
					t.Errorf("a zip that nobody meant: %s", a.SHA256)
				}
			}
		})
	}
	wg.Wait()
	if got := listing(t, dir); !slices.Equal(got, []string{"fn.zip"}) {
		t.Errorf("the out-dir holds %q", got)
	}
	content, err := os.ReadFile(filepath.Join(dir, "fn.zip"))
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(content); !want[hex.EncodeToString(sum[:])] {
		t.Error("fn.zip is neither version")
	}
}

func TestOnlyDraftsOfDeadRunsAreRemoved(t *testing.T) {
	dir := t.TempDir()
	ctx := context.Background()
	dead := filepath.Join(dir, draftPrefix+"dead"+draftSuffix)
	others := []string{".featherpack-notes", "x.tmp"}
	for _, name := range append(others, filepath.Base(dead)) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	root, err := makeRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	live, err := openOutDir(ctx, root)
	if err != nil {
		t.Fatal(err)
	}
	if got := listing(t, dir); !slices.Equal(got, others) {
		t.Fatalf("after the sweep: %q", got)
	}
	d, err := live.draft("live.zip")
	if err != nil {
		t.Fatal(err)
	}
	mustPack(t, Bundle{ID: "other"}, dir, Options{})
	if _, err := os.Stat(filepath.Join(dir, d.temporary)); err != nil {
		t.Errorf("a live run's file was swept: %v", err)
	}
	live.close()
	if got := listing(t, dir); !slices.Equal(got, append(others[:1:1], "other.zip", "x.tmp")) {
		t.Errorf("in the end: %q", got)
	}
}

func BenchmarkPack(b *testing.B) {
	bundle := sample()
	dir := b.TempDir()
	var unzipped int64
	for _, f := range bundle.Files {
		unzipped += int64(len(f.Content))
	}
	b.SetBytes(unzipped)
	for b.Loop() {
		if _, err := Pack(context.Background(), bundle, dir, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
