package lint

import (
	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

const migrateSDK = "https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/migrating.html"

// awsSDKv2 finds imports of the whole AWS SDK v2.
func (m *module) awsSDKv2() {
	m.imports(func(at *js.Node, specifier string, _ *js.Node) {
		if !isSDKv2(specifier) {
			return
		}
		m.add(at, Advice{
			Diagnostic: analyzer.Diagnostic{
				Message: "imports the whole AWS SDK v2 with a client for every service; version 2 is no longer supported",
				Hint:    "use the @aws-sdk/client-NAME packages of the services you call; until then, import aws-sdk/clients/NAME",
			},
			Package: "aws-sdk", Source: migrateSDK, BehaviourChanges: "version 3 has a different API, different errors and different retries",
		})
	})
}

// isSDKv2 reports whether a specifier imports every client of the AWS SDK v2.
func isSDKv2(specifier string) bool {
	return specifier == "aws-sdk" || specifier == "aws-sdk/clients/all"
}
