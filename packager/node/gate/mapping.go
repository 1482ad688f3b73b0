package gate

import (
	"bytes"
	"path/filepath"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// mapping is what a tsconfig, with those that it extends, says of where specifiers lead.
// Which of them wins depends on their order: here all count.
type mapping struct {
	dirs     []string // of the files, absolute
	baseURLs []string // as they are written
	patterns []pattern
	// unknown is set if a file that may have such settings does not parse.
	unknown bool
}

// pattern is an element of "paths". It may have a star.
type pattern struct {
	from string
	to   []string
}

// read adds the settings of a file of dir.
func (m *mapping) read(dir string, text []byte) {
	m.dirs = append(m.dirs, dir)
	if !bytes.Contains(text, []byte(`paths`)) && !bytes.Contains(text, []byte(`baseUrl`)) && !bytes.Contains(text, []byte(`\u`)) {
		return // an escape may hide their names
	}
	config, _, err := object(text)
	if err != nil {
		m.unknown = true
		return
	}
	for _, options := range valuesOf(config, "compilerOptions") {
		for _, value := range valuesOf(options, "baseUrl") {
			m.baseURLs = append(m.baseURLs, textsOf(value)...)
		}
		for _, paths := range valuesOf(options, "paths") {
			if paths.Kind != js.Object {
				continue
			}
			for _, p := range paths.List {
				if p.Kind == js.Property && p.Y != nil {
					m.patterns = append(m.patterns, pattern{p.Name, textsOf(p.Y)})
				}
			}
		}
	}
}

// valuesOf are the values of a key of an object. A repeated key counts each time.
func valuesOf(object *js.Node, key string) (all []*js.Node) {
	if object == nil || object.Kind != js.Object {
		return nil
	}
	for _, p := range object.List {
		if p.Kind == js.Property && p.Name == key && p.Y != nil {
			all = append(all, p.Y)
		}
	}
	return all
}

// textsOf are the texts of a value: itself, or those of a list.
func textsOf(n *js.Node) (all []string) {
	switch {
	case n == nil:
	case n.Kind == js.String:
		all = append(all, n.Name)
	case n.Kind == js.Template && len(n.Texts) == 1:
		all = append(all, n.Texts[0])
	case n.Kind == js.Array:
		for _, item := range n.List {
			all = append(all, textsOf(item)...)
		}
	}
	return all
}

// targets are the absolute paths that a specifier may mean.
// Source: matchTSConfigPaths in internal/resolver of esbuild 0.28.2.
func (m *mapping) targets(specifier string) (all []string) {
	bases := m.bases()
	add := func(from []string, target string) {
		target = filepath.FromSlash(target)
		if filepath.IsAbs(target) {
			all = append(all, target)
			return
		}
		for _, base := range from {
			all = append(all, filepath.Join(base, target))
		}
	}
	for _, p := range m.patterns {
		star, ok := p.match(specifier)
		if !ok {
			continue
		}
		for _, to := range p.to {
			if rest, template := strings.CutPrefix(to, configDir); template {
				add(m.dirs, strings.TrimLeft(strings.Replace(rest, "*", star, 1), "/"))
				continue
			}
			add(bases, strings.Replace(to, "*", star, 1))
		}
	}
	if len(m.baseURLs) > 0 {
		add(bases, specifier)
	}
	return all
}

// configDir stands for the folder of the file that extends the others.
const configDir = "${configDir}"

// bases are the folders that targets may be relative to.
func (m *mapping) bases() []string {
	all := append([]string(nil), m.dirs...)
	for _, base := range m.baseURLs {
		base = strings.TrimPrefix(base, configDir+"/")
		native := filepath.FromSlash(base)
		if filepath.IsAbs(native) {
			all = append(all, native)
			continue
		}
		for _, dir := range m.dirs {
			all = append(all, filepath.Join(dir, native))
		}
	}
	return all
}

// match returns what the star of a pattern stands for in a specifier.
func (p pattern) match(specifier string) (star string, ok bool) {
	before, after, starred := strings.Cut(p.from, "*")
	if !starred {
		return "", specifier == p.from
	}
	if len(specifier) < len(before)+len(after) || !strings.HasPrefix(specifier, before) || !strings.HasSuffix(specifier, after) {
		return "", false
	}
	return specifier[len(before) : len(specifier)-len(after)], true
}
