//go:build unix

package faultstest

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
)

// step is between two sizes of a disk or a file.
func step() int {
	if clitest.Long() {
		return 2
	}
	return 8
}

// A disk of any size either takes all files, or the build says that it is full and leaves whole
// files only.
func TestFaultDiskFull(t *testing.T) {
	clitest.SkipUnlessLong(t)
	p := newProject(t)
	one, _, _ := p.states()
	p.state("one")
	if err := os.RemoveAll(filepath.Join(p.dir, ".featherpack")); err != nil {
		t.Fatal(err)
	}
	kept := t.TempDir()
	full := 0
	for kib := 16; kib < 8192; kib *= step() {
		out := filepath.Join(p.dir, ".featherpack")
		when := fmt.Sprintf("%d KiB for the zips", kib)
		script := fmt.Sprintf(`mkdir -p %[1]s && mount -t tmpfs -o size=%[2]dk tmpfs %[1]s && trap 'cp -a %[1]s/. %[3]s' EXIT && "$@"; exit $?; true`, out, kib, kept)
		text, status := clitest.Outcome(t, p.shell(script, "--cache", "off"))
		switch status {
		case clitest.Good:
		case clitest.Failed:
			full++
			says(t, when, text, "no space left on device", "hint: ")
		default:
			t.Errorf("%s: exit status %d\n%s", when, status, text)
		}
		if err := os.RemoveAll(out); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(kept, out); err != nil {
			t.Fatal(err)
		}
		p.outputs().zips(t).whole(t, when, one)
		if err := os.RemoveAll(out); err != nil {
			t.Fatal(err)
		}
		kept = filepath.Join(t.TempDir(), "kept")
		if err := os.Mkdir(kept, 0o755); err != nil {
			t.Fatal(err)
		}
		p.left(when)
	}
	if full < 2 {
		t.Errorf("%d disks were full", full)
	}
	// No space for the cache is no error.
	for kib := 16; kib < 2048; kib *= 2 * step() {
		when := fmt.Sprintf("%d KiB for the cache", kib)
		script := fmt.Sprintf(`mkdir -p %[1]s && mount -t tmpfs -o size=%[2]dk tmpfs %[1]s`, p.own, kib)
		text, status := clitest.Outcome(t, p.shell(script))
		if status != clitest.Good {
			t.Errorf("%s: exit status %d\n%s", when, status, text)
		}
		p.outputs().is(t, when, one)
	}
}

// The same with a limit on the size of files.
func TestFaultFileSize(t *testing.T) {
	clitest.SkipUnlessLong(t)
	p := newProject(t)
	one, _, _ := p.states()
	p.state("one")
	limited := 0
	for blocks := 1; blocks < 4096; blocks *= step() {
		when := fmt.Sprintf("ulimit -f %d", blocks)
		if err := os.RemoveAll(filepath.Join(p.dir, ".featherpack")); err != nil {
			t.Fatal(err)
		}
		cmd := p.command()
		cmd.Args = append([]string{"sh", "-c", when + ` && exec "$@"`, "sh"}, cmd.Args...)
		cmd.Path = "/bin/sh"
		text, status := clitest.Outcome(t, cmd)
		switch status {
		case clitest.Good:
			p.outputs().is(t, when, one)
		case clitest.Failed:
			limited++
			says(t, when, text, "file too large", "ulimit -f")
			p.outputs().zips(t).whole(t, when, one)
		default:
			t.Errorf("%s: exit status %d\n%s", when, status, text)
		}
		p.left(when)
	}
	if limited < 2 {
		t.Errorf("%d builds failed", limited)
	}
	p.must().is(t, "without a limit", one)
}

