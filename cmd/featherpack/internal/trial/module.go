package trial

import (
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/lint"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/packager/golang/rewrite"
)

// listed is a package as the go command lists it.
type listed struct {
	Dir      string
	Standard bool
	GoFiles  []string
	Module   *struct{ Path, Dir string }
	// copied is set if Dir is in a copy of the module, which may be changed.
	copied bool
}

func (p *Program) list(ctx context.Context, path string) (listed, error) {
	var pkg listed
	o := p.analysis
	cmd := exec.CommandContext(ctx, "go", "list", "-json=Dir,Standard,GoFiles,Module", "-tags="+strings.Join(o.Tags, ","), "--", path)
	cmd.Dir = p.GoFolder()
	cmd.Env = append(slices.Clone(o.Env), "GOTOOLCHAIN=local", "GOOS="+o.GOOS, "GOARCH="+o.GOARCH, "CGO_ENABLED=0")
	text, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(text, &pkg)
	}
	if err == nil && !pkg.Standard && pkg.Module == nil {
		err = errNoCut
	}
	return pkg, err
}

// copyForeign copies the package's module and changes pkg to the copy, unless the
// package is in the project or in the standard library.
func (p *Program) copyForeign(pkg *listed) error {
	if _, own := analyzer.Within(p.Project.Root, pkg.Dir); pkg.Standard || own {
		return nil
	}
	copied := p.copies[pkg.Module.Path]
	if copied == "" {
		copied = filepath.Join(p.scratch, strconv.Itoa(len(p.copies))) // programs name it: the same in every run
		if err := copyModule(pkg.Module.Dir, copied); err != nil {
			return err
		}
		p.copies[pkg.Module.Path] = copied
	}
	within, err := filepath.Rel(pkg.Module.Dir, pkg.Dir)
	pkg.Dir, pkg.copied = filepath.Join(copied, within), true
	return err
}

// maxModule is the size limit of a module that is copied, in bytes.
const maxModule = 128 << 20

// copyModule copies the files of a module that a build can read.
func copyModule(from, to string) error {
	var sum int64
	return filepath.WalkDir(from, func(at string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, at)
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return os.MkdirAll(filepath.Join(to, rel), 0o755)
		}
		info, err := entry.Info()
		if err != nil || !info.Mode().IsRegular() || strings.HasSuffix(rel, "_test.go") {
			return err
		}
		if sum += info.Size(); sum > maxModule {
			return analyzer.Diagnostic{Code: "module-size", Severity: analyzer.Error, Message: "the module is too large to copy for a trial"}
		}
		text, err := os.ReadFile(at)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), text, 0o644)
	})
}

// read reads a package's file with the changes applied so far.
func (p *Program) read(pkg listed, file string, applied []lint.Change) ([]byte, error) {
	if !pkg.copied {
		if name, err := p.overlayName(pkg, file); err == nil {
			if text, ok := changed(applied, name); ok {
				return text, nil
			}
		}
	}
	return os.ReadFile(file)
}

// replace returns a change that gives one file a new text. The go command does not
// allow overlays of files in the module cache, so the change makes go.mod use a copy
// of the module instead.
func (p *Program) replace(pkg listed, file string, text []byte) (lint.Change, error) {
	if !pkg.copied {
		name, err := p.overlayName(pkg, file)
		return lint.Change{Overlay: map[string][]byte{name: text}}, err
	}
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return lint.Change{}, err
	}
	name, err := goMod(p.Project.Root, p.GoFolder())
	if err != nil {
		return lint.Change{}, err
	}
	mod, err := projectfs.New(p.Project.Root, projectfs.Allowances{}).Read(name, maxModule)
	if err != nil {
		return lint.Change{}, err
	}
	if mod, err = rewrite.Replace(mod, p.copies); err != nil {
		return lint.Change{}, err
	}
	return lint.Change{Overlay: map[string][]byte{name: mod}, Folders: []string{p.scratch}}, nil
}

// overlayName returns the name of a file of the project or the standard library in a
// change.
func (p *Program) overlayName(pkg listed, file string) (string, error) {
	if pkg.Standard {
		rel, err := filepath.Rel(goRoot(pkg.Dir), file)
		return "$GOROOT/" + filepath.ToSlash(rel), err
	}
	rel, err := filepath.Rel(p.Project.Root, file)
	return filepath.ToSlash(rel), err
}

// goRoot returns the folder that contains src, from the folder of a standard package.
func goRoot(dir string) string {
	at := strings.LastIndex(filepath.ToSlash(dir), "/src/")
	return dir[:max(at, 0)]
}

// goMod returns the path of the go.mod in or above a folder, relative to the root.
func goMod(root, dir string) (string, error) {
	for ; ; dir = filepath.Dir(dir) {
		rel, err := filepath.Rel(root, filepath.Join(dir, "go.mod"))
		if err != nil || !filepath.IsLocal(rel) {
			return "", errNoCut
		}
		if _, err := projectfs.New(root, projectfs.Allowances{}).Stat(rel); err == nil {
			return filepath.ToSlash(rel), nil
		}
	}
}
