package git

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

func TestCheckout(t *testing.T) {
	top := t.TempDir()
	run := func(args ...string) string {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.org"}, args...)...)
		cmd.Dir = top
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %s: %v\n%s", args[0], err, out)
		}
		return strings.TrimSpace(string(out))
	}
	write(t, filepath.Join(top, "svc", "a.ts"), "one\n")
	write(t, filepath.Join(top, "svc", "b c.ts"), "")
	run("init", "-q", ".")
	run("add", ".")
	run("commit", "-q", "-m", "one")
	hash := run("rev-parse", "HEAD")
	write(t, filepath.Join(top, "svc", "a.ts"), "two\n")

	g, err := Open(t.Context(), filepath.Join(top, "svc"))
	if err != nil || g.Sub != "svc" {
		t.Fatalf("%+v, %v", g, err)
	}
	if got, err := g.Commit(t.Context(), "HEAD"); err != nil || got != hash {
		t.Errorf("%q, %v; want %q", got, err, hash)
	}
	if text, err := g.Read(t.Context(), hash)("svc/a.ts"); err != nil || string(text) != "one\n" {
		t.Errorf("%q, %v", text, err)
	}
	if _, err := g.Read(t.Context(), hash)("svc/gone.ts"); err == nil {
		t.Error("Read returned a file that is not in the commit")
	}
	if names, err := g.Names(t.Context(), hash)("svc"); err != nil || !slices.Equal(names, []string{"a.ts", "b c.ts"}) {
		t.Errorf("%q, %v", names, err)
	}
	if names, err := g.Names(t.Context(), hash)("."); err != nil || !slices.Equal(names, []string{"svc"}) {
		t.Errorf("%q, %v", names, err)
	}
	_, err = g.Commit(t.Context(), "--help")
	if d := (analyzer.Diagnostic{}); !errors.As(err, &d) || d.Message != `there is no commit "--help" here` {
		t.Errorf("%v", err)
	}
	if _, err := Open(t.Context(), t.TempDir()); err == nil {
		t.Error("a folder without a checkout has one")
	}
}

// Git commands run no hooks of the checkout.
func TestNoHooks(t *testing.T) {
	top := t.TempDir()
	if out, err := exec.Command("git", "init", "-q", top).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	mark := filepath.Join(t.TempDir(), "ran")
	for _, hook := range []string{"post-checkout", "pre-commit"} {
		write(t, filepath.Join(top, ".git", "hooks", hook), "#!/bin/sh\ntouch '"+mark+"'\n")
	}
	g, err := Open(t.Context(), top)
	if err != nil {
		t.Fatal(err)
	}
	commit := []string{"-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--allow-empty", "-m", "one"}
	if _, err := g.Run(t.Context(), commit...); err != nil {
		t.Fatal(err)
	}
	if _, err := g.Run(t.Context(), "worktree", "add", "--detach", filepath.Join(t.TempDir(), "tree")); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(mark); err == nil {
		t.Error("a hook of the checkout ran")
	}
}

// The entry of a killed run's worktree, whose folder is gone, is removed; others stay.
func TestForgetWorktrees(t *testing.T) {
	top, away := t.TempDir(), t.TempDir()
	git := func(args ...string) string {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", top, "-c", "user.name=a", "-c", "user.email=a@example.org"}, args...)...)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %s: %v\n%s", args[0], err, out)
		}
		return string(out)
	}
	git("init", "-q", ".")
	git("commit", "-q", "--allow-empty", "-m", "one")
	g, err := Open(t.Context(), top)
	if err != nil {
		t.Fatal(err)
	}
	gone, mine := filepath.Join(away, "gone"), filepath.Join(away, "mine")
	for _, folder := range []string{gone, mine} {
		if err := g.AddWorktree(t.Context(), folder, "HEAD"); err != nil {
			t.Fatal(err)
		}
		if err := os.RemoveAll(folder); err != nil {
			t.Fatal(err)
		}
	}
	g.ForgetWorktrees(t.Context(), func(folder string) bool { return filepath.Base(folder) == "gone" })
	if list := git("worktree", "list"); strings.Contains(list, gone) || !strings.Contains(list, mine) {
		t.Errorf("git worktree list:\n%s", list)
	}
}
