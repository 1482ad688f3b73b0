package check

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/projectfs"
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
	files := projectfs.New(p.Root, projectfs.Allowances{})
	defer files.Close()
	for _, name := range names {
		text, err := files.Read(name, maxBudgets)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, projectfs.Refuse(err, name, analyzer.Position{File: name})
		}
		accepted, err := budget.ReadAcceptances(bytes.NewReader(text), name)
		if err != nil {
			return nil, err
		}
		all = append(all, accepted...)
	}
	return all, nil
}

// maxBudgets limits what is read of a file with budgets or acceptances.
const maxBudgets = 16 << 20

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
	door := projectfs.New(p.Root, projectfs.Allowances{})
	defer door.Close()
	root, err := door.Handle()
	if err != nil {
		return all, analyzer.Usage(fmt.Sprintf("cannot open the project's root: %v", analyzer.WithoutPath(err)), "check its permissions")
	}
	for _, file := range slices.Sorted(maps.Keys(files)) {
		text, err := door.Read(file, maxBudgets)
		if err != nil {
			return all, projectfs.Refuse(err, file, analyzer.Position{File: file})
		}
		updated, lowered, err := budget.Ratchet(file, text, r)
		if err != nil {
			return all, err
		}
		all = append(all, Lowered{file, lowered})
		if len(lowered) == 0 {
			continue
		}
		if err := output.WriteFileIn(root, file, file, func(w io.Writer) error { _, err := w.Write(updated); return err }); err != nil {
			return all, err
		}
	}
	return all, nil
}
