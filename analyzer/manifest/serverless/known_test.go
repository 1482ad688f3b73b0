package serverless_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/manifesttest"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

// What is known in part keeps its text, and its fallback is the whole text with
// each fallback in its place.
func TestFallbacks(t *testing.T) {
	const later = "it is known only once deployed"
	content := manifesttest.Files{
		"serverless.yml": `
custom:
  name: ${ssm:/name, 'orders'}
  path: src/${self:custom.name}
  conf: ${ssm:/conf, self:custom.defaults}
  defaults: {handler: src/orders.handler, list: [a, b]}
  orders: {memory: 512}
`,
		"orders.yml": "size: 128\n",
	}
	for _, test := range []struct{ text, want string }{
		{
			"src/${ssm:/x, 'orders'}.handler",
			`"src/${ssm:/x, 'orders'}.handler" <${ssm:/x, 'orders'}: ` + later + `>|"src/orders.handler"`,
		},
		{
			"${self:custom.path}.handler",
			`"src/${self:custom.name}.handler" <${ssm:/name, 'orders'}: ` + later + `>|"src/orders.handler"`,
		},
		{"a-${ssm:/x}-${ssm:/y, 'b'}", `"a-${ssm:/x}-${ssm:/y, 'b'}" <${ssm:/x}: ` + later + `>`},
		{"a-${ssm:/x, null}-b", `"a-${ssm:/x, null}-b" <${ssm:/x, null}: ` + later + `>|"a--b"`},
		{
			"a-${ssm:/x, self:custom.defaults}",
			`"a-${ssm:/x, self:custom.defaults}" <${ssm:/x, self:custom.defaults}: ` + later + `>`,
		},
		// The nearest fallback is the one that the framework would take.
		{"${self:custom.name, 'other'}", `<${ssm:/name, 'orders'}: ` + later + `>|"orders"`},
		// Below what is not known.
		{"${self:custom.conf.handler}", `<${ssm:/conf, self:custom.defaults}: ` + later + `>|"src/orders.handler"`},
		{"${self:custom.conf.list.1}", `<${ssm:/conf, self:custom.defaults}: ` + later + `>|"b"`},
		{"${self:custom.conf.none}", `<${ssm:/conf, self:custom.defaults}: ` + later + `>`},
		{"${self:custom.conf.none, 'x'}", `<${ssm:/conf, self:custom.defaults}: ` + later + `>|"x"`},
		// An address or a file's name that is not known leads to a fallback, too.
		{"${self:custom.${self:custom.name}.memory}", `<${ssm:/name, 'orders'}: ` + later + `>|512`},
		{"${file(${self:custom.name}.yml):size}", `<${ssm:/name, 'orders'}: ` + later + `>|128`},
		{"${file(${ssm:/x, 'none'}.yml):size, 5}", `<${ssm:/x, 'none'}: ` + later + `>|5`},
	} {
		r := variablesOf(t, content, declared.Input{})
		if got := r.Resolve(yamltree.NewText(test.text, r.Root.At)).String(); got != test.want {
			t.Errorf("%s\ngives %s\nwant  %s", test.text, got, test.want)
		}
	}
}

// What CloudFormation works out is not known, be it a text with variables.
func TestTags(t *testing.T) {
	content := manifesttest.Files{
		"serverless.yml": "custom: {n: x}\na: !Sub '${self:custom.n}-${AWS::Region}'\nb: !Ref Table\nc: !Join [a, [b]]\n",
	}
	r := variablesOf(t, content, declared.Input{})
	const why = "it is known only once deployed"
	for key, want := range map[string]string{
		"a": `"x-${AWS::Region}" <!Sub ${self:custom.n}-${AWS::Region}: ` + why + `>`,
		"b": `<!Ref Table: ` + why + `>`,
		"c": `<!Join: ` + why + `>`,
	} {
		if got := r.Get(r.Root, key).String(); got != want {
			t.Errorf("%s gives %s, want %s", key, got, want)
		}
	}
}

