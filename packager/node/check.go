package node

import (
	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/node/explain"
)

// checks are all reasons for which a settled function is refused or gets a warning
// or note, apart from esbuild's own warnings. They are independent of each other;
// their order does not matter, since diagnostics are sorted later.
var checks = []func(*builder, *settled) []analyzer.Diagnostic{
	(*builder).requiredAtLoadAndMissing,
	(*builder).optionalAndLeftOut,
	(*builder).branchesLeftOut,
	(*builder).providedElsewhere,
	(*builder).builtinMissing,
	(*builder).addonNotBuilt,
	(*builder).mainOutsidePackage,
	(*builder).outsideRoot,
	(*builder).handlerNotExported,
	(*builder).assetsUnfit,
	(*builder).notComputed,
	(*builder).unbuiltModules,
	(*builder).needsUnplugging,
	(*builder).bundledAddonUnfit,
	(*builder).filesUnresolved,
	(*builder).addonOfAnotherPlatform,
	(*builder).twoCopiesAsFiles,
}

// check runs all checks on a settled function.
func (b *builder) check(s *settled) []analyzer.Diagnostic {
	diagnostics := b.explainer(s.job).Explain(s.Warnings, analyzer.Warning)
	for _, check := range checks {
		diagnostics = append(diagnostics, check(b, s)...)
	}
	return diagnostics
}

// explainer turns esbuild's messages about a function into diagnostics.
func (b *builder) explainer(j *job) explain.Explainer {
	return explain.Explainer{Packages: b.packages, Function: j.f.ID, Runtime: j.f.Runtime}
}
