package lint

import "github.com/featherpack/featherpack/analyzer"

// arm64Possible finds functions on x86_64 that hold nothing that is only for it.
func (s *settings) arm64Possible() {
	if s.Architecture != "x86_64" || s.Addons || len(s.Layers) > 0 || s.Build.CGO {
		return
	}
	s.add(Advice{
		Diagnostic: analyzer.Diagnostic{
			Message: "runs on x86_64, although nothing in its zip is only for that",
			Hint:    "set the architecture arm64, and build again",
		},
		Config:           s.line(map[string]string{"serverless": "architecture: arm64", "sam": "Architectures: [arm64]", "cloudformation": "Architectures: [arm64]", "terraform": `architectures = ["arm64"]`}),
		Source:           "https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html",
		BehaviourChanges: "code that expects x86_64, such as a program that an extension brings, fails",
	})
}
