package analyzer

import (
	"fmt"
	"iter"
	"strings"
)

// Globbed are the names that a glob for functions is held against: the name, the
// ID, and the service's name, a slash and the name.
func (f Function) Globbed() []string {
	return []string{f.Name, f.ID, f.Service + "/" + f.Name}
}

// Lookup finds the function that a person means by word: the one with that ID,
// else the one with that name. It returns its place, -1 where there is none. It is
// an error if several functions have the name.
func Lookup(functions iter.Seq[Function], word string) (int, error) {
	at, i := -1, 0
	var ids []string
	for f := range functions {
		if f.ID == word {
			return i, nil
		}
		if f.Name == word {
			at = i
			ids = append(ids, f.ID)
		}
		i++
	}
	if len(ids) > 1 {
		return -1, Usage(fmt.Sprintf("%d functions are called %q", len(ids), word), "name one of them: "+strings.Join(ids[:min(len(ids), 8)], ", "))
	}
	return at, nil
}

// NearestFunction is the name or ID that a person most likely meant by word, ""
// if none is near.
func NearestFunction(functions iter.Seq[Function], word string) string {
	var names []string
	for f := range functions {
		names = append(names, f.Name, f.ID)
	}
	return Nearest(word, names)
}
