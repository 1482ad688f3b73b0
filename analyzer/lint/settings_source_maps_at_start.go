package lint

import "github.com/featherpack/featherpack/analyzer"

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
