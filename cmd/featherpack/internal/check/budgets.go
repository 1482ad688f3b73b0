package check

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/output"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/budget"
)

// acceptanceFile is the reviewed file of temporary exceptions to budgets, with
// reasons and last days. It is in the project's root or in the checked folder.
const acceptanceFile = "featherpack.accept.yaml"

func acceptances(p analyzer.Project) ([]budget.Acceptance, error) {
	var all []budget.Acceptance
	names := []string{acceptanceFile}
	if p.Dir != "." {
		names = append(names, path.Join(p.Dir, acceptanceFile))
	}
	for _, name := range names {
		f, err := os.Open(filepath.Join(p.Root, filepath.FromSlash(name)))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, analyzer.Usage(fmt.Sprintf("cannot read %s: %v", name, analyzer.WithoutPath(err)), "check its permissions")
		}
		accepted, err := budget.ReadAcceptances(f, name)
		f.Close()
		if err != nil {
			return nil, err
		}
		all = append(all, accepted...)
	}
	return all, nil
}

// Lowered lists the budgets that LowerBudgets lowered in one file.
type Lowered struct {
	File    string
	Budgets []budget.Lowered
}

// LowerBudgets lowers the budgets in each featherpack.yaml to the sizes in the
// report. It changes nothing else in the files. If it fails, it also returns what it
// changed before the error.
func LowerBudgets(p analyzer.Project, r reporters.Report) (all []Lowered, err error) {
	files := map[string]bool{}
	for _, rule := range p.Budgets {
		files[rule.File] = true
	}
	if len(files) == 0 {
		return all, analyzer.Usage("there are no budgets to lower", "add budgets to featherpack.yaml; featherpack help budgets shows how")
	}
	for _, file := range slices.Sorted(maps.Keys(files)) {
		name := filepath.Join(p.Root, filepath.FromSlash(file))
		text, err := os.ReadFile(name)
		if err != nil {
			return all, analyzer.Usage(fmt.Sprintf("cannot read %s: %v", file, analyzer.WithoutPath(err)), "check its permissions")
		}
		updated, lowered, err := budget.Ratchet(file, text, r)
		if err != nil {
			return all, err
		}
		all = append(all, Lowered{file, lowered})
		if len(lowered) == 0 {
			continue
		}
		if err := output.WriteFile(name, name, func(w io.Writer) error { _, err := w.Write(updated); return err }); err != nil {
			return all, err
		}
	}
	return all, nil
}
