package node

import (
	"slices"
	"strconv"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/node/check"
	"github.com/featherpack/featherpack/packager/node/explain"
)

// check runs all checks on a settled function, and judges the secrets that it would
// ship: inputs that are withheld get no place in the zip.
func (b *builder) check(s *settled) (diagnostics []analyzer.Diagnostic, withheld map[string]bool) {
	f := b.checked(s)
	secrets, withheld := check.Secrets(f)
	return slices.Concat(check.Run(f), secrets, b.copiesTaken(s), b.callersHidden(s)), withheld
}

// checked is a settled function as the checks see it.
func (b *builder) checked(s *settled) *check.Function {
	major, _ := strconv.Atoi(nodeMajors[s.f.Runtime]) // 0 for one that is not known
	// Whether only a development dependency brings a package does not matter to files.
	files := &resolver{packages: b.packages}
	return &check.Function{
		Function: s.f, Linked: s.Linked, Packages: b.packages, Resolution: s.resolution, Files: b.filesOf(s.job), Tree: s.tree,
		ESM: s.plan.esm, LeftOut: s.plan.leftOut, Unbuilt: s.job.unbuilt, Platform: targetOf(s.f), Node: major, AllowOutside: b.AllowOutside,
		Optional: s.resolver.optional,
		NotInstalled: func(importer, specifier, kind string) bool {
			return s.resolver.optional(importer, specifier, kind) == notInstalled
		},
		OptionalToFile: func(importer, specifier string) bool {
			return files.optional(importer, specifier, "require-call") != ""
		},
		OfRuntime:     s.resolver.ofRuntime,
		LoadedAtStart: func() map[string]bool { return b.loadedAtStart(s.linked) },
	}
}

// explainer turns esbuild's messages about a function into diagnostics.
func (b *builder) explainer(j *job) explain.Explainer {
	return explain.Explainer{Packages: b.packages, Function: j.f.ID, Runtime: j.f.Runtime}
}
