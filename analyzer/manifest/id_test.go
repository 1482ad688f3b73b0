package manifest_test

import (
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/manifest/manifesttest"
)

func ids(p analyzer.Project) (list []string) {
	for _, f := range p.Functions {
		list = append(list, f.ID)
	}
	return list
}

const oneFunction = manifesttest.ServerlessHead + "functions: {run: {handler: run.handler}}\n"

const samFunction = "Resources:\n  Run:\n    Type: AWS::Serverless::Function\n" +
	"    Properties: {Runtime: nodejs22.x, Handler: run.handler}\n"

func TestIDs(t *testing.T) {
	for _, test := range []struct {
		name    string
		files   manifesttest.Files
		dir     string
		options manifest.Options
		want    []string
	}{
		{name: "in the folder itself", files: manifesttest.Files{"serverless.yml": oneFunction}, want: []string{"run"}},
		{
			name: "in folders below",
			files: manifesttest.Files{
				"serverless.yml": oneFunction, "api/serverless.yml": oneFunction, "api/v1.2/serverless.yml": oneFunction,
			},
			want: []string{"run", "api/run", "api/v1.2/run"},
		},
		{
			name:  "relative to the folder asked for",
			files: manifesttest.Files{".git/": "", "svc/api/serverless.yml": oneFunction, "svc/serverless.yml": oneFunction},
			dir:   "svc", want: []string{"run", "api/run"},
		},
		{
			name: "a module and a featherpack.yaml",
			files: manifesttest.Files{
				"go/go.mod": "module m\n", "go/cmd/in/main.go": manifesttest.GoMain,
				"js/featherpack.yaml": "functions: {a: a.ts}\n",
			},
			want: []string{"js/a", "go/in"},
		},
		{
			name:  "two manifests of one folder",
			files: manifesttest.Files{"x/api.yaml": samFunction, "x/jobs.yaml": samFunction, "x/jobs.template.json": "{}"},
			want:  []string{"x/Run@api", "x/Run@jobs"},
		},
		{
			name:  "two manifests of one stem",
			files: manifesttest.Files{"api.yaml": samFunction, "api.yml": samFunction, "other.yml": samFunction},
			want:  []string{"Run@api.yaml", "Run@api.yml", "Run@other"},
		},
		{
			name:  "a manifest above, by name",
			files: manifesttest.Files{".git/": "", "infra/api.yaml": samFunction, "svc/": ""},
			dir:   "svc", options: manifest.Options{Config: "../infra/api.yaml"}, want: []string{"Run"},
		},
		{
			name:    "a manifest below, by name",
			files:   manifesttest.Files{"infra/api.yaml": samFunction},
			options: manifest.Options{Config: "infra/api.yaml"}, want: []string{"infra/Run"},
		},
		{
			name:    "entries",
			files:   manifesttest.Files{"src/a.ts": "", "src/b/a.ts": ""},
			options: manifest.Options{Entries: []string{"src/a.ts", "src/b/a.ts"}}, want: []string{"src-a", "src-b-a"},
		},
		{
			name: "odd folders",
			files: manifesttest.Files{
				"a b/serverless.yml": oneFunction, "a%20b/serverless.yml": oneFunction, "[id]/serverless.yml": oneFunction,
				"run.zip/serverless.yml": oneFunction, "é!/serverless.yml": oneFunction, "@org/serverless.yml": oneFunction,
			},
			want: []string{"@org/run", "%5Bid%5D/run", "a%20b/run", "a%2520b/run", "run%2Ezip/run", "é%21/run"},
		},
		{
			name: "names that no file can have",
			files: manifesttest.Files{
				"featherpack.yaml": "functions: {../../x: a.ts, '..': a.ts, '': a.ts, 'a b': a.ts, 'a@b': a.ts}\n",
			},
			want: []string{"%2E.%2F..%2Fx", "%2E%2E", "%", "a%20b", "a%40b"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := filepath.Join(manifesttest.Project(t, test.files), test.dir)
			got := ids(manifest.Discover(dir, test.options))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("IDs (-want +got):\n%s", diff)
			}
			for _, id := range got {
				if !filepath.IsLocal(id) || path.Clean(id) != id || strings.ContainsAny(id, "\\:*?\"<>|[]{} ") {
					t.Errorf("%q is no path that every disk can hold", id)
				}
			}
		})
	}
}

// A function's ID stays as it is when another service comes or goes.
func TestIDsDependOnNoOtherService(t *testing.T) {
	files := manifesttest.Files{
		"serverless.yml": oneFunction, "a/serverless.yml": oneFunction, "b/template.yaml": samFunction,
	}
	p := manifesttest.Discover(t, files, manifest.Options{})
	all := map[string]string{}
	for _, f := range p.Functions {
		all[f.ServiceDir] = f.ID
	}
	for gone := range files {
		fewer := manifesttest.Files{}
		for name, text := range files {
			if name != gone {
				fewer[name] = text
			}
		}
		for _, f := range manifesttest.Discover(t, fewer, manifest.Options{}).Functions {
			if f.ID != all[f.ServiceDir] {
				t.Errorf("without %s, %s becomes %s", gone, all[f.ServiceDir], f.ID)
			}
		}
	}
}

// A template that deploys featherpack's zip must name the one that is written.
func TestZipsOfTemplates(t *testing.T) {
	template := func(zip string) string {
		return "Resources:\n  Run:\n    Type: AWS::Serverless::Function\n    Metadata: {featherpack: run.ts}\n" +
			"    Properties: {Runtime: nodejs22.x, Handler: run.handler, CodeUri: " + zip + "}\n"
	}
	for _, test := range []struct{ file, zip, want string }{
		{"template.yaml", ".featherpack/Run.zip", ""},
		{"template.yaml", "dist/Run.zip", ""},
		{"template.yaml", "dist/run.zip", "the code is dist/run.zip, and featherpack writes Run.zip | name it dist/Run.zip"},
		{"infra/template.yaml", ".featherpack/Run.zip", ""},
		{"infra/template.yaml", "../.featherpack/infra/Run.zip", ""},
		{"infra/template.yaml", "../out/Run.zip", ""},
		{"infra/template.yaml", "../.featherpack/Run.zip",
			"the code is ../.featherpack/Run.zip, and featherpack writes infra/Run.zip | name it ../.featherpack/infra/Run.zip"},
		{"a b/c/template.yaml", "../../.featherpack/a%20b/c/Run.zip", ""},
		{"a b/c/template.yaml", "../.featherpack/c/Run.zip", ""},
		{"a b/c/template.yaml", "../.featherpack/Run.zip",
			"the code is ../.featherpack/Run.zip, and featherpack writes c/Run.zip | name it ../.featherpack/c/Run.zip"},
	} {
		run := path.Join(path.Dir(test.file), "run.ts")
		p := manifesttest.Discover(t, manifesttest.Files{test.file: template(test.zip), run: ""}, manifest.Options{})
		told := strings.Join(manifesttest.Reported(p), "\n")
		if _, told, _ = strings.Cut(told, "Run: "); told != test.want {
			t.Errorf("%s with %s tells %s", test.file, test.zip, told)
		}
	}
}
