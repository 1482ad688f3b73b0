package settings_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/manifesttest"
	"github.com/featherpack/featherpack/analyzer/manifest/settings"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(settings.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("featherpack.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("featherpack.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// instance turns a value into what a schema validator takes.
func instance(v *yamltree.Value) any {
	switch v.Kind {
	case yamltree.Mapping:
		m := map[string]any{}
		for i, k := range v.Keys {
			m[k.Name] = instance(v.Items[i])
		}
		return m
	case yamltree.Sequence:
		list := []any{}
		for _, item := range v.Items {
			list = append(list, instance(item))
		}
		return list
	case yamltree.Boolean:
		return v.Text == "true"
	case yamltree.Number:
		if _, err := strconv.ParseFloat(v.Text, 64); err == nil {
			return json.Number(v.Text)
		}
		return v.Text
	case yamltree.Null:
		return nil
	}
	return v.Text
}

// The schema and Discover agree on what may be written.
func TestSchemaAgreesWithDiscover(t *testing.T) {
	s := compiled(t)
	for _, test := range []struct {
		config string
		good   bool
	}{
		{"", true},
		{"functions: {a: a.ts}", true},
		{
			"functions: {a: {entry: a.ts, handler: main, runtime: nodejs24.x, arch: arm64, memory: 512, timeout: 3," +
				" environment: {A: b, N: 1}, layers: [x], minify: false, include: x/**}}",
			true,
		},
		{
			"build: {minify: true, sourcemap: external, sdk: bundle, external: [], include: ['assets/**'], keepNames:" +
				" auto, tags: auto, ldflags: [-X a=b], cgo: true, target: es2022, format: esm, mainFields: [a], conditions:" +
				" [b], define: {A: '1'}, loader: {.x: text}, alias: {a: b}, inject: [c], banner: x, footer: y, tsconfig:" +
				" t.json}\nfunctions: {a: a.ts}",
			true,
		},
		{"functions: {a: a.ts}\nbuild: {codeCache: on, codeCacheVersions: [newest, 22.23.2]}", true},
		{"functions: {a: a.ts}\nbuild: {codeCacheVersions: 22.23.2}", true},
		{"functions: {a: a.ts}\nbuild: {codeCacheVersions: [22.x]}", false},
		{"functions: {a: a.ts}\nbuild: {codeCacheVersions: [22.23]}", false},
		{"functions: {a: a.ts}\nbuild: {keepNames: true}\noverride: {'a*': {sdk: runtime}, a: }", true},
		{
			"functions: {a: a.ts}\n" +
				"budgets: [{match: a, zip: {max: 1.2 MiB, grow: 2%, level: warn}, unzipped: 90% of lambda-unzipped, load:" +
				" 250 ms, 'package:x': 5 kB, forbid: x, noNewDuplicates: true}, {group: all, zip: 1024}]",
			true,
		},
		{
			"functions: {a: a.ts}\nadvice: {ignore: [{code: c, at: 'x/*', reason: r, until: 2027-03-01}]}\n" +
				"install: {scripts: [bcrypt]}",
			true,
		},

		{
			"functions: {a: {entry: a.ts, snapStart: true, provisionedConcurrency: 2}}\n" +
				"coldStart: {coefficients: own.json, prices: p.json, region: eu-west-1, invocations: 1000, coldShare: 1%," +
				" powerTuning: t.json, computeOptimizer: r.json}",
			true,
		},
		{"functions: {a: a.ts}\ncoldStart: {invocations: 10_000, powerTuning: {'a*': t.json}}", true},

		{"functions: {a: a.ts}\nbuild: {passes: {literal-keys: off, one-copy: false, names: on}}", true},
		{"functions: {a: a.ts}\nbuild: {passes: {literal-key: off}}", false},
		{"functions: {a: a.ts}\nbuild: {passes: {literal-keys: maybe}}", false},
		{"functions: {a: a.ts}\nbuild: {passes: [literal-keys]}", false},
		{"function: {}", false},
		{"functions: {a: {handler: x}}", false},
		{"functions: {a: {entry: a.ts, nope: 1}}", false},
		{"functions: {a: {entry: a.ts, arch: amd64}}", false},
		{"functions: {a: {entry: a.ts, runtime: nodejs17.x}}", false},
		{"functions: {a: a.ts}\nbuild: {endedRuntimes: [nodejs16.x]}", true},
		{"functions: {a: a.ts}\nbuild: {endedRuntimes: nodejs16.x}", true},
		{"functions: {a: a.ts}\nbuild: {endedRuntimes: [nodejs22.x]}", false},
		{"functions: {a: {entry: a.ts, memory: much}}", false},
		{"functions: {a/b: a.ts}", false},
		{"functions: [a.ts]", false},
		{"functions: {a: a.ts}\nbuild: {minify: 1}", false},
		{"functions: {a: a.ts}\nbuild: {sourcemap: inline}", false},
		{"functions: {a: a.ts}\nbuild: {external: {}}", false},
		{"functions: {a: a.ts}\nbuild: {define: []}", false},
		{"functions: {a: a.ts}\noverride: {a: {entry: x}}", false},
		{"functions: {a: a.ts}\nbudgets: {zip: 1}", false},
		{"functions: {a: a.ts}\nbudgets: [{zip: 5 XiB}]", false},
		{"functions: {a: a.ts}\nbudgets: [{zip: 5%}]", false},
		{"functions: {a: a.ts}\nbudgets: [{zip: {level: warn}}]", false},
		{"functions: {a: a.ts}\nbudgets: [{zip: {grow: 5% in 30d}, unzipped: {grow: 20 KiB in 8w}, load: {grow: 5 ms in 365d}}]", true},
		{"functions: {a: a.ts}\nbudgets: [{zip: {grow: 5% in 366d}}]", false},
		{"functions: {a: a.ts}\nbudgets: [{zip: {grow: 5% in 53w}}]", false},
		{"functions: {a: a.ts}\nbudgets: [{zip: {grow: 5% in 0d}}]", false},
		{"functions: {a: a.ts}\nbudgets: [{load: {grow: 5 KiB in 30d}}]", false},
		{"functions: {a: a.ts}\nbudgets: [{zip: {max: 5 KiB in 30d}}]", false},
		{"functions: {a: a.ts}\nbudgets: [{'package:x': {grow: 5% in 30d}}]", false},
		{"functions: {a: a.ts}\nbudgets: [{'package:x': {grow: 5%}}, {'package:x': 5 kB}, {'package:x': 5}]", true},
		{"functions: {a: a.ts}\nbudgets: [{zip: {max: 1, level: fatal}}]", false},
		{"functions: {a: a.ts}\nbudgets: [{load: 5 KiB}]", false},
		{"functions: {a: a.ts}\nbudgets: [{size: 5 KiB}]", false},
		{"functions: {a: a.ts}\nadvice: {ignore: [{code: c}]}", false},
		{"functions: {a: a.ts}\nadvice: {ignore: [{code: c, reason: r, until: soon}]}", false},
		{"functions: {a: a.ts}\ninstall: {script: [x]}", false},
		{"functions: {a: {entry: a.ts, snapStart: maybe}}", false},
		{"functions: {a: a.ts}\ncache: {size: 2 GiB}", true},
		{"functions: {a: a.ts}\ncache: {size: large}", false},
		{"functions: {a: a.ts}\ncache: {dir: x}", false},
		{"functions: {a: a.ts}\ncoldStart: {region: Ireland}", false},
		{"functions: {a: a.ts}\ncoldStart: {coldShare: 1}", false},
		{"functions: {a: a.ts}\ncoldStart: {invocations: many}", false},
		{"functions: {a: a.ts}\ncoldStart: {price: p.json}", false},
	} {
		v, p := yamltree.Parse("featherpack.yaml", []byte(test.config))
		if p != nil {
			t.Fatalf("%s: %v", test.config, p)
		}
		if err := s.Validate(instance(v)); (err == nil) != test.good {
			t.Errorf("schema, %q: %v", test.config, err)
		}
		if test.config == "" {
			continue
		}
		project := manifesttest.Discover(
			t, manifesttest.Files{"featherpack.yaml": test.config, "a.ts": ""}, manifest.Options{},
		)
		errors := slices.DeleteFunc(
			project.Diagnostics,
			func(d analyzer.Diagnostic) bool { return d.Severity != analyzer.Error || d.Code == "no-manifest" },
		)
		if (len(errors) == 0) != test.good {
			t.Errorf("discover, %q: %v", test.config, manifesttest.Reported(project))
		}
	}
}

// Every key that is read is in the schema, described, and the other way round.
func TestSchemaIsComplete(t *testing.T) {
	type node = map[string]any
	var root node
	if err := json.Unmarshal(settings.Schema(), &root); err != nil {
		t.Fatal(err)
	}
	at := func(path string) node {
		n := root
		for name := range strings.SplitSeq(path, "/") {
			next, ok := n[name].(node)
			if !ok {
				if list, isList := n[name].([]any); isList {
					next = list[len(list)-1].(node)
				} else {
					t.Fatalf("no %s", path)
				}
			}
			n = next
		}
		return n
	}
	for path, keys := range settings.Keys() {
		n := at(path)
		var got []string
		for k, v := range n {
			got = append(got, k)
			child := v.(node)
			if child["description"] == nil && child["$ref"] == nil {
				t.Errorf("%s/%s has no description", path, k)
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(slices.Sorted(slices.Values(keys)), got); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
	if diff := cmp.Diff(
		append(declared.RuntimeNames(), declared.EndedRuntimes()...), toTexts(at("properties/functions/additionalProperties/oneOf/properties/runtime")["enum"]),
	); diff != "" {
		t.Error(diff)
	}
}

func toTexts(list any) (texts []string) {
	for _, item := range list.([]any) {
		texts = append(texts, item.(string))
	}
	return texts
}
