package trace

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/featherpack/featherpack/analyzer/cases"
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

// project makes a file system of "path" or "path=content" words, in which \n is a
// line's end.
func project(files ...string) fstest.MapFS {
	m := fstest.MapFS{}
	for _, f := range files {
		name, content, ok := strings.Cut(f, "=")
		if !ok {
			content = "x"
		}
		m[name] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(content, `\n`, "\n"))}
	}
	return m
}

var linuxX64 = native.Platform{OS: "linux", CPU: "x64", Libc: "glibc"}

// onLinux is a module of the project that runs on a Lambda function.
func onLinux(name, source string) Module {
	m := moduleAt(name, source)
	m.CWD, m.Target, m.Runtime = ".", linuxX64, "nodejs22.x"
	return m
}

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

// asLines writes a result as lines, leaving out the edits.
func asLines(r Result) []string {
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
		how := flags(a.Optional, "optional", a.FromCWD, "cwd", a.Folder, "folder")
		out = append(out, fmt.Sprintf("asset %s%s %v%s", a.Path, a.Pattern, a.Files, how))
	}
	candidates := func(list []Candidate) string {
		var s []string
		for _, c := range list {
			s = append(s, c.Specifier+">"+c.Path)
		}
		return strings.Join(s, " ")
	}
	for _, m := range r.Modules {
		to, how := candidates(m.Candidates), flags(m.Guarded, "guarded", m.FromCWD, "cwd")
		out = append(out, fmt.Sprintf("module %s %s%s [%s]%s", m.Kind, m.Specifier, m.Pattern, to, how))
	}
	for _, m := range r.Addons {
		how := flags(m.Guarded, "guarded")
		s := fmt.Sprintf("addon %s %s%s [%s]%s", m.Kind, m.Specifier, m.Pattern, candidates(m.Candidates), how)
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

// traceCases traces one module a case, at lib/a.js of the package p where "@"
// names no other. "+" names a file of the project, with its content after "=".
func traceCases(t *testing.T, file string) {
	for _, c := range cases.Read(t, file) {
		t.Run(c.Name, func(t *testing.T) {
			m := moduleAt(cmp.Or(c.Text("@"), "node_modules/p/lib/a.js"), c.Text(">"))
			files := project(c.Lines("+")...)
			for _, f := range files {
				if platform, ok := strings.CutPrefix(string(f.Data), "native:"); ok {
					f.Data = sample(t, platform)
				}
			}
			files[m.Path] = &fstest.MapFile{Data: m.Source}
			r, err := traceIn(files, m)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := asLines(r), c.Lines("="); !slices.Equal(got, want) {
				t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}

// sample is a native library made for a platform.
func sample(t *testing.T, platform string) []byte {
	t.Helper()
	text, err := os.ReadFile("native/testdata/" + platform + ".node")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// moduleAt is a module of the installed package whose folder its path names, or
// of the project.
func moduleAt(name, source string) Module {
	m := Module{File: js.File{Path: name, Source: []byte(source)}, PackageDir: "."}
	if i := strings.LastIndex(name, "node_modules/"); i >= 0 {
		i += len("node_modules/")
		m.PackageDir = name[:i] + js.PackageName(name[i:])
	}
	return m
}
