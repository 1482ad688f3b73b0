package check

import "github.com/featherpack/featherpack/analyzer"

// checks are all reasons for which a settled function is refused or gets a warning
// or note, apart from esbuild's own warnings. They are independent of each other;
// their order does not matter, since diagnostics are sorted later.
var checks = []func(*Function) []analyzer.Diagnostic{
	(*Function).requiredAtLoadAndMissing,
	(*Function).optionalAndLeftOut,
	(*Function).branchesLeftOut,
	(*Function).providedElsewhere,
	(*Function).credentialsLeftOut,
	(*Function).builtinMissing,
	(*Function).addonNotBuilt,
	(*Function).mainOutsidePackage,
	(*Function).outsideRoot,
	(*Function).handlerNotExported,
	(*Function).callbackHandler,
	(*Function).assetsUnfit,
	(*Function).notComputed,
	(*Function).unbuiltModules,
	(*Function).needsUnplugging,
	(*Function).bundledAddonUnfit,
	(*Function).filesUnresolved,
	(*Function).addonOfAnotherPlatform,
	(*Function).twoCopiesAsFiles,
}

// Run runs all checks on a settled function.
func Run(f *Function) []analyzer.Diagnostic {
	diagnostics := f.explainer().Explain(f.Warnings, analyzer.Warning)
	for _, check := range checks {
		diagnostics = append(diagnostics, check(f)...)
	}
	return diagnostics
}
