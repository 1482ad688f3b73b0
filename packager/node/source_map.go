package node

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/secrets"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/node/gate"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/kept"
	"github.com/featherpack/featherpack/packager/node/resolution"
)

// placeSourceMap puts the source map beside the zip or into it, as the settings
// say. esbuild adds no comment to the code and makes sources relative to the
// project's root. file is the index of the code among the bundle's files, beside the
// name of a map beside the zip. move moves its mappings to where the code has moved.
func (b *builder) placeSourceMap(bundle *packager.Bundle, s *settled, file int, beside string, move func(mappings string) string) {
	if len(s.SourceMap) == 0 || s.f.Build.SourceMap == "none" {
		return
	}
	code := &bundle.Files[file]
	name := code.Name
	sourceMap, err := b.adaptSourceMap(s, name, move)
	if err != nil {
		bundle.Diagnostics = append(bundle.Diagnostics, analyzer.Diagnostic{
			Code: "source-map", Severity: analyzer.Warning, Function: s.f.ID,
			Message: "the source map could not be adapted and is left out",
		})
		return
	}
	if s.f.Build.SourceMap != "zip" {
		bundle.Beside = append(bundle.Beside, packager.File{Name: beside, Content: sourceMap})
		return
	}
	comment := fmt.Sprintf("\n//# sourceMappingURL=%s.map\n", path.Base(name))
	code.Content = append(bytes.TrimRight(slices.Clip(code.Content), "\n"), comment...)
	row := "(source map)"
	bundle.Files = append(bundle.Files, packager.File{
		Name: name + ".map", Content: sourceMap,
		Parts: []packager.Part{{Input: -1, Row: row, Bytes: int64(len(sourceMap))}},
	})
}

// adaptSourceMap moves the mappings, makes the sources
// relative to the code's place in the zip, and adds their texts. esbuild leaves the texts
// out: to find some it would read whatever file a package's own source map names.
// Format: https://tc39.es/ecma426/
func (b *builder) adaptSourceMap(s *settled, name string, move func(mappings string) string) ([]byte, error) {
	var m struct {
		Version        int               `json:"version"`
		SourceRoot     string            `json:"sourceRoot,omitempty"`
		Sources        []string          `json:"sources"`
		SourcesContent []json.RawMessage `json:"sourcesContent,omitempty"`
		Mappings       string            `json:"mappings"`
		Names          []string          `json:"names"`
	}
	if err := json.Unmarshal(s.SourceMap, &m); err != nil {
		return nil, fmt.Errorf("reading the source map: %w", err)
	}
	m.SourceRoot = strings.Repeat("../", strings.Count(name, "/"))
	m.Mappings = move(m.Mappings)
	texts := sourceTexts{builder: b, settled: s}
	m.SourcesContent = make([]json.RawMessage, len(m.Sources))
	for i, source := range m.Sources {
		m.Sources[i] = installed.ShownPath(installed.Unmark(source))
		m.SourcesContent[i] = texts.of(source)
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(m); err != nil {
		return nil, fmt.Errorf("writing the source map: %w", err)
	}
	return out.Bytes(), nil
}

// sourceTexts finds the texts of the sources in one function's source map.
type sourceTexts struct {
	*builder
	*settled
	// given are the texts that the source maps of modules contain, by the name that
	// esbuild gives the source. It is nil until it is needed.
	given map[string]string
}

// noText is the value of a source without a text.
var noText = json.RawMessage("null")

// of returns a source's text in JSON: that of a module, or that which a module's own
// source map contains. Unless the settings ask for them, the texts of installed packages
// are left out: anyone can install them again from the lockfile.
func (t *sourceTexts) of(source string) json.RawMessage {
	input := gate.SourcePath(installed.Unmark(source))
	if !t.f.Build.SourceMapPackages && installed.PackageDir(filepath.FromSlash(input)) != "" {
		return noText
	}
	if t.Included(input) {
		return t.module(input)
	}
	if t.given == nil {
		t.given = t.givenTexts()
	}
	text, known := t.given[installed.Unmark(source)]
	if !known || secrets.Judge(input, []byte(text)).What != "" {
		return noText
	}
	return quoted(text)
}

// module is the text of a module as esbuild saw it: mappings refer to that.
func (t *sourceTexts) module(input string) json.RawMessage {
	file := t.packages.Absolute(input)
	key := editedKey{t.resolution, t.layout(), file}
	if text, edited := t.edited.of(key); edited {
		return quoted(text)
	}
	if text, known := t.sources[input]; known {
		return text
	}
	content, err := t.packages.ReadFile(file)
	if err != nil {
		return noText
	}
	value := quoted(string(content))
	if t.sourceBytes += len(value); t.sourceBytes < maxSources {
		t.sources[input] = value
	}
	return value
}

// edited are the texts of modules that were edited before esbuild read them.
type edited struct {
	mu    sync.Mutex
	texts map[editedKey]string
}

// editedKey is what an edit depends on.
type editedKey struct {
	resolution *resolution.Resolution
	layout     kept.Layout
	file       string
}

func (e *edited) of(key editedKey) (text string, known bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	text, known = e.texts[key]
	return text, known
}

func (e *edited) put(key editedKey, text string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.texts[key] = text
}

// maxSources bounds the texts that are kept for other functions, in bytes.
const maxSources = 64 << 20

// givenTexts reads the source maps of the modules whose sources' texts are wanted.
func (t *sourceTexts) givenTexts() map[string]string {
	given := map[string]string{}
	for _, input := range t.Reached {
		if !t.Included(input) || !t.f.Build.SourceMapPackages && installed.PackageDir(filepath.FromSlash(input)) != "" {
			continue
		}
		for name, text := range t.resolution.Gate.GivenTexts(t.packages.Absolute(input)) {
			if _, known := given[name]; !known {
				given[name] = text
			}
		}
	}
	return given
}

// quoted is a text in JSON.
func quoted(text string) json.RawMessage {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil {
		return noText // a string always encodes
	}
	return bytes.TrimRight(out.Bytes(), "\n")
}
