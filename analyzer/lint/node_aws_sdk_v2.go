package lint

import (
	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

const migrateSDK = "https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/migrating.html"

// awsSDKv2 finds imports of the SDK as a whole.
func (m *module) awsSDKv2() {
	m.imports(func(at *js.Node, specifier string, _ *js.Node) {
		if !isSDKv2(specifier) {
			return
		}
		m.add(at, Advice{
			Diagnostic: analyzer.Diagnostic{
				Message: "imports the whole AWS SDK v2, every service's client; it is past its end of support",
				Hint:    "use the @aws-sdk/client-NAME package of the services that are called; until then import aws-sdk/clients/NAME",
			},
			Package: "aws-sdk", Source: migrateSDK, BehaviourChanges: "version 3 has another interface; errors and retries differ",
		})
	})
}

// isSDKv2 says that a specifier means every client of it.
func isSDKv2(specifier string) bool {
	return specifier == "aws-sdk" || specifier == "aws-sdk/clients/all"
}
