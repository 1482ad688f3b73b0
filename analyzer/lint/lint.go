package lint

import (
	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/gobin"
)

// Rule is one kind of advice.
type Rule struct {
	// Code is a stable kebab-case name, such as "whole-package".
	Code string
	// Kind is what it costs to leave what it finds.
	Kind Kind
	// Projected is a clause about the time or the money, with a range. It is "" if there is
	// none that holds for every project. ProjectedFrom is the URL of its source.
	Projected, ProjectedFrom string
	// Title names what it finds, in a few words; Explain teaches it in a paragraph.
	Title, Explain string
	// module checks one of the project's Node modules, function all of a Node function's
	// modules together, program a whole Go program, and source one of the project's own Go
	// packages. settings checks what the manifest sets for a function of either family.
	// Unused ones are nil. A rule without any is decided by package advise, from trials
	// and measurements.
	module   func(*module)
	function func(*function)
	program  func(*program)
	source   func(*sourcePackage)
	settings func(*settings)
	// families is set where none of the functions tells it.
	families string
}

// Kind is what a finding costs.
type Kind string

const (
	// Failures are wrong or missing answers.
	Failures Kind = "failures"
	// Latency is time in each invocation.
	Latency Kind = "latency"
	// Load is time in each cold start.
	Load Kind = "load"
	// Size is bytes in the zip, and with them time in each cold start.
	Size Kind = "size"
	// Price is money for the same work.
	Price Kind = "price"
	// Support is security updates and the possibility to deploy, now or later.
	Support Kind = "support"
	// Licence is the right to use code and to pass it on.
	Licence Kind = "licence"
)

// bestPractices is the source of several rules.
const bestPractices = "https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html"

// Families says for which languages the rule is: "Node", "Go" or "Node, Go".
func (r Rule) Families() string {
	node, golang := r.module != nil || r.function != nil, r.program != nil || r.source != nil
	switch {
	case r.families != "":
		return r.families
	case node && golang, r.settings != nil:
		return "Node, Go"
	case golang:
		return "Go"
	}
	return "Node"
}

// Advice describes something that makes a function slow to start, slow to respond,
// or larger than necessary. It does not include how much following it saves.
type Advice struct {
	analyzer.Diagnostic
	// Package is the dependency that the advice is about, such as one that is
	// imported whole or is large for its use. It is "" if there is none.
	Package string
	// BehaviourChanges is a clause that says what may behave differently after the
	// change, or "" if nothing does. Advice with such a clause is never applied
	// automatically.
	BehaviourChanges string
	// Edits follow the advice in the file of its position. They are empty if that takes
	// more than a change of the text.
	Edits []Edit
	// Without leaves what the advice is about out of the file of its position: a stand-in takes
	// its place, which answers every use with itself. A trial build has these edits.
	Without []Edit
	// Otherwise replaces the import of Package at its position by imports of Parts, which have all
	// that the module uses. A trial build has these edits. They are empty where that is not known.
	Otherwise []Edit
	Parts     []string
	// Config is the change as lines of the manifest or of featherpack.yaml, "" if it is not
	// one of settings.
	Config string
	// Inputs are the inputs of the bundle that the advice is about, as indexes into those
	// of the subject.
	Inputs []int
	// OneImport is set if the advice is about what only the import at its position loads: that
	// of Package, or of Target, the path of a module of the project.
	OneImport bool
	Target    string
	// Instead is the folder of the copy of a package that a trial build uses for all others, or
	// the file.
	// It is "" if the advice is about something else.
	Instead string
	// Replaced is what a trial build has in place of modules, by path.
	Replaced map[string]string
	// Source is the URL of the documentation or code that backs the advice.
	Source string
	// Chain leads from a Go program's entry point to the place.
	Chain []gobin.Step
	// Kept is the size of the code or data in a Go program, in bytes, or 0 if it is
	// not known. It is an upper bound on what removing it could save.
	Kept int64
	// Change is how a trial build follows the advice. It is empty if none can.
	Change Change
}

// Change describes how a trial build changes a Go program.
type Change struct {
	// Tags are build tags to add.
	Tags []string
	// Experiments are values to add to GOEXPERIMENT.
	Experiments []string
	// Overlay maps file paths to replacement contents. Paths are relative to the
	// project's root, or to the toolchain's root if they begin with "$GOROOT/". Files
	// in the module cache are never replaced: the go command refuses that.
	Overlay map[string][]byte
	// Folders are absolute folders with changed copies of modules that Overlay leads to.
	// A build with the change may read them, although they are outside the project.
	Folders []string
}

// Empty reports whether the change changes nothing.
func (c Change) Empty() bool { return len(c.Tags)+len(c.Experiments)+len(c.Overlay) == 0 }
