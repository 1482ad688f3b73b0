package lint

import (
	"maps"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

const migrateSDK = "https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/migrating.html"

// awsSDKv2 finds imports of the AWS SDK v2: of the whole, or of a client by its path.
func (m *module) awsSDKv2() {
	m.imports(func(at *js.Node, specifier string, statement *js.Node) {
		if client, one := strings.CutPrefix(specifier, "aws-sdk/clients/"); one && client != "all" {
			m.clientOfSDKv2(at, client)
		}
		if !isSDKv2(specifier) {
			return
		}
		otherwise, parts := m.otherImport(at, statement, specifier)
		m.add(at, Advice{
			Otherwise: otherwise, Parts: parts,
			Diagnostic: analyzer.Diagnostic{
				Message: "imports the whole AWS SDK v2 with a client for every service; version 2 is no longer supported",
				Hint:    "use " + m.sdkClients(specifier) + "; until then, import aws-sdk/clients/NAME",
			},
			Package: "aws-sdk", Source: migrateSDK, BehaviourChanges: "version 3 has a different API, different errors and different retries",
		})
	})
}

// clientOfSDKv2 advises on an import of one client of version 2. What it holds is the import's own,
// since each client brings the core of the SDK.
func (m *module) clientOfSDKv2(at *js.Node, client string) {
	packages := "the @aws-sdk/client-NAME package of the service"
	for _, name := range slices.Sorted(maps.Keys(sdkPackages)) {
		if strings.EqualFold(name, client) {
			packages = "@aws-sdk/" + sdkPackages[name]
		}
	}
	if client == "dynamodb" {
		packages += ", and @aws-sdk/lib-dynamodb for its DocumentClient"
	}
	m.add(at, Advice{
		Diagnostic: analyzer.Diagnostic{
			Message: "imports the client for " + client + " of the AWS SDK v2, which is no longer supported",
			Hint:    "use " + packages,
		},
		Inputs: m.sdkInputs(), Source: migrateSDK, BehaviourChanges: "version 3 has a different API, different errors and different retries",
	})
}

// sdkInputs are what the bundle has of the AWS SDK v2.
func (m *module) sdkInputs() (inputs []int) {
	for i, in := range m.reached() {
		if in.Package == "aws-sdk" && i < len(m.Bytes) && m.Bytes[i] > 0 {
			inputs = append(inputs, i)
		}
	}
	return inputs
}

// isSDKv2 reports whether a specifier imports every client of the AWS SDK v2.
func isSDKv2(specifier string) bool {
	return specifier == "aws-sdk" || specifier == "aws-sdk/clients/all"
}

// sdkPackages are the packages of version 3 by the client of version 2, for those that are
// used most.
// Source: github.com/aws/aws-sdk-js-v3/tree/main/clients
var sdkPackages = map[string]string{
	"APIGateway": "client-api-gateway", "ApiGatewayManagementApi": "client-apigatewaymanagementapi", "Athena": "client-athena",
	"CloudFormation": "client-cloudformation", "CloudFront": "client-cloudfront", "CloudWatch": "client-cloudwatch",
	"CloudWatchLogs": "client-cloudwatch-logs", "CognitoIdentityServiceProvider": "client-cognito-identity-provider",
	"DynamoDB": "client-dynamodb", "DynamoDB.DocumentClient": "lib-dynamodb", "EC2": "client-ec2", "ECS": "client-ecs",
	"EventBridge": "client-eventbridge", "Firehose": "client-firehose", "IAM": "client-iam", "Kinesis": "client-kinesis",
	"KMS": "client-kms", "Lambda": "client-lambda", "S3": "client-s3", "SecretsManager": "client-secrets-manager",
	"SES": "client-ses", "SNS": "client-sns", "SQS": "client-sqs", "SSM": "client-ssm", "StepFunctions": "client-sfn", "STS": "client-sts",
}

// sdkClients names the packages of version 3 for the clients of version 2 that the module
// makes. It names none if it does not know the package of each.
func (m *module) sdkClients(specifier string) string {
	packages, unknown := map[string]bool{}, false
	m.each(func(n *js.Node) {
		if n.Kind != js.New {
			return
		}
		if n.X.Kind != js.Name && n.X.Kind != js.Member { // new AWS[name]
			unknown = true
			return
		}
		from, name := exportOf(n.X)
		if from != specifier {
			return
		}
		name = strings.TrimPrefix(name, "default.")
		if p := sdkPackages[name]; p != "" {
			packages["@aws-sdk/"+p] = true
		} else {
			unknown = true
		}
	})
	names := slices.Sorted(maps.Keys(packages))
	if len(names) == 0 || unknown {
		return "the @aws-sdk/client-NAME packages of the services you call"
	}
	return strings.Join(names, ", ")
}
