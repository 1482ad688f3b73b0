package trace

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/trace/value"
)

// candidatesByPaths expands a pattern by the "paths" and the "baseUrl" of the nearest
// tsconfig.json. The resolver decides what each name means.
// https://www.typescriptlang.org/tsconfig/#paths
func (t *tracer) candidatesByPaths(s, base, kind string) []Candidate {
	known, _, _ := strings.Cut(s, value.Gap)
	known = known[:strings.LastIndexByte(known, '/')+1]
	var out []Candidate
	for dir := base; ; dir = path.Dir(dir) {
		for _, m := range t.pathMappings(path.Join(dir, "tsconfig.json")) {
			prefix, after, star := strings.Cut(m.key, "*")
			rest, ok := strings.CutPrefix(known, prefix)
			if !star || !ok || after != "" {
				continue
			}
			for _, target := range m.targets {
				if before, after, star := strings.Cut(target, "*"); star && after == "" {
					out = append(out, t.candidatesIn(path.Join(m.dir, before, rest), known, s[len(known):],
						func(spelt string) (string, bool) { return t.Resolve(spelt, base, kind) })...)
				}
			}
		}
		if len(out) > 0 || dir == "." || dir == "/" {
			return out
		}
	}
}

// maxConfigs bounds the files that one tsconfig.json leads to.
const maxConfigs = 2000

// pathMapping is one key of "paths". Its targets are relative to dir.
type pathMapping struct {
	key     string
	targets []string
	dir     string
}

// pathMappings reads those of a tsconfig.json and of what it extends or refers to, each
// file once.
func (t *tracer) pathMappings(name string) []pathMapping {
	return t.pathMappingsOf(name, map[string]bool{})
}

func (t *tracer) pathMappingsOf(name string, read map[string]bool) (all []pathMapping) {
	if read[name] || len(read) > maxConfigs {
		return nil
	}
	read[name] = true
	text, err := fs.ReadFile(t.Files, name)
	if err != nil || len(text) > maxTemplate {
		return nil
	}
	var c struct {
		Extends    any
		References []struct{ Path string }
		Compiler   struct {
			BaseURL string
			Paths   map[string][]string
		} `json:"compilerOptions"`
	}
	if json.Unmarshal(plainJSON(text), &c) != nil {
		return nil
	}
	dir := path.Dir(name)
	at := path.Join(dir, c.Compiler.BaseURL)
	for _, key := range slices.Sorted(maps.Keys(c.Compiler.Paths)) {
		all = append(all, pathMapping{key, c.Compiler.Paths[key], at})
	}
	if c.Compiler.BaseURL != "" {
		all = append(all, pathMapping{"*", []string{"*"}, at})
	}
	var others []string
	switch extends := c.Extends.(type) {
	case string:
		others = append(others, extends)
	case []any:
		for _, e := range extends {
			s, _ := e.(string)
			others = append(others, s)
		}
	}
	for _, r := range c.References {
		others = append(others, "./"+r.Path)
	}
	for _, other := range others {
		if !strings.HasPrefix(other, ".") {
			continue
		}
		for _, spelt := range []string{other, other + ".json", other + "/tsconfig.json"} {
			if full := path.Join(dir, spelt); fs.ValidPath(full) && path.Ext(full) == ".json" {
				all = append(all, t.pathMappingsOf(full, read)...)
			}
		}
	}
	return all
}

// plainJSON blanks comments and trailing commas, which a tsconfig.json may have.
func plainJSON(text []byte) []byte {
	out := bytes.Clone(text)
	comma := -1
	for i := 0; i < len(out); i++ {
		switch c := out[i]; {
		case c == '"':
			for i++; i < len(out) && out[i] != '"'; i++ {
				if out[i] == '\\' {
					i++
				}
			}
			comma = -1
		case c == '/' && i+1 < len(out) && (out[i+1] == '/' || out[i+1] == '*'):
			end := bytes.IndexByte(out[i:], '\n')
			if out[i+1] == '*' {
				if end = bytes.Index(out[i+2:], []byte("*/")); end >= 0 {
					end += 4
				}
			}
			if end < 0 {
				end = len(out) - i
			}
			for k := i; k < i+end; k++ {
				out[k] = ' '
			}
			i += end - 1
		case c == ',':
			comma = i
		case c == '}' || c == ']':
			if comma >= 0 {
				out[comma] = ' '
			}
			comma = -1
		case strings.IndexByte(" \t\n\r", c) < 0:
			comma = -1
		}
	}
	return out
}
