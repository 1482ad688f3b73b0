package analyzer

import (
	"fmt"
	"iter"
	"strings"
)

// Globbed returns the names that a glob for functions is matched against: the name, the
// ID, and "service/name".
func (f Function) Globbed() []string {
	return []string{f.Name, f.ID, f.Service + "/" + f.Name}
}

// Lookup finds a function by ID, else by name. It returns the function's index, -1 if
// there is none. It returns an error if several functions have the name.
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
		return -1, Usage(fmt.Sprintf("%d functions have the name %q", len(ids), word), "name one of them: "+strings.Join(ids[:min(len(ids), 8)], ", "))
	}
	return at, nil
}

// NearestFunction returns the name or ID that is most similar to word, "" if none is
// similar.
func NearestFunction(functions iter.Seq[Function], word string) string {
	var names []string
	for f := range functions {
		names = append(names, f.Name, f.ID)
	}
	return Nearest(word, names)
}
