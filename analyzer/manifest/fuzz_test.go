package manifest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/featherpack/featherpack/analyzer"
)

// sound holds for every project, whatever was read.
func sound(t *testing.T, p analyzer.Project, start time.Duration) {
	t.Helper()
	if spent := cpuTime() - start; spent > 5*time.Second {
		t.Errorf("took %v", spent)
	}
	failed := map[string]bool{}
	for _, d := range p.Diagnostics {
		if d.Message == "" || d.Code == "" || d.Severity == "" {
			t.Errorf("an empty diagnostic: %+v", d)
		}
		if strings.Contains(d.Error()+d.Hint, p.Root) && len(p.Root) > 1 {
			t.Errorf("names the machine's path: %v", d)
		}
		if d.Severity == analyzer.Error || d.Severity == analyzer.Refused {
			failed[d.Function] = true
		}
	}
	if len(p.Functions) == 0 && len(p.Skipped) == 0 && analyzer.ExitStatus(p.Diagnostics) == 0 {
		t.Error("found nothing and told nothing")
	}
	for _, f := range p.Functions {
		if f.Entry == "" {
			if !failed[p.ID(f)] {
				t.Errorf("no entry and no error: %+v", f)
			}
			continue
		}
		if failed[p.ID(f)] && f.Entry != "" {
			t.Errorf("an entry in spite of an error: %+v", f)
		}
		real, err := filepath.EvalSymlinks(filepath.Join(p.Root, filepath.FromSlash(f.Entry)))
		if err != nil || !strings.HasPrefix(real+"/", p.Root+"/") {
			t.Errorf("entry %q: %v", f.Entry, err)
		}
		if f.Family == "" || f.Architecture == "" || f.Line < 0 {
			t.Errorf("incomplete: %+v", f)
		}
	}
	if _, err := json.Marshal(p); err != nil {
		t.Error(err)
	}
}

// fuzzManifest writes a manifest beside a few sources and discovers it twice.
func fuzzManifest(f *testing.F, name string, others files, seeds ...string) {
	dir := project(f, others)
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
		start := cpuTime()
		o := Options{Stage: "dev", Params: map[string]string{"P": "x"}, LookupEnv: func(n string) (string, bool) { return "v", n == "SET" }}
		p := Discover(dir, o)
		sound(t, p, start)
		if a, b := strings.Join(told(p), "\n"), strings.Join(told(Discover(dir, o)), "\n"); a != b {
			t.Errorf("told differently:\n%s\n%s", a, b)
		}
		soundMigration(t, dir, o)
	})
}

// soundMigration holds what Migrate would have written to what featherpack.yaml takes.
func soundMigration(t *testing.T, dir string, o Options) {
	m := Migrate(dir, o)
	if again := Migrate(dir, o); !reflect.DeepEqual(m, again) {
		t.Errorf("migrated differently:\n%+v\n%+v", m, again)
	}
	for _, e := range m.Settings {
		root, p := parse("featherpack.yaml", []byte("build:\n  "+e.Key+": "+e.Value+" # x\n"))
		if p != nil {
			t.Errorf("%s: %s: %s", e.Key, e.Value, p.Message)
			continue
		}
		c := &checker{}
		if readSetting(c, e.Key, root.get("build", e.Key), "build"); len(c.problems) > 0 {
			t.Errorf("%s: %s: %v", e.Key, e.Value, c.problems)
		}
	}
}

