package boot

import (
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/boot/sandbox"
)

// Tree is the source tree of a Node function, ready to be started: a copy of the
// project whose code is compiled file by file, as package sourcetree makes it. Paths
// are slash-separated and relative to the project's root.
type Tree struct {
	// Dir is the copy's absolute folder. Packages are the project's node_modules
	// folders, which the copy does not hold, with this machine's paths.
	Dir      string
	Packages map[string]string
	// Preload are files that Node requires before the handler, and Hooks is a module that
	// customises how it loads ES modules, "" if there is none.
	Preload []string
	Hooks   string
	// CodeDir is the folder that the handler is relative to.
	CodeDir string
	// Entry is the handler's file in the copy. Module is set if it is an ES module.
	Entry  string
	Module bool
	// RequiresModules lets the code require ES modules, which Lambda's flags forbid: a
	// bundle may, since it turns them into its own format.
	RequiresModules bool
	// Withheld are files that the copy leaves out, because they may hold secrets.
	Withheld map[string]bool
	// Add copies more of the project, if it has the given paths and the copy does not.
	// It reports whether it copied anything.
	Add func(names []string) bool
	// Original returns the place in the project of a place in the copy.
	Original func(at analyzer.Position) analyzer.Position
	// Production is set if installed packages read the variable NODE_ENV as
	// "production", as in the bundle. The function's own code reads its real value.
	Production bool
	// Problem is a clause that says why the tree cannot be started, "" if it can.
	Problem string
}

// sourceRoot is where a process finds the project's root if its code lies deeper.
const sourceRoot = "/var/source"

// root is where the process finds the project's root.
func (t *Tree) root() string {
	if t.CodeDir == "." || t.CodeDir == "" {
		return lambdaPlaces.task
	}
	return sourceRoot
}

// place is where the process finds the function's code. If that is not the task
// folder, the task folder is a link to it.
func (t *Tree) place() string { return path.Join(t.root(), t.CodeDir) }

// mounts returns what the process sees. work is a folder for a link.
func (t *Tree) mounts(work string) ([]sandbox.Mount, error) {
	mounts := []sandbox.Mount{{From: t.Dir, To: t.root()}}
	for _, dir := range slices.Sorted(maps.Keys(t.Packages)) {
		mounts = append(mounts, sandbox.Mount{From: t.Packages[dir], To: path.Join(t.root(), dir)})
	}
	if t.root() == lambdaPlaces.task {
		return mounts, nil
	}
	link := filepath.Join(work, "link")
	if err := os.Symlink(t.place(), link); err != nil && !os.IsExist(err) {
		return nil, err
	}
	return append(mounts, sandbox.Mount{From: link, To: lambdaPlaces.task}), nil
}

// flags make Node load what it needs to find packages.
func (t *Tree) flags() (flags []string) {
	for _, name := range t.Preload {
		flags = append(flags, "--require="+path.Join(t.root(), name))
	}
	if t.Hooks != "" {
		flags = append(flags, "--experimental-loader="+path.Join(t.root(), t.Hooks))
	}
	return flags
}

// arguments tell the runtime client which file to load, and how. handler is what the
// function is started with: its own, or a wrapper in node_modules.
func (t *Tree) arguments(handler string) []string {
	if rest, ok := strings.CutPrefix(handler, "node_modules/"); ok {
		return t.installed(rest)
	}
	kind := "commonjs"
	if t.Module {
		kind = "module"
	}
	return []string{path.Join(t.root(), t.Entry), kind}
}

// installed are the arguments for a handler of an installed package, which may lie in a
// node_modules folder above the code. There are none if it is not there: the runtime says
// so.
func (t *Tree) installed(handler string) []string {
	folder, base := path.Split(handler)
	stem, _, _ := strings.Cut(base, ".")
	for dir := path.Clean(t.CodeDir); ; dir = path.Dir(dir) {
		modules := path.Join(dir, "node_modules")
		for _, extension := range []string{".js", ".mjs", ".cjs"} {
			file := filepath.Join(t.Packages[modules], filepath.FromSlash(folder), stem+extension)
			if info, err := os.Stat(file); t.Packages[modules] != "" && err == nil && info.Mode().IsRegular() {
				return []string{path.Join(t.root(), modules, folder, stem+extension), map[bool]string{true: "module", false: "commonjs"}[extension == ".mjs"]}
			}
		}
		if dir == "." {
			return nil
		}
	}
}

// grows copies what a process looked for in vain and the project has, and reports
// whether there was anything.
func (t *Tree) grows(seen observed) bool {
	var names []string
	for file := range seen.wanted {
		if rel := t.relative(file); rel != "" && !t.Withheld[rel] {
			names = append(names, rel)
		}
	}
	slices.Sort(names)
	return t.Add != nil && len(names) > 0 && t.Add(names)
}

// opened returns the files of the project that a process opened or looked for,
// sorted.
func (t *Tree) opened(seen observed) []Opened {
	found := map[string]Opened{}
	note := func(files map[string]analyzer.Position, module bool) {
		for file, by := range files {
			rel := t.relative(file)
			if t.Original != nil {
				rel = t.Original(analyzer.Position{File: rel}).File
			}
			if rel != "" {
				found[rel] = Opened{File: rel, By: t.original(by), Module: module}
			}
		}
	}
	note(seen.files, false)
	for file := range seen.wanted {
		if !t.Withheld[t.relative(file)] {
			delete(seen.wanted, file)
		}
	}
	note(seen.wanted, false)
	note(seen.modules, true)
	files := make([]Opened, 0, len(found))
	for _, rel := range slices.Sorted(maps.Keys(found)) {
		files = append(files, found[rel])
	}
	return files
}

// relative turns a path of the process into one of the project, "" for any other.
func (t *Tree) relative(file string) string {
	file = path.Clean(file)
	if rest, ok := strings.CutPrefix(file, lambdaPlaces.task+"/"); ok {
		return path.Join(t.CodeDir, rest)
	}
	rest, _ := strings.CutPrefix(file, sourceRoot+"/")
	if rest == file {
		return ""
	}
	return rest
}

func (t *Tree) original(by analyzer.Position) analyzer.Position {
	if by.File = t.relative(by.File); by.File == "" {
		return analyzer.Position{}
	}
	if t.Original != nil {
		by = t.Original(by)
	}
	return by
}
