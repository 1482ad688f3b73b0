package advise

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/lint"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/git"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/output"
)

// Fix collects the edits that follow the advice of one code, over any number of
// functions. The zero value has none.
type Fix struct {
	edits map[string][]lint.Edit // by file
	// Without are the places whose advice takes more than an edit. Unsafe are those that
	// only safe advice leaves out, Ignored those that featherpack.yaml or a comment ignores.
	Without, Unsafe, Ignored map[analyzer.Position]bool
}

// Add takes the edits of a function's advice.
func (x *Fix) Add(a Advised, code string) {
	if x.edits == nil {
		x.edits = map[string][]lint.Edit{}
		x.Without, x.Unsafe, x.Ignored = map[analyzer.Position]bool{}, map[analyzer.Position]bool{}, map[analyzer.Position]bool{}
	}
	for _, left := range []struct {
		advice []Advice
		places map[analyzer.Position]bool
	}{{a.unsafe, x.Unsafe}, {a.ignored, x.Ignored}} {
		for _, one := range left.advice {
			if one.Code == code {
				left.places[one.Position] = true
			}
		}
	}
	for _, one := range a.Advice {
		if one.Code != code {
			continue
		}
		if len(one.edits) == 0 {
			x.Without[one.Position] = true
		}
		for _, e := range one.edits {
			if !slices.Contains(x.edits[one.File], e) { // of a module that functions share
				x.edits[one.File] = append(x.edits[one.File], e)
			}
		}
	}
}

// Changed is a file before and after.
type Changed struct {
	File          string
	Before, After []byte
}

// Diff is the change as a unified diff that git apply and patch take.
func (c Changed) Diff() []byte {
	text := diff.Diff("a/"+c.File, c.Before, "b/"+c.File, c.After)
	_, rest, _ := bytes.Cut(text, []byte("\n")) // "diff a/x b/x" is for git alone
	return rest
}

// Changes are the files with their edits, sorted by name.
func (x *Fix) Changes(root string) (all []Changed, err error) {
	files := projectfs.New(root, projectfs.Allowances{})
	defer files.Close()
	for _, name := range slices.Sorted(maps.Keys(x.edits)) {
		before, err := files.Read(name, maxRead)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, analyzer.WithoutPath(err))
		}
		if after := lint.Apply(before, x.edits[name]); !bytes.Equal(before, after) {
			all = append(all, Changed{name, before, after})
		}
	}
	return all, nil
}

// Apply writes the changes. It writes nothing if git does not have each file as it is:
// the edits could not be told from others then, or taken back.
func Apply(ctx context.Context, root string, changes []Changed) error {
	checkout, err := git.Open(ctx, root)
	if err != nil {
		return analyzer.Usage("--write needs a git checkout, so that the edits can be taken back", "leave --write out, and apply the diff with patch -p1")
	}
	for _, c := range changes {
		at := analyzer.Position{File: c.File, Line: 1, Column: 1}
		rel, err := filepath.Rel(checkout.Top, filepath.Join(root, filepath.FromSlash(c.File)))
		if err != nil {
			return err
		}
		state, err := checkout.Run(ctx, "status", "--porcelain", "--ignored", "--", filepath.ToSlash(rel))
		if err != nil {
			return err
		}
		if state != "" {
			return analyzer.Problem(analyzer.Error, "uncommitted-edits", at, "commit it first, or leave --write out and apply the diff", "%s has edits that are not committed, so it is not changed", c.File)
		}
	}
	for _, c := range changes {
		full := filepath.Join(root, filepath.FromSlash(c.File))
		if err := output.WriteFile(full, c.File, func(w io.Writer) error { _, err := w.Write(c.After); return err }); err != nil {
			return err
		}
	}
	return nil
}
