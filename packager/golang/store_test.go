package golang

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
)

// Folders that no build has used for a month are removed. Folders in use stay,
// whatever their age.
func TestPrune(t *testing.T) {
	s := &store{dir: t.TempDir()}
	old := time.Now().Add(-keepUnused - time.Hour)
	for _, arch := range []string{"fresh", "old", "held"} {
		f, err := s.lock(t.Context(), settings{goarch: arch})
		if err != nil {
			t.Fatal(err)
		}
		write(t, f.dir, "bin0/a", "program")
		if arch != "fresh" {
			if err := os.Chtimes(f.lock.Path(), old, old); err != nil {
				t.Fatal(err)
			}
		}
		if arch == "held" {
			defer f.unlock()
		} else {
			f.unlock()
		}
	}
	s.prune(time.Now(), mostKept)
	if left, _ := filepath.Glob(filepath.Join(s.dir, "*", "bin0", "a")); len(left) != 2 {
		t.Errorf("%d folders are left, want the fresh and the held one", len(left))
	}
}

// Where all folders hold too much, the longest unused go first.
func TestPruneBySize(t *testing.T) {
	s := &store{dir: t.TempDir()}
	dirs := map[string]string{}
	for i, arch := range []string{"latest", "later", "early", "earliest"} {
		f, err := s.lock(t.Context(), settings{goarch: arch})
		if err != nil {
			t.Fatal(err)
		}
		dirs[arch] = f.dir
		write(t, f.dir, "bin0/a", "ten bytes.")
		used := time.Now().Add(-time.Duration(i) * time.Hour)
		if err := os.Chtimes(f.lock.Path(), used, used); err != nil {
			t.Fatal(err)
		}
		if arch == "earliest" {
			defer f.unlock() // in use
		} else {
			f.unlock()
		}
	}
	s.prune(time.Now(), 20)
	for arch, want := range map[string]bool{"latest": true, "later": true, "early": false, "earliest": true} {
		if _, err := os.Stat(dirs[arch]); (err == nil) != want {
			t.Errorf("%s: %v", arch, err)
		}
	}
}

// Runs that share a cache folder wait for each other.
func TestConcurrentRuns(t *testing.T) {
	p := shop(t, map[string]string{"cmd/a/main.go": loop})
	p.Functions = []analyzer.Function{function("a", "cmd/a")}
	builder, job := Builder{CacheDir: t.TempDir()}, packager.Job{Project: p, Functions: p.Functions}
	sums := make([]string, 6)
	var runs sync.WaitGroup
	for i := range sums {
		runs.Go(func() {
			err := packager.Build(t.Context(), builder, job, func(b packager.Bundle) {
				if b.Failed() {
					t.Errorf("run %d: %v", i, b.Diagnostics)
					return
				}
				sums[i], _ = sumOf(b.Files[0].Source)
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	runs.Wait()
	for i, sum := range sums {
		if sum == "" || sum != sums[0] {
			t.Errorf("run %d built %q, the first run %q", i, sum, sums[0])
		}
	}
}

// The message about a cache folder that cannot be written does not include its path.
func TestCacheThatCannotBeWritten(t *testing.T) {
	p := shop(t, map[string]string{"cmd/a/main.go": loop, "file": ""})
	b := build(t, p, setup{cache: filepath.Join(p.Root, "file", "cache")}, function("a", "cmd/a"))["a"]
	if len(b.Diagnostics) != 1 || b.Diagnostics[0].Message != "making the cache folder: not a directory" {
		t.Errorf("diagnostics: %v", b.Diagnostics)
	}
}

// Programs that other shipping rules made are not reused.
func TestStoreKeyCoversTheRules(t *testing.T) {
	changed := fstest.MapFS{}
	entries, err := rules.ReadDir(".")
	if err != nil || len(entries) < 6 {
		t.Fatal(entries, err)
	}
	for _, e := range entries {
		text, err := rules.ReadFile(e.Name())
		if err != nil {
			t.Fatal(err)
		}
		changed[e.Name()] = &fstest.MapFile{Data: text}
	}
	if digestOf(changed) != rulesDigest() {
		t.Error("equal rules have different digests")
	}
	changed["ship.go"].Data = append(changed["ship.go"].Data, '\n')
	if digestOf(changed) == rulesDigest() {
		t.Error("other rules have the same digest")
	}
}
