package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/pipeline"
	"github.com/featherpack/featherpack/reporters"
)

// baseline is what a head is compared with: a report, and how it was chosen.
type baseline struct {
	report  reporters.Report
	budgets []analyzer.BudgetRule
	// known says that budgets are the baseline's own; a saved report has none.
	known       bool
	ref, method string
	// locate finds the lines of imports in the baseline's sources, nil where
	// there are none.
	locate func(analyzer.Input, analyzer.Import) analyzer.Position
	// missing is a clause that says why there is no baseline.
	missing string
	// project and out are of a baseline that was built here: its functions and
	// the folder of its artifacts, which close removes.
	project analyzer.Project
	out     string
}

// close removes what a baseline was built into.
func (b baseline) close() {
	if b.out != "" {
		os.RemoveAll(filepath.Dir(b.out))
	}
}

// baselineFlags choose a baseline.
type baselineFlags struct{ file, ref string }

// findBaseline reads or builds the baseline: a saved report, a commit that was
// named, or on CI the commit that the change is to be merged into.
func findBaseline(ctx context.Context, t *terminal, dir string, typed baselineFlags, s pipeline.Options) (baseline, error) {
	if typed.file != "" && typed.ref != "" {
		return baseline{}, analyzer.Usage("--compare-to and --compare-ref name two baselines", "give one of them")
	}
	if typed.file != "" {
		f, err := os.Open(typed.file)
		if err != nil {
			return baseline{}, analyzer.Usage(fmt.Sprintf("cannot read the baseline %s: %v", typed.file, analyzer.WithoutPath(err)), "featherpack build writes .featherpack/report.json; keep the one of the base branch")
		}
		defer f.Close()
		report, err := reporters.Read(f)
		if err != nil {
			d := analyzer.DiagnosticsOf(err, "usage", "")[0]
			d.File = typed.file
			return baseline{}, d
		}
		return baseline{report: report, ref: typed.file, method: "saved report"}, nil
	}
	if s.Discover.Resolved != nil {
		if typed.ref != "" {
			return baseline{}, analyzer.Usage("--compare-ref cannot resolve the service as it was", "compare with a saved report: --compare-to FILE")
		}
		return baseline{missing: "the framework resolved this service only, and --compare-to is not given"}, nil
	}
	g, err := openGit(ctx, dir)
	if err != nil {
		if typed.ref != "" {
			return baseline{}, analyzer.Usage("--compare-ref needs a git checkout", "compare with a saved report: --compare-to FILE")
		}
		return baseline{missing: "this is no git checkout, and neither --compare-to nor --compare-ref is given"}, nil
	}
	ref, method := typed.ref, "named"
	if ref == "" {
		if ref, method, err = g.mergeTarget(ctx); err != nil {
			return baseline{}, err
		}
		if ref == "" {
			return baseline{missing: method}, nil
		}
	}
	commit, err := g.commit(ctx, ref)
	if err != nil {
		return baseline{}, err
	}
	return g.build(ctx, t, commit, method, s)
}

// checkout is the git checkout around a folder.
type checkout struct {
	top string // absolute
	sub string // the folder, relative to top
}

func openGit(ctx context.Context, dir string) (*checkout, error) {
	real, err := filepath.Abs(dir)
	if err == nil {
		real, err = filepath.EvalSymlinks(real)
	}
	if err != nil {
		return nil, err
	}
	g := &checkout{top: real}
	top, err := g.run(ctx, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, err
	}
	if g.top, err = filepath.EvalSymlinks(top); err != nil {
		return nil, err
	}
	g.sub, err = filepath.Rel(g.top, real)
	return g, err
}

// run is one git command, without hooks: a checkout must not run code unasked.
func (g *checkout) run(ctx context.Context, args ...string) (string, error) {
	out, err := g.output(ctx, args...)
	return strings.TrimSpace(string(out)), err
}

func (g *checkout) output(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", append([]string{"-C", g.top, "-c", "core.hooksPath=" + os.DevNull}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("git %s: %s", args[0], strings.TrimSpace(stderr.String()))
	}
	return out, nil
}

func (g *checkout) shallow(ctx context.Context) bool {
	answer, err := g.run(ctx, "rev-parse", "--is-shallow-repository")
	return err == nil && answer == "true"
}

