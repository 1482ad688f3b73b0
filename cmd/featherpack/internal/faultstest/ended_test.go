//go:build unix

package faultstest

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
	"github.com/featherpack/featherpack/packager"
)

// states returns what both states of a project build to, and how long a build takes.
func (p project) states() (one, two outputs, took time.Duration) {
	p.t.Helper()
	since := time.Now()
	p.must("--cache", "off")
	took = time.Since(since)
	one = p.must("--cache", "off")
	p.state("two")
	two = p.must("--cache", "off")
	return one, two, took
}

// After a kill at any moment each output is wholly of before or wholly of after, and the next
// build is as if nothing had happened.
func TestFaultKilled(t *testing.T) {
	p := newProject(t)
	one, two, took := p.states()
	for i := range rounds(t, 4) {
		next, name := one, "one"
		if i%2 == 1 {
			next, name = two, "two"
		}
		p.state(name)
		cmd := p.command()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		after := rand.N(took)
		time.Sleep(after)
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		when := fmt.Sprintf("killed after %v", after)
		drafts := p.outputs()
		for name := range drafts { // what was being written has another name, and goes with the next run
			if _, known := one[name]; !known {
				delete(drafts, name)
			}
		}
		drafts.whole(t, when, one, two)
		if i%4 == 3 { // else the next kill meets what this one left
			p.must().is(t, when+", then built", next)
			p.left(when)
		}
	}
	p.state("one")
	p.must().is(t, "at last", one)
	clitest.Must(t, "cache", "verify", "--cache", p.own)
}

// An interrupted build ends at once, with the signal's status, and leaves whole files only.
func TestFaultSignals(t *testing.T) {
	p := newProject(t)
	one, two, took := p.states()
	p.state("one")
	for i := range rounds(t, 4) {
		signal := []syscall.Signal{syscall.SIGINT, syscall.SIGTERM}[i%2]
		cmd := p.command("--cache", "off")
		var said bytes.Buffer
		cmd.Stdout, cmd.Stderr = &said, &said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		after := took/10 + rand.N(took)
		time.Sleep(after)
		_ = cmd.Process.Signal(signal)
		since := time.Now()
		_ = cmd.Wait()
		when := fmt.Sprintf("%v after %v", signal, after)
		t.Logf("%s: ended %v later", when, time.Since(since))
		state := cmd.ProcessState.Sys().(syscall.WaitStatus)
		switch {
		case state.ExitStatus() == 128+int(signal):
			says(t, when, said.String(), "interrupted")
		case state.Signaled() && said.Len() == 0: // it had not begun
		case state.ExitStatus() == clitest.Good: // it was done
		default:
			t.Errorf("%s: exit status %d\n%s", when, state.ExitStatus(), &said)
		}
		gone(t, when, cmd)
		p.outputs().whole(t, when, one, two)
		p.left(when)
	}
	p.must("--cache", "off").is(t, "at last", one)
}

// What the build has started ends with it.
func TestFaultSignalsWhileStarting(t *testing.T) {
	clitest.SkipUnlessLong(t)
	p := newProject(t)
	p.write("src/shared.js", "exports.text = () => 1;\nfor (const end = Date.now() + 60_000; Date.now() < end;);\n")
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		cmd := p.command("--cache", "off", "--boot")
		var said bytes.Buffer
		cmd.Stdout, cmd.Stderr = &said, &said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		_ = cmd.Process.Signal(signal)
		_ = cmd.Wait()
		if status := cmd.ProcessState.ExitCode(); status != 128+int(signal) {
			t.Errorf("%v: exit status %d\n%s", signal, status, &said)
		}
		gone(t, signal.String(), cmd)
		p.left(signal.String())
	}
}

// Eight builds in one folder, of one state, all succeed, and the files are those of one.
func TestFaultConcurrent(t *testing.T) {
	p := newProject(t)
	one, two, _ := p.states()
	for i := range min(50, rounds(t, 1)) {
		next, name := one, "one"
		if i%2 == 1 {
			next, name = two, "two"
		}
		p.state(name)
		var all sync.WaitGroup
		for k := range 8 {
			cmd := p.command()
			if k%4 == 3 {
				cmd = p.command("--cache", "off")
			}
			all.Go(func() {
				if text, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("round %d: %v\n%s", i, err, text)
				}
			})
		}
		all.Wait()
		p.outputs().is(t, fmt.Sprintf("round %d", i), next)
		p.left("after all of them")
	}
}

// A run that is killed while it writes a file of -o leaves its draft there. The next run that
// writes there removes it, and leaves alone the drafts of runs that still write.
func TestFaultKilledWritingAFile(t *testing.T) {
	p := newProject(t)
	p.must()
	folder := t.TempDir()
	file := filepath.Join(folder, "report.html")
	drafts := func() []string {
		t.Helper()
		names, err := filepath.Glob(filepath.Join(folder, ".featherpack-*"))
		if err != nil {
			t.Fatal(err)
		}
		return names
	}
	write := func() *exec.Cmd {
		t.Helper()
		cmd := p.command("--quiet", "-o", "html="+file)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd
	}
	for try := 0; len(drafts()) == 0; try++ {
		if try == 50 {
			t.Fatal("no run was caught while it wrote")
		}
		cmd := write()
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		for running := true; running; {
			select {
			case <-ended:
				running = false
			default:
				if len(drafts()) > 0 {
					_ = cmd.Process.Kill()
				}
			}
		}
	}
	theirs := filepath.Join(folder, ".featherpack-other.tmp") // of another program
	clitest.Write(t, theirs, "")
	alive, release := make(chan string), make(chan bool)
	ended := make(chan error, 1)
	go func() {
		ended <- packager.WriteWhole(filepath.Join(folder, "other.json"), 0o644, func(f *os.File) error {
			alive <- f.Name()
			<-release
			return nil
		})
	}()
	draft := <-alive
	if err := write().Wait(); err != nil {
		t.Fatal(err)
	}
	if left := drafts(); len(left) != 2 || !clitest.Exists(theirs) || !clitest.Exists(draft) {
		t.Errorf("%q stay", left)
	}
	close(release)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if text := clitest.Read(t, file); !strings.HasSuffix(strings.TrimSpace(string(text)), "</html>") {
		t.Errorf("the file of %d bytes is not whole", len(text))
	}
}
