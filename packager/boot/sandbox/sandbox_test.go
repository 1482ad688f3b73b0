//go:build linux

package sandbox

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// self is a spec that runs this test program, which lists no tests and ends.
func self(t *testing.T, contained bool) (Spec, *bytes.Buffer) {
	t.Helper()
	text, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	work, task := t.TempDir(), t.TempDir()
	program := filepath.Join(task, "program")
	// Another user runs it.
	if err := errors.Join(os.WriteFile(program, text, 0o755), os.Chmod(filepath.Dir(work), 0o755)); err != nil {
		t.Fatal(err)
	}
	output := &bytes.Buffer{}
	s := Spec{Args: []string{program, "-test.list=^none$"}, Dir: task, Contained: contained, Work: work, Memory: 256 << 20, Output: output}
	if contained {
		s.Args[0], s.Dir = "/opt/program", "/var/task"
		s.Mounts = []Mount{{From: task, To: s.Dir}, {From: program, To: s.Args[0], Program: true}}
	}
	return s, output
}

// run starts a process and waits for its end.
func run(t *testing.T, s Spec, output *bytes.Buffer) (p *Process, ended string) {
	t.Helper()
	p, err := Start(s)
	if errors.Is(err, ErrContainment) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer p.Stop()
	select {
	case ended = <-p.Exited:
	case ended = <-p.Over:
	case <-time.After(30 * time.Second):
		t.Fatalf("it does not end\n%s", output)
	}
	p.Stop()
	return p, ended
}

func TestStart(t *testing.T) {
	for _, contained := range []bool{true, false} {
		s, output := self(t, contained)
		p, ended := run(t, s, output)
		if ended != "exited with status 0" {
			t.Errorf("contained %v: it %s\n%s", contained, ended, output)
		}
		if contained != (len(p.Uncontained) == 0) {
			t.Errorf("contained %v: it could reach %q", contained, p.Uncontained)
		}
		if !contained && !slices.Contains(p.Uncontained, "files") {
			t.Errorf("it could reach %q only", p.Uncontained)
		}
	}
}

// slow takes its time for the first text, as a reader does on a busy machine.
type slow struct {
	text  bytes.Buffer
	waits sync.Once
}

func (s *slow) Write(text []byte) (int, error) {
	s.waits.Do(func() { time.Sleep(time.Second) })
	return s.text.Write(text)
}

// All that a process has printed is read, however late.
func TestOutputOfABusyMachine(t *testing.T) {
	for _, contained := range []bool{true, false} {
		s, _ := self(t, contained)
		output := &slow{}
		s.Args, s.Output = []string{s.Args[0], "-test.v", "-test.run=^TestPrint$"}, output
		s.Env = []string{"SANDBOX_PRINT=1"}
		run(t, s, &output.text)
		if n := strings.Count(output.text.String(), "printed"); n != printedLines {
			t.Errorf("contained %v: %d of %d lines were read", contained, n, printedLines)
		}
	}
}

// printedLines are less than a pipe holds, so that the process ends before they are read.
const printedLines = 7000

// TestPrint is what [TestOutputOfABusyMachine] runs.
func TestPrint(t *testing.T) {
	if os.Getenv("SANDBOX_PRINT") == "" {
		t.Skip("prints for another test")
	}
	for range 2 {
		fmt.Print(strings.Repeat("printed\n", printedLines/2))
	}
}

// A program that is not in the sandbox does not start, and that is not the
// machine's fault.
func TestStartOfNothing(t *testing.T) {
	s, _ := self(t, true)
	s.Args[0] = "/opt/missing"
	p, err := Start(s)
	if err == nil {
		p.Stop()
	}
	var reason NotStarted
	if errors.Is(err, ErrContainment) {
		t.Skip(err)
	}
	if !errors.As(err, &reason) || !strings.HasPrefix(err.Error(), "the program does not start: ") {
		t.Errorf("%v", err)
	}
}

func TestContainmentCanBeForbidden(t *testing.T) {
	t.Setenv(ForbidContainment, "1")
	s, _ := self(t, true)
	if _, err := Start(s); !errors.Is(err, ErrContainment) {
		t.Errorf("%v", err)
	}
}

func TestWatchOpenings(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a", "b", "c"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	o := WatchOpenings(dir)
	if o == nil {
		t.Skip("this machine counts no openings")
	}
	for _, name := range []string{"a", "b", "a"} {
		if _, err := os.ReadFile(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if n := o.Stop(); n != 2 {
		t.Errorf("%d files were opened, not 2", n)
	}
}
