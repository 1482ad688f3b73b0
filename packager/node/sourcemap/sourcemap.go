package sourcemap

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/mappings"
	"github.com/featherpack/featherpack/analyzer/secrets"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/node/gate"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/kept"
	"github.com/featherpack/featherpack/packager/node/linker"
	"github.com/featherpack/featherpack/packager/node/resolution"
)

// Code is a function's linked code.
type Code struct {
	Function analyzer.Function
	*linker.Linked
	Resolution *resolution.Resolution
	Layout     kept.Layout
}

// Place puts the source map beside the zip or into it, as the settings
// say. esbuild adds no comment to the code and makes sources relative to the
// project's root. file is the index of the code among the bundle's files, beside the
// name of a map beside the zip. move moves its mappings to where the code has moved.
func (m *Maps) Place(bundle *packager.Bundle, c Code, file int, beside string, move func(mappings []byte) []byte) {
	if len(c.SourceMap) == 0 || c.Function.Build.SourceMap == "none" {
		return
	}
	code := &bundle.Files[file]
	name := code.Name
	sourceMap, err := m.adapt(c, name, move)
	if err != nil {
		bundle.Diagnostics = append(bundle.Diagnostics, analyzer.Diagnostic{
			Code: "source-map", Severity: analyzer.Warning, Function: c.Function.ID,
			Message: "the source map could not be adapted and is left out",
		})
		return
	}
	if c.Function.Build.SourceMap != "zip" {
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

// adapt moves the mappings, makes the sources
// relative to the code's place in the zip, and adds their texts. esbuild leaves the texts
// out: to find some it would read whatever file a package's own source map names.
// Format: https://tc39.es/ecma426/
func (m *Maps) adapt(c Code, name string, move func(mappings []byte) []byte) ([]byte, error) {
	before, written, after, found := mappings.Cut(c.SourceMap)
	if !found {
		return nil, errors.New("reading the source map: it is not as esbuild writes it")
	}
	var v struct {
		Version int             `json:"version"`
		Sources []string        `json:"sources"`
		Names   json.RawMessage `json:"names"`
	}
	if err := json.Unmarshal(slices.Concat(before, after), &v); err != nil {
		return nil, fmt.Errorf("reading the source map: %w", err)
	}
	moved := move(written)
	out := bytes.NewBuffer(make([]byte, 0, len(c.SourceMap)+len(moved)-len(written)+4<<10))
	fmt.Fprintf(out, `{"version":%d`, v.Version)
	if root := strings.Repeat("../", strings.Count(name, "/")); root != "" {
		fmt.Fprintf(out, `,"sourceRoot":"%s"`, root)
	}
	texts := texts{Maps: m, Code: c}
	contents := make([][]byte, len(v.Sources))
	for i, source := range v.Sources {
		contents[i] = texts.of(source)
		v.Sources[i] = installed.ShownPath(installed.Unmark(source))
	}
	out.WriteString(`,"sources":`)
	out.Write(quoted(v.Sources))
	if len(contents) > 0 {
		out.WriteString(`,"sourcesContent":[`)
		out.Write(bytes.Join(contents, []byte(",")))
		out.WriteString("]")
	}
	out.WriteString(`,"mappings":"`)
	out.Write(moved)
	out.WriteString(`","names":`)
	if err := json.Compact(out, v.Names); err != nil {
		return nil, fmt.Errorf("reading the source map: %w", err)
	}
	out.WriteString("}\n")
	return out.Bytes(), nil
}

// texts finds the texts of the sources in one function's source map.
type texts struct {
	*Maps
	Code
	// given are the texts that the source maps of modules contain, by the name that
	// esbuild gives the source. It is nil until it is needed.
	given map[string]string
}

// noText is the value of a source without a text.
var noText = json.RawMessage("null")

// of returns a source's text in JSON: that of a module, or that which a module's own
// source map contains. Unless the settings ask for them, the texts of installed packages
// are left out: anyone can install them again from the lockfile.
func (t *texts) of(source string) json.RawMessage {
	input := gate.SourcePath(installed.Unmark(source))
	if !t.Function.Build.SourceMapPackages && installed.PackageDir(filepath.FromSlash(input)) != "" {
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
func (t *texts) module(input string) json.RawMessage {
	file := t.packages.Absolute(input)
	key := editedKey{t.Resolution, t.Layout, file}
	if text, edited := t.edited.of(key); edited {
		return quoted(text)
	}
	if text, known := t.sources[input]; known {
		return text
	}
	content, err := t.packages.ReadModule(file)
	if err != nil {
		return noText
	}
	value := quoted(string(content))
	if t.bytes += len(value); t.bytes < maxSources {
		t.sources[input] = value
	}
	return value
}

// maxSources bounds the texts that are kept for other functions, in bytes.
const maxSources = 64 << 20

// givenTexts reads the source maps of the modules whose sources' texts are wanted.
func (t *texts) givenTexts() map[string]string {
	given := map[string]string{}
	for _, input := range t.Reached {
		if !t.Included(input) || !t.Function.Build.SourceMapPackages && installed.PackageDir(filepath.FromSlash(input)) != "" {
			continue
		}
		for name, text := range t.Resolution.Gate.GivenTexts(t.packages.Absolute(input)) {
			if _, known := given[name]; !known {
				given[name] = text
			}
		}
	}
	return given
}

// quoted is a text, or a list of them, in JSON.
func quoted[T string | []string](text T) json.RawMessage {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil {
		return noText // a string always encodes
	}
	return bytes.TrimRight(out.Bytes(), "\n")
}
