package lint

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// fewestSpared is the size from which modules that nothing uses are worth a word, in bytes before
// they are zipped.
const fewestSpared = 16 << 10

// wholeRequest is where one of the function's own modules loads all of a package.
type wholeRequest struct {
	*module
	at, statement *js.Node
	used          []string
}

// requiredWhole finds CommonJS packages that the function's own modules load whole, although each
// member that they use has a file of its own.
func (f *function) requiredWhole() {
	requests := map[int][]wholeRequest{} // by the entry point of the package
	var entries []int
	for _, own := range f.Paths {
		if m := f.module(own); m != nil {
			m.imports(func(at *js.Node, specifier string, statement *js.Node) {
				entry, known := f.inputAt(m.Modules.Resolve(m.path, specifier))
				if !known || f.Inputs[entry].Package != specifier || f.Inputs[entry].Format != "cjs" || knownWhole(specifier) {
					return
				}
				used, all := usedMembers(at, statement)
				if !all {
					used = []string{""} // which has no file
				}
				if len(requests[entry]) == 0 {
					entries = append(entries, entry)
				}
				requests[entry] = append(requests[entry], wholeRequest{m, at, statement, used})
			})
		}
	}
	for _, entry := range entries {
		var used []string
		for _, r := range requests[entry] {
			used = append(used, r.used...)
		}
		slices.Sort(used)
		f.loadedWhole(entry, slices.Compact(used), requests[entry])
	}
}

// loadedWhole reports the requests for all of a package if files of it have what they use.
func (f *function) loadedWhole(entry int, used []string, requests []wholeRequest) {
	name := f.Inputs[entry].Package
	var files []int
	specifiers := map[string]string{}
	for _, member := range used {
		file, specifier := f.fileOf(entry, member)
		if specifier == "" {
			return
		}
		files, specifiers[member] = append(files, file), specifier
	}
	spared, bytes := f.spared(entry, files)
	if len(used) == 0 || bytes < fewestSpared {
		return
	}
	var parts []string
	for _, member := range used {
		parts = append(parts, specifiers[member])
	}
	for _, r := range requests {
		otherwise, _ := r.importOf(r.at, r.statement, func(member string) part {
			return part{specifiers[member], "((p) => p." + member + " ?? p.default ?? p)(%s)"}
		})
		r.add(r.at, Advice{
			Otherwise: otherwise, Parts: parts, Inputs: spared, Package: name,
			Diagnostic: analyzer.Diagnostic{
				Message: fmt.Sprintf("loads all of %s, which is CommonJS and cannot be tree-shaken, for %s", name, members(used)),
				Hint:    "load " + strings.Join(parts, ", ") + " instead",
			},
			Source: "https://esbuild.github.io/api/#tree-shaking", BehaviourChanges: "what the rest of " + name + " does when it is loaded is not done",
		})
	}
}

// members counts what is used of a package, and names it if it is little.
func members(used []string) string {
	if len(used) > 3 {
		return fmt.Sprintf("%d of its members", len(used))
	}
	return strings.Join(used, ", ")
}

// knownWhole reports whether another rule is about all of a package.
func knownWhole(name string) bool {
	_, whole := wholePackages[name]
	_, meta := metaPackages[name]
	return whole || meta || isSDKv2(name)
}

// inputAt is the index of an input that the entry point leads to, by its path.
func (f *function) inputAt(file string) (index int, known bool) {
	if f.byPath == nil {
		f.byPath = map[string]int{}
		for i, in := range f.reached() {
			f.byPath[in.Path] = i
		}
	}
	index, known = f.byPath[file]
	return index, known && file != ""
}

// partFolders are the folders of a package in which members may have files.
var partFolders = []string{"", "lib", "src"}

// fileOf is the file of a package that has one of its members, and the specifier that leads to it.
// The package's entry point loads it, and package.json lets others load it too.
func (f *function) fileOf(entry int, member string) (file int, specifier string) {
	dir := packageDir(f.Inputs[entry])
	for _, folder := range partFolders {
		for _, extension := range []string{".js", ".cjs"} {
			subpath := path.Join(folder, member)
			file, known := f.inputAt(path.Join(dir, subpath+extension))
			if member == "" || !known || f.Inputs[file].Format != "cjs" || !slices.ContainsFunc(f.Inputs[entry].Imports, func(im analyzer.Import) bool { return im.To == file }) {
				continue
			}
			for _, subpath := range []string{subpath, subpath + extension} {
				if f.Opens != nil && f.Opens(dir, subpath, path.Join(folder, member+extension)) {
					return file, f.Inputs[entry].Package + "/" + subpath
				}
			}
		}
	}
	return 0, ""
}

// spared are the inputs that nothing leads to if the function's own modules load files of a
// package in place of its entry point, and their size in the artifact.
func (f *function) spared(entry int, files []int) (inputs []int, bytes int64) {
	root, known := f.inputAt(f.Paths[0])
	if !known {
		return nil, 0
	}
	left := map[int]bool{root: true}
	order := append([]int{root}, files...)
	for i := 0; i < len(order); i++ {
		from := f.Inputs[order[i]]
		left[order[i]] = true
		for _, im := range from.Imports {
			if !left[im.To] && (im.To != entry || from.Package != "") {
				left[im.To] = true
				order = append(order, im.To)
			}
		}
	}
	for i := range f.reached() {
		if !left[i] && i < len(f.Bytes) && f.Bytes[i] > 0 {
			inputs, bytes = append(inputs, i), bytes+f.Bytes[i]
		}
	}
	return inputs, bytes
}
