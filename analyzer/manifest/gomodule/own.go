package gomodule

import (
	"path"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// maxModFile bounds the size of a go.mod or go.work.
const maxModFile = 2 << 20

// modules are the modules whose source is in the project, as a package sees them: its
// own, those that go.mod replaces by a folder, and those of the workspace.
type modules struct {
	folders map[string]string // by module path; relative to the root
	lambda  bool              // the package's module requires lambdaModule
}

// ownModules finds the modules for the packages in and below a folder.
func ownModules(fsys *projectfs.FS, dir string) modules {
	m := modules{folders: map[string]string{}}
	if at, text := nearest(fsys, dir, "go.mod"); text != nil {
		m.add(at, text, true)
	}
	if at, text := nearest(fsys, dir, "go.work"); text != nil {
		if work, err := modfile.ParseWork("go.work", text, nil); err == nil {
			for _, use := range work.Use {
				folder := path.Join(at, filepath.ToSlash(use.Path))
				if text, err := fsys.Read(path.Join(folder, "go.mod"), maxModFile); err == nil {
					m.add(folder, text, false)
				}
			}
		}
	}
	return m
}

// add adds the module in a folder, and the folders that it replaces other modules by.
func (m *modules) add(folder string, text []byte, own bool) {
	mod, err := modfile.ParseLax("go.mod", text, nil)
	if err != nil || mod.Module == nil {
		return
	}
	m.folders[mod.Module.Mod.Path] = folder
	if !own {
		return
	}
	for _, r := range mod.Require {
		m.lambda = m.lambda || r.Mod.Path == lambdaModule
	}
	for _, r := range mod.Replace {
		if to := filepath.ToSlash(r.New.Path); r.New.Version == "" && !path.IsAbs(to) && projectfs.Inside(path.Join(folder, to)) {
			m.folders[r.Old.Path] = path.Join(folder, to)
		}
	}
}

// Above returns the go.mod of the module that a folder is in, "" if there is none.
func Above(fsys *projectfs.FS, dir string) string {
	at, text := nearest(fsys, dir, "go.mod")
	if text == nil {
		return ""
	}
	return path.Join(at, "go.mod")
}

// nearest reads the file of this name in a folder or the closest one above it.
func nearest(fsys *projectfs.FS, dir, name string) (at string, text []byte) {
	for at = dir; ; at = path.Dir(at) {
		if text, err := fsys.Read(path.Join(at, name), maxModFile); err == nil {
			return at, text
		}
		if at == "." || at == "/" {
			return "", nil
		}
	}
}

// folder returns the folder of an import path, "" if it is not in the project.
func (m modules) folder(imported string) string {
	best := ""
	for module := range m.folders {
		if (imported == module || strings.HasPrefix(imported, module+"/")) && len(module) > len(best) {
			best = module
		}
	}
	if best == "" {
		return ""
	}
	return path.Join(m.folders[best], strings.TrimPrefix(imported, best))
}

// reach reports whether a package imports aws-lambda-go, itself or through packages of
// the project. known holds the answers for folders, false while one is computed.
func (m modules) reach(fsys *projectfs.FS, p Package, tags []string, known map[string]bool) bool {
	if p.Lambda {
		return true
	}
	for _, imported := range p.Imports {
		dir := m.folder(imported)
		if dir == "" {
			continue
		}
		reaches, ok := known[dir]
		if !ok {
			known[dir] = false
			reaches = m.reach(fsys, PackageIn(fsys, dir, tags), tags, known)
			known[dir] = reaches
		}
		if reaches {
			return true
		}
	}
	return false
}
