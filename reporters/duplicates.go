package reporters

import (
	"cmp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// maxAskedBy limits the list of importers of one copy.
const maxAskedBy = 20

// duplicates finds packages of which a function's artifact contains bytes from more than
// one installed folder: several versions, or several copies of one version. installed are the
// folders of the inputs.
func duplicates(b Built, inputs []analyzer.Input, installed []string, renumbered numbers) []Duplicate {
	if b.Artifact == nil {
		return nil
	}
	bytes := map[string]int64{}     // by folder
	copies := map[string][]string{} // folders by package
	version := map[string]string{}
	for _, s := range b.Artifact.Shares {
		at, ok := renumbered.of(s.Input)
		if !ok || s.Unzipped == 0 {
			continue
		}
		in := inputs[at]
		folder := installed[at]
		if in.Package == "" || folder == "" {
			continue
		}
		if bytes[folder] == 0 {
			copies[in.Package] = append(copies[in.Package], folder)
			version[folder] = in.Version
		}
		bytes[folder] += s.Unzipped
	}
	asked := map[string]map[string]bool{}
	for _, folders := range copies {
		if len(folders) > 1 {
			for _, folder := range folders {
				asked[folder] = map[string]bool{}
			}
		}
	}
	if len(asked) == 0 {
		return nil
	}
	for _, from := range b.Bundle.Reached {
		if at, ok := renumbered.of(from); ok {
			note(asked, inputs, installed, at)
		}
	}
	var found []Duplicate
	for name, folders := range copies {
		if len(folders) < 2 {
			continue
		}
		d := Duplicate{Package: name, Function: b.Bundle.ID}
		for _, folder := range folders {
			d.Copies = append(d.Copies, Copy{Version: version[folder], Path: folder, Bytes: bytes[folder], AskedBy: firstOf(asked[folder])})
			d.Bytes += bytes[folder]
		}
		slices.SortFunc(d.Copies, func(a, b Copy) int {
			return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(a.Path, b.Path))
		})
		d.Bytes -= d.Copies[0].Bytes
		found = append(found, d)
	}
	return found
}

// note records an input as an importer of the folders it imports from.
func note(asked map[string]map[string]bool, inputs []analyzer.Input, installed []string, from int) {
	for _, im := range inputs[from].Imports {
		folder := installed[im.To]
		if folder != installed[from] && asked[folder] != nil {
			asked[folder][nameOf(inputs[from])] = true
		}
	}
}

// nameOf is "package@version", or the path of a file of the project.
func nameOf(in analyzer.Input) string {
	switch {
	case in.Package == "":
		return in.Path
	case in.Version == "":
		return in.Package
	}
	return in.Package + "@" + in.Version
}

// installedFolders are the folders of the packages that inputs belong to.
func installedFolders(inputs []analyzer.Input) []string {
	folders := make([]string, len(inputs))
	for i, in := range inputs {
		folders[i] = installedAt(in.Path)
	}
	return folders
}

// installedAt is the folder of the installed package that contains a path, "" if there is
// none. The folder ends with the name after the last node_modules.
func installedAt(path string) string {
	const folder = "node_modules/"
	at := strings.LastIndex(path, folder)
	if at < 0 || at > 0 && path[at-1] != '/' {
		return ""
	}
	at += len(folder)
	rest := path[at:]
	slash := strings.IndexByte(rest, '/')
	if slash > 0 && rest[0] == '@' {
		if next := strings.IndexByte(rest[slash+1:], '/'); next >= 0 {
			slash += 1 + next
		} else {
			slash = -1
		}
	}
	if slash <= 0 {
		return ""
	}
	return path[:at+slash]
}

func firstOf(set map[string]bool) []string {
	list := make([]string, 0, len(set))
	for s := range set {
		list = append(list, s)
	}
	slices.Sort(list)
	return list[:min(len(list), maxAskedBy)]
}
