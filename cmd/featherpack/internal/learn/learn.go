package learn

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/settings"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/output"
	"github.com/featherpack/featherpack/packager"
)

// Learned is what was written.
type Learned struct {
	// File is the featherpack.yaml, relative to the project's root.
	File  string
	Added []settings.Include
}

// Write adds each file that only the source opened to the function's override in the
// nearest featherpack.yaml, or in a new one of the folder that was asked for. It writes
// the exact files only. Files without a pattern are left to the caller to report.
func Write(p analyzer.Project, f analyzer.Function, files []packager.BootFile) (Learned, error) {
	var includes []settings.Include
	for _, file := range files {
		if file.Include == "" {
			continue
		}
		reason := "opened by the function"
		if by := file.By.String(); by != "" {
			reason = "opened by " + by
		}
		includes = append(includes, settings.Include{Glob: file.Include, Reason: oneLine(reason)})
	}
	if len(includes) == 0 {
		return Learned{}, nil
	}
	name, text, err := nearest(p, f)
	if err != nil {
		return Learned{}, err
	}
	updated, added, err := settings.AddIncludes(name, text, overrideFor(p, f, name), includes)
	if err != nil || len(added) == 0 {
		return Learned{File: name}, err
	}
	full := filepath.Join(p.Root, filepath.FromSlash(name))
	err = output.WriteFile(full, name, func(w io.Writer) error { _, err := w.Write(updated); return err })
	return Learned{name, added}, err
}

// nearest returns the featherpack.yaml that holds for the function and lies nearest to
// it, or the name of a new one.
func nearest(p analyzer.Project, f analyzer.Function) (name string, text []byte, err error) {
	files := projectfs.New(p.Root, projectfs.Allowances{})
	for dir := path.Clean(f.ServiceDir); ; dir = path.Dir(dir) {
		for _, base := range settings.Names {
			name := path.Join(dir, base)
			text, err := files.Read(name, yamltree.MaxBytes)
			switch {
			case err == nil:
				return name, text, nil
			case !errors.Is(err, fs.ErrNotExist):
				return "", nil, analyzer.Usage(fmt.Sprintf("cannot read %s: %v", name, analyzer.WithoutPath(err)), "check its permissions")
			}
		}
		if dir == "." {
			return path.Join(p.Dir, settings.Names[0]), nil, nil
		}
	}
}

// overrideFor is the key of "override" that matches the function alone: its ID as
// seen from the file's folder.
func overrideFor(p analyzer.Project, f analyzer.Function, file string) string {
	id := f.Name
	if below, ok := strings.CutPrefix(path.Clean(f.ServiceDir)+"/", path.Clean(path.Dir(file))+"/"); ok && below != "" {
		id = below + id
	} else if path.Dir(file) == "." && path.Clean(f.ServiceDir) != "." {
		id = path.Clean(f.ServiceDir) + "/" + id
	}
	return settings.EscapeGlob(id)
}

// oneLine keeps a comment on its line.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 {
			return ' '
		}
		return r
	}, text)
}
