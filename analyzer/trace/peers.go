package trace

import (
	"maps"
	"path"
	"slices"

	"github.com/featherpack/featherpack/analyzer/js"
)

// peers handles "load(name) { return require(name) }" in a library, for example a
// database library that loads its drivers. The names are in other modules or in
// the user's options. The library's package.json lists the possible ones as
// optional peer dependencies
// (https://docs.npmjs.com/cli/configuring-npm/package-json#peerdependenciesmeta).
// The installed ones become candidates. peers reports whether there are any.
func (t *tracer) peers(n, arg *js.Node, base string, c context) bool {
	if !t.module.installed() || arg.Kind != js.Name {
		return false
	}
	if b := arg.Scope.Find(arg.Name); b == nil || b.Param == nil {
		return false
	}
	v, _ := t.ReadJSON(path.Join(t.module.PackageDir, "package.json"))
	m, _ := v.(map[string]any)
	meta, _ := m["peerDependenciesMeta"].(map[string]any)
	r := t.reference(n, arg, c)
	r.Kind, r.Pattern, r.Base = "require", "*", base
	for _, name := range slices.Sorted(maps.Keys(meta)) {
		about, _ := meta[name].(map[string]any)
		if optional, _ := about["optional"].(bool); !optional || len(r.Candidates) >= maxCandidates {
			continue
		}
		if p, ok := t.Resolve(name, base, "require"); ok && path.Ext(p) != ".node" {
			r.Candidates = append(r.Candidates, Candidate{Specifier: name, Path: p})
		}
	}
	if len(r.Candidates) == 0 {
		return false
	}
	t.result.Modules = append(t.result.Modules, r)
	return true
}
