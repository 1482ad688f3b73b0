package git

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// Checkout is the git checkout that a folder is in.
type Checkout struct {
	Top string // absolute
	Sub string // the folder, relative to Top
}

// Open finds the checkout that a folder is in.
func Open(ctx context.Context, dir string) (*Checkout, error) {
	real, err := filepath.Abs(dir)
	if err == nil {
		real, err = filepath.EvalSymlinks(real)
	}
	if err != nil {
		return nil, err
	}
	g := &Checkout{Top: real}
	top, err := g.Run(ctx, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, err
	}
	if g.Top, err = filepath.EvalSymlinks(top); err != nil {
		return nil, err
	}
	g.Sub, err = filepath.Rel(g.Top, real)
	if err == nil && !filepath.IsLocal(g.Sub) {
		err = fmt.Errorf("core.worktree in the git configuration names another folder")
	}
	return g, err
}

// Run runs one git command and returns its output. It runs no code that the
// checkout's configuration names: see [settings].
func (g *Checkout) Run(ctx context.Context, args ...string) (string, error) {
	out, err := run(ctx, g.Top, settings, args...)
	return strings.TrimSpace(string(out)), err
}

// run runs git in a folder, with settings that override those of every file.
func run(ctx context.Context, dir string, with []setting, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", append([]string{"--no-pager", "-C", dir}, args...)...)
	cmd.Env = environment(os.Environ(), with)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("git %s: %s", args[0], strings.TrimSpace(stderr.String()))
	}
	return out, nil
}

// Shallow reports whether the checkout lacks a part of its history.
func (g *Checkout) Shallow(ctx context.Context) bool {
	answer, err := g.Run(ctx, "rev-parse", "--is-shallow-repository")
	return err == nil && answer == "true"
}

// Commit is the full hash of a ref.
func (g *Checkout) Commit(ctx context.Context, ref string) (string, error) {
	hash, err := g.Run(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", ref+"^{commit}")
	if err == nil {
		return hash, nil
	}
	d := analyzer.Usage(fmt.Sprintf("there is no commit %q here", ref), "git fetch origin "+ref)
	if g.Shallow(ctx) {
		d.Message = fmt.Sprintf("there is no commit %q in this shallow checkout", ref)
		d.Hint = "fetch it with its history: git fetch --unshallow origin " + ref + Deeper
	}
	return "", d
}

// Deeper is the part of a hint that shows how to fetch more than the last commit on CI.
const Deeper = " (on GitHub: fetch-depth: 0 for actions/checkout; on GitLab: GIT_DEPTH: 0)"

// Read reads files of a commit, by paths relative to the top, as they are stored:
// no filter or text conversion is applied.
func (g *Checkout) Read(ctx context.Context, commit string) func(path string) ([]byte, error) {
	return func(path string) ([]byte, error) {
		return run(ctx, g.Top, settings, "cat-file", "blob", commit+":"+path)
	}
}

// Names lists folders of a commit.
func (g *Checkout) Names(ctx context.Context, commit string) func(dir string) ([]string, error) {
	return func(dir string) ([]string, error) {
		list, err := run(ctx, g.Top, settings, "ls-tree", "-z", "--name-only", "--end-of-options", commit+":"+strings.TrimPrefix(dir, "."))
		return strings.Split(strings.TrimSuffix(string(list), "\x00"), "\x00"), err
	}
}
