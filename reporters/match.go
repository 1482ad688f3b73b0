package reporters

import (
	"fmt"
	"maps"
	"slices"
)

// match finds for each of head's functions the baseline's, by head's ID, and
// what is left over.
//
//  1. A function is the same where its folder and name are. A saved report may
//     know it under another ID, as older versions made other ones.
//  2. Else it is the one of the same ID, which is all that tells two manifests
//     of one folder apart, and reports made in different folders.
//  3. Else it has a new name: it is looked for by its zip, then by its files'
//     content, then by its entry point.
//
// Only what leaves no doubt is matched. With partial, what head lacks is not
// left over, and nothing in it has a new name.
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
		gone := map[string][]*Function{}
		for _, id := range slices.Sorted(maps.Keys(left)) {
			if key := identity(*left[id]); key != "" {
				gone[key] = append(gone[key], left[id])
			}
		}
		come := map[string]int{}
		for _, f := range fresh {
			come[identity(f)]++
		}
		fresh = slices.DeleteFunc(fresh, func(f Function) bool {
			key := identity(f)
			if key == "" || len(gone[key]) != 1 || come[key] != 1 {
				return false
			}
			before[f.ID] = gone[key][0]
			delete(left, gone[key][0].ID)
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

// renamed reports whether matched functions have neither their place nor their
// ID in common.
func renamed(b, f Function) bool {
	return b.ID != f.ID && (place(b) == "" || place(b) != place(f))
}

// place is a function's folder and name, "" for one without a name.
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

// filesOf is the content of a function's files, whatever their names.
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
