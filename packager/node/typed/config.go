package typed

import (
	"bytes"
	"encoding/json"
	"path"
	"path/filepath"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/featherpack/featherpack/packager/node/installed"
)

// Config are the compiler's options for a source, as far as they matter here.
type Config struct {
	File                   string // relative to the root, "" without one
	ExperimentalDecorators bool
	EmitDecoratorMetadata  bool
	StrictNullChecks       bool
	IsolatedModules        bool
	ESModuleInterop        bool
	Module                 string // in lower case
	// Referenced means that esbuild does not see these options: they are of a project
	// that the nearest tsconfig.json refers to.
	Referenced bool
	// Options are all, as JSON.
	Options map[string]json.RawMessage
}

// tsconfig is a tsconfig.json.
type tsconfig struct {
	Extends         json.RawMessage            `json:"extends"`
	CompilerOptions map[string]json.RawMessage `json:"compilerOptions"`
	Files           *[]string                  `json:"files"`
	Include         *[]string                  `json:"include"`
	Exclude         []string                   `json:"exclude"`
	References      []struct {
		Path string `json:"path"`
	} `json:"references"`
}

// maxConfigs bounds the files that one tsconfig.json leads to.
const maxConfigs = 2000

// configOf finds the options for a source. chosen is the file that the build
// settings name, "" for the nearest.
func (s *Set) configOf(file, chosen string) Config {
	name := chosen
	if name == "" {
		name = s.nearest(path.Dir(file), "tsconfig.json")
	}
	if name == "" {
		return s.shared(file)
	}
	read := map[string]*tsconfig{}
	c := s.read(name, read)
	if c == nil {
		return Config{}
	}
	config := options(name, c)
	if chosen != "" || c.covers(path.Dir(name), file) {
		return config
	}
	for _, reference := range c.References {
		at := path.Join(path.Dir(name), reference.Path)
		if path.Ext(at) != ".json" {
			at = path.Join(at, "tsconfig.json")
		}
		if other := s.read(at, read); other != nil && other.covers(path.Dir(at), file) {
			config = options(at, other)
			config.Referenced = true
			return config
		}
	}
	return config
}

// shared are the options for a source without a tsconfig.json, such as a library of a
// monorepo: each app compiles it by its own, which extends this file.
func (s *Set) shared(file string) Config {
	name := s.nearest(path.Dir(file), "tsconfig.base.json")
	if name == "" {
		return Config{}
	}
	c := s.read(name, map[string]*tsconfig{})
	if c == nil {
		return Config{}
	}
	config := options(name, c)
	config.Referenced = true
	return config
}

// nearest is the file of that name at or above a folder, as esbuild finds tsconfig.json.
func (s *Set) nearest(dir, base string) string {
	for ; ; dir = path.Dir(dir) {
		name := path.Join(dir, base)
		if _, err := s.text(name); err == nil {
			return name
		}
		if dir == "." || dir == "/" {
			return ""
		}
	}
}

// read reads a tsconfig.json with what it extends. It is nil where it cannot be read, and
// where it extends itself. known are the files that were read before, by name.
func (s *Set) read(name string, known map[string]*tsconfig) *tsconfig {
	if c, found := known[name]; found || len(known) > maxConfigs {
		return c
	}
	known[name] = nil // until it is read
	data, err := s.text(name)
	if err != nil {
		return nil
	}
	var c tsconfig
	if json.Unmarshal(plainJSON(data), &c) != nil {
		return nil
	}
	var parents []string
	if json.Unmarshal(c.Extends, &parents) != nil {
		var one string
		if json.Unmarshal(c.Extends, &one) == nil && one != "" {
			parents = []string{one}
		}
	}
	all := map[string]json.RawMessage{}
	for _, parent := range parents {
		base := s.read(s.extended(name, parent), known)
		if base == nil {
			continue
		}
		for key, value := range base.CompilerOptions {
			all[key] = value
		}
		if c.Files == nil {
			c.Files = base.Files
		}
		if c.Include == nil {
			c.Include = base.Include
		}
	}
	for key, value := range c.CompilerOptions {
		all[key] = value
	}
	c.CompilerOptions = all
	known[name] = &c
	return &c
}

