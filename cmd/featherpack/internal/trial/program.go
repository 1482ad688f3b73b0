package trial

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/gobin"
	"github.com/featherpack/featherpack/analyzer/lint"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/chains"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/reuse"
	"github.com/featherpack/featherpack/packager/golang"
	"github.com/featherpack/featherpack/packager/golang/rewrite"
)

// Limit is the time limit of one trial of a Go program. A tag that changes net/http
// recompiles everything that depends on it.
const Limit = 3 * time.Minute

// Program is a Go program whose sources are changed for trials. The changed programs
// are measured and never run.
type Program struct {
	Question
	analysis gobin.Options
	release  func()            // removes scratch
	scratch  string            // an absolute folder
	copies   map[string]string // folders below scratch, by module path
}

// NewProgram makes a folder for copies of modules, which Close removes. The analysis
// options have the tags of the trials.
func NewProgram(q Question, analysis gobin.Options) (*Program, error) {
	folder, release, err := golang.Builder{}.Copies()
	if err != nil {
		return nil, fmt.Errorf("making a folder for the trials: %w", analyzer.WithoutPath(err))
	}
	return &Program{Question: q, analysis: analysis, release: release, scratch: folder, copies: map[string]string{}}, nil
}

// Close removes the copies.
func (p *Program) Close() { p.release() }

// WeighGo links and zips a Go function with changes applied, and returns its size. A program
// that an earlier run has linked from the same packages is not linked again.
func (q Question) WeighGo(ctx context.Context, changes []lint.Change) (chains.Weight, error) {
	earlier := q.earlier(ctx)
	defer earlier.Close()
	remember := func(input string, link func() (golang.Weight, error)) (w golang.Weight, err error) {
		of := reuse.Trial{What: "go size", Artifacts: []string{input}}
		if earlier.Find(of, &w) {
			q.unmeasured("linked again")
			return w, nil
		}
		if w, err = link(); err == nil {
			earlier.Keep(of, w)
		}
		return w, err
	}
	w, err := golang.Builder{Remember: remember}.Measure(ctx, q.Project, q.Function, q.Options.AllowGoflags, changes...)
	return chains.Weight{Unzipped: w.Program, Zipped: w.Zip}, err
}

// WithStandIn measures the program with a stand-in for a dependency, on top of other
// changes. There are several ways to insert a stand-in. It uses the first one that
// compiles.
func (p *Program) WithStandIn(ctx context.Context, s rewrite.StandIn, applied []lint.Change) (chains.Weight, lint.Change, error) {
	changes, err := s.Changes(func(file string) ([]byte, error) {
		if text, ok := changed(applied, file); ok {
			return text, nil
		}
		return projectfs.New(p.Project.Root, projectfs.Allowances{}).Read(file, maxModule)
	})
	if err != nil {
		return chains.Weight{}, lint.Change{}, err
	}
	var problems []error
	for _, change := range changes {
		within, stop := context.WithTimeout(ctx, Limit)
		w, err := p.WeighGo(within, append(slices.Clip(applied), change))
		stop()
		if err == nil {
			return w, change, nil
		}
		problems = append(problems, err)
	}
	return chains.Weight{}, lint.Change{}, errors.Join(problems...)
}

// changed returns the content of a file after the changes, and false if no change
// affects it.
func changed(applied []lint.Change, file string) ([]byte, bool) {
	for _, c := range slices.Backward(applied) {
		if text, ok := c.Overlay[file]; ok {
			return text, true
		}
	}
	return nil, false
}

// Cut is the removal of one function's reflective lookups from its source.
type Cut struct {
	Change        lint.Change
	file          string
	before, after []byte
	copied        bool // file is in a copy of a module and is changed in place
}

var errNoCut = errors.New("the lookup was not found in the source")

// WithoutLookups measures the program without the reflective lookups of a function,
// on top of other changes. symbol is the linker's name of the function. It tries the
// possible result types of a lookup until one compiles.
func (p *Program) WithoutLookups(ctx context.Context, symbol string, applied []lint.Change) (chains.Weight, Cut, error) {
	path, name := rewrite.SplitSymbol(symbol)
	if path == "" {
		return chains.Weight{}, Cut{}, errNoCut
	}
	pkg, err := p.list(ctx, path)
	if err == nil {
		err = p.copyForeign(&pkg)
	}
	if err != nil {
		return chains.Weight{}, Cut{}, err
	}
	for _, results := range []string{"(r %s.Value)", "(m %s.Method, ok bool)", "(m %s.Method)"} {
		cut := Cut{copied: pkg.copied}
		if cut.file, cut.before, cut.after, err = p.cut(pkg, name, results, applied); err != nil {
			return chains.Weight{}, Cut{}, err
		}
		if cut.Change, err = p.replace(pkg, cut.file, cut.after); err != nil {
			return chains.Weight{}, Cut{}, err
		}
		w, err := p.WeighGo(ctx, append(slices.Clip(applied), cut.Change))
		if err == nil {
			return w, cut, nil
		}
		if ctx.Err() != nil {
			return chains.Weight{}, Cut{}, ctx.Err()
		}
		if err := cut.write(cut.before); err != nil {
			return chains.Weight{}, Cut{}, err
		}
	}
	return chains.Weight{}, Cut{}, errNoCut
}

// cut returns the file of a package that declares the function, and its text before
// and after the removal of the function's lookups.
func (p *Program) cut(pkg listed, name, results string, applied []lint.Change) (file string, before, after []byte, err error) {
	for _, base := range pkg.GoFiles {
		file = filepath.Join(pkg.Dir, base)
		if before, err = p.read(pkg, file, applied); err != nil {
			return "", nil, nil, err
		}
		if after := rewrite.WithoutLookups(before, name, results); after != nil {
			return file, before, after, nil
		}
	}
	return "", nil, nil, errNoCut
}

// WithoutCut measures the program with all changes except one cut. Later cuts in the
// same file are undone too.
func (p *Program) WithoutCut(ctx context.Context, applied []lint.Change, cut Cut) (chains.Weight, error) {
	if err := cut.write(cut.before); err != nil {
		return chains.Weight{}, err
	}
	changes := slices.Clip(applied)
	if !cut.copied {
		for name := range cut.Change.Overlay {
			changes = append(changes, lint.Change{Overlay: map[string][]byte{name: cut.before}})
		}
	}
	w, buildErr := p.WeighGo(ctx, changes)
	if err := cut.write(cut.after); err != nil {
		return chains.Weight{}, err
	}
	return w, buildErr
}

// write changes the file if it is in a copy of a module.
func (c Cut) write(text []byte) error {
	if !c.copied {
		return nil
	}
	return os.WriteFile(c.file, text, 0o644)
}
