package serverlesstest

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/featherpack/featherpack/cmd/featherpack/hook"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/reporters"
)

// twoServices are two services in one repository that share a module, a package and
// settings. The second manifest is called featherpack.yml like featherpack's settings, and
// names the plugin by its package.
const twoServices = `
-- .git/HEAD --
-- package.json --
{"private": true, "dependencies": {"grüße": "1.0.0"}}
-- featherpack.yaml --
build: {sourcemap: none}
-- node_modules/grüße/package.json --
{"name": "grüße", "version": "1.0.0"}
-- node_modules/grüße/index.js --
exports.greet = (name) => 'hello ' + name
-- shared/word.ts --
export const word = 'shared'
-- services/an order/serverless.yml --
service: orders
provider: {name: aws, runtime: nodejs20.x}
plugins: [featherpack/serverless]
functions: {run: {handler: src/run.handler}}
-- services/an order/src/run.ts --
import { greet } from 'grüße'
import { word } from '../../../shared/word'
export const handler = async () => greet('orders ' + word)
-- services/bürgen/featherpack.yml --
service: sureties
provider: {name: aws, runtime: nodejs20.x}
plugins: [featherpack]
functions: {run: {handler: src/run.handler}}
-- services/bürgen/src/run.ts --
import { greet } from 'grüße'
import { word } from '../../../shared/word'
export const handler = async () => greet('sureties ' + word)
`

// TestServerlessOneRepository packages two services of one repository at the same time,
// with the plugin installed from npm.
func TestServerlessOneRepository(t *testing.T) {
	clitest.SkipUnlessLong(t)
	installFrameworks(t)
	root := filepath.Join(t.TempDir(), "läden & co")
	for _, f := range txtar.Parse([]byte(twoServices)).Files {
		clitest.Write(t, filepath.Join(root, filepath.FromSlash(f.Name)), string(f.Data))
	}
	installPlugin(t, root)
	services := []struct {
		dir, manifest, stack string
		args                 []string
	}{
		{filepath.Join(root, "services", "an order"), "serverless.yml", "orders-dev-", []string{"package"}},
		{filepath.Join(root, "services", "bürgen"), "featherpack.yml", "sureties-dev-",
			[]string{"package", "--config", "featherpack.yml"}},
	}
	// The zips of a direct build of the first service. Only the framework reads the second
	// manifest.
	out, listing := filepath.Join(t.TempDir(), "out"), filepath.Join(t.TempDir(), "list.yaml")
	clitest.Write(t, listing, "functions: {run: {entry: src/run.ts, runtime: nodejs20.x}}\n")
	clitest.Must(t, "build", "--functions", listing, "--quiet", "--compress", "best", "--out", out, services[0].dir)
	byHand := clitest.Read(t, filepath.Join(out, "run.zip"))
	outputs := make([]string, len(services))
	statuses := make([]int, len(services))
	var wait sync.WaitGroup
	for i, s := range services {
		wait.Go(func() { outputs[i], statuses[i] = sls(t, "osls", s.dir, nil, s.args...) })
	}
	wait.Wait()
	for i, s := range services {
		if statuses[i] != 0 {
			t.Fatalf("%s: exit status %d\n%s", s.dir, statuses[i], outputs[i])
		}
		if got := stackOf(t, s.dir, s.stack); got.key["run"] != "run.featherpack.zip" {
			t.Errorf("%s ships %q", s.manifest, got.key)
		}
		zip := filepath.Join(s.dir, ".serverless", "run.featherpack.zip")
		if report := string(clitest.Read(t, filepath.Join(s.dir, outdir.Default, "report.json"))); !strings.Contains(report,
			`{"name":"compress","value":"best"}`) {
			t.Errorf("%s is not compressed as small as it gets:\n%.300s", s.manifest, report)
		}
		if names := namesIn(t, zip); !slices.Equal(names, []string{"src/run.js"}) {
			t.Errorf("%s holds %q", s.manifest, names)
		}
		if same := bytes.Equal(clitest.Read(t, zip), byHand); same != (i == 0) {
			t.Errorf("%s is what a build makes of the first: %v", s.manifest, same)
		}
	}
	both := filepath.Join(services[0].dir, "serverless.yml")
	clitest.Write(t, both, strings.Replace(string(clitest.Read(t, both)), "[featherpack/serverless]",
		"[featherpack, featherpack/serverless]", 1))
	if output, status := sls(t, "osls", services[0].dir, nil, "package"); status == 0 || !strings.Contains(output,
		"duplicate plugin") {
		t.Errorf("the plugin by both of its names: exit status %d\n%s", status, output)
	}
}

// installPlugin installs the npm package featherpack in a folder. It equals the released
// package, except for the binary.
func installPlugin(t *testing.T, dir string) {
	t.Helper()
	values := hook.Values{Version: "devel", Schema: reporters.SchemaVersion}
	texts, err := hook.Package(values)
	if err != nil {
		t.Fatal(err)
	}
	plugin, err := hook.All[0].Render(values)
	if err != nil {
		t.Fatal(err)
	}
	texts = append(texts, hook.Text{Path: "serverless.js", Content: plugin[0].Content},
		hook.Text{Path: "package.json",
			Content: `{"name": "featherpack", "version": "1.0.0", "main": "./index.js", "exports": {".": ` +
				`"./index.js", "./serverless": "./serverless.js"}}`})
	for _, text := range texts {
		clitest.Write(t, filepath.Join(dir, "node_modules", "featherpack", text.Path), text.Content)
	}
}
