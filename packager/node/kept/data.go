package kept

import (
	"io/fs"
	"iter"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/trace"
)

// maxData bounds what a package that reads its own folder in a way that could
// not be computed brings along, in bytes.
const maxData = 16 << 20

// askForData requests a package's data: all of its files but code, what code
// was made from, and what is written for people.
func (t *Tree) askForData(in *Package) {
	if in.dataAsked {
		return
	}
	in.dataAsked = true
	var total int64
	_ = fs.WalkDir(t.project.Folder(in.Dir), ".", func(rel string, entry fs.DirEntry, err error) error {
		at := filepath.Join(in.Dir, filepath.FromSlash(rel))
		if err != nil {
			return nil // what cannot be read cannot be shipped
		}
		if entry.IsDir() {
			if at != in.Dir && (entry.Name() == "node_modules" || noData[entry.Name()]) {
				return fs.SkipDir
			}
			return nil
		}
		if noData[strings.ToLower(filepath.Ext(at))] || noData[filepath.Ext(entry.Name())] || filepath.Ext(at) == "" || !entry.Type().IsRegular() {
			return nil
		}
		if info, err := entry.Info(); err == nil {
			if total += info.Size(); total > maxData {
				return fs.SkipAll
			}
		}
		t.queue = append(t.queue, Request{Dir: in.Dir, File: at, from: in, Guarded: true})
		return nil
	})
}

// noData are extensions and folders of a package that its code does not read.
var noData = map[string]bool{
	".js": true, ".cjs": true, ".mjs": true, ".ts": true, ".mts": true, ".cts": true, ".map": true, ".node": true,
	".md": true, ".markdown": true, ".c": true, ".cc": true, ".cpp": true, ".h": true, ".hpp": true, ".gyp": true,
	".gypi": true, ".flow": true, ".tgz": true, ".lock": true,
	"test": true, "tests": true, "docs": true, "example": true, "examples": true, "build": true, "deps": true, ".github": true,
}

// needs yields the files that a module will look for at run time, sorted, each with
// the way in which it is loaded, 0 for that of the module.
func (a *Asked) needs(r *trace.Result) iter.Seq2[string, use] {
	ways := map[string]use{}
	for _, asset := range r.Assets {
		for _, file := range asset.Files {
			if !a.forPeople(r, asset, file) {
				ways[file] |= 0
			}
		}
	}
	for _, refs := range [][]trace.Reference{r.Modules, r.Addons} {
		for _, ref := range refs {
			for _, c := range ref.Candidates {
				ways[c.Path] |= 0
				if ref.Kind == "worker" || ref.Kind == "fork" {
					ways[c.Path] |= alone
				}
			}
		}
	}
	for _, e := range r.Edits {
		if e.Path != "" {
			ways[e.Path] |= 0
		}
	}
	return func(yield func(string, use) bool) {
		for _, file := range slices.Sorted(maps.Keys(ways)) {
			if !yield(file, ways[file]) {
				return
			}
		}
	}
}
