package installed

import (
	"encoding/json"
	"path/filepath"
	"strings"

	"github.com/featherpack/featherpack/analyzer/trace/native"
)

// Manifest holds the fields of a package.json that we use. A field of an unknown
// shape reads as empty.
type Manifest struct {
	Name                 string                             `json:"name"`
	Version              string                             `json:"version"`
	Type                 string                             `json:"type"`
	Main                 string                             `json:"main"`
	Module               string                             `json:"module"`
	TSConfig             string                             `json:"tsconfig"`
	License              any                                `json:"license"`
	Exports              json.RawMessage                    `json:"exports"`
	Dependencies         map[string]string                  `json:"dependencies"`
	OptionalDependencies map[string]string                  `json:"optionalDependencies"`
	PeerDependencies     map[string]string                  `json:"peerDependencies"`
	DevDependencies      map[string]string                  `json:"devDependencies"`
	PeerDependenciesMeta map[string]struct{ Optional bool } `json:"peerDependenciesMeta"`
	OS                   []string                           `json:"os"`
	CPU                  []string                           `json:"cpu"`
	Libc                 []string                           `json:"libc"`
	// ModuleAliases are those of the package module-alias: github.com/ilearnio/module-alias.
	ModuleAliases map[string]string `json:"_moduleAliases"`
	Scripts       map[string]string `json:"scripts"`
	// SideEffects is false, true or a list of globs, as bundlers read it.
	SideEffects json.RawMessage `json:"sideEffects"`
}

// SideEffectFree reports whether the package says so of all its files.
// webpack.js.org/guides/tree-shaking/#mark-the-file-as-side-effect-free
func (m *Manifest) SideEffectFree() bool { return string(m.SideEffects) == "false" }

// Installs reports whether a package has a script that runs when it is installed.
// docs.npmjs.com/cli/using-npm/scripts#life-cycle-scripts
func (m *Manifest) Installs() bool {
	return m.Scripts["preinstall"] != "" || m.Scripts["install"] != "" || m.Scripts["postinstall"] != ""
}

// MadeFor reports whether a package names platforms and this one is among them. A
// list may exclude values with "!".
func (m *Manifest) MadeFor(p native.Platform) bool {
	if len(m.OS) == 0 && len(m.CPU) == 0 {
		return false
	}
	fits := func(list []string, value string) bool {
		ruledIn := len(list) == 0
		for _, item := range list {
			if item == "!"+value {
				return false
			}
			ruledIn = ruledIn || item == value || strings.HasPrefix(item, "!")
		}
		return ruledIn
	}
	return fits(m.OS, p.OS) && fits(m.CPU, p.CPU) && fits(m.Libc, p.Libc)
}

// DependsOn reports whether the package needs name in production: a regular,
// optional or non-optional peer dependency.
func (m *Manifest) DependsOn(name string) bool {
	if _, ok := m.Dependencies[name]; ok {
		return true
	}
	if _, ok := m.OptionalDependencies[name]; ok {
		return true
	}
	_, peer := m.PeerDependencies[name]
	return peer && !m.PeerDependenciesMeta[name].Optional
}

// MaxManifest bounds a package.json, in bytes. What is larger reads as absent.
// The largest of npm's have some hundred kilobytes; esbuild reads any into
// memory several times over.
const MaxManifest = 16 << 20

// Manifest returns the package.json of exactly that absolute folder, or nil.
func (t *Tree) Manifest(dir string) *Manifest {
	t.mu.Lock()
	m, ok := t.manifests[dir]
	t.mu.Unlock()
	if ok {
		return m
	}
	if data, err := t.ReadFile(filepath.Join(dir, "package.json")); err == nil && len(data) <= MaxManifest {
		m = readManifest(data)
	}
	t.mu.Lock()
	t.manifests[dir] = m
	t.mu.Unlock()
	return m
}

// readManifest reads a package.json field by field, so that one field of a wrong
// type does not lose the others. It returns nil when the text is not an object.
func readManifest(data []byte) *Manifest {
	m := &Manifest{}
	if json.Unmarshal(data, m) == nil {
		return m
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(data, &fields) != nil {
		return nil
	}
	m = &Manifest{Exports: fields["exports"], SideEffects: fields["sideEffects"]}
	for name, into := range map[string]any{
		"name": &m.Name, "version": &m.Version, "type": &m.Type, "main": &m.Main, "module": &m.Module, "tsconfig": &m.TSConfig,
		"license": &m.License, "dependencies": &m.Dependencies, "optionalDependencies": &m.OptionalDependencies,
		"peerDependencies": &m.PeerDependencies, "devDependencies": &m.DevDependencies,
		"peerDependenciesMeta": &m.PeerDependenciesMeta, "os": &m.OS, "cpu": &m.CPU, "libc": &m.Libc, "_moduleAliases": &m.ModuleAliases,
	} {
		if raw, ok := fields[name]; ok {
			_ = json.Unmarshal(raw, into) // a field of another type reads as empty
		}
	}
	return m
}
