//go:build unix

package faultstest

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
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
