package manifest

import (
	"path"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// handlerVariables are the environment variables by which monitoring tools start a
// function: the manifest's handler is theirs, and the variable names the function's own.
// The value is the source of that.
var handlerVariables = map[string]string{
	"DD_LAMBDA_HANDLER":            "docs.datadoghq.com/serverless/aws_lambda/installation/nodejs",
	"NEW_RELIC_LAMBDA_HANDLER":     "docs.newrelic.com/docs/serverless-function-monitoring/aws-lambda-monitoring",
	"LUMIGO_ORIGINAL_HANDLER":      "github.com/lumigo-io/lumigo-node",
	"LAMBDA_HANDLER":               "www.ibm.com/docs/en/instana-observability: instana-aws-lambda-auto-wrap",
	"CX_ORIGINAL_HANDLER":          "coralogix.com/docs: the handler of its layer",
	"EPSAGON_HANDLER":              "github.com/epsagon/epsagon-node",
	"THUNDRA_AGENT_LAMBDA_HANDLER": "github.com/thundra-io/thundra-agent-nodejs",
	"CATCHPOINT_LAMBDA_HANDLER":    "the same tool under its newer name",
	"SIGNALFX_LAMBDA_HANDLER":      "github.com/signalfx/lambda-nodejs",
	"SENTRY_ORIGINAL_HANDLER":      "docs.sentry.io/platforms/javascript/guides/aws-lambda",
	"LAMBDA_ORIGINAL_HANDLER":      "used by several wrappers",
	"ORIG_HANDLER":                 "github.com/open-telemetry/opentelemetry-lambda: nodejs/packages/layer",
}

// unwrap replaces a handler that is a tool's by the one that it starts. A handler is a
// tool's where it lies in a layer, in node_modules, or nowhere in the project.
func (d *discovery) unwrap(f *declared.Function) {
	h := f.Handler
	if !d.foreign(f) {
		return
	}
	var named []string
	for name := range handlerVariables {
		if real := f.Environment[name]; real != "" && real != h {
			named = append(named, name)
		}
	}
	slices.Sort(named)
	if len(named) > 0 {
		f.Wrapper, f.Handler = h, f.Environment[named[0]]
		f.Report(analyzer.Problem(analyzer.Note, "wrapped-handler", f.HandlerAt, "",
			"handler %q starts %q, which %s names; that is built", f.Wrapper, f.Handler, named[0]))
		return
	}
	for _, name := range f.EnvironmentUnknown {
		if handlerVariables[name] != "" {
			f.Report(analyzer.Problem(analyzer.Error, "wrapped-handler", f.HandlerAt, "write the handler out, so that it can be packed",
				"handler %q starts the function that %s names, and its value is known only when it is deployed", h, name))
			return
		}
	}
}

// foreign reports whether a handler is not one of the project's own sources.
func (d *discovery) foreign(f *declared.Function) bool {
	h := f.Handler
	if strings.HasPrefix(h, "/opt/") || strings.HasPrefix(h, "node_modules/") || strings.Contains(h, "/node_modules/") {
		return true
	}
	dir, base := path.Split(h)
	stem, _, _ := strings.Cut(base, ".")
	module := path.Join(f.CodeDir, dir, stem)
	if path.IsAbs(h) || strings.Contains(h, "..") || !projectfs.Inside(module) {
		return false
	}
	for _, candidate := range []string{module, path.Join(module, "index")} {
		for _, extension := range declared.SourceExtensions {
			if what, _ := d.Look(candidate + extension); what == projectfs.File {
				return false
			}
		}
	}
	return true
}
