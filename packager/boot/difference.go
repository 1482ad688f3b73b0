package boot

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// Differences returns the JSON paths at which two answers differ, sorted, such as
// "$.items[2].price". Text that is a JSON object or array in both answers, as the
// body of an HTTP answer is, is compared as such. Nothing of the values is returned.
func Differences(a, b json.RawMessage) []string {
	x, knownX := decode(a)
	y, knownY := decode(b)
	switch {
	case !knownX && !knownY:
		return nil
	case knownX != knownY:
		return []string{"$"}
	}
	var paths []string
	differ(x, y, "$", 0, &paths)
	slices.Sort(paths)
	return slices.Compact(paths)
}

// decode keeps numbers as text, so that no precision is lost.
func decode(text []byte) (value any, known bool) {
	if len(text) == 0 {
		return nil, false
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if d.Decode(&value) != nil || d.More() {
		return nil, false
	}
	return value, true
}

// maxDepth bounds how deep answers are compared value by value. What lies deeper is equal or
// not.
const maxDepth = 100

func differ(a, b any, path string, depth int, paths *[]string) {
	if depth > maxDepth {
		if !reflect.DeepEqual(a, b) {
			*paths = append(*paths, path)
		}
		return
	}
	switch x := a.(type) {
	case map[string]any:
		if y, ok := b.(map[string]any); ok {
			for _, key := range slices.Sorted(maps.Keys(x)) {
				if other, ok := y[key]; ok {
					differ(x[key], other, path+step(key), depth+1, paths)
				} else {
					*paths = append(*paths, path+step(key))
				}
			}
			for _, key := range slices.Sorted(maps.Keys(y)) {
				if _, ok := x[key]; !ok {
					*paths = append(*paths, path+step(key))
				}
			}
			return
		}
	case []any:
		if y, ok := b.([]any); ok {
			for i := range min(len(x), len(y)) {
				differ(x[i], y[i], fmt.Sprintf("%s[%d]", path, i), depth+1, paths)
			}
			if len(x) != len(y) {
				*paths = append(*paths, path+".length")
			}
			return
		}
	case string:
		y, ok := b.(string)
		if ok && x == y {
			return
		}
		if ok {
			inX, inY := inner(x), inner(y)
			if inX != nil && inY != nil {
				before := len(*paths)
				if differ(inX, inY, path, depth+1, paths); len(*paths) > before {
					return
				}
			}
		}
	case json.Number:
		if y, ok := b.(json.Number); ok && (x == y || sameNumber(x, y)) {
			return
		}
	default:
		if a == b {
			return
		}
	}
	*paths = append(*paths, path)
}

// inner is the object or array that a text holds as JSON, nil if it holds none.
func inner(text string) any {
	if text = strings.TrimSpace(text); text == "" || text[0] != '{' && text[0] != '[' {
		return nil
	}
	value, _ := decode([]byte(text))
	return value
}

func sameNumber(a, b json.Number) bool {
	x, errX := a.Float64()
	y, errY := b.Float64()
	return errX == nil && errY == nil && x == y
}

// plain matches the keys that a path needs no quotes for.
var plain = regexp.MustCompile(`^[A-Za-z_$][\w$-]*$`)

func step(key string) string {
	if plain.MatchString(key) {
		return "." + key
	}
	quoted, err := json.Marshal(cut(key, 60))
	if err != nil {
		return "[?]"
	}
	return "[" + string(quoted) + "]"
}

// without removes the paths that are in the other list, or below one that is.
func without(paths, others []string) []string {
	listed := map[string]bool{}
	for _, other := range others {
		listed[other] = true
	}
	return slices.DeleteFunc(slices.Clone(paths), func(path string) bool {
		for i := range path {
			if (path[i] == '.' || path[i] == '[') && listed[path[:i]] {
				return true
			}
		}
		return listed[path]
	})
}
