package manifest

import (
	"path"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// eventsFolder lies beside a manifest and holds events to start its functions with.
const eventsFolder = "events"

// giveEvents lists each function's events: the files events/FUNCTION*.json beside its
// manifest.
func (d *discovery) giveEvents() {
	byFolder := map[string][]int{}
	for i, f := range d.functions {
		byFolder[f.ServiceDir] = append(byFolder[f.ServiceDir], i)
	}
	for folder, members := range byFolder {
		dir := path.Join(folder, eventsFolder)
		if d.Kind(dir) != projectfs.Folder {
			continue
		}
		names := make([]string, len(members))
		for i, at := range members {
			names[i] = d.functions[at].Name
		}
		for _, e := range d.List(dir) {
			if at := EventFor(e.Name(), names); at >= 0 && d.Kind(path.Join(dir, e.Name())) == projectfs.File {
				f := d.functions[members[at]]
				f.Events = append(f.Events, path.Join(dir, e.Name()))
			}
		}
	}
	for _, f := range d.functions {
		slices.Sort(f.Events)
	}
}

// EventFor returns the index of the function to which a file of events belongs: the
// one with the longest name that the file's name starts with. It is -1 for none.
func EventFor(file string, functions []string) int {
	stem, ok := strings.CutSuffix(file, ".json")
	found := -1
	for i, name := range functions {
		if ok && name != "" && strings.HasPrefix(stem, name) && (found < 0 || len(name) > len(functions[found])) {
			found = i
		}
	}
	return found
}
