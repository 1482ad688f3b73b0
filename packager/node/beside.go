package node

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// placeSourceMap puts the source map beside the zip or into it, as the settings
// say. esbuild adds no comment to the code and makes sources relative to the
// project's root. move moves its mappings to where the code has moved.
func placeSourceMap(bundle *packager.Bundle, s *settled, name string, move func(mappings string) string) {
	if len(s.SourceMap) == 0 || s.f.Build.SourceMap == "none" {
		return
	}
	code := &bundle.Files[0]
	sourceMap, err := adaptSourceMap(s.SourceMap, name, move, s.f.Build.SourceMapPackages)
	if err != nil {
		bundle.Diagnostics = append(bundle.Diagnostics, analyzer.Diagnostic{
			Code: "source-map", Severity: analyzer.Warning, Function: s.f.ID,
			Message: "the source map could not be adapted and is left out",
		})
		return
	}
	if s.f.Build.SourceMap != "zip" {
		bundle.Beside = append(bundle.Beside, packager.File{Name: s.f.ID + path.Ext(name) + ".map", Content: sourceMap})
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

// adaptSourceMap moves the mappings, makes the sources relative to the code's place
// in the zip, and unless packages is set drops the text of installed packages,
// which anyone can install again from the lockfile.
// Format: https://tc39.es/ecma426/
func adaptSourceMap(data []byte, name string, move func(mappings string) string, packages bool) ([]byte, error) {
	var m struct {
		Version        int               `json:"version"`
		SourceRoot     string            `json:"sourceRoot,omitempty"`
		Sources        []string          `json:"sources"`
		SourcesContent []json.RawMessage `json:"sourcesContent,omitempty"`
		Mappings       string            `json:"mappings"`
		Names          []string          `json:"names"`
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("reading the source map: %w", err)
	}
	m.SourceRoot = strings.Repeat("../", strings.Count(name, "/"))
	m.Mappings = move(m.Mappings)
	for i, source := range m.Sources {
		m.Sources[i] = installed.ShownPath(installed.Unmark(source))
		if !packages && i < len(m.SourcesContent) && installed.PackageDir(filepath.FromSlash(source)) != "" {
			m.SourcesContent[i] = json.RawMessage("null")
		}
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(m); err != nil {
		return nil, fmt.Errorf("writing the source map: %w", err)
	}
	return b.Bytes(), nil
}

// licences lists the packages whose code is in the output, each with the
// licence files it came with: the notices that minifying took out of the code.
func (b *builder) licences(s *settled) []byte {
	dirs := map[string]bool{}
	for input, share := range s.Output.Inputs {
		if dir := installed.PackageDir(input); dir != "" && share.BytesInOutput > 0 {
			dirs[dir] = true
		}
	}
	return b.licencesOf(slices.Sorted(maps.Keys(dirs)))
}

// licencesOf is the notice for packages, given by folder. Packages with the same
// text share it: the AWS SDK has one text fifty times.
func (b *builder) licencesOf(dirs []string) []byte {
	headings := map[string][]string{} // by text
	for _, dir := range dirs {
		at := filepath.Join(b.packages.Root(), filepath.FromSlash(dir))
		m := b.packages.Manifest(at)
		if m == nil {
			continue
		}
		name := m.Name
		if name == "" {
			name = installed.NameOf(dir)
		}
		heading := strings.TrimSpace(name + " " + m.Version)
		if kind := m.LicenceName(); kind != "" {
			heading += " (" + kind + ")"
		}
		text, known := b.licenceTexts[dir]
		if !known {
			text = b.packages.LicenceText(at)
			b.licenceTexts[dir] = text
		}
		headings[text] = append(headings[text], heading)
	}
	type notice struct{ heading, text string }
	var notices []notice
	for text, packages := range headings {
		slices.Sort(packages)
		notices = append(notices, notice{strings.Join(slices.Compact(packages), "\n"), text})
	}
	slices.SortFunc(notices, func(a, b notice) int { return strings.Compare(a.heading, b.heading) })
	var out bytes.Buffer
	for _, n := range notices {
		fmt.Fprintf(&out, "%s\n%s\n", n.heading, strings.Repeat("-", 72))
		if n.text != "" {
			out.WriteString(n.text + "\n")
		}
		out.WriteString("\n")
	}
	return out.Bytes()
}
