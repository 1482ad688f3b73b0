package settings_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/manifest/manifesttest"
)

func TestFeatherpackFunctions(t *testing.T) {
	p := manifesttest.Discover(t, manifesttest.Files{
		"featherpack.yaml": `
functions:
  orders: {entry: src/orders.ts, handler: main, runtime: nodejs24.x, arch: arm64, memory: 512, timeout: 10}
  short: src/short.mjs
  ingest: {entry: ./cmd/ingest, arch: arm64, tags: auto, ldflags: ["-X main.version=1"], cgo: true}
  full:
    entry: src/orders.ts
    environment: {TABLE: orders, PORT: 8080}
    layers: [arn:aws:lambda:eu-west-1:123456789012:layer:x:1]
    include: ["assets/**", "!assets/*.psd"]
    external: [sharp]
build: {minify: true, sourcemap: external, sdk: bundle, keepNames: auto, external: [pg-native], define: {A: "1"}}
override:
  "o*": {sdk: runtime, keepNames: true, include: "fonts/**", define: {B: "2"}}
  orders: {minify: false, target: es2022, format: esm}
install: {scripts: [bcrypt]}
`,
		"src/orders.ts": "", "src/short.mjs": "", "cmd/ingest/main.go": "package main\n",
	}, manifest.Options{})
	manifesttest.MustReport(t, p)
	manifesttest.MustFind(t, p,
		"app/orders nodejs24.x arm64 src/orders.main -> src/orders.ts",
		"app/short nodejs22.x x86_64 src/short.handler -> src/short.mjs",
		"app/ingest provided.al2023 arm64 ./cmd/ingest -> cmd/ingest",
		"app/full nodejs22.x x86_64 src/orders.handler -> src/orders.ts",
	)
	scripts := []string{"bcrypt"}
	at := func(line, column int) analyzer.Position {
		return analyzer.Position{File: "featherpack.yaml", Line: line, Column: column}
	}
	for i, want := range []struct {
		build    analyzer.BuildOptions
		patterns []analyzer.Pattern
	}{
		{analyzer.BuildOptions{NoMinify: true, SDK: "runtime", KeepNames: "always", External: []string{"pg-native"},
			Target: "es2022", Format: "esm",
			Define: map[string]string{"A": "1", "B": "2"}, InstallScripts: scripts},
			[]analyzer.Pattern{{Glob: "fonts/**", Position: at(14, 50)}}},
		{
			analyzer.BuildOptions{External: []string{"pg-native"}, Define: map[string]string{"A": "1"}, InstallScripts: scripts},
			nil,
		},
		{analyzer.BuildOptions{External: []string{"pg-native"}, Define: map[string]string{"A": "1"}, InstallScripts: scripts,
			Tags: []string{"auto"}, LDFlags: []string{"-X main.version=1"}, CGO: true}, nil},
		// What a function states itself wins over "build".
		{analyzer.BuildOptions{External: []string{"sharp"}, Define: map[string]string{"A": "1"}, InstallScripts: scripts},
			[]analyzer.Pattern{
				{Glob: "assets/**", Position: at(10, 15)}, {Glob: "assets/*.psd", Exclude: true, Position: at(10, 28)},
			}},
	} {
		f := p.Functions[i]
		if diff := cmp.Diff(want.build, f.Build); diff != "" {
			t.Errorf("%s build:\n%s", f.Name, diff)
		}
		if diff := cmp.Diff(want.patterns, f.Patterns); diff != "" {
			t.Errorf("%s patterns:\n%s", f.Name, diff)
		}
	}
	full := p.Functions[3]
	if diff := cmp.Diff(map[string]string{"TABLE": "orders", "PORT": "8080"}, full.Environment); diff != "" {
		t.Error(diff)
	}
	if o := p.Functions[0]; o.MemoryMB != 512 || o.TimeoutSeconds != 10 || o.Position != at(3, 3) ||
		len(full.Layers) != 1 {
		t.Errorf("%+v", o)
	}
}

