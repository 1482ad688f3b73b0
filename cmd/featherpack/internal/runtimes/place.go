package runtimes

import (
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/mappings"
	"github.com/featherpack/featherpack/packager/boot"
)

// placeInTask is a place in the function's own code in a stack.
var placeInTask = regexp.MustCompile(`/var/task/([^\s()]+):(\d+):(\d+)`)

// placeIn is the first place of a failure in the zip.
func placeIn(f *boot.Failure) (at analyzer.Position) {
	if f == nil {
		return at
	}
	if m := placeInTask.FindStringSubmatch(strings.Join(f.Stack, "\n")); m != nil {
		at.File = m[1]
		at.Line, _ = strconv.Atoi(m[2])
		at.Column, _ = strconv.Atoi(m[3])
	}
	return at
}

// maxMap is the largest source map that is read, in bytes.
const maxMap = 256 << 20

// sourceOf is the place in the source that a place in a function's bundle comes from, by the
// source map beside its zip. It is the zero value if there is no map, or if the place is not
// in the bundle.
func sourceOf(zip, entry string, at analyzer.Position) (source analyzer.Position) {
	if strings.TrimSuffix(at.File, path.Ext(at.File)) != strings.TrimSuffix(entry, path.Ext(entry)) {
		return source // a file that ships beside the bundle is as it is in the project
	}
	name := strings.TrimSuffix(zip, ".zip") + path.Ext(at.File) + ".map"
	info, err := os.Stat(filepath.FromSlash(name))
	if err != nil || info.Size() > maxMap {
		return source
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return source
	}
	var m struct {
		Sources  []string `json:"sources"`
		Mappings string   `json:"mappings"`
	}
	if json.Unmarshal(text, &m) != nil {
		return source
	}
	mappings.Each(m.Mappings, func(one mappings.Mapping) {
		if one.Line == at.Line-1 && one.Column <= at.Column-1 && one.Fields >= 4 && one.Source >= 0 && one.Source < len(m.Sources) {
			source = analyzer.Position{File: m.Sources[one.Source], Line: one.FromLine + 1, Column: one.FromColumn + 1}
		}
	})
	return source
}
