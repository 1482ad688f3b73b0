package lint

import (
	"strings"
	"testing"
	"time"

	"github.com/featherpack/featherpack/analyzer"
)

// settled is a function whose settings deserve no advice.
func settled() analyzer.Function {
	return analyzer.Function{
		Name: "orders", Format: "sam", Family: analyzer.Node, Runtime: "nodejs24.x", Architecture: "arm64", MemoryMB: 512, TimeoutSeconds: 10,
		Position: analyzer.Position{File: "template.yaml", Line: 3, Column: 3},
	}
}

// TestSettings checks the advice about what manifests set, on 27 November 2026.
func TestSettings(t *testing.T) {
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	twenty := analyzer.RuntimeEnd{Deprecated: "2026-04-30", NoCreate: "2026-08-31", NoUpdate: "2026-09-30", Next: "nodejs24.x"}
	ending := func(end analyzer.RuntimeEnd) func(*analyzer.Function) {
		return func(f *analyzer.Function) { f.Deployment.End = end }
	}
	for _, c := range []struct {
		name string
		set  func(*analyzer.Function)
		// want is the code, the severity and a part of the message, "" for no advice.
		want string
	}{
		{"nothing to say", func(*analyzer.Function) {}, ""},

		{"no updates", ending(twenty), "runtime-ending warning cannot be created since 31 August 2026; functions of it cannot be updated since 30 September 2026"},
		{"an end of which no more is known", ending(analyzer.RuntimeEnd{Deprecated: "2025-09-01", Next: "nodejs24.x"}), "runtime-ending warning gets no security updates since 1 September 2025"},
		{"near its end", ending(analyzer.RuntimeEnd{Deprecated: "2027-04-30", Next: "nodejs24.x"}), "runtime-ending note gets no security updates from 30 April 2027 on"},
		{"ended yesterday", ending(analyzer.RuntimeEnd{Deprecated: "2026-11-26", NoUpdate: "2027-01-26", Next: "nodejs24.x"}), "runtime-ending warning cannot be updated from 26 January 2027 on"},
		{"an end in 181 days", ending(analyzer.RuntimeEnd{Deprecated: "2027-05-27", Next: "nodejs24.x"}), ""},
		{"an end without a successor", ending(analyzer.RuntimeEnd{Deprecated: "2026-11-30"}), ""},
		{"an end that is not known", ending(analyzer.RuntimeEnd{}), ""},
		{"a list of functions in featherpack.yaml", func(f *analyzer.Function) { f.Format, f.Deployment.End = "featherpack", twenty }, ""},

		{"5 environments", ready(5), "provisioned-concurrency note 5 environments are kept ready"},
		{"1 environment", ready(1), "provisioned-concurrency note 1 environment is kept ready"},
		{"a number that is not known", func(f *analyzer.Function) { f.ProvisionedConcurrency = true }, ""},
		{"memory that is not known", func(f *analyzer.Function) { ready(5)(f); f.MemoryUnknown = true }, ""},
		{"a number in featherpack.yaml", func(f *analyzer.Function) { ready(5)(f); f.Format = "featherpack" }, ""},
		{"environments of 0", ready(0), ""},

		{"a warmer", warmed(5, 1), "scheduled-warmer note a schedule invokes the function every 5 minutes to keep 1 environment warm"},
		{"a warmer of 3", warmed(0, 3), "scheduled-warmer note a schedule invokes the function at intervals to keep 3 environments warm"},

		{"a minute behind an HTTP API", behind("HTTP API", 60), "timeout-beyond-gateway note its timeout is 60 s"},
		{"30 s behind a REST API", behind("REST API", 30), "timeout-beyond-gateway note answers with an error after 29 s"},
		{"30 s behind an HTTP API", behind("HTTP API", 30), ""},
		{"29 s behind a REST API", behind("REST API", 29), ""},
		{"a minute with other events", behind("", 60), ""},
		{"a timeout that only a deployment knows", func(f *analyzer.Function) { f.Deployment.Gateway, f.TimeoutSeconds = "HTTP API", 900 }, ""},

		{"a large /tmp", storage(2048), "storage-unused note /tmp has 2048 MB"},
		{"a /tmp of 513 MB", storage(513), "storage-unused note /tmp has 513 MB"},
		{"a /tmp of 512 MB", storage(512), ""},
		{"a /tmp that is not set", storage(0), ""},
		{"a large /tmp with an extension in a layer", func(f *analyzer.Function) { storage(2048)(f); f.Layers = []string{"x"} }, ""},
		{"a large /tmp of a function that writes", func(f *analyzer.Function) { storage(2048)(f); f.Name = "writes" }, ""},

		{"environments for each tenant", func(f *analyzer.Function) { f.Deployment.TenantsAt = f.Position }, "tenant-isolation note each tenant has"},

		{"Lambda Insights", layered("arn:aws:lambda:eu-west-1:580247275435:layer:LambdaInsightsExtension-Arm64:20"), "extension-at-start note the extension of Lambda Insights (layer LambdaInsightsExtension-Arm64) starts"},
		{"OpenTelemetry with its wrapper", wrapped("/opt/otel-handler"), "extension-at-start note and its wrapper /opt/otel-handler start before"},
		{"OpenTelemetry with another wrapper", wrapped("/opt/mine"), "extension-at-start note (layer aws-otel-nodejs-arm64-ver-1-30-2) starts"},
		{"a layer that only has the name", layered("arn:aws:lambda:eu-west-1:123456789012:layer:Datadog-Extension-ARM:65"), ""},

		{"three functions in a package", together("a", "b"), "packaged-together note in one package with a, b: "},
		{"six functions in a package", together("a", "b", "c", "d", "e"), "packaged-together note in one package with a, b, c and 2 more: "},
		{"a package of its own", together(), ""},
		{"Go, of which each binary is alone", func(f *analyzer.Function) { together("a")(f); f.Family = analyzer.Go }, ""},
		{"a template without a framework", func(f *analyzer.Function) { together("a")(f); f.Format = "cloudformation" }, ""},
		{"functions of featherpack.yaml", func(f *analyzer.Function) { together("a")(f); f.Format = "featherpack" }, ""},
	} {
		f := settled()
		c.set(&f)
		checkSettings(t, c.name, AdviseSettings(Deployed{Function: f, Today: now, MayWrite: f.Name == "writes"}), c.want)
	}
}

