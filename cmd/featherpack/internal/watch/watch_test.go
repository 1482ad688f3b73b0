package watch_test

import (
	"archive/zip"
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
)

func TestMain(m *testing.M) { clitest.Main(m) }

// service is a project that a process watches.
type service struct {
	t     *testing.T
	dir   string
	cmd   *exec.Cmd
	lines chan string
}

func start(t *testing.T, flags ...string) *service {
	t.Helper()
	s := &service{t: t, dir: t.TempDir(), lines: make(chan string, 1000)}
	s.write("featherpack.yaml", "functions:\n  one: {entry: one.js, runtime: nodejs22.x}\n  two: {entry: two.js, runtime: nodejs22.x}\n")
	s.write("one.js", "exports.handler = async () => require('./lib').answer;\n")
	s.write("two.js", "exports.handler = async () => 2;\n")
	s.write("lib.js", "exports.answer = 'before';\n")
	s.cmd = exec.Command(clitest.Path(t), append([]string{"build", "--watch"}, flags...)...)
	s.cmd.Dir = s.dir
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	s.cmd.Stderr = s.cmd.Stdout
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.cmd.Process.Kill() })
	go func() {
		defer close(s.lines)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			s.lines <- lines.Text()
		}
	}()
	s.expect(`^featherpack: waiting for changes below .*; Ctrl-C ends it$`)
	return s
}

func (s *service) write(name, text string) {
	s.t.Helper()
	clitest.Write(s.t, filepath.Join(s.dir, name), text)
}

// expect waits for a line.
func (s *service) expect(pattern string) {
	s.t.Helper()
	var seen []string
	for timeout := time.After(time.Minute); ; {
		select {
		case line, open := <-s.lines:
			if seen = append(seen, line); !open {
				s.t.Fatalf("the process ended before %q:\n%s", pattern, strings.Join(seen, "\n"))
			}
			if regexp.MustCompile(pattern).MatchString(line) {
				return
			}
		case <-timeout:
			s.t.Fatalf("no line matches %q:\n%s", pattern, strings.Join(seen, "\n"))
		}
	}
}

