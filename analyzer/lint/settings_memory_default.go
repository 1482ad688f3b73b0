package lint

import (
	"fmt"

	"github.com/featherpack/featherpack/analyzer"
)

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
		Config:           s.line(map[string]string{"serverless": "memorySize: 512", "sam": "MemorySize: 512", "cloudformation": "MemorySize: 512", "terraform": "memory_size = 512"}),
		Source:           "https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html",
		BehaviourChanges: "a millisecond costs more, and there are fewer of them",
	})
}
