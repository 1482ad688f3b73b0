package node

import (
	"fmt"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/node/explain"
)

// checks are all that a settled function is refused or warned for, besides what
// esbuild says. Each is by itself; diagnostics are sorted later.
var checks = []func(*builder, *settled) []analyzer.Diagnostic{
	(*builder).requiredAtLoadAndMissing,
	(*builder).optionalAndLeftOut,
	(*builder).builtinMissing,
	(*builder).addonNotBuilt,
	(*builder).mainOutsidePackage,
	(*builder).outsideRoot,
	(*builder).handlerNotExported,
	(*builder).assetsUnfit,
	(*builder).notComputed,
	(*builder).needsUnplugging,
	(*builder).bundledAddonUnfit,
	(*builder).filesUnresolved,
	(*builder).addonOfAnotherPlatform,
	(*builder).twoCopiesAsFiles,
}

// check returns what there is to say about a settled function.
func (b *builder) check(s *settled) []analyzer.Diagnostic {
	diagnostics := b.explainer(s.job).Explain(s.Warnings, analyzer.Warning)
	for _, check := range checks {
		diagnostics = append(diagnostics, check(b, s)...)
	}
	return diagnostics
}

// explainer puts esbuild's messages about a function into our words.
func (b *builder) explainer(j *job) explain.Explainer {
	return explain.Explainer{Packages: b.packages, Function: j.f.ID, Runtime: j.f.Runtime}
}

// diagnostic is one about the function, at a place of a source.
func (j *job) diagnostic(code string, severity analyzer.Severity, at analyzer.Position, hint, message string, arguments ...any) analyzer.Diagnostic {
	return analyzer.Diagnostic{
		Code: code, Severity: severity, Function: j.f.ID, Position: at, Message: fmt.Sprintf(message, arguments...), Hint: hint,
	}
}
