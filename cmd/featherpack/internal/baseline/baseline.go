package baseline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/scratch"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/git"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/locate"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/output"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/pipeline"
	"github.com/featherpack/featherpack/packager/install"
	"github.com/featherpack/featherpack/reporters"
)

// Baseline is the report that a head is compared with, and how it was chosen.
type Baseline struct {
	Report  reporters.Report
	Budgets []analyzer.BudgetRule
	// Known is set if Budgets are the baseline's budgets. A saved report has none.
	Known       bool
	Ref, Method string
	// Locate finds the lines of imports in the baseline's sources. It is nil
	// if there are no sources.
	Locate func(analyzer.Input, analyzer.Import) analyzer.Position
	// Missing is a clause: why there is no baseline.
	Missing string
	// Project and Out are set if the baseline was built here: its project, and
	// the folder of its artifacts, which Close removes.
	Project analyzer.Project
	Out     string
	folder  *scratch.Folder
}

// Close removes the files of a baseline that was built.
func (b Baseline) Close() {
	if b.folder != nil {
		_ = b.folder.Close() // what it cannot remove, a later run does
	}
}

// Installing says whether and how to install a baseline's packages.
type Installing struct {
	install.Options
	Allowed bool
}

// Choice is the baseline that the user gives: a saved report, or a commit.
type Choice struct{ File, Ref string }

// Find reads or builds the baseline of a folder: the given saved report, the given
// commit, or on CI the commit that the change will be merged into. A commit is built
// with the options of the head.
func Find(ctx context.Context, dir string, typed Choice, o pipeline.Options, installing Installing) (Baseline, error) {
	if typed.File != "" && typed.Ref != "" {
		return Baseline{}, analyzer.Usage("--compare-to and --compare-ref cannot be combined", "give one of them")
	}
	if typed.File != "" {
		f, err := output.Open(typed.File)
		if err != nil {
			return Baseline{}, analyzer.Usage(fmt.Sprintf("cannot read the baseline %s: %v", typed.File, analyzer.WithoutPath(err)), "give the .featherpack/report.json of a build of the base branch")
		}
		defer f.Close()
		report, err := reporters.Read(f)
		if err != nil {
			d := analyzer.DiagnosticsOf(err, "usage", "")[0]
			d.File = typed.File
			return Baseline{}, d
		}
		return Baseline{Report: report, Ref: typed.File, Method: "saved report"}, nil
	}
	if o.Discover.Resolved != nil {
		if typed.Ref != "" {
			return Baseline{}, analyzer.Usage("--compare-ref cannot be used when the framework resolves the service", "compare with a saved report: --compare-to FILE")
		}
		return Baseline{Missing: "the framework resolved only the current service, and --compare-to is not given"}, nil
	}
	checkout, err := git.Open(ctx, dir)
	if err != nil {
		if typed.Ref != "" {
			return Baseline{}, analyzer.Usage("--compare-ref needs a git checkout", "compare with a saved report: --compare-to FILE")
		}
		return Baseline{Missing: "this is not a git checkout, and neither --compare-to nor --compare-ref is given"}, nil
	}
	ref, method := typed.Ref, "named"
	if ref == "" {
		if ref, method, err = mergeTarget(ctx, checkout); err != nil {
			return Baseline{}, err
		}
		if ref == "" {
			return Baseline{Missing: method}, nil
		}
	}
	commit, err := checkout.Commit(ctx, ref)
	if err != nil {
		return Baseline{}, err
	}
	return build(ctx, checkout, commit, method, o, installing)
}

