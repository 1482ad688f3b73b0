package reporters

import (
	"fmt"
	"maps"
	"slices"
)

// match finds the baseline's function for each of head's functions, by head's ID, and
// returns the removed ones.
//
//  1. Functions with the same folder and name match. The IDs may differ, because older versions
//     computed IDs differently.
//  2. Otherwise functions with the same ID match. Only the ID distinguishes functions of two manifests
//     in one folder, and matches reports that were made in different folders.
//  3. Otherwise the function may be renamed. It is searched by its zip, then by its files' content, then
//     by its entry point.
//
// Only unambiguous matches count. With partial, functions that head lacks do not count as
// removed, and no function counts as renamed.
func match(base, head Report, partial bool) (before map[string]*Function, removed []Function) {
	before = map[string]*Function{}
	left := map[string]*Function{}
	for i := range base.Functions {
		left[base.Functions[i].ID] = &base.Functions[i]
	}
	fresh := slices.Clone(head.Functions)
	identities := []func(Function) string{wholePlace, place, id}
	if !partial {
		identities = append(identities, wholeZip, filesOf, entryOf)
	}
	for _, identity := range identities {
		inBase := map[string][]*Function{}
		for _, id := range slices.Sorted(maps.Keys(left)) {
			if key := identity(*left[id]); key != "" {
				inBase[key] = append(inBase[key], left[id])
			}
		}
		inHead := map[string]int{}
		for _, f := range fresh {
			inHead[identity(f)]++
		}
		fresh = slices.DeleteFunc(fresh, func(f Function) bool {
			key := identity(f)
			if key == "" || len(inBase[key]) != 1 || inHead[key] != 1 {
				return false
			}
			before[f.ID] = inBase[key][0]
			delete(left, inBase[key][0].ID)
			return true
		})
	}
	if partial {
		return before, nil
	}
	for _, id := range slices.Sorted(maps.Keys(left)) {
		removed = append(removed, *left[id])
	}
	return before, removed
}

// renamed reports whether matched functions differ in both ID and place.
func renamed(b, f Function) bool {
	return b.ID != f.ID && (place(b) == "" || place(b) != place(f))
}

// place is a function's folder and name, "" if it has no name.
func place(f Function) string {
	if f.Name == "" {
		return ""
	}
	return f.ServiceDir + "\x00" + f.Name
}

func wholePlace(f Function) string { return place(f) + "\x00" + f.ID }

func id(f Function) string { return f.ID }

func wholeZip(f Function) string {
	if f.Artifact == nil {
		return ""
	}
	return f.Artifact.SHA256
}

// filesOf identifies the content of a function's files, ignoring their names.
func filesOf(f Function) string {
	if f.Artifact == nil {
		return ""
	}
	var sums []string
	for _, e := range f.Artifact.Entries {
		sums = append(sums, e.SHA256)
	}
	slices.Sort(sums)
	return fmt.Sprint(sums)
}

func entryOf(f Function) string {
	if f.Artifact == nil || f.Entry == "" {
		return ""
	}
	return string(f.Family) + " " + f.Entry
}
