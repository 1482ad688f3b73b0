package runtimes

import (
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/mappings"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/packager/boot"
)

// placeInTask is a place in the function's own code in a stack of Node.
var placeInTask = regexp.MustCompile(`/var/task/([^\s()]+):(\d+):(\d+)`)

// placeInZip is the first place of a failure in the zip, and the first that comes from a
// source with lines.
func (t *trying) placeInZip(f *boot.Failure) (at, source analyzer.Position) {
	if f == nil {
		return at, source
	}
	for _, m := range placeInTask.FindAllStringSubmatch(strings.Join(f.Stack, "\n"), -1) {
		var here analyzer.Position
		here.File = m[1]
		here.Line, _ = strconv.Atoi(m[2])
		here.Column, _ = strconv.Atoi(m[3])
		if at.File == "" {
			at = here
		}
		// The bundle has a line for an addon, which the addon has not.
		if source = t.sourceOf(here); source.File != "" && path.Ext(source.File) != ".node" {
			return at, source
		}
	}
	return at, analyzer.Position{}
}

// maxMap is the largest source map that is read, in bytes.
const maxMap = 256 << 20

// sourceOf is the place in the source that a place in the function's bundle comes from, by the
// source map beside its zip. It is the zero value if there is no map, or if the place is not
// in the bundle.
func (t *trying) sourceOf(at analyzer.Position) (source analyzer.Position) {
	entry := t.function.Entry
	if at.File == "" || strings.TrimSuffix(at.File, path.Ext(at.File)) != strings.TrimSuffix(entry, path.Ext(entry)) {
		return source // a file that ships beside the bundle is as it is in the project
	}
	name := strings.TrimSuffix(t.zip, ".zip") + path.Ext(at.File) + ".map"
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

// placeInStack is a place in a stack of Go, as the Go runtime prints it (after a tab) and as
// aws-lambda-go reports it.
var placeInStack = regexp.MustCompile(`(?m)^\s*([\w.@!~/+-]+\.go):(\d+)(?:[ )]|$)`)

// placeInGo is the first place of the function's own module in the stack of a failure, as the
// stack has it and in the project.
func (t *trying) placeInGo(r boot.Result) (at, source analyzer.Position) {
	stack := r.Logs
	if r.Error != nil {
		stack = strings.Join(r.Error.Stack, "\n") + "\n" + stack
	}
	files := projectfs.New(t.project.Root, projectfs.Allowances{})
	defer files.Close()
	entry := path.Clean(t.function.Entry)
	if strings.HasSuffix(entry, ".go") {
		entry = path.Dir(entry)
	}
	module, folder := moduleOf(files, entry)
	for _, m := range placeInStack.FindAllStringSubmatch(stack, -1) {
		line, _ := strconv.Atoi(m[2])
		// With -trimpath a path begins with the module's. aws-lambda-go cuts those of package
		// main to the folder and the file.
		name := path.Join(folder, strings.TrimPrefix(m[1], module+"/"))
		if !strings.HasPrefix(m[1], module+"/") {
			name = path.Join(entry, path.Base(m[1]))
			if m[1] != path.Base(m[1]) && m[1] != path.Join(path.Base(entry), path.Base(m[1])) {
				continue
			}
		}
		if _, err := files.Read(name, maxSource); err == nil {
			return analyzer.Position{File: m[1], Line: line}, analyzer.Position{File: name, Line: line}
		}
	}
	return at, source
}

// maxSource is the largest Go file that is read, in bytes.
const maxSource = 16 << 20

// moduleOf returns the path of the module that holds a folder, and the folder of its go.mod.
func moduleOf(files *projectfs.FS, folder string) (module, root string) {
	for dir := folder; ; dir = path.Dir(dir) {
		if text, err := files.Read(path.Join(dir, "go.mod"), 1<<20); err == nil {
			return modfile.ModulePath(text), dir
		}
		if dir == path.Dir(dir) || dir == "." {
			return "", folder
		}
	}
}
