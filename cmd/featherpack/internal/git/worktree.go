package git

import (
	"context"
	"path/filepath"
	"strings"
)

// AddWorktree checks a commit out into a new folder. It runs no hook and no filter:
// a file that Git LFS or another filter keeps elsewhere is written as it is stored
// in the commit. Submodules stay empty.
func (g *Checkout) AddWorktree(ctx context.Context, folder, commit string) error {
	if _, err := g.Run(ctx, "worktree", "add", "--detach", "--quiet", "--no-checkout", folder, commit); err != nil {
		return err
	}
	// The configuration may have parts that count in this worktree only.
	without, err := filters(ctx, folder)
	if err == nil {
		_, err = run(ctx, folder, without, "reset", "--hard", "--quiet", commit)
	}
	return err
}

func filters(ctx context.Context, dir string) ([]setting, error) {
	list, err := run(ctx, dir, settings, "config", "--list", "--name-only", "-z")
	if err != nil {
		return nil, err
	}
	return withoutFilters(strings.Split(string(list), "\x00")), nil
}

// RemoveWorktree removes a worktree and its entry in the checkout.
func (g *Checkout) RemoveWorktree(ctx context.Context, folder string) error {
	_, err := g.Run(ctx, "worktree", "remove", "--force", folder)
	return err
}

// ForgetWorktrees removes the entries of worktrees whose folders are gone, if owned
// reports that their path is one of this program's.
func (g *Checkout) ForgetWorktrees(ctx context.Context, owned func(folder string) bool) {
	list, err := run(ctx, g.Top, settings, "worktree", "list", "--porcelain", "-z")
	if err != nil {
		return // a later run can do it
	}
	for _, line := range strings.Split(string(list), "\x00") {
		if folder, ok := strings.CutPrefix(line, "worktree "); ok && owned(filepath.FromSlash(folder)) {
			_ = g.RemoveWorktree(ctx, folder)
		}
	}
}
