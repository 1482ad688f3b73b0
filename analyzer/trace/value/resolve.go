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
			if st, err := fs.Stat(e.Files, base+ext); err == nil && st.Mode().IsRegular() {
				return base + ext, true
			}
		}
	}
	return "", false
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
	return s, !strings.HasPrefix(s, "..")
}

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