// An input that may not be read is an error that names it, never a smaller zip.
func TestFaultUnreadable(t *testing.T) {
	clitest.SkipUnlessLong(t)
	p := newProject(t)
	one, _, _ := p.states()
	p.state("one")
	for i, name := range []string{"src/f0.js", "src", "node_modules/lib", "data.txt", "node_modules/lib/index.js", "src/shared.js",
		"featherpack.yaml", "package.json", "node_modules/lib/package.json", "node_modules"} {
		if i > 3 && !clitest.Long() {
			break
		}
		t.Run(strings.ReplaceAll(name, "/", "_"), func(t *testing.T) {
			at := filepath.Join(p.dir, filepath.FromSlash(name))
			info, err := os.Stat(at)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(at, 0); err != nil {
				t.Fatal(err)
			}
			defer os.Chmod(at, info.Mode().Perm())
			for range 2 { // with the cache of a build that could read it, and without
				cmd := p.command()
				cmd.Args[0] = cmd.Path
				text, status := clitest.Outcome(t, clitest.Unprivileged(t, cmd))
				if status != clitest.Failed {
					t.Errorf("exit status %d\n%s", status, text)
				}
				says(t, name, text, "permission denied", filepath.Base(name))
				if err := os.Chmod(at, info.Mode().Perm()); err != nil {
					t.Fatal(err)
				}
				p.must().is(t, name, one)
				if err := os.Chmod(at, 0); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// A build whose input changes is an error, or has the bytes of the state before or after. The
// next build has those of after.
func TestFaultInputChanges(t *testing.T) {
	clitest.SkipUnlessLong(t)
	p := newProject(t)
	one, two, took := p.states()
	changed := 0
	for i := range rounds(t, 4) {
		p.state("one")
		time.Sleep(30 * time.Millisecond) // or the file is too young to be judged
		flags := [][]string{nil, {"--cache", "off"}}[i%2]
		cmd := p.command(flags...)
		var said strings.Builder
		cmd.Stderr = &said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		after := rand.N(took)
		time.Sleep(after)
		p.state("two")
		_ = cmd.Wait()
		when := fmt.Sprintf("changed after %v", after)
		switch cmd.ProcessState.ExitCode() {
		case clitest.Good:
			got := p.outputs()
			before := got["f0.zip"] == one["f0.zip"]
			got.is(t, when, map[bool]outputs{true: one, false: two}[before])
		case clitest.Failed:
			changed++
			says(t, when, said.String(), "src/shared.js", "during the build")
		default:
			t.Errorf("%s: %v\n%s", when, cmd.ProcessState, &said)
		}
		p.must(flags...).is(t, when+", then built", two)
	}
	t.Logf("%d changes were noticed", changed)
}

// Temporary files inside the project are ours, and no inputs that change.
func TestFaultTemporaryFolderInside(t *testing.T) {
	clitest.SkipUnlessLong(t)
	p := newProject(t)
	one, _, _ := p.states()
	p.state("one")
	p.temp = filepath.Join(p.dir, ".tmp")
	if err := os.Mkdir(p.temp, 0o755); err != nil {
		t.Fatal(err)
	}
	p.must().zips(t).is(t, "with a cache", one.zips(t))
	p.must("--cache", "off").zips(t).is(t, "without", one.zips(t))
}

// A cache that cannot be written to is used as far as it goes.
func TestFaultReadOnlyCache(t *testing.T) {
	clitest.SkipUnlessLong(t)
	p := newProject(t)
	one, two, _ := p.states()
	p.state("one")
	time.Sleep(30 * time.Millisecond)
	p.must()
	time.Sleep(30 * time.Millisecond)
	for _, s := range []struct {
		name      string
		want      outputs
		unchanged int
	}{{"one", one, 6}, {"two", two, 0}} {
		p.state(s.name)
		text, status := clitest.Outcome(t, p.shell("mount --bind "+p.own+" "+p.own+" && mount -o remount,bind,ro "+p.own, "--verbose"))
		if status != clitest.Good || strings.Count(text, "is unchanged") != s.unchanged {
			t.Errorf("%s: exit status %d\n%s", s.name, status, text)
		}
		p.outputs().is(t, s.name, s.want)
	}
}

// Whatever bit flips in the cache, the files are right.
func TestFaultBitFlips(t *testing.T) {
	clitest.SkipUnlessLong(t)
	p := newProject(t)
	one, two, _ := p.states()
	for i := range rounds(t, 6) {
		next, name := one, "one"
		if i%3 == 2 {
			next, name = two, "two"
		}
		p.state(name)
		var files []string
		_ = filepath.WalkDir(p.own, func(at string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				files = append(files, at)
			}
			return nil
		})
		when := "at first"
		if len(files) > 0 {
			at := files[rand.N(len(files))]
			if text := clitest.Read(t, at); len(text) > 0 {
				bit := rand.N(8 * len(text))
				text[bit/8] ^= 1 << (bit % 8)
				if err := os.WriteFile(at, text, 0o600); err != nil {
					t.Fatal(err)
				}
				when = fmt.Sprintf("bit %d of %s", bit, at)
			}
		}
		p.must().is(t, when, next)
	}
}

// The clock does not matter: not when a file seems to be of the future, nor when a change has
// the time and the size of what was there.
func TestFaultClock(t *testing.T) {
	clitest.SkipUnlessLong(t)
	p := newProject(t)
	one, two, _ := p.states()
	ages := []time.Duration{time.Hour, -50 * 365 * 24 * time.Hour}
	if clitest.Long() {
		ages = append(ages, 0, -time.Hour, 50*365*24*time.Hour)
	}
	for _, age := range ages {
		when := time.Now().Add(age).Truncate(time.Second)
		for _, s := range []struct {
			name string
			want outputs
		}{{"one", one}, {"two", two}, {"one", one}} {
			p.state(s.name)
			for _, at := range []string{"src/shared.js", "src", "src/f0.js", "package.json", "node_modules/lib/index.js"} {
				if err := os.Chtimes(filepath.Join(p.dir, at), when, when); err != nil {
					t.Fatal(err)
				}
			}
			p.must().is(t, fmt.Sprintf("%s, %v old", s.name, age), s.want)
		}
		_ = filepath.WalkDir(p.own, func(at string, _ fs.DirEntry, err error) error { // the cache's own, too
			if err == nil {
				err = os.Chtimes(at, when, when)
			}
			return err
		})
	}
}
