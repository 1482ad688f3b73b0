package packager

import (
	"bytes"
	"compress/flate"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// squeezed is what squeeze makes of content, inflated again, and its size.
func squeezed(t *testing.T, content []byte, name string) (method uint16, size int64, packed []byte) {
	t.Helper()
	src, err := openSource(File{Name: "x", Content: content})
	if err != nil {
		t.Fatal(err)
	}
	traits, err := src.survey(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	effort, err := effortNamed(name)
	if err != nil {
		t.Fatal(err)
	}
	m := memory{b: make([]byte, 10)}
	method, size, err = squeeze(context.Background(), &m, 10, src, traits, effort)
	if err != nil {
		t.Fatal(err)
	}
	packed = m.b[10 : 10+size]
	got := packed
	if method == methodDeflate {
		if got, err = io.ReadAll(flate.NewReader(bytes.NewReader(packed))); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(got, content) {
		t.Fatalf("%s: %d bytes came back as %d others", name, len(content), len(got))
	}
	return method, size, packed
}

func TestSmallestFormStays(t *testing.T) {
	dense := []byte(strings.Repeat("日本語の注文を確認しました。", 3000) + strings.Repeat("Straße", 500))
	for name, content := range map[string][]byte{
		"code": javascript(200_000, 1), "text beyond ASCII": dense, "noise": noise(200_000, 1),
		"one byte": {1}, "nothing": {}, "zeroes": make([]byte, 1<<20),
		"noise, then code": append(noise(100_000, 1), javascript(100_000, 1)...),
	} {
		t.Run(name, func(t *testing.T) {
			_, fast, _ := squeezed(t, content, "fast")
			_, standard, _ := squeezed(t, content, "default")
			method, best, _ := squeezed(t, content, "best")
			if best > standard || best > fast || standard > int64(len(content)) {
				t.Errorf("fast %d, default %d, best %d of %d bytes", fast, standard, best, len(content))
			}
			if stored := best == int64(len(content)); stored != (method == methodStore) {
				t.Errorf("method %d leaves %d of %d bytes", method, best, len(content))
			}
		})
	}
}

// BenchmarkDeflate reports the compressed sizes of each effort for this test binary
// (a Go program), Go's trace viewer (JavaScript and markup) and any files that
// FEATHERPACK_BENCH_FILES names by glob.
func BenchmarkDeflate(b *testing.B) {
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		b.Fatal(err)
	}
	files := []string{self, filepath.Join(strings.TrimSpace(string(root)), "src/internal/trace/traceviewer/static/trace_viewer_full.html")}
	more, err := filepath.Glob(os.Getenv("FEATHERPACK_BENCH_FILES"))
	if err != nil {
		b.Fatal(err)
	}
	for _, path := range append(files, more...) {
		content, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		for _, name := range []string{"fast", "default", "best"} {
			b.Run(filepath.Base(path)+"/"+name, func(b *testing.B) {
				effort, err := effortNamed(name)
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(int64(len(content)))
				var m memory
				var size int64
				for b.Loop() {
					src, _ := openSource(File{Content: content})
					traits, err := src.survey(b.Context())
					if err != nil {
						b.Fatal(err)
					}
					if _, size, err = squeeze(b.Context(), &m, 0, src, traits, effort); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(size), "zipped-B")
			})
		}
	}
}
