package migrate_test

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/manifest/manifesttest"
	"github.com/featherpack/featherpack/analyzer/manifest/settings"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
	"github.com/featherpack/featherpack/analyzer/migrate"
)

// soundMigration holds what Migrate would have written to what featherpack.yaml takes.
func soundMigration(t *testing.T, dir string, o manifest.Options) {
	m := migrate.Migrate(dir, o)
	if again := migrate.Migrate(dir, o); !reflect.DeepEqual(m, again) {
		t.Errorf("migrated differently:\n%+v\n%+v", m, again)
	}
	for _, e := range m.Settings {
		root, p := yamltree.Parse("featherpack.yaml", []byte("build:\n  "+e.Key+": "+e.Value+" # x\n"))
		if p != nil {
			t.Errorf("%s: %s: %s", e.Key, e.Value, p.Message)
			continue
		}
		c := &settings.Checker{}
		if settings.ReadSetting(c, e.Key, root.Get("build", e.Key), "build"); len(c.Problems) > 0 {
			t.Errorf("%s: %s: %v", e.Key, e.Value, c.Problems)
		}
	}
}

func fuzzMigration(f *testing.F, name string, others manifesttest.Files, seeds ...string) {
	dir := manifesttest.Project(f, others)
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		defer inputtest.Bound(t)()
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
		soundMigration(t, dir, manifest.Options{Stage: "dev", Params: map[string]string{"P": "x"}})
	})
}

const esbuildService = manifesttest.ServerlessHead + `plugins: [serverless-esbuild, serverless-webpack, serverless-go-plugin]
custom:
  esbuild:
    {minify: true, target: [node20], define: {a: '"b"', K: '${env:SET}'}, loader: {.md: text},
      exclude: ['*', x], external: y, banner: {js: "a\u0085\n"}}
  webpack: {includeModules: {forceExclude: [z]}}
  go: {cgo: 1, cmd: go build -tags a -ldflags='-X b=c'}
build: {esbuild: {sourcemap: {type: linked}}}
functions: {f: {handler: f.handler, skipEsbuild: true}}
`

const esbuildTemplate = `Resources:
  F:
    Type: AWS::Serverless::Function
    Metadata:
      BuildMethod: esbuild
      BuildProperties: {EntryPoints: [src/g.js], Minify: false, Banner: ['js=x'], Loader: ['.a=text']}
    Properties: {Runtime: nodejs22.x, Handler: g.h}
`

func FuzzServerlessMigration(f *testing.F) {
	fuzzMigration(f, "serverless.yml", manifesttest.Files{"f.ts": "", "x.yml": "a: {handler: f.handler}\n"},
		esbuildService, manifesttest.ServerlessHead+"functions: ${file(x.yml)}\n", "a: &a [x]\nb: [*a, *a]\n")
}

func FuzzTemplateMigration(f *testing.F) {
	fuzzMigration(f, "template.yaml", manifesttest.Files{"src/g.js": ""}, esbuildTemplate)
}
