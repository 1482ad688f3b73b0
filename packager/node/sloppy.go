package node

import (
	"slices"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/node/prelude"
	"github.com/featherpack/featherpack/packager/node/sloppy"
)

// growBySloppyCode plans to keep the meaning of CommonJS modules that would lose it in the
// bundle. Where esbuild refuses code, only the modules concerned are read.
func (b *builder) growBySloppyCode(l *linked) (grew bool) {
	inputs, strict := l.Reached, l.plan.esm
	if len(l.Errors) > 0 {
		inputs = nil
		for _, m := range l.Errors {
			if m.Location != nil && m.ID == "" {
				inputs = append(inputs, m.Location.File)
			}
		}
	} else {
		strict = prelude.Strict(linkedCode(l))
	}
	for _, input := range inputs {
		if slices.Contains(l.plan.sloppy, input) || l.Inputs[input].Format == "esm" {
			continue
		}
		if r := b.sloppyCode(l.job, input, strict); r.First != nil || len(r.Edits) > 0 {
			grew = add(&l.plan.sloppy, input) || grew
		}
	}
	if len(l.Errors) == 0 && strict && !grew {
		grew = b.growByLocked(l)
	}
	return grew
}

// inMode is an input under options, in a bundle of a mode.
type inMode struct {
	file   string
	loader api.Loader
	strict bool
}

// sloppyCode is what a module loses in a bundle, where Node reads it as CommonJS.
func (b *builder) sloppyCode(j *job, input string, strict bool) sloppy.Reading {
	key := inMode{b.packages.Absolute(input), j.resolution.Loader(input), strict}
	r, known := b.sloppy[key]
	if !known && key.loader == api.LoaderJS && !b.packages.IsESM(input) && b.packages.IsFile(key.file) {
		if text, err := b.packages.ReadModule(key.file); err == nil {
			r = sloppy.Read(text, strict)
		}
		b.sloppy[key] = r
	}
	return r
}

// callersHidden warns of code that asks for the function that has called one which modules
// in strict mode may call.
func (b *builder) callersHidden(s *settled) (diagnostics []analyzer.Diagnostic) {
	for _, input := range s.plan.sloppy {
		r := b.sloppyCode(s.job, input, true)
		if r.Callers == nil || s.Bytes(input) == 0 || !prelude.Strict(linkedCode(s.linked)) {
			continue
		}
		at := analyzer.Position{File: s.shown(input), Line: r.Callers.Line, Column: r.Callers.Column}
		d := analyzer.Problem(analyzer.Warning, "caller", at, "hand on what the code needs to know of its caller; in a bundle that is not an ES module, and "+
			"does not begin with \"use strict\", it is known",
			"%s is null where another module calls the function: code in strict mode, as the bundle is, does not show itself", r.Callers.What)
		d.Function = s.f.ID
		diagnostics = append(diagnostics, d)
	}
	return diagnostics
}
