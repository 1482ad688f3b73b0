package trace

import (
	"encoding/json"
	"io/fs"
	"path"
	"strings"
)

// resolve finds the file of one specifier without gaps.
func (e *evaluator) resolve(s, base, kind string) (string, bool) {
	if s = plainPath(s); anchored(s) {
		rel, ok := e.relative(s)
		if !ok {
			return "", false
		}
		return e.probe(rel)
	}
	if strings.HasPrefix(s, "/") || s == "" {
		return "", false
	}
	if e.resolver != nil {
		if p, err := e.resolver.Resolve(s, base, kind); err == nil && fs.ValidPath(p) {
			return p, true
		}
	}
	if relative(s) {
		return e.probe(path.Join(base, s))
	}
	return "", false
}

// extensions a path may lack, in Node's order, then those a bundler adds.
var extensions = []string{"", ".js", ".json", ".node", ".cjs", ".mjs", ".ts", ".tsx", ".jsx", ".mts", ".cts"}

// probe finds the file that require would take for a path.
func (e *evaluator) probe(rel string) (string, bool) {
	for _, base := range []string{rel, path.Join(rel, "index")} {
		if !fs.ValidPath(base) {
			continue
		}
		for _, ext := range extensions {
			if st, err := fs.Stat(e.files, base+ext); err == nil && st.Mode().IsRegular() {
				return base + ext, true
			}
		}
	}
	return "", false
}

// relative turns a marked path without gaps into one relative to the project's root.
func (e *evaluator) relative(s string) (string, bool) {
	s = plainPath(s)
	switch {
	case fromRoot(s):
		s = path.Join(".", s[len("/"+rootMark):])
	case fromCWD(s):
		s = path.Join(e.cwd, s[len("/"+cwdMark):])
	default:
		return "", false
	}
	s = strings.TrimPrefix(s, "/")
	if s == "" {
		s = "."
	}
	return s, !strings.HasPrefix(s, "..")
}

// readJSON reads a JSON module.
func (e *evaluator) readJSON(name string) (any, bool) {
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
	st, err := fs.Stat(e.files, name)
	if err != nil || st.IsDir() || st.Size() > maxJSON {
		return nil, false
	}
	b, err := fs.ReadFile(e.files, name)
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
