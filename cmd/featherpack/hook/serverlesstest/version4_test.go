package serverlesstest

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
)

// framework4 replaces the part of Serverless Framework 4 that the plugin uses. The
// framework itself cannot run here, because it downloads itself from outside npm and
// requires a licence key. So this only tests the plugin, with the real binary: what it
// sets, when, and its messages. The framework's esbuild skips a function with an artifact,
// according to its source: packages/serverless/lib/plugins/esbuild/index.js,
// _shouldBuildFunction, in the hook before:package:createDeploymentArtifacts.
const framework4 = `
const [plugin, dir, build, ofFunction] = process.argv.slice(1)
const Plugin = require(plugin)
const said = []
const functions = { hello: { handler: 'src/hello.handler', build: JSON.parse(ofFunction) } }
const service = {
  service: 'shop', provider: { name: 'aws', runtime: 'nodejs22.x' }, functions, build: JSON.parse(build),
  getAllFunctions: () => Object.keys(functions), getFunction: (name) => functions[name],
}
const none = () => {}
const p = new Plugin(
  {
    version: '4.17.1', service, serviceDir: dir, configurationFilename: 'serverless.yml',
    config: {}, getProvider: () => false,
    classes: { Error: class ServerlessError extends Error {} },
    configSchemaHandler: { defineCustomProperties: none, defineFunctionProperties: none },
  },
  {},
  {
    log: { warning: (line) => said.push(line), notice: none, info: none },
    progress: { get: () => ({ notice: none, remove: none }) },
  },
)
p.hooks['before:package:initialize']().then(() => {
  console.log(JSON.stringify({ said, artifact: functions.hello.package.artifact, early: Object.keys(p.hooks)[0] }))
})
`

func TestServerless4(t *testing.T) {
	clitest.SkipUnlessLong(t)
	t.Parallel()
	const warning = "the framework's own esbuild is on (build: esbuild), but featherpack builds instead of it and " +
		"its options have no effect; run featherpack init to convert them, then set build: {esbuild: false}"
	dir := layService(t)
	for _, test := range []struct {
		build, function string
		warns           bool
	}{
		{`null`, `null`, false},
		{`{"esbuild": false}`, `null`, false},
		{`{"esbuild": true}`, `null`, true},
		{`{"esbuild": {"minify": true, "external": ["pg"]}}`, `null`, true},
		{`"esbuild"`, `null`, true},
		{`null`, `"esbuild"`, true},
	} {
		cmd := exec.Command("node", "-e", framework4, filepath.Join(dir, "serverless-featherpack.cjs"), dir,
			test.build, test.function)
		cmd.Env = append(os.Environ(), "FEATHERPACK_BINARY="+clitest.Path(t))
		text, err := cmd.Output()
		var got struct {
			Said     []string
			Artifact string
			Early    string
		}
		if err != nil || json.Unmarshal(text, &got) != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if got.Early != "before:package:initialize" || got.Artifact != filepath.Join(dir, ".serverless",
			"hello.featherpack.zip") || !clitest.Exists(got.Artifact) {
			t.Errorf("build %s: %+v", test.build, got)
		}
		if warned := len(got.Said) == 1 && got.Said[0] == warning; warned != test.warns || !warned &&
			len(got.Said) > 0 {
			t.Errorf("build %s, of the function %s: said %q", test.build, test.function, got.Said)
		}
	}
}