// build builds a commit in a temporary worktree, with its own manifests and lockfile
// and the head's flags. The worktree is removed at once, the artifacts when the
// baseline is closed.
func build(ctx context.Context, g *git.Checkout, commit, method string, o pipeline.Options, installing Installing) (Baseline, error) {
	temporary, err := scratch.New("", subject)
	if err != nil {
		return Baseline{}, fmt.Errorf("making a folder for the baseline: %w", analyzer.WithoutPath(err))
	}
	keep := false
	defer func() {
		if !keep {
			_ = temporary.Close()
		}
	}()
	g.ForgetWorktrees(ctx, abandoned)
	tree := filepath.Join(temporary.Path, treeName)
	defer func() {
		// Even after an interruption, so that no entry is left in .git/worktrees.
		_ = g.RemoveWorktree(context.WithoutCancel(ctx), tree)
	}()
	err = g.AddWorktree(ctx, tree, commit)
	if err == nil {
		var remove func()
		remove, err = g.AddSubmodules(ctx, tree, commit, abandoned)
		defer remove()
	}
	if d := (analyzer.Diagnostic{}); errors.As(err, &d) {
		return Baseline{}, d
	} else if err != nil {
		return Baseline{}, analyzer.Usage(fmt.Sprintf("cannot check out the baseline: %v", err), "compare with a saved report instead: --compare-to FILE")
	}
	short := commit[:min(12, len(commit))]
	dir, err := folderOf(tree, g.Sub)
	if errors.Is(err, fs.ErrNotExist) {
		return Baseline{Ref: short, Method: method, Missing: fmt.Sprintf("the folder does not exist at %s", short)}, nil
	}
	if err != nil {
		return Baseline{}, err
	}
	out, err := outdir.OpenScratch(ctx, filepath.Join(temporary.Path, "out"))
	if err != nil {
		return Baseline{}, err
	}
	defer out.Close()
	o.Prepare = func(ctx context.Context, p analyzer.Project, functions []analyzer.Function) error {
		return install.PackagesLike(ctx, p, functions, install.Like{
			Options: installing.Options, Head: g.Top, Tree: tree, Install: installing.Allowed,
		})
	}
	o.Discovered = nil // it is for the head only
	if o.Boot != nil {
		o.Boot = &pipeline.BootOptions{Options: o.Boot.Options, LoadOnly: true}
	}
	o.Step("featherpack: building the baseline %s", short)
	report, project, err := pipeline.Measure(ctx, dir, o, out)
	if err != nil {
		return Baseline{}, fmt.Errorf("building the baseline %s: %w", short, err)
	}
	keep = true
	sources := locate.Sources{Read: g.Read(ctx, commit), Names: g.Names(ctx, commit)}
	return Baseline{
		Report: report, Budgets: project.Budgets, Known: true, Ref: short, Method: method,
		Locate: locate.Imports(sources, project.Functions), Project: project, Out: out.Path, folder: temporary,
	}, nil
}

// A baseline is checked out to the folder treeName of a temporary folder, whose name
// has the subject.
const (
	subject  = "baseline"
	treeName = "tree"
)

// abandoned reports whether a worktree is that of a killed run, whose folder is gone.
func abandoned(folder string) bool {
	if filepath.Base(folder) != treeName || !strings.HasPrefix(filepath.Base(filepath.Dir(folder)), "featherpack-"+subject+"-") {
		return false
	}
	_, err := os.Lstat(folder)
	return errors.Is(err, fs.ErrNotExist)
}

// folderOf returns a folder of a worktree, without symlinks. A commit can hold a link
// in its place: it must not lead out of the worktree.
func folderOf(tree, sub string) (string, error) {
	tree, err := filepath.EvalSymlinks(tree)
	if err != nil {
		return "", err
	}
	dir, err := filepath.EvalSymlinks(filepath.Join(tree, sub))
	if err != nil {
		if _, there := os.Lstat(filepath.Join(tree, sub)); there == nil {
			err = fs.ErrPermission
		} else {
			return "", fs.ErrNotExist
		}
	}
	if rel, relErr := filepath.Rel(tree, dir); err != nil || relErr != nil || !filepath.IsLocal(rel) {
		return "", analyzer.Diagnostic{
			Code: "baseline-outside", Severity: analyzer.Refused, Position: analyzer.Position{File: filepath.ToSlash(sub)},
			Message: "in the baseline, this folder is a link that leads outside the checkout",
			Hint:    "compare with another commit, or with a saved report: --compare-to FILE",
		}
	}
	return dir, nil
}
