package value

import (
	"encoding/json"
	"io/fs"
	"path"
	"strings"
)

// Resolver finds the file of a specifier, as the function's runtime would. from is
// the importing folder, kind is "require" or "import". The path is relative to the
// project's root. An error means that there is no such file.
type Resolver interface {
	Resolve(specifier, from, kind string) (string, error)
}

// Resolve finds the file of one specifier without gaps.
func (e *Evaluator) Resolve(s, base, kind string) (string, bool) {
	if s = PlainPath(s); Anchored(s) {
		rel, ok := e.Relative(s)
		if !ok {
			return "", false
		}
		return e.Probe(rel)
	}
	if strings.HasPrefix(s, "/") || s == "" {
		return "", false
	}
	if e.Resolver != nil {
		if p, err := e.Resolver.Resolve(s, base, kind); err == nil && fs.ValidPath(p) {
			return p, true
		}
	}
	if isRelative(s) {
		return e.Probe(path.Join(base, s))
	}
	return "", false
}

// extensions that a path can omit: first in Node's order, then those that a
// bundler adds.
var extensions = []string{"", ".js", ".json", ".node", ".cjs", ".mjs", ".ts", ".tsx", ".jsx", ".mts", ".cts"}

// Probe finds the file that require would load for a path.
func (e *Evaluator) Probe(rel string) (string, bool) {
	for _, base := range []string{rel, path.Join(rel, "index")} {
		if !fs.ValidPath(base) {
			continue
		}
		for _, ext := range extensions {
			if e.isFile(base + ext) {
				return base + ext, true
			}
		}
	}
	for _, source := range Sources(rel) {
		if e.isFile(source) {
			return source, true
		}
	}
	return "", false
}

func (e *Evaluator) isFile(name string) bool {
	st, err := fs.Stat(e.Files, name)
	return err == nil && st.Mode().IsRegular()
}

// compiled maps the extensions of TypeScript and JSX to that of the JavaScript that a
// compiler makes of them.
// https://www.typescriptlang.org/docs/handbook/modules/theory.html#module-resolution-for-bundlers-typescript-runtimes-and-nodejs-loaders
var compiled = map[string]string{
	".ts": ".js", ".tsx": ".js", ".jsx": ".js", ".mts": ".mjs", ".cts": ".cjs",
}

// Compiled is the name that a module of the project's own has after compiling: a.ts
// becomes a.js. ok is false for a module that is not compiled, as those of installed
// packages.
func Compiled(name string) (string, bool) {
	ext := path.Ext(name)
	to, ok := compiled[ext]
	if !ok || strings.Contains("/"+name, "/node_modules/") {
		return name, false
	}
	return strings.TrimSuffix(name, ext) + to, true
}

// Sources are the files that the name of a compiled module may mean, best first:
// a.ts, a.tsx and a.jsx for a.js. There are none in installed packages.
func Sources(name string) (sources []string) {
	ext := path.Ext(name)
	if !fs.ValidPath(name) || strings.Contains("/"+name, "/node_modules/") {
		return nil
	}
	for _, from := range []string{".ts", ".tsx", ".mts", ".cts", ".jsx"} {
		if compiled[from] == ext {
			sources = append(sources, strings.TrimSuffix(name, ext)+from)
		}
	}
	return sources
}

// Relative turns a marked path without gaps into one relative to the project's root.
func (e *Evaluator) Relative(s string) (string, bool) {
	s = PlainPath(s)
	switch {
	case fromRoot(s):
		s = path.Join(".", s[len("/"+rootMark):])
	case FromCWD(s):
		s = path.Join(e.CWD, s[len("/"+CWDMark):])
	default:
		return "", false
	}
	s = strings.TrimPrefix(s, "/")
	if s == "" {
		s = "."
	}
	return s, !LeadsOut(s)
}

// LeadsOut reports whether a cleaned relative path leaves the folder it starts in. A
// name such as "..data" does not.
func LeadsOut(s string) bool { return s == ".." || strings.HasPrefix(s, "../") }

// maxJSON bounds the size in bytes of a JSON module.
const maxJSON = 1 << 20

// ReadJSON reads a JSON module.
func (e *Evaluator) ReadJSON(name string) (any, bool) {
	if v, ok := e.json[name]; ok {
		return v, v != nil
	}
	if e.json == nil {
		e.json = map[string]any{}
	}
	e.json[name] = nil
	if !fs.ValidPath(name) {
		return nil, false
	}
	st, err := fs.Stat(e.Files, name)
	if err != nil || st.IsDir() || st.Size() > maxJSON {
		return nil, false
	}
	b, err := fs.ReadFile(e.Files, name)
	if err != nil {
		return nil, false
	}
	var v any
	if json.Unmarshal(b, &v) != nil {
		return nil, false
	}
	e.json[name] = v
	return v, v != nil
}