func FuzzServerless(f *testing.F) {
	fuzzManifest(f, "serverless.yml", files{"f.ts": "", "src/g.js": "", "x.yml": "a: {handler: f.handler}\n", "cmd/a/main.go": goMain, "go.mod": "module m\n"},
		serverlessHead+"functions:\n  f: {handler: f.handler, environment: {A: !Ref B, C: '${ssm:/x}'}, package: {patterns: ['!a/**']}}\n",
		serverlessHead+"custom: {a: '${self:custom.b}', b: \"${opt:x, 'y'}\"}\nfunctions: ${file(x.yml)}\n",
		serverlessHead+"functions:\n  - a: {handler: src/g.h, layers: [{Ref: X}]}\n  - ${file(x.yml)}\n",
		"service: s\nprovider: {name: aws, runtime: provided.al2023}\ncustom: {go: {baseDir: cmd, cmd: go build -tags x}}\nfunctions: {a: {handler: a}}\n",
		"a: &a [x]\nb: [*a, *a]\n", "{\"functions\": {\"f\": null}}",
		serverlessHead+"plugins: [serverless-esbuild, serverless-webpack, serverless-go-plugin]\ncustom: {esbuild: {minify: true, target: [node20], define: {a: '\"b\"', K: '${env:SET}'}, loader: {.md: text}, exclude: ['*', x], external: y, banner: {js: \"a\\u0085\\n\"}}, webpack: {includeModules: {forceExclude: [z]}}, go: {cgo: 1, cmd: go build -tags a -ldflags='-X b=c'}}\nbuild: {esbuild: {sourcemap: {type: linked}}}\nfunctions: {f: {handler: f.handler, skipEsbuild: true}}\n",
	)
}

func FuzzTemplate(f *testing.F) {
	fuzzManifest(f, "template.yaml", files{"f.ts": "", "src/g.js": "", "Makefile": "build-G:\n\tgo build -o x ./cmd/a\n", "cmd/a/main.go": goMain},
		"Parameters: {S: {Default: dev}}\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties: {Runtime: nodejs22.x, Handler: !Sub 'f.${S}', CodeUri: .}\n",
		"Globals: {Function: {Runtime: provided.al2023}}\nResources:\n  G:\n    Type: AWS::Serverless::Function\n    Metadata: {BuildMethod: makefile}\n    Properties: {Handler: bootstrap}\n",
		"Conditions: {C: !And [!Equals [a, !Ref P], !Not [!Condition C]]}\nMappings: {M: {a: {b: f.h}}}\nResources:\n  F:\n    Type: AWS::Lambda::Function\n    Condition: C\n    Properties: {Code: src, Runtime: nodejs22.x, Handler: !If [C, !FindInMap [M, a, b], !Join ['.', [g, !Select [0, !Split [',', 'h,i']]]]]}\n",
		"Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Metadata: {BuildMethod: esbuild, BuildProperties: {EntryPoints: [src/g.js], Minify: false, Banner: ['js=x'], Loader: ['.a=text']}}\n    Properties: {Runtime: nodejs22.x, Handler: g.h}\n",
	)
}

func FuzzFeatherpack(f *testing.F) {
	fuzzManifest(f, "featherpack.yaml", files{"a.ts": "", "cmd/a/main.go": goMain},
		"functions: {a: a.ts, b: {entry: ./cmd/a, tags: auto}}\nbuild: {minify: false, include: ['x/**']}\noverride: {'a*': {sdk: runtime}}\n",
		"functions: {a: {entry: a.ts, handler: h, environment: {A: 1}}}\nbudgets: [{zip: {max: 1 MiB, grow: 2%}, forbid: [x], load: 5 ms}]\nadvice: {ignore: [{code: c, reason: r, until: 2027-01-01}]}\ninstall: {scripts: [x]}\n",
	)
}

