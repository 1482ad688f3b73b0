package trace

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/trace/native"
	"github.com/featherpack/featherpack/analyzer/trace/value"
)

// onDisk resolves as a runtime does, as far as these tests need: relative
// paths, and packages by "main" or by a plain file below them.
type onDisk struct{ t *tracer }

func (r onDisk) Resolve(specifier, from, kind string) (string, error) {
	if strings.HasPrefix(specifier, ".") {
		if p, ok := r.t.Probe(path.Join(from, specifier)); ok {
			return p, nil
		}
		return "", errors.New("not found")
	}
	if strings.HasPrefix(specifier, "#") {
		v, _ := r.t.ReadJSON(path.Join(r.t.packageOf(from), "package.json"))
		imports, _ := v.(map[string]any)["imports"].(map[string]any)
		for _, key := range slices.Sorted(maps.Keys(imports)) {
			before, after, _ := strings.Cut(key, "*")
			if star, ok := strings.CutPrefix(specifier, before); ok && strings.HasSuffix(star, after) {
				target := strings.ReplaceAll(imports[key].(string), "*", strings.TrimSuffix(star, after))
				p := path.Join(r.t.packageOf(from), target)
				if _, err := fs.Stat(r.t.Files, p); err == nil {
					return p, nil
				}
			}
		}
		return "", errors.New("not found")
	}
	for dir := from; ; dir = path.Dir(dir) {
		at := path.Join(dir, "node_modules", specifier)
		if v, ok := r.t.ReadJSON(path.Join(at, "package.json")); ok {
			if main, ok := v.(map[string]any)["main"].(string); ok {
				if p, ok := r.t.Probe(path.Join(at, main)); ok {
					return p, nil
				}
			}
		}
		if p, ok := r.t.Probe(at); ok {
			return p, nil
		}
		if dir == "." {
			return "", errors.New("not found")
		}
	}
}

// project makes a file system of "path" or "path=content" words.
func project(files ...string) fstest.MapFS {
	m := fstest.MapFS{}
	for _, f := range files {
		name, content, ok := strings.Cut(f, "=")
		if !ok {
			content = "x"
		}
		m[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return m
}

var linuxX64 = native.Platform{OS: "linux", CPU: "x64", Libc: "glibc"}

func traceIn(files fstest.MapFS, m Module) (Result, error) {
	if m.Target.OS == "" {
		m.Target, m.Runtime = linuxX64, "nodejs22.x"
	}
	if m.CWD == "" {
		m.CWD = "."
	}
	resolver := onDisk{&tracer{Evaluator: &value.Evaluator{Setting: value.Setting{Files: files}}}}
	return Trace(m, files, resolver)
}

// told writes a result as lines, leaving out the edits.
func told(r Result, source string) []string {
	var out []string
	flags := func(set ...any) string {
		s := ""
		for i := 0; i < len(set); i += 2 {
			if set[i].(bool) {
				s += " " + set[i+1].(string)
			}
		}
		return s
	}
	for _, a := range r.Assets {
		out = append(out, fmt.Sprintf("asset %s%s %v%s", a.Path, a.Pattern, a.Files, flags(a.Optional, "optional", a.FromCWD, "cwd", a.Folder, "folder")))
	}
	candidates := func(list []Candidate) string {
		var s []string
		for _, c := range list {
			s = append(s, c.Specifier+">"+c.Path)
		}
		return strings.Join(s, " ")
	}
	for _, m := range r.Modules {
		out = append(out, fmt.Sprintf("module %s %s%s [%s]%s", m.Kind, m.Specifier, m.Pattern, candidates(m.Candidates), flags(m.Guarded, "guarded", m.FromCWD, "cwd")))
	}
	for _, m := range r.Addons {
		s := fmt.Sprintf("addon %s %s%s [%s]%s", m.Kind, m.Specifier, m.Pattern, candidates(m.Candidates), flags(m.Guarded, "guarded"))
		if len(m.Wrong) > 0 {
			s += " wrong [" + candidates(m.Wrong) + "]"
		}
		out = append(out, s)
	}
	for _, u := range r.Uncertain {
		out = append(out, fmt.Sprintf("uncertain %s: %s%s", u.Trigger, u.Reason, flags(u.Guarded, "guarded")))
	}
	return out
}

// traceCase is one module and what tracing it tells.
type traceCase struct {
	name   string
	files  []string
	path   string // of the module; lib/a.js of the package p where not said
	source string
	want   []string
}

func (c traceCase) run(t *testing.T) {
	t.Helper()
	m := Module{File: js.File{Path: c.path, Source: []byte(c.source)}}
	if m.Path == "" {
		m.Path = "node_modules/p/lib/a.js"
	}
	files := project(c.files...)
	files[m.Path] = &fstest.MapFile{Data: m.Source}
	m.PackageDir = "."
	if i := strings.LastIndex(m.Path, "node_modules/"); i >= 0 {
		rest := strings.Split(m.Path[i+len("node_modules/"):], "/")
		n := 1
		if strings.HasPrefix(rest[0], "@") {
			n = 2
		}
		m.PackageDir = m.Path[:i] + "node_modules/" + strings.Join(rest[:n], "/")
	}
	r, err := traceIn(files, m)
	if err != nil {
		t.Fatal(err)
	}
	if got := told(r, c.source); !slices.Equal(got, c.want) {
		t.Errorf("%s\n got: %s\nwant: %s", c.source, strings.Join(got, "\n      "), strings.Join(c.want, "\n      "))
	}
}