func ready(n int) func(*analyzer.Function) {
	return func(f *analyzer.Function) { f.ProvisionedConcurrency, f.Deployment.Ready = true, n }
}

func layered(layers ...string) func(*analyzer.Function) {
	return func(f *analyzer.Function) { f.Layers = layers }
}

func wrapped(wrapper string) func(*analyzer.Function) {
	return func(f *analyzer.Function) {
		layered("arn:aws:lambda:eu-west-1:901920570463:layer:aws-otel-nodejs-arm64-ver-1-30-2:1")(f)
		f.Environment = map[string]string{"AWS_LAMBDA_EXEC_WRAPPER": wrapper}
	}
}

func warmed(minutes, concurrency int) func(*analyzer.Function) {
	return func(f *analyzer.Function) {
		f.Deployment.Warmers = []analyzer.Warmer{{What: "a schedule", Minutes: minutes, Concurrency: concurrency, Position: f.Position}}
	}
}

func behind(gateway string, timeout int) func(*analyzer.Function) {
	return func(f *analyzer.Function) {
		f.TimeoutSeconds, f.Deployment.TimeoutAt, f.Deployment.Gateway = timeout, f.Position, gateway
	}
}

func storage(mb int) func(*analyzer.Function) {
	return func(f *analyzer.Function) { f.Deployment.StorageMB = mb }
}

func together(others ...string) func(*analyzer.Function) {
	return func(f *analyzer.Function) { f.Deployment.Together = others }
}

func checkSettings(t *testing.T, name string, found []Advice, want string) {
	t.Helper()
	for _, a := range found {
		if a.Message == "" || a.Hint == "" || a.Source == "" || a.BehaviourChanges == "" || a.Line == 0 {
			t.Errorf("%s: incomplete: %+v", name, a)
		}
	}
	code, rest, _ := strings.Cut(want, " ")
	severity, part, _ := strings.Cut(rest, " ")
	switch {
	case want == "" && len(found) > 0, want != "" && len(found) != 1:
		t.Errorf("%s: %+v", name, found)
	case want != "" && (found[0].Code != code || string(found[0].Severity) != severity || !strings.Contains(found[0].Message, part)):
		t.Errorf("%s: %s %s %q, want %s", name, found[0].Code, found[0].Severity, found[0].Message, want)
	}
}