func FuzzVariables(f *testing.F) {
	r := resolverFor(f, files{"serverless.yml": "custom: {a: '${self:custom.b}', b: \"x${opt:stage, 'dev'}\", c: {d: [1, '${self:custom.c}']}, e: '${self:custom.e}'}\nprovider: {stage: '${sls:stage}'}\n", "x.yml": "a: {b: '${self:custom.a}'}\n"}, Options{})
	for _, s := range []string{
		"${self:custom.a}", "a${opt:x, 'b'}c", "${file(x.yml):a.b}", "${ssm:/x, self:custom.a, 5, null}", "${self:custom.${opt:s, ${env:A, \"b\"}}}",
		`\${a:b}${AWS::Region}`, "${strToBool(true)}", "${cf(eu, 'x'):a.b}", "${self:}", "${param:a}${sls:stage}", "${self:custom.c.d.1.d.0}",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		start := cpuTime()
		fresh := &resolver{discovery: r.discovery, dir: r.dir, root: r.root, done: map[*value]*value{}, files: map[string]*value{}, cyclic: map[string]analyzer.Diagnostic{}}
		v := fresh.resolve(textValue(s, analyzer.Position{File: "x", Line: 1}))
		if len(fresh.stack) != 0 {
			t.Error("the stack is not empty")
		}
		if v != nil && v.kind == text && len(v.text) > maxResolvedText {
			t.Errorf("a text of %d bytes", len(v.text))
		}
		if !strings.Contains(s, "${") && (v == nil || v.text != s) {
			t.Errorf("%q became %v", s, v)
		}
		if spent := cpuTime() - start; spent > 2*time.Second {
			t.Errorf("took %v", spent)
		}
	})
}

func FuzzHandler(f *testing.F) {
	dir := project(f, files{"repo/.git/": "", "repo/svc/src/a.ts": "", "repo/svc/b/index.js": "", "repo/svc/cmd/x/main.go": goMain, "repo/up.ts": "", "secret.ts": ""})
	for _, s := range []string{"src/a.handler", "b.h", "../up.h", "../../secret.h", "/etc/passwd.h", `src\a.h`, "src/a", "a\x00.h", "cmd/x", "cmd/x/main.go", "...", "./src/../src/a.h", "Src/A.h"} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, handler string, node bool) {
		d := &discovery{}
		if !d.open(filepath.Join(dir, "repo/svc")) {
			t.Fatal("no folder")
		}
		family, runtime := analyzer.Go, defaultGoRuntime
		if node {
			family, runtime = analyzer.Node, defaultNodeRuntime
		}
		fn := &function{Function: analyzer.Function{Name: "f", Handler: handler, Runtime: runtime, Family: family, CodeDir: "svc", ServiceDir: "svc"}}
		skip := ""
		if node {
			d.nodeEntry(fn)
		} else {
			skip = d.goEntry(fn)
		}
		if fn.Entry == "" && skip == "" && analyzer.ExitStatus(fn.problems) == 0 {
			t.Errorf("handler %q: nothing found and nothing told", handler)
		}
		if fn.Entry != "" && !strings.HasPrefix(fn.Entry, "svc/") && (node || fn.Entry != "svc") {
			// A Go package may be shared between services; it stays in the root.
			if node || !inside(fn.Entry) {
				t.Errorf("handler %q leads to %q", handler, fn.Entry)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"a: 1\nb: [x, {c: d}]\n", "a: &a {b: c}\nd: {<<: *a}\n", "- !Sub 'x'\n- |\n  y\n", "{\"a\":\t1}", "? a\n: b\n", "a: !!str 1\n...\n---\nb\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		start := cpuTime()
		v, p := parse("m.yml", source)
		if (v == nil) == (p == nil) {
			t.Fatalf("%v %v", v, p)
		}
		lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(source)), "\n")
		check := func(at analyzer.Position) {
			if at.Line < 0 || at.Line > len(lines)+1 || at.Column < 0 {
				t.Errorf("position %v of %d lines", at, len(lines))
			}
		}
		if p != nil {
			check(p.Position)
			if !utf8.ValidString(p.Message) || p.Message == "" {
				t.Errorf("message %q", p.Message)
			}
		}
		nodes := 0
		var visit func(v *value)
		visit = func(v *value) {
			if nodes++; nodes > 3*maxAliasNodes {
				return
			}
			check(v.at)
			if v.kind == mapping && len(v.keys) != len(v.items) {
				t.Error("keys and items differ")
			}
			for _, item := range v.items {
				visit(item)
			}
		}
		if v != nil {
			visit(v)
		}
		if spent := cpuTime() - start; spent > 2*time.Second {
			t.Errorf("took %v", spent)
		}
	})
}