// code is the file one.js in the zip of the function one.
func (s *service) code() string {
	s.t.Helper()
	r, err := zip.OpenReader(filepath.Join(s.dir, ".featherpack", "one.zip"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer r.Close()
	in, err := r.Open("one.js")
	if err != nil {
		s.t.Fatal(err)
	}
	defer in.Close()
	text, err := io.ReadAll(in)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

func (s *service) end(signal os.Signal, want int) {
	s.t.Helper()
	if err := s.cmd.Process.Signal(signal); err != nil {
		s.t.Fatal(err)
	}
	for range s.lines {
	}
	_ = s.cmd.Wait()
	if got := s.cmd.ProcessState.ExitCode(); got != want {
		s.t.Errorf("exit status %d after %s, want %d", got, signal, want)
	}
}

// A change, a new file, a removal, a mistake and its mending are each noticed and built.
func TestWatch(t *testing.T) {
	s := start(t)
	s.write("lib.js", "exports.answer = 'after';\n")
	s.expect(`^featherpack: lib.js changed: one built, \d+ B \([+-]\d+ B\), \d+ ms$`)
	if code := s.code(); !strings.Contains(code, "after") || strings.Contains(code, "before") {
		t.Errorf("after a change the zip holds %s", code)
	}
	s.write("two.js", "// a comment\nexports.handler = async () => 2;\n")
	s.expect(`^featherpack: two.js changed: (two built, \d+ B \(.*\)|no zip changed), \d+ ms$`)

	s.write("lib.js", "exports.answer = ;\n")
	s.expect(`lib.js:1:18: .*[Uu]nexpected ";"`)
	s.expect(`^featherpack: lib.js changed: one failed, \d+ ms$`)
	s.write("lib.js", "exports.answer = 'mended';\n")
	s.expect(`^featherpack: lib.js changed: one built, \d+ B, \d+ ms$`)
	if code := s.code(); !strings.Contains(code, "mended") {
		t.Errorf("after the mending the zip holds %s", code)
	}

	if err := os.Remove(filepath.Join(s.dir, "lib.js")); err != nil {
		t.Fatal(err)
	}
	s.expect(`^featherpack: lib.js changed: one failed, \d+ ms$`)
	s.write("lib/index.js", "exports.answer = 'folder';\n")
	s.expect(`^featherpack: lib, lib/index.js changed: one built, \d+ B, \d+ ms$`)
	if code := s.code(); !strings.Contains(code, "folder") {
		t.Errorf("with a folder in place of the file the zip holds %s", code)
	}

	s.write("featherpack.yaml", "functions: [\n")
	s.expect(`^featherpack: featherpack.yaml changed: not built, \d+ ms$`)
	s.write("featherpack.yaml", "functions:\n  one: {entry: one.js, runtime: nodejs22.x}\n")
	s.expect(`^featherpack: featherpack.yaml changed: no zip changed, \d+ ms$`)
	s.end(os.Interrupt, 130)
}

// Its own report and cache are no change, and SIGTERM ends it too.
func TestWatchItsOwnFiles(t *testing.T) {
	s := start(t, "--out", "zips", "-o", "json=report.json", "--cache", "kept")
	time.Sleep(300 * time.Millisecond)
	s.write("lib.js", "exports.answer = 'after';\n")
	s.expect(`^featherpack: .* changed`)
	time.Sleep(300 * time.Millisecond)
	for len(s.lines) > 0 {
		t.Errorf("without a change: %s", <-s.lines)
	}
	s.end(syscall.SIGTERM, 143)
}

// A file that changes again while it is built is built again, without an error.
func TestWatchManyChanges(t *testing.T) {
	s := start(t)
	for i := range 40 {
		s.write("lib.js", "exports.answer = 'answer "+strings.Repeat("x", i)+"';\n")
		time.Sleep(20 * time.Millisecond)
	}
	s.write("lib.js", "exports.answer = 'the last';\n")
	for deadline := time.Now().Add(time.Minute); !strings.Contains(s.code(), "the last"); {
		if time.Sleep(20 * time.Millisecond); time.Now().After(deadline) {
			t.Fatalf("the zip holds %s", s.code())
		}
	}
	s.write("two.js", "exports.handler = async () => 'two';\n")
	for line := range s.lines {
		if !regexp.MustCompile(`^featherpack: (lib|two)\.js.* changed: (one built|two built|no zip changed)`).MatchString(line) {
			t.Errorf("%s", line)
		}
		if strings.Contains(line, "two built") {
			break
		}
	}
	s.end(os.Interrupt, 130)
}

// featherpack build --watch > log.txt does not take what it prints for a change.
func TestWatchPrintsIntoTheProject(t *testing.T) {
	dir := t.TempDir()
	clitest.Write(t, filepath.Join(dir, "featherpack.yaml"), "functions:\n  one: {entry: one.js, runtime: nodejs22.x}\n")
	clitest.Write(t, filepath.Join(dir, "one.js"), "exports.handler = async () => 1;\n")
	file := filepath.Join(dir, "logs", "log.txt")
	clitest.Write(t, file, "")
	log, err := os.OpenFile(file, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	cmd := exec.Command(clitest.Path(t), "build", "--watch")
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	printed := func(what string) (text string) {
		t.Helper()
		for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(20 * time.Millisecond) {
			b, err := os.ReadFile(file)
			if text = string(b); err == nil && strings.Contains(text, what) {
				return text
			}
		}
		t.Fatalf("nothing says %q:\n%s", what, text)
		return ""
	}
	printed("waiting for changes")
	clitest.Write(t, filepath.Join(dir, "one.js"), "exports.handler = async () => 22;\n")
	printed("one.js changed")
	clitest.Write(t, filepath.Join(dir, "featherpack.yaml"), "functions:\n  one: {entry: one.js, runtime: nodejs24.x}\n")
	if text := printed("featherpack.yaml changed"); strings.Contains(text, "log.txt changed") || strings.Count(text, " changed: ") != 2 {
		t.Errorf("more than two changes:\n%s", text)
	}
}
