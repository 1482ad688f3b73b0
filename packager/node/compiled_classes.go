package node

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/packager/node/installed"
)

// losesClasses lists the packages of which the graph has a module build with functions for
// classes that main has: they were compiled for old browsers, and do not work as classes do.
// The errors of typedi are an example. They have no message then.
func (b *builder) losesClasses(l *linked) (dirs []string) {
	for _, input := range l.Reached {
		classes := l.resolution.FunctionClasses(b.packages.Absolute(input))
		dir := installed.PackageDir(input)
		if len(classes) == 0 || dir == "" || slices.Contains(dirs, dir) || b.hasExports(dir) || l.Inputs[input].Format != "esm" || l.Bytes(input) == 0 {
			continue
		}
		if module, main := b.packages.BuildsOf(dir); module != "" && b.declaresClasses(input, module, main, classes) {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// declaresClasses reports whether the CommonJS build of a package has a class of one of these
// names where its module build has an input. module and main are the first files of the two.
func (b *builder) declaresClasses(input, module, main string, names []string) bool {
	others := []string{main}
	if rest, below := strings.CutPrefix(input, path.Dir(module)+"/"); below { // usually both have the same files
		stem := path.Join(path.Dir(main), strings.TrimSuffix(rest, path.Ext(rest)))
		others = append(others, stem+".js", stem+".cjs")
	}
	return slices.ContainsFunc(others, func(other string) bool {
		text, err := b.packages.ReadModule(b.packages.Absolute(other))
		return err == nil && other != input && slices.ContainsFunc(names, func(name string) bool {
			return regexp.MustCompile(`\bclass\s+` + regexp.QuoteMeta(name) + `\s+extends\b`).Match(text)
		})
	})
}
