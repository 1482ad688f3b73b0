package manifest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/manifest/manifesttest"
)

const goTool = "package main\n\nfunc main() {}\n"

func TestGoFunctions(t *testing.T) {
	const goHead = "service: shop\nprovider: {name: aws, runtime: provided.al2023, architecture: arm64}\n"
	for _, test := range []struct {
		name      string
		files     manifesttest.Files
		functions []string
		skipped   []string
		told      []string
	}{
		{
			name: "a plain module",
			files: manifesttest.Files{
				"go.mod": "module example.com/shop\n", "cmd/ingest/main.go": manifesttest.GoMain,
				"cmd/api/main.go": manifesttest.GoMain, "internal/api/main.go": manifesttest.GoMain,
				"cmd/tool/main.go": goTool, "cmd/ignored/main.go": "//go:build ignore\n\n" + manifesttest.GoMain,
				"lib/lib.go": "package lib\n\n" +
					"import _ \"github.com/aws/aws-lambda-go/events\"\n",
				"cmd/tested/x_test.go": manifesttest.GoMain, "nested/go.mod": "module n\n",
				"nested/run/main.go": manifesttest.GoMain, "vendor/x/main.go": manifesttest.GoMain, "broken/main.go": "package",
			},
			functions: []string{
				"shop/cmd-api provided.al2023 x86_64 cmd/api -> cmd/api",
				"shop/ingest provided.al2023 x86_64 cmd/ingest -> cmd/ingest",
				"shop/internal-api provided.al2023 x86_64 internal/api -> internal/api",
				"nested/run provided.al2023 x86_64 run -> nested/run",
			},
		},
		{
			name:      "a module that is one function",
			files:     manifesttest.Files{"go.mod": "module example.com/single\n", "main.go": manifesttest.GoMain},
			functions: []string{"single/single provided.al2023 x86_64 . -> ."},
		},
		{
			name: "a module below a manifest is the manifest's",
			files: manifesttest.Files{
				"serverless.yml": goHead + "functions: {a: {handler: cmd/a}}\n", "go.mod": "module m\n",
				"cmd/a/main.go": manifesttest.GoMain, "cmd/b/main.go": manifesttest.GoMain,
			},
			functions: []string{"shop/a provided.al2023 arm64 cmd/a -> cmd/a"},
		},
		{
			name: "handlers of serverless.yml",
			files: manifesttest.Files{
				"serverless.yml": goHead + `functions:
  folder: {handler: ./cmd/folder}
  file: {handler: cmd/file/main.go}
  byName: {handler: bootstrap}
  byBinary: {handler: bin/by-binary-name}
  wrapped: {handler: cmd/wrapped}
`,
				"go.mod": "module m\n", "cmd/folder/main.go": manifesttest.GoMain, "cmd/file/main.go": manifesttest.GoMain,
				"cmd/by-name/main.go":        manifesttest.GoMain,
				"cmd/by_binary_name/main.go": manifesttest.GoMain, "cmd/wrapped/main.go": goTool,
			},
			functions: []string{
				"shop/folder provided.al2023 arm64 ./cmd/folder -> cmd/folder",
				"shop/file provided.al2023 arm64 cmd/file/main.go -> cmd/file",
				"shop/byName provided.al2023 arm64 bootstrap -> cmd/by-name",
				"shop/byBinary provided.al2023 arm64 bin/by-binary-name -> cmd/by_binary_name",
				"shop/wrapped provided.al2023 arm64 cmd/wrapped -> cmd/wrapped",
			},
		},
		{
			name: "what is wrong",
			files: manifesttest.Files{
				"serverless.yml": goHead + `functions:
  missing: {handler: cmd/ordrs/main.go}
  lib: {handler: lib}
  empty: {handler: docs}
  unclear: {handler: bootstrap}
  up: {handler: ../../x}
  case: {handler: cmd/Orders}
`,
				"go.mod": "module m\n", "cmd/orders/main.go": manifesttest.GoMain, "cmd/users/main.go": manifesttest.GoMain,
				"lib/lib.go": "package lib\n", "docs/x.md": "",
			},
			functions: []string{
				"shop/missing provided.al2023 arm64 cmd/ordrs/main.go" +
					" -> ", "shop/lib provided.al2023 arm64 lib -> ", "shop/empty provided.al2023 arm64 docs -> ",
				"shop/unclear provided.al2023 arm64 bootstrap" +
					" -> ", "shop/up provided.al2023 arm64 ../../x -> ", "shop/case provided.al2023 arm64 cmd/Orders -> ",
			},
			told: []string{
				`error handler-case serverless.yml:9:19: case: handler "cmd/Orders" is called cmd/orders | write them the same`,
				`error no-such-handler serverless.yml:6:20: empty: handler "docs": docs holds no Go package` +
					` | name the folder of a Go package main`,
				`error not-a-main serverless.yml:5:18: lib: handler "lib": lib is package lib, not main` +
					` | name the folder of the package main that starts the function`,
				`error no-such-handler serverless.yml:4:22: missing: handler "cmd/ordrs/main.go": there is no` +
					` cmd/ordrs/main.go | did you mean cmd/orders?`,
				`error no-such-handler serverless.yml:7:22: unclear: handler "bootstrap" does not say which Go package is` +
					` meant | name the package's folder as the handler, or in featherpack.yaml: it may be one of cmd/orders,` +
					` cmd/users`,
				`refused handler-outside serverless.yml:8:17: up: handler "../../x" leaves the project's root` +
					` | nothing outside the project's root is packed`,
			},
		},
		{
			name: "a folder that is not there",
			files: manifesttest.Files{
				"featherpack.yaml": "functions: {users: ./cmd/usrs, orders: ./cmd/elsewhere/orders, byName: orders}\n",
				"go.mod":           "module m\n", "cmd/orders/main.go": manifesttest.GoMain,
				"cmd/users/main.go": manifesttest.GoMain,
			},
			functions: []string{
				"m/users provided.al2023 x86_64 ./cmd/usrs -> ", "m/orders provided.al2023 x86_64 ./cmd/elsewhere/orders -> ",
				"m/byName provided.al2023 x86_64 orders -> cmd/orders",
			},
			told: []string{
				`error no-such-handler featherpack.yaml:1:40: orders: entry "./cmd/elsewhere/orders": there is no folder` +
					` cmd/elsewhere/orders | did you mean cmd/orders?`,
				`error no-such-handler featherpack.yaml:1:20: users: entry "./cmd/usrs": there is no folder cmd/usrs` +
					` | did you mean cmd/users?`,
			},
		},
		{
			name:  "another language",
			files: manifesttest.Files{"serverless.yml": goHead + "functions: {a: {handler: bootstrap}}\n", "Cargo.toml": ""},
			skipped: []string{
				"a: runs on provided.al2023 and the project's root holds no Go main package that imports aws-lambda-go",
			},
		},
		{
			name: "provided.al2",
			files: manifesttest.Files{
				"serverless.yml": "service: s\nprovider: {name: aws, runtime: provided.al2}\n" +
					"functions: {a: {handler: ./a}, b: {handler: ./b}}\n",
				"go.mod": "module m\n", "a/main.go": manifesttest.GoMain, "b/main.go": manifesttest.GoMain,
			},
			functions: []string{"s/a provided.al2 x86_64 ./a -> a", "s/b provided.al2 x86_64 ./b -> b"},
			told: []string{
				"warning deprecated-runtime serverless.yml:2:32: runtime provided.al2 is past the end of support of Amazon" +
					" Linux 2 | move to provided.al2023",
			},
		},
		{
			name: "SAM",
			files: manifesttest.Files{
				"template.yaml": `
Globals: {Function: {Runtime: provided.al2023, Architectures: [arm64]}}
Resources:
  Direct:
    Type: AWS::Serverless::Function
    Metadata: {BuildMethod: go1.x}
    Properties: {Handler: bootstrap, CodeUri: functions/direct/}
  Made:
    Type: AWS::Serverless::Function
    Metadata: {BuildMethod: makefile}
    Properties: {Handler: bootstrap, CodeUri: .}
  Bare:
    Type: AWS::Serverless::Function
    Properties: {Handler: bootstrap, CodeUri: functions/bare/}
  Old:
    Type: AWS::Serverless::Function
    Metadata: {BuildMethod: go1.x}
    Properties: {Handler: hello, Runtime: go1.x, CodeUri: functions/direct/}
  Prebuilt:
    Type: AWS::Serverless::Function
    Properties: {Handler: bootstrap, CodeUri: bin/}
`,
				"Makefile": ".PHONY: build-Made\nbuild-Other:\n\tgo build -o x ./other\nbuild-Made:\n\techo go\n" +
					"\tGOOS=linux go build -tags lambda.norpc,x -ldflags=\"-s -w -X 'main.v=1 2'\" -o" +
					" $(ARTIFACTS_DIR)/bootstrap ./functions/made\n",
				"go.mod": "module m\n", "functions/direct/main.go": manifesttest.GoMain,
				"functions/made/main.go": manifesttest.GoMain, "functions/bare/main.go": manifesttest.GoMain, "bin/bootstrap": "x",
			},
			functions: []string{
				"m/Direct provided.al2023 arm64 . -> functions/direct",
				"m/Made provided.al2023 arm64 functions/made -> functions/made",
				"m/Bare provided.al2023 arm64 bootstrap -> functions/bare",
				"m/Old go1.x arm64 hello -> ",
			},
			skipped: []string{"Prebuilt: runs on provided.al2023 and bin holds no Go main package that imports aws-lambda-go"},
			told: []string{
				`error unsupported-runtime template.yaml:18:43: Old: lambda does not support runtime "go1.x"` +
					` | use provided.al2023 and a binary named bootstrap, which featherpack builds`,
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := manifesttest.Discover(t, test.files, manifest.Options{})
			manifesttest.MustFind(t, p, test.functions...)
			manifesttest.MustReport(t, p, test.told...)
			var skipped []string
			for _, s := range p.Skipped {
				skipped = append(skipped, s.Name+": "+s.Reason)
			}
			if diff := cmp.Diff(test.skipped, skipped); diff != "" {
				t.Error(diff)
			}
			if test.name == "SAM" {
				made := p.Functions[1].Build
				if diff := cmp.Diff([]string{"lambda.norpc", "x"}, made.Tags); diff != "" {
					t.Error(diff)
				}
				if diff := cmp.Diff([]string{"-X 'main.v=1 2'"}, made.LDFlags); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}