// extended is the file that "extends" of a tsconfig.json names.
func (s *Set) extended(from, name string) string {
	var at string
	if strings.HasPrefix(name, ".") {
		at = path.Join(path.Dir(from), name)
	} else {
		pkg, rest := split(name)
		dir := s.packages.Find(filepath.Dir(s.packages.Absolute(from)), pkg)
		if dir == "" {
			return ""
		}
		at = path.Join(s.packages.Relative(dir), rest)
	}
	for _, candidate := range []string{at, at + ".json", path.Join(at, "tsconfig.json")} {
		if _, err := s.text(candidate); err == nil {
			return candidate
		}
	}
	return ""
}

// split parts a specifier into the package and what follows.
func split(specifier string) (pkg, rest string) {
	parts := strings.SplitN(specifier, "/", 2)
	if strings.HasPrefix(specifier, "@") {
		if parts = strings.SplitN(specifier, "/", 3); len(parts) > 1 {
			parts = append([]string{parts[0] + "/" + parts[1]}, parts[2:]...)
		}
	}
	if len(parts) > 1 {
		return parts[0], parts[1]
	}
	return parts[0], ""
}

// covers reports whether a project holds a source. What it imports belongs to it too,
// so a project is asked only where it refers to others.
func (c *tsconfig) covers(dir, file string) bool {
	if len(c.References) == 0 && c.Files == nil && c.Include == nil {
		return true
	}
	rel, err := filepath.Rel(filepath.FromSlash(dir), filepath.FromSlash(file))
	if err != nil {
		return false
	}
	rel = filepath.ToSlash(rel)
	if c.Files != nil {
		for _, f := range *c.Files {
			if path.Clean(f) == rel {
				return true
			}
		}
		if c.Include == nil {
			return false
		}
	}
	patterns := []string{"**"}
	if c.Include != nil {
		patterns = *c.Include
	}
	matches := func(patterns []string) bool {
		for _, p := range patterns {
			p = path.Clean(p)
			if ok, _ := doublestar.Match(p, rel); ok || p == "." || strings.HasPrefix(rel, p+"/") {
				return true
			}
		}
		return false
	}
	return matches(patterns) && !matches(c.Exclude)
}

func options(name string, c *tsconfig) Config {
	flag := func(key string) bool { return string(bytes.TrimSpace(c.CompilerOptions[key])) == "true" }
	config := Config{
		File: name, ExperimentalDecorators: flag("experimentalDecorators"), EmitDecoratorMetadata: flag("emitDecoratorMetadata"),
		StrictNullChecks: flag("strict"), IsolatedModules: flag("isolatedModules"),
		ESModuleInterop: flag("esModuleInterop"), Options: c.CompilerOptions,
	}
	if _, set := c.CompilerOptions["strictNullChecks"]; set {
		config.StrictNullChecks = flag("strictNullChecks")
	}
	_ = json.Unmarshal(c.CompilerOptions["module"], &config.Module)
	config.Module = strings.ToLower(config.Module)
	return config
}

// plainJSON takes comments and trailing commas out of JSON.
func plainJSON(data []byte) []byte {
	out := make([]byte, 0, len(data))
	comma := -1 // where a comma stands that only spaces follow
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case c == '"':
			comma = -1
			from := i
			for i++; i < len(data) && data[i] != '"'; i++ {
				if data[i] == '\\' {
					i++
				}
			}
			out = append(out, data[from:min(i+1, len(data))]...)
		case c == '/' && i+1 < len(data) && data[i+1] == '/':
			for i < len(data) && data[i] != '\n' {
				i++
			}
		case c == '/' && i+1 < len(data) && data[i+1] == '*':
			end := bytes.Index(data[i+2:], []byte("*/"))
			if end < 0 {
				return out
			}
			i += end + 3
		case c == ',':
			comma = len(out)
			out = append(out, c)
		default:
			if (c == '}' || c == ']') && comma >= 0 {
				out[comma] = ' '
			}
			if c != ' ' && c != '\t' && c != '\n' && c != '\r' {
				comma = -1
			}
			out = append(out, c)
		}
	}
	return out
}

// text is a file of the project, by its path relative to the root.
func (s *Set) text(name string) ([]byte, error) {
	file := s.packages.Absolute(name)
	if name == "" || !installed.Inside(s.packages.Root(), file) {
		return nil, errOutside
	}
	return s.packages.ReadFile(file)
}