// commit is the full hash of a ref.
func (g *checkout) commit(ctx context.Context, ref string) (string, error) {
	hash, err := g.run(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", ref+"^{commit}")
	if err == nil {
		return hash, nil
	}
	d := analyzer.Usage(fmt.Sprintf("there is no commit %q here", ref), "git fetch origin "+ref)
	if g.shallow(ctx) {
		d.Message = fmt.Sprintf("there is no commit %q in this shallow checkout", ref)
		d.Hint = "fetch it with its history: git fetch --unshallow origin " + ref + deeper
	}
	return "", d
}

// build measures a commit in a temporary worktree, with its own manifests and
// lockfile and the head's flags. Its artifacts stay until the baseline is closed,
// the worktree does not.
func (g *checkout) build(ctx context.Context, t *terminal, commit, method string, s pipeline.Options) (baseline, error) {
	temporary, err := os.MkdirTemp("", "featherpack-baseline-")
	if err != nil {
		return baseline{}, fmt.Errorf("making a folder for the baseline: %w", analyzer.WithoutPath(err))
	}
	keep := false
	defer func() {
		if !keep {
			os.RemoveAll(temporary)
		}
	}()
	tree := filepath.Join(temporary, "tree")
	if _, err := g.run(ctx, "worktree", "add", "--detach", "--quiet", tree, commit); err != nil {
		return baseline{}, analyzer.Usage(fmt.Sprintf("cannot check out the baseline: %v", err), "compare with a saved report instead: --compare-to FILE")
	}
	defer func() {
		// Also when interrupted: the entry in .git/worktrees must not stay.
		_, _ = g.run(context.WithoutCancel(ctx), "worktree", "remove", "--force", tree)
	}()
	dir := filepath.Join(tree, g.sub)
	short := commit[:min(12, len(commit))]
	if !exists(dir) {
		return baseline{ref: short, method: method, missing: fmt.Sprintf("the folder does not exist at %s", short)}, nil
	}
	out, err := outdir.Open(ctx, dir, filepath.Join(temporary, "out"))
	if err != nil {
		return baseline{}, err
	}
	defer out.Close()
	s.Prepare = func(ctx context.Context, p analyzer.Project, functions []analyzer.Function) error {
		return provision(ctx, t, g.top, p, functions)
	}
	s.Discovered = nil // what it says is the head's affair
	t.Step("featherpack: building the baseline %s", short)
	report, project, err := pipeline.Measure(ctx, dir, s, out)
	if err != nil {
		return baseline{}, fmt.Errorf("building the baseline %s: %w", short, err)
	}
	keep = true
	return baseline{report: report, budgets: project.Budgets, known: true, ref: short, method: method,
		locate: locator(g.sourcesOf(ctx, commit), project.Functions), project: project, out: out.Path}, nil
}

// sourcesOf are those of a commit.
func (g *checkout) sourcesOf(ctx context.Context, commit string) sources {
	return sources{
		read: func(path string) ([]byte, error) {
			return g.output(ctx, "show", "--end-of-options", commit+":"+path)
		},
		names: func(dir string) ([]string, error) {
			list, err := g.output(ctx, "ls-tree", "-z", "--name-only", "--end-of-options", commit+":"+strings.TrimPrefix(dir, "."))
			return strings.Split(strings.TrimSuffix(string(list), "\x00"), "\x00"), err
		},
	}
}

// provision gives a baseline its packages: where its lockfile is the head's,
// links to what is installed there, else an install by its own lockfile.
func provision(ctx context.Context, t *terminal, head string, p analyzer.Project, functions []analyzer.Function) error {
	for _, dir := range lockedDirs(p, functions) {
		rel, err := filepath.Rel(p.Root, dir)
		if err != nil {
			return err
		}
		installed := filepath.Join(head, rel, "node_modules")
		same := installDigest(dir, managerOf(dir), nil) == installDigest(filepath.Join(head, rel), managerOf(filepath.Join(head, rel)), nil)
		if same && exists(installed) && exec.CommandContext(ctx, "cp", "-al", installed, filepath.Join(dir, "node_modules")).Run() == nil {
			continue
		}
		os.RemoveAll(filepath.Join(dir, "node_modules"))
		if err := install(ctx, t, p, functions); err != nil {
			return err
		}
	}
	return nil
}
