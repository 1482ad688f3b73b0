package manifest

import (
	"path"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// file reads a file that the manifest includes, or a value in it. Programs are
// not run, so what they would give is unknown.
func (r *resolver) file(name, address, variable string, at analyzer.Position) *value {
	rel := path.Join(r.dir, name)
	if path.IsAbs(name) || strings.ContainsAny(name, "\\\x00") || !inside(rel) {
		v := mistakenValue(variable, "it leaves the project's root", at)
		v.refused = true
		return v
	}
	v, ok := r.files[rel]
	if !ok {
		v = r.include(rel, variable, at)
		r.files[rel] = v
	}
	if address == "" {
		return r.resolve(v) // a text file may hold variables itself
	}
	if v == nil || v.kind == unknown {
		return v
	}
	return r.get(v, strings.Split(address, ".")...)
}

func (r *resolver) include(rel, variable string, at analyzer.Position) *value {
	ext := path.Ext(rel)
	if slices.Contains(sourceExtensions, ext) {
		return unknownValue(variable, "a program computes it, which featherpack does not run", at)
	}
	content, err := r.read(rel, maxManifestBytes)
	switch {
	case err == errOutside:
		v := mistakenValue(variable, "it leaves the project's root", at)
		v.refused = true
		return v
	case err == errTooLarge || err == errIrregular:
		return mistakenValue(variable, "it "+err.Error(), at)
	case err != nil:
		return nil
	}
	if r.loaded += int64(len(content)); r.loaded > maxIncluded {
		return mistakenValue(variable, "the manifest includes more than 16 MiB of files", at)
	}
	switch ext {
	case ".yml", ".yaml", ".json", ".tfstate":
	default:
		return textValue(string(content), at)
	}
	v, p := parse(rel, content)
	if p != nil {
		return mistakenValue(variable, p.Error(), at)
	}
	return v
}
