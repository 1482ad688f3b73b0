package trace

import (
	"os"
	"testing"
)

// sample is a native library made for a platform.
func sample(t *testing.T, platform string) string {
	t.Helper()
	text, err := os.ReadFile("native/testdata/" + platform + ".node")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAddons(t *testing.T) {
	x64, arm, musl := "="+sample(t, "linux-x64-glibc"), "="+sample(t, "linux-arm64-glibc"), "="+sample(t, "linux-x64-musl")
	mac := sample(t, "darwin-arm64")
	p := "node_modules/p/"
	for _, c := range []traceCase{
		{name: "direct", files: []string{p + "build/Release/p.node" + x64}, source: `require('../build/Release/p.node')`,
			want: []string{"addon require ../build/Release/p.node [../build/Release/p.node>" + p + "build/Release/p.node]"}},
		{name: "for another CPU", files: []string{p + "p.node" + arm}, source: `require('../p.node')`,
			want: []string{"addon require ../p.node [] wrong [../p.node>" + p + "p.node]"}},
		{name: "no library at all", files: []string{p + "p.node=text"}, source: `require('../p.node')`,
			want: []string{"addon require ../p.node [] wrong [../p.node>" + p + "p.node]"}},
		{name: "by platform", files: []string{p + "bin/linux/x64/a.node" + x64, p + "bin/darwin/arm64/a.node=" + mac}, source: "require(`../bin/${process.platform}/${process.arch}/a.node`)",
			want: []string{"addon require ../bin/linux/x64/a.node [../bin/linux/x64/a.node>" + p + "bin/linux/x64/a.node]"}},
		{name: "bindings", files: []string{p + "build/Release/p.node" + x64}, source: `module.exports = require('bindings')('p')`,
			want: []string{"addon bindings p.node [p.node>" + p + "build/Release/p.node]"}},
		{name: "bindings with options", files: []string{p + "lib/binding/node-v127-linux-x64/p.node" + x64}, source: `import bindings from 'bindings'; bindings({ bindings: 'p.node' })`,
			want: []string{"addon bindings p.node [p.node>" + p + "lib/binding/node-v127-linux-x64/p.node]"}},
		{name: "bindings not built", source: `try { require('bindings')('p') } catch {}`, want: []string{"addon bindings p.node [] guarded"}},
		{name: "node-gyp-build", path: p + "index.js", files: []string{
			p + "prebuilds/linux-x64/p.glibc.node" + x64, p + "prebuilds/linux-x64/p.musl.node" + musl, p + "prebuilds/linux-arm64/p.glibc.node" + arm, p + "prebuilds/darwin-x64+arm64/p.node=" + mac},
			source: `module.exports = require('node-gyp-build')(__dirname)`,
			want:   []string{"addon node-gyp-build node_modules/p [node_modules/p>" + p + "prebuilds/linux-x64/p.glibc.node]"}},
		{name: "node-gyp-build by ABI and N-API", path: p + "index.js", files: []string{
			p + "prebuilds/linux-x64/electron.napi.node" + x64, p + "prebuilds/linux-x64/node.abi115.node" + x64, p + "prebuilds/linux-x64/node.napi.node" + x64},
			source: `require('node-gyp-build')(require('path').join(__dirname, '.'))`,
			want:   []string{"addon node-gyp-build node_modules/p [node_modules/p>" + p + "prebuilds/linux-x64/node.napi.node]"}},
		{name: "node-gyp-build, compiled here", path: p + "index.js", files: []string{p + "build/Release/p.node" + x64, p + "prebuilds/linux-x64/p.node" + x64},
			source: `require('node-gyp-build')(__dirname)`, want: []string{"addon node-gyp-build node_modules/p [node_modules/p>" + p + "build/Release/p.node]"}},
		{name: "node-gyp-build's path", files: []string{p + "prebuilds/linux-x64/p.node" + x64}, source: `const path = require('path'); const load = require('node-gyp-build'); require(load.path(path.join(__dirname, '..')))`,
			want: []string{"addon require " + p + "prebuilds/linux-x64/p.node [" + p + "prebuilds/linux-x64/p.node>" + p + "prebuilds/linux-x64/p.node]", "addon node-gyp-build node_modules/p [node_modules/p>" + p + "prebuilds/linux-x64/p.node]"}},
		{name: "optional platform package", path: p + "index.js", files: []string{p + `package.json={"name":"p"}`, "node_modules/@p/p-linux-x64/node.napi.node" + x64, "node_modules/@p/p-linux-arm64/node.napi.node" + arm},
			source: `require('node-gyp-build-optional-packages')(__dirname)`, want: []string{"addon node-gyp-build node_modules/p [node_modules/p>node_modules/@p/p-linux-x64/node.napi.node]"}},
		{name: "node-pre-gyp", files: []string{p + `package.json={"binary":{"module_name":"p","module_path":"./lib/{node_abi}-{platform}-{arch}/"}}`, p + "lib/node-v127-linux-x64/p.node" + x64},
			source: `const binary = require('@mapbox/node-pre-gyp'), path = require('path'); const file = binary.find(path.resolve(path.join(__dirname, '../package.json'))); module.exports = require(file)`,
			want: []string{
				"addon node-pre-gyp p.node [p.node>" + p + "lib/node-v127-linux-x64/p.node]",
				"addon require " + p + "lib/node-v127-linux-x64/p.node [" + p + "lib/node-v127-linux-x64/p.node>" + p + "lib/node-v127-linux-x64/p.node]"}},
		{name: "loader of napi-rs", path: p + "index.js", files: []string{p + "p.linux-x64-gnu.node" + x64, p + "p.win32-x64-msvc.node=" + sample(t, "win32-x64")},
			source: `switch (process.platform) { case 'win32': require('./p.win32-x64-msvc.node'); break; case 'linux': switch (process.arch) { case 'x64': if (isMusl()) { try { require('./p.linux-x64-musl.node') } catch (e) {} } else { try { require('./p.linux-x64-gnu.node') } catch (e) {} } break; case 'arm64': require('./p.linux-arm64-gnu.node') } }`,
			want:   []string{"addon require ./p.linux-x64-musl.node [] guarded", "addon require ./p.linux-x64-gnu.node [./p.linux-x64-gnu.node>" + p + "p.linux-x64-gnu.node] guarded"}},
		{name: "platform packages tried in turn", files: []string{"node_modules/@img/s-linux-x64/s.node" + x64, "node_modules/@img/s-linuxmusl-x64/s.node" + musl},
			source: "const runtime = require('./platform'); for (const path of [`../src/build/s.node`, `@img/s-${runtime()}/s.node`]) try { require(path) } catch {}",
			want:   []string{"addon require ../src/build/s.node [] guarded", "addon require @img/s-*/s.node [@img/s-linux-x64/s.node>node_modules/@img/s-linux-x64/s.node] guarded wrong [@img/s-linuxmusl-x64/s.node>node_modules/@img/s-linuxmusl-x64/s.node]"}},
	} {
		t.Run(c.name, c.run)
	}
}
