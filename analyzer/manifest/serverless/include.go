package serverless

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// file reads a file that the manifest includes, or one value in it. Programs are
// not run, so their values are unknown.
func (r *Variables) file(name, address, variable string, at analyzer.Position) *yamltree.Value {
	rel := path.Join(r.Dir, name)
	if path.IsAbs(name) || strings.ContainsAny(name, "\\\x00") || !projectfs.Inside(rel) {
		return yamltree.NewRefused(variable, "it leaves the project's root", at)
	}
	v, ok := r.files[rel]
	if !ok {
		v = r.include(rel, variable, at)
		r.files[rel] = v
	}
	if address == "" {
		return r.Resolve(v) // a text file may contain variables too
	}
	if v == nil || v.Unknown() {
		return v
	}
	return r.Get(v, strings.Split(address, ".")...)
}

func (r *Variables) include(rel, variable string, at analyzer.Position) *yamltree.Value {
	ext := path.Ext(rel)
	if slices.Contains(declared.SourceExtensions, ext) {
		return yamltree.NewDeployed(variable, "a program computes it, which featherpack does not run", at)
	}
	content, err := r.Read(rel, yamltree.MaxBytes)
	switch {
	case err == projectfs.ErrOutside:
		return yamltree.NewRefused(variable, "it leaves the project's root", at)
	case err == projectfs.ErrTooLarge || err == projectfs.ErrIrregular:
		return yamltree.NewMistake(variable, "it "+err.Error(), at)
	case err != nil:
		return nil
	}
	if r.loaded += int64(len(content)); r.loaded > maxIncluded {
		return yamltree.NewMistake(variable, "the manifest includes more than 16 MiB of files", at)
	}
	switch ext {
	case ".yml", ".yaml", ".json", ".tfstate":
	default:
		return yamltree.NewOutside(string(content), variable, at)
	}
	v, p := yamltree.Parse(rel, content)
	if p != nil {
		// The problem may quote the file's text.
		return yamltree.NewMistake(variable, fmt.Sprintf("%s is not valid YAML or JSON", p.Position), at)
	}
	v.MarkOutside(func(keys []string) string {
		return strings.TrimSuffix("${file("+rel+"):"+strings.Join(keys, "."), ":") + "}"
	})
	return v
}
