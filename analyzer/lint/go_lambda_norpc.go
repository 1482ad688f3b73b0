package lint

import (
	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/gobin"
)

const norpcSource = "https://github.com/aws/aws-lambda-go/blob/main/README.md"

// lambdaNoRPC finds aws-lambda-go's server for the retired go1.x runtime. A build tag
// removes it.
func (p *program) lambdaNoRPC() {
	for _, l := range p.lookups {
		if !servesOldRuntime(l) {
			continue
		}
		p.add(Advice{
			Diagnostic: analyzer.Diagnostic{
				Position: l.Position,
				Message: "aws-lambda-go supports the go1.x runtime through net/rpc, " +
					"so the linker keeps every exported method of every type in use",
				Hint: "build with -tags lambda.norpc; functions on provided.al2 and provided.al2023 never use net/rpc",
			},
			Chain: l.Steps, Source: norpcSource, Change: Change{Tags: []string{"lambda.norpc"}},
		})
	}
}

func servesOldRuntime(l gobin.Lookup) bool {
	return l.Package == "net/rpc" && throughPackage(l.Steps, "github.com/aws/aws-lambda-go/lambda")
}
