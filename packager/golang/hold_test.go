package golang

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
)

// Another run does not replace a held program until it is released, even after the
// run that built it has ended.
func TestHeldProgramsAreKept(t *testing.T) {
	p := shop(t, map[string]string{"cmd/a/main.go": loop})
	f := function("a", "cmd/a")
	builder, job := Builder{CacheDir: t.TempDir()}, packager.Job{Project: p, Functions: []analyzer.Function{f}}
	var first packager.Bundle
	var release func()
	err := packager.Build(t.Context(), builder, job, func(b packager.Bundle) { first, release = b, b.Hold() })
	if err != nil {
		t.Fatal(err)
	}
	before := sha(t, first)

	write(t, p.Root, "cmd/a/main.go", strings.Replace(loop, "println(", "println(2, ", 1))
	impatient, stop := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer stop()
	err = packager.Build(impatient, builder, job, func(b packager.Bundle) {
		if !b.Failed() {
			t.Errorf("the other run did not wait: %v", b.Files)
		}
	})
	if !errors.Is(err, context.DeadlineExceeded) || sha(t, first) != before {
		t.Errorf("while it is held: %v, the program is another: %v", err, sha(t, first) != before)
	}
	release()
	release()
	if after := sha(t, build(t, p, setup{cache: builder.CacheDir}, f)["a"]); after == before {
		t.Error("once it is released, the other run still gives the old program")
	}
}

// Programs that are up to date are packed without reading them into memory: the
// memory that a run allocates does not grow with their size.
func TestProgramsArePackedFromDisk(t *testing.T) {
	const count, size = 4, 24 << 20
	noise := rand.NewChaCha8(sha256.Sum256([]byte(t.Name())))
	p := shop(t, nil)
	var functions []analyzer.Function
	for i := range count {
		data := make([]byte, size)
		noise.Read(data)
		dir := fmt.Sprintf("cmd/f%d", i)
		write(t, p.Root, dir+"/main.go", strings.Replace(loop, "println(", "println(data, ", 1))
		write(t, p.Root, dir+"/data.go", "package main\n\nimport _ \"embed\"\n\n//go:embed data.bin\nvar data string\n")
		write(t, p.Root, dir+"/data.bin", string(data))
		functions = append(functions, function(fmt.Sprintf("f%d", i), dir))
	}
	builder, job := Builder{CacheDir: t.TempDir()}, packager.Job{Project: p, Functions: functions}
	run := func() (allocated uint64) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		out, packed := t.TempDir(), 0
		err := packager.Build(t.Context(), builder, job, func(b packager.Bundle) {
			programOf(t, b)
			if b.Files[0].Content != nil {
				t.Errorf("%s: %d bytes in memory", b.ID, len(b.Files[0].Content))
			}
			if a, err := packager.Pack(t.Context(), b, out, packager.Options{Compress: "fast"}); err != nil || a.UnzippedBytes < size {
				t.Errorf("%s: %d bytes, %v", b.ID, a.UnzippedBytes, err)
			}
			packed++
		})
		if err != nil || packed != count {
			t.Errorf("%d of %d are packed: %v", packed, count, err)
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	run()
	if allocated := run(); allocated > size {
		t.Errorf("%d bytes are allocated to pack %d programs of %d", allocated, count, size)
	} else {
		t.Logf("%d bytes are allocated to pack %d programs of %d", allocated, count, size)
	}
}
