package typed

import (
	"bytes"
	"encoding/json"
	"errors"
	"path"
	"strings"
	"sync"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/typescript"
	"github.com/featherpack/featherpack/packager/node/installed"
)

var errOutside = errors.New("is outside the project")

// Set holds what is known of a project's types. It may be used by many goroutines.
type Set struct {
	packages *installed.Tree
	// tsconfig is the file that the build settings name, "" for the nearest.
	tsconfig string
	program  *typescript.Program
	mu       sync.Mutex
	configs  map[string]Config // by folder of the source
}

// NewSet makes a set for sources that are built with equal settings. resolve is the
// file that the build takes for a specifier in a folder, absolute, "" for none.
func NewSet(packages *installed.Tree, tsconfig string, resolve func(specifier, dir string) string) *Set {
	s := &Set{packages: packages, tsconfig: tsconfig, configs: map[string]Config{}}
	s.program = typescript.NewProgram(finder{s, resolve})
	return s
}

// Config is the compiler's options for a source, by its path relative to the root.
func (s *Set) Config(file string) Config {
	dir := path.Dir(file)
	s.mu.Lock()
	defer s.mu.Unlock()
	c, known := s.configs[dir]
	if !known || c.Referenced {
		c = s.configOf(file, s.tsconfig)
		s.configs[dir] = c
	}
	return c
}

// IsTypeScript reports whether a source is TypeScript, and not a declaration file.
func IsTypeScript(file string) bool {
	switch path.Ext(file) {
	case ".ts", ".tsx", ".mts", ".cts":
		return !strings.HasSuffix(strings.TrimSuffix(file, path.Ext(file)), ".d")
	}
	return false
}

// Edit returns the edits that a source needs, and the places that cannot be decided.
// free makes a name that is new in the source of a stem.
func (s *Set) Edit(file string, source []byte, free func(stem string) string) (edits []js.Edit, problems []typescript.Problem) {
	if !IsTypeScript(file) {
		return nil, nil
	}
	c := s.Config(file)
	if c.EmitDecoratorMetadata && c.ExperimentalDecorators && decorated(source) {
		edits, problems = s.program.Metadata(file, source, free("__featherpackMetadata"), typescript.Options{StrictNullChecks: c.StrictNullChecks})
	}
	if !bytes.Contains(source, []byte("import")) && !bytes.Contains(source, []byte("enum")) {
		return edits, problems
	}
	if !c.IsolatedModules {
		more, wrong := s.program.Enums(file, source)
		edits, problems = append(edits, more...), append(problems, wrong...)
	}
	if c.Module == "commonjs" {
		edits = append(edits, s.program.InOrder(file, source, free("__featherpackImport"), c.ESModuleInterop)...)
	}
	return edits, problems
}

// decorated reports whether a source may have decorators.
func decorated(source []byte) bool {
	return bytes.IndexByte(source, '@') >= 0 && bytes.Contains(source, []byte("class"))
}

// Unseen returns the options for a source with decorators, as a tsconfig.json, where
// esbuild does not find them by itself.
func (s *Set) Unseen(file string, source []byte) (tsconfig string, differs bool) {
	if !IsTypeScript(file) || !decorated(source) {
		return "", false
	}
	c := s.Config(file)
	if !c.Referenced || !c.ExperimentalDecorators {
		return "", false
	}
	options := map[string]json.RawMessage{}
	for _, name := range []string{
		"alwaysStrict", "experimentalDecorators", "importsNotUsedAsValues", "jsx", "jsxFactory", "jsxFragmentFactory", "jsxImportSource",
		"preserveValueImports", "strict", "target", "useDefineForClassFields", "verbatimModuleSyntax",
	} {
		if value, set := c.Options[name]; set {
			options[name] = value
		}
	}
	text, _ := json.Marshal(map[string]any{"compilerOptions": options}) // these values were read from JSON
	return string(text), true
}
