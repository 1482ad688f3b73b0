package lint

import (
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// extensions are public layers that start a process beside the function, by the account that
// publishes them and the beginning of their name. Lambda Insights has another account in some
// regions, and a name that is only its own.
// Source: docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Lambda-Insights-extension-versions.html,
// docs.datadoghq.com/serverless/aws_lambda, layers.newrelic-external.com, aws-otel.github.io/docs/getting-started/lambda
// and github.com/open-telemetry/opentelemetry-lambda
var extensions = []struct{ account, layer, name string }{
	{"", "LambdaInsightsExtension", "Lambda Insights"},
	{"464622532012", "Datadog-Extension", "Datadog"},
	{"451483290750", "NewRelic", "New Relic"},
	{"901920570463", "aws-otel-", "AWS Distro for OpenTelemetry"},
	{"184161586896", "opentelemetry-collector-", "OpenTelemetry"},
}

// extensionAtStart finds layers with extensions of monitoring, which start before the
// function's code.
func (s *settings) extensionAtStart() {
	if s.SnapStart || s.ProvisionedConcurrency {
		return
	}
	said := map[string]bool{}
	for _, layer := range s.Layers {
		name, product := extensionIn(layer)
		if name == "" || said[product] {
			continue
		}
		said[product] = true
		what := "the extension of " + product + " (layer " + name + ") starts before the function's code in every cold start; no load time or projection here includes it"
		if wrapper := s.Environment["AWS_LAMBDA_EXEC_WRAPPER"]; strings.HasPrefix(wrapper, "/opt/otel-") && strings.Contains(product, "OpenTelemetry") {
			what = "the extension of " + product + " (layer " + name + ") and its wrapper " + wrapper + " start before the function's code in every cold start; no load time or projection here includes them"
		}
		s.add(Advice{
			Diagnostic: analyzer.Diagnostic{
				Message: what,
				Hint:    "compare Init Duration in the REPORT lines of the logs with and without the layer, and keep it where what it shows is worth that",
			},
			Source:           "https://docs.aws.amazon.com/lambda/latest/dg/lambda-extensions.html",
			BehaviourChanges: "without it, what it sends is not sent",
		})
	}
}

// extensionIn is the layer's name and the product if an ARN is that of a known extension.
func extensionIn(arn string) (name, product string) {
	before, after, found := strings.Cut(arn, ":layer:")
	if !found || !strings.HasPrefix(arn, "arn:") {
		return "", ""
	}
	account := before[strings.LastIndex(before, ":")+1:]
	name, _, _ = strings.Cut(after, ":")
	for _, e := range extensions {
		if strings.HasPrefix(name, e.layer) && (e.account == "" || e.account == account) {
			return name, e.name
		}
	}
	return "", ""
}
