package git

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
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
	return runWith(ctx, dir, with, nil, args...)
}

// runWith is run with an input.
func runWith(ctx context.Context, dir string, with []setting, stdin io.Reader, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", append([]string{"--no-pager", "-C", dir}, args...)...)
	cmd.Env, cmd.Stdin = environment(os.Environ(), with), stdin
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("git %s: %s", args[0], strings.TrimSpace(stderr.String()))
	}
	return out, nil
}

// stream is run for an output that is read while git prints it.
func stream(ctx context.Context, dir string, with []setting, read func(io.Reader) error, args ...string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cmd := exec.CommandContext(ctx, "git", append([]string{"--no-pager", "-C", dir}, args...)...)
	cmd.Env = environment(os.Environ(), with)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("git %s: %w", args[0], err)
	}
	if err = read(out); err != nil {
		cancel() // git may wait for a reader
		_ = cmd.Wait()
		return fmt.Errorf("reading what git %s prints: %w", args[0], err)
	}
	if cmd.Wait() != nil {
		return fmt.Errorf("git %s: %s", args[0], strings.TrimSpace(stderr.String()))
	}
	return nil
}

// Shallow reports whether the checkout lacks a part of its history.
func (g *Checkout) Shallow(ctx context.Context) bool {
	answer, err := g.Run(ctx, "rev-parse", "--is-shallow-repository")
	return err == nil && answer == "true"
}

// Commit is the full hash of a ref. A branch that exists only on the remote, as on CI, is
// found there.
func (g *Checkout) Commit(ctx context.Context, ref string) (string, error) {
	for _, name := range []string{ref, "refs/remotes/" + cmp.Or(g.Remote(ctx), "origin") + "/" + ref} {
		if hash, err := g.Run(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", name+"^{commit}"); err == nil {
			return hash, nil
		}
	}
	d := analyzer.Usage(fmt.Sprintf("there is no commit %q here", ref), g.FetchCommand(ctx, ref))
	if g.Shallow(ctx) {
		d.Message = fmt.Sprintf("there is no commit %q in this shallow checkout", ref)
	}
	return "", d
}

// FetchCommand is the command that makes a branch or commit available to
// [Checkout.Commit]. In a checkout of one branch, git fetch origin BRANCH would only set
// FETCH_HEAD, so the command names the remote-tracking branch too.
// Source: git-scm.com/docs/git-fetch, "Configured remote-tracking branches"
func (g *Checkout) FetchCommand(ctx context.Context, ref string) string {
	remote := g.Remote(ctx)
	name := strings.TrimPrefix(ref, remote+"/")
	what := name
	switch {
	case remote == "" || strings.HasPrefix(name, "-"):
		return "git branch --all lists the branches"
	case !hash.MatchString(name):
		what += ":refs/remotes/" + remote + "/" + name
	}
	if g.Shallow(ctx) {
		return "git fetch --unshallow " + remote + " " + what + deeper
	}
	return "git fetch " + remote + " " + what
}

// Remote is the name of the remote repository: origin, or the only one, else "".
func (g *Checkout) Remote(ctx context.Context) string {
	list, _ := g.Run(ctx, "remote")
	remotes := strings.Fields(list)
	if slices.Contains(remotes, "origin") {
		return "origin"
	}
	if len(remotes) == 1 {
		return remotes[0]
	}
	return ""
}

// hash matches an object's name, shortened or not.
var hash = regexp.MustCompile(`^[0-9a-f]{7,64}$`)

// deeper is the part of a hint that shows how to fetch more than the last commit on CI.
const deeper = " (on GitHub: fetch-depth: 0 for actions/checkout; on GitLab: GIT_DEPTH: 0)"

// Read reads files of a commit, by paths relative to the top, as they are stored:
// no filter or text conversion is applied.
func (g *Checkout) Read(ctx context.Context, commit string) func(path string) ([]byte, error) {
	return func(path string) ([]byte, error) {
		text, err := run(ctx, g.Top, settings, "cat-file", "blob", commit+":"+path)
		if m, rest, ok := g.within(ctx, commit, path); err != nil && ok {
			return g.below(m).Read(ctx, m.commit)(rest)
		}
		return text, err
	}
}

// Names lists folders of a commit.
func (g *Checkout) Names(ctx context.Context, commit string) func(dir string) ([]string, error) {
	return func(dir string) ([]string, error) {
		list, err := run(ctx, g.Top, settings, "ls-tree", "-z", "--name-only", "--end-of-options", commit+":"+strings.TrimPrefix(dir, "."))
		if m, rest, ok := g.within(ctx, commit, dir); err != nil && ok {
			return g.below(m).Names(ctx, m.commit)(rest)
		}
		return strings.Split(strings.TrimSuffix(string(list), "\x00"), "\x00"), err
	}
}
