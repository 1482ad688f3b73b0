package lint

import (
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer/js"
)

var (
	handlerName = regexp.MustCompile(`Handler: (\w+)`)
	deserved    = regexp.MustCompile(`// advice: ([a-z0-9 -]+)`)
)

// styles are the modules of testdata/styles, by path.
type styles map[string]string

func readStyles(t testing.TB) styles {
	t.Helper()
	all := styles{}
	files, err := filepath.Glob("testdata/styles/*/*")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimPrefix(filepath.ToSlash(file), "testdata/styles/")] = string(text)
	}
	return all
}

func (s styles) Module(name string) (js.File, bool) {
	text, ok := s[name]
	return js.File{Path: name, Source: []byte(text)}, ok
}

func (s styles) Resolve(from, specifier string) string {
	if !strings.HasPrefix(specifier, ".") {
		return ""
	}
	for _, extension := range []string{"", ".ts", ".js", ".mjs"} {
		if name := path.Join(path.Dir(from), specifier) + extension; s[name] != "" {
			return name
		}
	}
	return ""
}

// modulesOf are an entry point and the modules that it imports, in order.
func (s styles) modulesOf(entry string) []string {
	paths := []string{entry}
	specifier := regexp.MustCompile(`(?:from|require\() ?'(\.[^']*)'`)
	for i := 0; i < len(paths); i++ {
		for _, match := range specifier.FindAllStringSubmatch(s[paths[i]], -1) {
			if to := s.Resolve(paths[i], match[1]); to != "" && !slices.Contains(paths, to) {
				paths = append(paths, to)
			}
		}
	}
	return paths
}

// TestStyles compares the advice about handlers in many styles with what their lines say
// that they deserve: nothing else may be advised, and at least 85% must be.
func TestStyles(t *testing.T) {
	all := readStyles(t)
	want, got := map[string]bool{}, map[string]bool{}
	for _, file := range slices.Sorted(maps.Keys(all)) {
		for i, line := range strings.Split(all[file], "\n") {
			if match := deserved.FindStringSubmatch(line); match != nil {
				for code := range strings.FieldsSeq(match[1]) {
					want[fmt.Sprintf("%s:%d %s", file, i+1, code)] = true
				}
			}
		}
		handler := handlerName.FindStringSubmatch(all[file])
		if handler == nil {
			continue
		}
		for _, a := range AdviseFunction(Subject{Paths: all.modulesOf(file), Handler: handler[1], Node: 22, Modules: all}) {
			if a.Message == "" || a.Hint == "" || a.Source == "" || a.BehaviourChanges == "" || a.Column == 0 {
				t.Errorf("incomplete: %+v", a)
			}
			got[fmt.Sprintf("%s:%d %s", a.File, a.Line, a.Code)] = true
		}
	}
	found := 0
	for _, line := range slices.Sorted(maps.Keys(want)) {
		if got[line] {
			found++
		} else {
			t.Log("not found: " + line)
		}
	}
	for _, line := range slices.Sorted(maps.Keys(got)) {
		if !want[line] {
			t.Errorf("wrong: %s", line)
		}
	}
	t.Logf("found %d of %d", found, len(want))
	if found*100 < len(want)*85 {
		t.Errorf("found %d of %d, less than 85%%", found, len(want))
	}
}