// A pass that is on again is as if nothing had been said of it.
func TestPassSwitches(t *testing.T) {
	p := manifesttest.Discover(t, manifesttest.Files{
		"featherpack.yaml": "functions: {a: a.ts, b: b.ts, c: {entry: c.ts, passes: {one-copy: false, literal-keys: on}}}\n" +
			"build: {passes: {literal-keys: off, names: true}}\noverride: {b: {passes: {literal-keys: on}}}\n",
		"a.ts": "", "b.ts": "", "c.ts": "",
	}, manifest.Options{})
	manifesttest.MustReport(t, p)
	for i, want := range []analyzer.Switches{{"literal-keys": false}, nil, {"one-copy": false}} {
		if got := p.Functions[i].Build.Passes; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, want %v", p.Functions[i].Name, got, want)
		}
	}
}

func TestFeatherpackMistakes(t *testing.T) {
	for _, test := range []struct{ name, config, want string }{
		{
			"an unknown key", "biuld: {}\nfunctions: {a: a.ts}\n",
			`error bad-config featherpack.yaml:1:1: featherpack.yaml has no setting "biuld" | did you mean build?`,
		},
		{
			"an unknown build key", "build: {minfy: true}\nfunctions: {a: a.ts}\n",
			`error bad-config featherpack.yaml:1:9: build has no setting "minfy" | did you mean minify?`,
		},
		{
			"an unknown function key", "functions: {a: {entry: a.ts, memorySize: 1}}\n",
			`error bad-config featherpack.yaml:1:30: a: the function has no setting "memorySize" | did you mean memory?`,
		},
		{
			"a wrong kind", "build: {minify: sometimes}\nfunctions: {a: a.ts}\n",
			`error bad-config featherpack.yaml:1:17: build.minify must be true or false, and is a text | write true or false`,
		},
		{
			"an unknown loader", "build: {loader: {.txt: text, .html: file}}\nfunctions: {a: a.ts}\n",
			`error bad-config featherpack.yaml:1:37: build.loader..html cannot be "file"` +
				` | use one of base64, binary, css, dataurl, empty, js, json, jsx, text, ts, tsx`,
		},
		{
			"an unknown target", "build: {target: 'node20, chrome100'}\nfunctions: {a: a.ts}\n",
			`error bad-config featherpack.yaml:1:17: build.target cannot be "node20, chrome100"` +
				` | use a version of ECMAScript or of Node, such as es2022, node22 or es2022,node20`,
		},
		{
			"a wrong choice", "build: {sdk: layer}\nfunctions: {a: a.ts}\n",
			`error bad-config featherpack.yaml:1:14: build.sdk cannot be "layer" | use one of bundle, runtime`,
		},
		{
			"an unknown pass", "functions: {a: a.ts}\nbuild: {passes: {literal-key: off}}\n",
			`error bad-config featherpack.yaml:2:18: there is no pass "literal-key" | did you mean literal-keys? the passes are ` +
				strings.Join(analyzer.PassNames(), ", "),
		},
		{
			"a switch that is none", "functions: {a: a.ts}\noverride: {a: {passes: {literal-keys: maybe, one-copy: on}}}\n",
			`error bad-config featherpack.yaml:2:39: override.a.passes.literal-keys cannot be "maybe" | use one of on, off`,
		},
		{
			"a pass that has no switch", "functions: {a: a.ts}\nbuild: {passes: {sloppy code: off}}\n",
			`error bad-config featherpack.yaml:2:18: the pass "sloppy code" is always on: code may not run without it | remove it`,
		},
		{
			"a list for a mapping", "build: []\nfunctions: {a: a.ts}\n",
			`error bad-config featherpack.yaml:1:8: build must be a mapping, and is a list | write it as lines of NAME: VALUE`,
		},
		{
			"functions as a list", "functions: [a]\n",
			`error bad-config featherpack.yaml:1:12: functions must be a mapping, and is a list` +
				` | write it as lines of NAME: VALUE`,
		},
		{"no entry", "functions: {a: {}, b: }\n", "error bad-config featherpack.yaml:1:13: a: the function has no" +
			" entry | name its source: entry: src/a.ts\n" +
			"error bad-config featherpack.yaml:1:20: b: the function has no entry | name its source: entry: src/b.ts"},
		{
			"a path as handler", "functions: {a: {entry: a.ts, handler: src/a.handler}}\n",
			`error bad-config featherpack.yaml:1:39: a: the function: handler is the export's name alone, not` +
				` "src/a.handler" | entry names the file`,
		},
		{
			"a missing entry", "functions: {a: {entry: src/a.ts}}\n",
			`error no-such-handler featherpack.yaml:1:24: a: entry src/a.ts does not exist | did you mean a.ts?`,
		},
		{
			"an entry outside", "functions: {a: {entry: ../../a.ts}}\n",
			`refused handler-outside featherpack.yaml:1:24: a: handler "../../a.handler" leaves the project's root` +
				` | nothing outside the project's root is packed`,
		},
		{
			"a bad name", "functions: {a/b: a.ts}\n",
			`error bad-name featherpack.yaml:1:13: a%2Fb: function name "a/b" cannot be a file's name` +
				` | use letters, digits, - and _`,
		},
		{
			"a bad glob", "functions: {a: a.ts}\noverride: {'[a': {}}\n",
			`error bad-config featherpack.yaml:2:12: "[a" is not a valid glob | close every bracket and brace`,
		},
		{"a brace bomb", "functions: {a: a.ts}\nbuild: {include: ['" + strings.Repeat("{a,a}", 22) + "']}\n",
			`error bad-config featherpack.yaml:2:19: build.include: "` + strings.Repeat("{a,a}", 22) +
				`" is not a valid glob | write it as several globs: its braces multiply to more than 1024`},
		{
			"an idle override", "functions: {a: a.ts}\noverride: {b: {}, 'a*': {}}\n",
			`warning idle-override featherpack.yaml:2:12: override "b" matches no function | did you mean a?`,
		},
		{
			"not a mapping", "- a\n",
			`error bad-config featherpack.yaml:1:1: featherpack.yaml must be a mapping, and is a list` +
				` | write it as lines of NAME: VALUE`,
		},
		{"bad YAML", "build: {\n", "error manifest-syntax featherpack.yaml:1:8: could not find flow mapping end token '}'"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := manifesttest.Discover(t, manifesttest.Files{"featherpack.yaml": test.config, "a.ts": ""}, manifest.Options{})
			if diff := cmp.Diff(test.want, strings.Join(manifesttest.Reported(p), "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBudgets(t *testing.T) {
	p := manifesttest.Discover(t, manifesttest.Files{"a.ts": "", "featherpack.yaml": `
functions: {a: a.ts}
budgets:
  - match: "orders-*"
    zip: {max: 1.2 MiB, grow: 2%, level: error}
    unzipped: {max: 90% of lambda-unzipped, level: warn}
    load: {max: 250 ms}
  - forbid: [aws-sdk]
    package:lodash: 20 kB
    noNewDuplicates: true
  - group: all
    zip: {grow: 256 KiB}
    unzipped: {grow: "5% in 30d"}
advice: {ignore: [{code: client-in-handler, at: "src/*.ts", reason: old, until: 2027-03-01}]}
`}, manifest.Options{})
	manifesttest.MustReport(t, p)
	at := func(line, column int) analyzer.Position {
		return analyzer.Position{File: "featherpack.yaml", Line: line, Column: column}
	}
	want := []analyzer.BudgetRule{
		{Match: "orders-*", Position: at(4, 5), Limits: map[string]analyzer.BudgetLimit{
			"zip":      {Max: "1.2 MiB", Grow: "2%", Level: "error", Position: at(5, 10)},
			"unzipped": {Max: "90% of lambda-unzipped", Level: "warn", Position: at(6, 15)},
			"load":     {Max: "250 ms", Position: at(7, 11)},
		}},
		{Match: "*", Forbid: []string{"aws-sdk"}, NoNewDuplicates: true, Position: at(8, 5),
			Limits: map[string]analyzer.BudgetLimit{
				"package:lodash": {Max: "20 kB", Position: at(9, 21)}}},
		{
			Group: "all", Position: at(11, 5),
			Limits: map[string]analyzer.BudgetLimit{
				"zip":      {Grow: "256 KiB", Position: at(12, 10)},
				"unzipped": {Grow: "5% in 30d", Position: at(13, 15)},
			},
		},
	}
	if diff := cmp.Diff(want, p.Budgets); diff != "" {
		t.Error(diff)
	}
	ignored := []analyzer.AdviceIgnore{
		{Code: "client-in-handler", At: "src/*.ts", Reason: "old", Until: "2027-03-01", Position: at(14, 19)},
	}
	if diff := cmp.Diff(ignored, p.AdviceIgnored); diff != "" {
		t.Error(diff)
	}
}

func TestBudgetMistakes(t *testing.T) {
	for budget, want := range map[string]string{
		"{zip: {max: 12 MiBs}}": `3:17: zip.max: "12 MiBs" is not a size` +
			` | write a size such as 1.2 MiB (1024 KiB) or 500 kB (1000 B)`,
		"{zip: {max: 2%}}": `3:17: zip.max: "2%" does not say what it is a percentage of` +
			` | write a size, or 90% of lambda-unzipped`,
		"{zip: {max: 90% of lambda-unziped}}": `3:17: zip.max: there is no limit "lambda-unziped"` +
			` | did you mean lambda-unzipped?`,
		"{zip: {max: -1 B}}": `3:17: zip.max: "-1 B" is not a size` +
			` | write a size such as 1.2 MiB (1024 KiB) or 500 kB (1000 B)`,
		"{zip: 99999999999999999999999 GiB}": `3:11: zip.max: "99999999999999999999999 GiB" is not a size` +
			` | write a size such as 1.2 MiB (1024 KiB) or 500 kB (1000 B)`,
		"{load: 2 MiB}":                     `3:12: load.max: "2 MiB" is not a time | write a time such as 250 ms or 1.5 s`,
		"{zip: {level: warn}}":              `3:11: zip sets neither max nor grow | add max: 1 MiB, or grow: 2%`,
		"{zip: {max: 1 MiB, level: fatal}}": `3:31: zip.level cannot be "fatal" | use one of error, warn`,
		"{zip: {grow: 5% in a month}}": `3:18: zip.grow: "a month" is not a span of time` +
			` | write days or weeks, at most a year: 5% in 30d`,
		"{zip: {grow: 5% in 400d}}": `3:18: zip.grow: "400d" is not a span of time` +
			` | write days or weeks, at most a year: 5% in 30d`,
		"{zip: {grow: 5% in}}": `3:18: zip.grow: "" is not a span of time` +
			` | write days or weeks, at most a year: 5% in 30d`,
		"{zip: {grow: 5 in in 30d}}": `3:18: zip.grow: "5 in" is not a size` +
			` | write a size such as 1.2 MiB (1024 KiB) or 500 kB (1000 B)`,
		"{load: {grow: 5 KiB in 30d}}": `3:19: load.grow: "5 KiB" is not a time | write a time such as 250 ms or 1.5 s`,
		"{zip: {max: 1 MiB in 30d}}": `3:17: zip.max: a limit is not over a span of time` +
			` | write it as grow: 1 MiB in 30d`,
		"{package:zod: {grow: 5% in 30d}}": `3:26: package:zod.grow: the history has no sizes of packages` +
			` | leave the span out, or limit zip or unzipped`,
		"{zipped: 1 MiB}":          `3:6: a budget has no setting "zipped" | did you mean zip?`,
		"{match: '[', zip: 1 MiB}": `3:13: match: "[" is not a valid glob | close every bracket and brace`,
		"x": `3:5: a budget must be a mapping, and is a text` +
			` | write it as lines of NAME: VALUE`,
	} {
		p := manifesttest.Discover(
			t, manifesttest.Files{"a.ts": "", "featherpack.yaml": "functions: {a: a.ts}\nbudgets:\n  - " + budget + "\n"},
			manifest.Options{},
		)
		expected := []string{"error bad-config featherpack.yaml:" + want}
		if diff := cmp.Diff(expected, manifesttest.Reported(p)); diff != "" {
			t.Errorf("%s: %s", budget, diff)
		}
	}
}
