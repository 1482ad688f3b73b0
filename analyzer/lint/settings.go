package lint

import (
	"fmt"

	"github.com/featherpack/featherpack/analyzer"
)

// AdviseSettings checks the settings of a function of either family. addons is set if its
// artifact holds machine code that a library brought.
func AdviseSettings(f analyzer.Function, addons bool) []Advice {
	s := &settings{Function: f, addons: addons}
	for _, r := range Rules() {
		if s.code = r.Code; r.settings != nil && s.deployed() {
			r.settings(s)
		}
	}
	return s.found
}

// settings are a function's settings as the rules check them.
type settings struct {
	analyzer.Function
	addons bool
	code   string // of the rule that runs
	found  []Advice
}

// deployed reports whether the manifest is what the function is deployed from. The
// settings of featherpack.yaml may be those of another tool.
func (s *settings) deployed() bool {
	switch s.Format {
	case "serverless", "sam", "cloudformation", "terraform":
		return true
	}
	return false
}

func (s *settings) add(a Advice) {
	a.Code, a.Severity, a.Position = s.code, analyzer.Note, s.Position
	s.found = append(s.found, a)
}

// memoryDefault finds functions with Lambda's smallest memory because nobody has chosen one.
func (s *settings) memoryDefault() {
	if s.MemoryMB != 0 || s.MemoryUnknown {
		return
	}
	// Source: docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html: one vCPU at 1,769 MB.
	const defaultMB, wholeCPU = 128, 1769
	s.add(Advice{
		Diagnostic: analyzer.Diagnostic{
			Message: fmt.Sprintf("no memory size is set, so the function runs with %d MB and a %dth of a CPU: loading modules takes as many times longer", defaultMB, (wholeCPU+defaultMB/2)/defaultMB),
			Hint:    "set one; 512 to 1024 MB is where most functions cost least, and AWS Lambda Power Tuning measures it",
		},
		Source:           "https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html",
		BehaviourChanges: "a millisecond costs more, and there are fewer of them",
	})
}

// otherArchitecture finds functions on x86_64 that hold nothing that is only for it.
func (s *settings) otherArchitecture() {
	if s.Architecture != "x86_64" || s.addons || len(s.Layers) > 0 || s.Build.CGO {
		return
	}
	s.add(Advice{
		Diagnostic: analyzer.Diagnostic{
			Message: "runs on x86_64, although nothing in its zip is only for that",
			Hint:    "set the architecture arm64, and build again",
		},
		Source:           "https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html",
		BehaviourChanges: "code that expects x86_64, such as a program that an extension brings, fails",
	})
}

// sourceMapsAtStart finds functions whose Node reads a source map from the zip.
func (s *settings) sourceMapsAtStart() {
	if !s.EnableSourceMaps || s.Build.SourceMap != "zip" {
		return
	}
	s.add(Advice{
		Diagnostic: analyzer.Diagnostic{
			Message: "NODE_OPTIONS has --enable-source-maps and the zip holds the map: Node reads and parses it before the first error is told",
			Hint:    "keep the map beside the zip (sourcemap: external), and map stack traces where the logs are read",
		},
		Source:           "https://nodejs.org/api/cli.html#--enable-source-maps",
		BehaviourChanges: "stack traces in the logs have the bundle's positions",
	})
}
