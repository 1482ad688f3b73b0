package git

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// AddSubmodules checks the submodules of a commit out into a worktree of it, at the commits
// that it records. They must be checked out below Top, since their objects are read from
// there. remove removes their worktrees; it must run before that of the outer one is
// removed. owned is as in [Checkout.ForgetWorktrees].
func (g *Checkout) AddSubmodules(ctx context.Context, folder, commit string, owned func(string) bool) (remove func(), err error) {
	var removals []func()
	remove = func() {
		for _, removal := range slices.Backward(removals) {
			removal()
		}
	}
	modules, err := g.submodules(ctx, commit)
	if err != nil {
		return remove, err
	}
	for _, m := range modules {
		nested, err := g.submodule(ctx, m)
		if err != nil {
			return remove, err
		}
		nested.ForgetWorktrees(ctx, owned)
		at := filepath.Join(folder, filepath.FromSlash(m.path))
		if real, err := filepath.EvalSymlinks(filepath.Dir(at)); err != nil || real != filepath.Dir(at) {
			return remove, fmt.Errorf("the submodule %s lies below a link", m.path)
		}
		// Even after an interruption, so that no entry is left in the submodule.
		removals = append(removals, func() { _ = nested.RemoveWorktree(context.WithoutCancel(ctx), at) })
		if err := nested.AddWorktree(ctx, at, m.commit); err != nil {
			return remove, err
		}
		removal, err := nested.AddSubmodules(ctx, at, m.commit, owned)
		removals = append(removals, removal)
		if err != nil {
			return remove, err
		}
	}
	return remove, nil
}

// gitlink is a submodule as a commit records it.
type gitlink struct{ path, commit string }

// submodules lists the submodules of a commit. Mode 160000 marks them.
// Source: git-scm.com/docs/gitsubmodules
func (g *Checkout) submodules(ctx context.Context, commit string) ([]gitlink, error) {
	list, err := run(ctx, g.Top, settings, "ls-tree", "-r", "-z", "--end-of-options", commit)
	if err != nil {
		return nil, err
	}
	var modules []gitlink
	for entry := range strings.SplitSeq(string(list), "\x00") {
		about, path, ok := strings.Cut(entry, "\t")
		if fields := strings.Fields(about); ok && len(fields) == 3 && fields[0] == "160000" {
			modules = append(modules, gitlink{path, fields[2]})
		}
	}
	return modules, nil
}

// within finds the submodule that a path leads into, and the path inside it.
func (g *Checkout) within(ctx context.Context, commit, name string) (m gitlink, rest string, ok bool) {
	modules, _ := g.submodules(ctx, commit)
	for _, m := range modules {
		if name == m.path {
			return m, ".", true
		}
		if rest, ok := strings.CutPrefix(name, m.path+"/"); ok {
			return m, rest, true
		}
	}
	return gitlink{}, "", false
}

// below is the checkout of a submodule.
func (g *Checkout) below(m gitlink) *Checkout {
	return &Checkout{Top: filepath.Join(g.Top, filepath.FromSlash(m.path))}
}

// submodule opens the checkout of a submodule, which must have the recorded commit.
func (g *Checkout) submodule(ctx context.Context, m gitlink) (*Checkout, error) {
	nested := g.below(m)
	top, err := nested.Run(ctx, "rev-parse", "--show-toplevel")
	if err == nil {
		top, err = filepath.EvalSymlinks(top)
	}
	if err != nil || top != nested.Top {
		return nil, analyzer.Usage(fmt.Sprintf("the submodule %s of the baseline is not checked out", m.path),
			"git submodule update --init --recursive")
	}
	if _, err := nested.Run(ctx, "cat-file", "-e", m.commit+"^{commit}"); err != nil {
		return nil, analyzer.Usage(fmt.Sprintf("the submodule %s does not have the baseline's commit %.12s", m.path, m.commit),
			fmt.Sprintf("git -C %s fetch origin %s", m.path, m.commit))
	}
	return nested, nil
}