// A fallback is taken wherever the manifest may write one, and a note says so.
// What has none is reported at its line.
func TestUnknownSettings(t *testing.T) {
	const head = manifesttest.ServerlessHead
	const fallback = "note fallback-used serverless.yml:"
	for _, test := range []struct {
		name, manifest string
		patterns       string
		layers         string
		told           []string
	}{
		{
			name:     "a handler's text",
			manifest: head + "functions:\n  f: {handler: \"${ssm:/x, 'f'}.handler\"}\n",
			told: []string{
				fallback + "6:16: f: handler uses its fallback \"f.handler\", since ${ssm:/x, 'f'} is not known here",
			},
		},
		{
			name:     "all functions",
			manifest: head + "custom: {fns: {f: {handler: f.handler}}}\nfunctions: \"${s3:b/fns, self:custom.fns}\"\n",
			told: []string{
				fallback + "6:12: functions uses its fallback, since ${s3:b/fns, self:custom.fns} is not known here",
			},
		},
		{
			name: "patterns",
			manifest: head + "functions:\n  f:\n    handler: f.handler\n" +
				"    package: {patterns: [\"${ssm:/d, 'data'}/**\", \"!${ssm:/e}/**\", 'x/**']}\n",
			patterns: "data/** x/**",
			told: []string{
				fallback + "8:26: f: a pattern uses its fallback \"data/**\", since ${ssm:/d, 'data'} is not known here",
				"warning unknown-value serverless.yml:8:50: f: a pattern is ${ssm:/e}: it is known only once deployed" +
					" | give it a default: ${source:name, 'default'}",
			},
		},
		{
			name: "a pattern with an unknown variable",
			manifest: head + "functions:\n  f:\n    handler: f.handler\n    package:\n      patterns:\n" +
				"        - ${ssm:/d}/**\n        - ${self:custom.none}\n",
			told: []string{
				"error unknown-value serverless.yml:10:11: f: a pattern is ${ssm:/d}: it is known only once deployed" +
					" | give it a default: ${source:name, 'default'}",
				"error bad-variable serverless.yml:11:11: f: a pattern is ${self:custom.none}: the manifest has no such value" +
					" | correct the variable, or give it a default: ${source:name, 'default'}",
			},
		},
		{
			name: "a list of patterns",
			manifest: head + "package: {patterns: \"${ssm:/p}\"}\n" +
				"functions: {f: {handler: f.handler, package: {exclude: \"${ssm:/q}\"}}}\n",
			told: []string{
				"error unknown-value serverless.yml:5:21: f: package.patterns is ${ssm:/p}: it is known only once deployed" +
					" | give it a default: ${source:name, 'default'}",
				"warning unknown-value serverless.yml:6:56: f: package.exclude is ${ssm:/q}: it is known only once deployed" +
					" | give it a default: ${source:name, 'default'}",
			},
		},
		{
			name: "layers",
			manifest: head + "functions:\n" +
				"  f: {handler: f.handler, layers: ['arn:${ssm:/a}:layer:Datadog-Node22-x:9', !Ref Base, !Sub" +
				" 'x-${AWS::Region}', {Ref: Own}]}\n",
			layers: "arn:${ssm:/a}:layer:Datadog-Node22-x:9 Base x-${AWS::Region} Own",
		},
		{
			name: "a list of layers",
			manifest: head + "custom: {l: [base]}\nfunctions:\n" +
				"  f: {handler: f.handler, layers: \"${ssm:/l, self:custom.l}\"}\n",
			layers: "base",
		},
		{
			name:     "featherpack's own settings",
			manifest: head + "functions:\n  f: {handler: f.handler, featherpack: {target: \"${ssm:/t, 'node22'}\"}}\n",
			told: []string{
				fallback + "6:49: f: a setting of featherpack uses its fallback, since ${ssm:/t, 'node22'} is not" +
					" known here",
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := manifesttest.Discover(t, manifesttest.Files{"serverless.yml": test.manifest, "f.ts": ""}, manifest.Options{})
			if diff := cmp.Diff(test.told, manifesttest.Reported(p)); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
			if len(p.Functions) != 1 {
				t.Fatalf("%d functions", len(p.Functions))
			}
			f := p.Functions[0]
			var patterns []string
			for _, p := range f.Patterns {
				patterns = append(patterns, p.Glob)
			}
			if got := strings.Join(patterns, " "); got != test.patterns && f.Entry != "" {
				t.Errorf("patterns %q, want %q", got, test.patterns)
			}
			if got := strings.Join(f.Layers, " "); got != test.layers {
				t.Errorf("layers %q, want %q", got, test.layers)
			}
			failed := slices.ContainsFunc(test.told, func(line string) bool { return strings.HasPrefix(line, "error") })
			if (f.Entry == "") != failed {
				t.Errorf("entry %q", f.Entry)
			}
		})
	}
}
