package baseline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
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

// Found is a baseline that was chosen. A commit is checked out and not built yet.
type Found struct {
	Baseline
	options    pipeline.Options
	installing Installing

	checkout  *git.Checkout // nil if nothing has to be built
	commit    string
	temporary *scratch.Folder // nil after Build, whose result owns it
	tree, dir string
	// removeModules removes the submodules of the tree.
	removeModules func()
}

// Find reads the given saved report, or checks out the given commit, or on CI the
// commit that the change will be merged into.
func Find(ctx context.Context, dir string, typed Choice, o pipeline.Options, installing Installing) (*Found, error) {
	o.Discovered, o.Restrict = nil, nil // they are for the head only
	f := &Found{options: o, installing: installing}
	if typed.File != "" && typed.Ref != "" {
		return nil, analyzer.Usage("--compare-to and --compare-ref cannot be combined", "give one of them")
	}
	if typed.File != "" {
		report, err := readReport(typed.File)
		if err != nil {
			return nil, err
		}
		f.Baseline = Baseline{Report: report, Ref: typed.File, Method: "saved report"}
		return f, nil
	}
	if o.Discover.Resolved != nil {
		if typed.Ref != "" {
			return nil, analyzer.Usage("--compare-ref cannot be used when the framework resolves the service", "compare with a saved report: --compare-to FILE")
		}
		f.Missing = "the framework resolved only the current service, and --compare-to is not given"
		return f, nil
	}
	checkout, err := git.Open(ctx, dir)
	if err != nil {
		if typed.Ref != "" {
			return nil, analyzer.Usage("--compare-ref needs a git checkout", "compare with a saved report: --compare-to FILE")
		}
		f.Missing = "this is not a git checkout, and neither --compare-to nor --compare-ref is given"
		return f, nil
	}
	ref, method := typed.Ref, "named"
	if ref == "" {
		if ref, method, err = mergeTarget(ctx, checkout); err != nil {
			return nil, err
		}
		if ref == "" {
			f.Missing = method
			return f, nil
		}
	}
	if f.commit, err = checkout.Commit(ctx, ref); err != nil {
		return nil, err
	}
	f.Ref, f.Method = f.commit[:min(12, len(f.commit))], method
	if err := f.checkOut(ctx, checkout); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func readReport(name string) (reporters.Report, error) {
	f, err := output.Open(name)
	if err != nil {
		return reporters.Report{}, analyzer.Usage(fmt.Sprintf("cannot read the baseline %s: %v", name, analyzer.WithoutPath(err)), "give the .featherpack/report.json of a build of the base branch")
	}
	defer f.Close()
	report, err := reporters.Read(f)
	if err != nil {
		d := analyzer.DiagnosticsOf(err, "usage", "")[0]
		d.File = name
		return reporters.Report{}, d
	}
	return report, nil
}

// checkOut checks the commit out into a temporary worktree.
func (f *Found) checkOut(ctx context.Context, g *git.Checkout) (err error) {
	if f.temporary, err = scratch.New("", subject); err != nil {
		return fmt.Errorf("making a folder for the baseline: %w", analyzer.WithoutPath(err))
	}
	g.ForgetWorktrees(ctx, abandoned)
	f.checkout, f.tree = g, filepath.Join(f.temporary.Path, treeName)
	err = g.AddWorktree(ctx, f.tree, f.commit)
	if err == nil {
		f.removeModules, err = g.AddSubmodules(ctx, f.tree, f.commit, abandoned)
	}
	if d := (analyzer.Diagnostic{}); errors.As(err, &d) {
		return d
	} else if err != nil {
		hint := "compare with a saved report instead: --compare-to FILE"
		if strings.Contains(err.Error(), "promisor") {
			hint = "this clone is a partial one, and no objects are fetched here: git fetch --refetch --no-filter origin, or " + hint
		}
		return analyzer.Usage(fmt.Sprintf("cannot check out the baseline: %v", err), hint)
	}
	f.dir, err = folderOf(f.tree, g.Sub)
	if errors.Is(err, fs.ErrNotExist) {
		f.Missing = fmt.Sprintf("the folder does not exist at %s", f.Ref)
		return nil
	}
	return err
}

// Compress is how the zips of a saved report were compressed. It is "" for another baseline,
// which is built as the project is.
func (f *Found) Compress() string {
	for _, s := range f.Report.Settings {
		if s.Name == "compress" && slices.Contains([]string{"fast", "default", "best"}, s.Value) {
			return s.Value
		}
	}
	return ""
}

// Functions are the functions of the commit. They are nil if there is no commit.
func (f *Found) Functions() []analyzer.Function {
	if f.dir == "" {
		return nil
	}
	return manifest.Discover(f.dir, f.options.Discover).Functions
}

// Build builds the commit, with its own manifests and lockfile and the head's options.
// The artifacts stay until the result is closed.
func (f *Found) Build(ctx context.Context) (Baseline, error) {
	if f.dir == "" {
		return f.Baseline, nil
	}
	out, err := outdir.OpenScratch(ctx, filepath.Join(f.temporary.Path, "out"))
	if err != nil {
		return Baseline{}, err
	}
	defer out.Close()
	o, g := f.options, f.checkout
	o.Prepare = func(ctx context.Context, p analyzer.Project, functions []analyzer.Function) error {
		return install.PackagesLike(ctx, p, functions, install.Like{
			Options: f.installing.Options, Head: g.Top, Tree: f.tree, Install: f.installing.Allowed,
		})
	}
	if reasons := o.Reasons; reasons != nil {
		o.Reasons = func(id, why string) { reasons("the baseline of "+id, why) }
	}
	o.Step("featherpack: building the baseline %s", f.Ref)
	report, project, err := pipeline.Measure(ctx, f.dir, o, out)
	if err != nil {
		return Baseline{}, fmt.Errorf("building the baseline %s: %w", f.Ref, err)
	}
	f.removeTree(ctx)
	b := f.Baseline
	b.Report, b.Budgets, b.Known, b.Project = report, project.Budgets, true, project
	b.Out, b.folder, f.temporary = out.Path, f.temporary, nil
	sources := locate.Sources{Read: g.Read(ctx, f.commit), Names: g.Names(ctx, f.commit)}
	b.Locate = locate.Imports(sources, project.Functions)
	return b, nil
}

// Close removes the checkout.
func (f *Found) Close() {
	f.removeTree(context.Background())
	if f.temporary != nil {
		_ = f.temporary.Close() // what it cannot remove, a later run does
	}
}

// removeTree removes the worktree, even after an interruption, so that no entry is left
// in .git/worktrees.
func (f *Found) removeTree(ctx context.Context) {
	if f.removeModules != nil {
		f.removeModules()
		f.removeModules = nil
	}
	if f.checkout != nil && f.tree != "" {
		_ = f.checkout.RemoveWorktree(context.WithoutCancel(ctx), f.tree)
		f.tree = ""
	}
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
