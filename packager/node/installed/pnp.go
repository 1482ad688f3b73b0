package installed

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"

	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// pnp is a manifest of Yarn's Plug'n'Play, which replaces node_modules folders: it
// says where each package lies and what it may import.
// Source: yarnpkg.com/advanced/pnp-spec
type pnp struct {
	dir      string // of the manifest
	packages map[pnpLocator]*pnpPackage
	byFolder map[string]pnpLocator // absolute, without a slash at the end
	fallback map[string]pnpTarget
	excluded map[pnpLocator]bool // from the fallback
}

// pnpLocator names one installed package; the zero value is the top level.
type pnpLocator struct{ name, reference string }

type pnpPackage struct {
	folder       string
	dependencies map[string]pnpTarget
}

// pnpTarget is what a dependency resolves to; missing is a peer that is not installed.
type pnpTarget struct {
	pnpLocator
	missing bool
}

// maxPnP bounds a manifest; that of 5,000 packages has some 5 MB.
const maxPnP = 128 << 20

// readPnP reads the Plug'n'Play manifest of a folder, nil where there is none
// or it is of no shape that is known.
func readPnP(files *projectfs.FS, dir string) *pnp {
	for _, name := range []string{".pnp.data.json", ".pnp.cjs", ".pnp.js"} {
		text, err := files.Read(filepath.Join(dir, name), maxPnP)
		if err != nil {
			continue
		}
		if p := parsePnP(dir, pnpState(text)); p != nil {
			return p
		}
	}
	return nil
}

// pnpState finds the JSON in a manifest: it is all of it, a text that is parsed
// at run time (Yarn 3.3 and later), or an argument (before).
func pnpState(text []byte) []byte {
	if _, quoted, ok := bytes.Cut(text, []byte("RAW_RUNTIME_STATE =")); ok {
		quoted = bytes.TrimLeft(quoted, " \r\n")
		if len(quoted) == 0 || quoted[0] != '\'' {
			return nil
		}
		var state []byte
		for i := 1; i < len(quoted) && quoted[i] != '\''; i++ {
			if quoted[i] == '\\' && i+1 < len(quoted) {
				if i++; quoted[i] == '\n' {
					continue
				}
			}
			state = append(state, quoted[i])
		}
		return state
	}
	if i := bytes.Index(text, []byte("hydrateRuntimeState({")); i >= 0 {
		return text[i+len("hydrateRuntimeState("):]
	}
	return text
}

func parsePnP(dir string, state []byte) *pnp {
	var raw struct {
		Fallback bool              `json:"enableTopLevelFallback"`
		Pool     []json.RawMessage `json:"fallbackPool"`
		Excluded []json.RawMessage `json:"fallbackExclusionList"`
		Registry []json.RawMessage `json:"packageRegistryData"`
	}
	// The decoder stops after the first value, whatever code follows.
	if json.NewDecoder(bytes.NewReader(state)).Decode(&raw) != nil || len(raw.Registry) == 0 {
		return nil
	}
	p := &pnp{dir: dir, packages: map[pnpLocator]*pnpPackage{}, byFolder: map[string]pnpLocator{}, excluded: map[pnpLocator]bool{}}
	for _, entry := range raw.Registry {
		var name string
		var versions []json.RawMessage
		if !pair(entry, &name, &versions) {
			continue
		}
		for _, version := range versions {
			var reference string
			var info struct {
				Location     string            `json:"packageLocation"`
				Dependencies []json.RawMessage `json:"packageDependencies"`
				Discard      bool              `json:"discardFromLookup"`
			}
			if !pair(version, &reference, &info) {
				continue
			}
			at := pnpLocator{name, reference}
			folder := filepath.Join(dir, filepath.FromSlash(info.Location))
			p.packages[at] = &pnpPackage{folder, pnpTargets(info.Dependencies)}
			if _, taken := p.byFolder[folder]; !info.Discard && (!taken || name != "") {
				p.byFolder[folder] = at
			}
		}
	}
	for _, entry := range raw.Excluded {
		var name string
		var references []string
		if pair(entry, &name, &references) {
			for _, reference := range references {
				p.excluded[pnpLocator{name, reference}] = true
			}
		}
	}
	if raw.Fallback {
		p.fallback = pnpTargets(raw.Pool)
	}
	return p
}

// pnpTargets reads pairs of a name and what it leads to: a reference, an alias
// of another name, or null.
func pnpTargets(pairs []json.RawMessage) map[string]pnpTarget {
	targets := map[string]pnpTarget{}
	for _, entry := range pairs {
		var name string
		var target json.RawMessage
		if !pair(entry, &name, &target) {
			continue
		}
		var reference *string
		var alias []string
		switch {
		case json.Unmarshal(target, &reference) == nil && reference != nil:
			targets[name] = pnpTarget{pnpLocator: pnpLocator{name, *reference}}
		case json.Unmarshal(target, &alias) == nil && len(alias) == 2:
			targets[name] = pnpTarget{pnpLocator: pnpLocator{alias[0], alias[1]}}
		default:
			targets[name] = pnpTarget{missing: true}
		}
	}
	return targets
}

// pair reads a JSON list of two; null reads as the zero value.
func pair(data json.RawMessage, first, second any) bool {
	var two []json.RawMessage
	return json.Unmarshal(data, &two) == nil && len(two) == 2 &&
		json.Unmarshal(two[0], first) == nil && json.Unmarshal(two[1], second) == nil
}

// owns reports whether a file is part of a package of the manifest.
func (p *pnp) owns(file string) bool {
	_, known := p.find(filepath.Dir(file), "")
	return known
}

// find returns the folder of the package that a file in dir gets for a name.
// known is false where dir belongs to no package of the manifest.
func (p *pnp) find(dir, name string) (folder string, known bool) {
	for at := dir; ; at = filepath.Dir(at) {
		if owner, ok := p.byFolder[at]; ok {
			return p.dependency(owner, name), true
		}
		if filepath.Dir(at) == at || at == p.dir {
			return "", false
		}
	}
}

func (p *pnp) dependency(owner pnpLocator, name string) string {
	target, ok := p.packages[owner].dependencies[name]
	if !ok && p.fallback != nil && !p.excluded[owner] {
		if target, ok = p.fallback[name]; !ok {
			if top := p.packages[pnpLocator{}]; top != nil {
				target, ok = top.dependencies[name]
			}
		}
	}
	if !ok || target.missing {
		return ""
	}
	if found := p.packages[target.pnpLocator]; found != nil {
		return strings.TrimSuffix(found.folder, string(filepath.Separator))
	}
	return ""
}
