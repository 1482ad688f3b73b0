package trace

import "testing"

func TestModules(t *testing.T) {
	p := "node_modules/p/"
	for _, c := range []traceCase{
		{name: "what a bundler sees", source: `require('./b'); import('./c'); require("d")`},
		{name: "handlers by name", files: []string{"src/handlers/a.js", "src/handlers/b.ts", "src/handlers/b.test.ts", "src/handlers/c.d.ts", "src/handlers/sub/index.js"}, path: "src/h.js",
			source: `exports.f = name => require('./handlers/' + name)`,
			want:   []string{"module require ./handlers/* [./handlers/a>src/handlers/a.js ./handlers/a.js>src/handlers/a.js ./handlers/b>src/handlers/b.ts ./handlers/b.ts>src/handlers/b.ts ./handlers/sub>src/handlers/sub/index.js ./handlers/sub/index>src/handlers/sub/index.js ./handlers/sub/index.js>src/handlers/sub/index.js]"}},
		{name: "template with a suffix", files: []string{p + "lib/d/x/index.js", p + "lib/d/y/index.js", p + "lib/d/y/z.js"}, source: "exports.f = n => require(`./d/${n}/index.js`)",
			want: []string{"module require ./d/*/index.js [./d/x/index.js>" + p + "lib/d/x/index.js ./d/y/index.js>" + p + "lib/d/y/index.js]"}},
		{name: "part of a name stays in its folder", files: []string{p + "lib/v-a.js", p + "lib/v-b/c.js"}, source: "exports.f = n => require('./v-' + n)",
			want: []string{"module require ./v-* [./v-a>" + p + "lib/v-a.js ./v-a.js>" + p + "lib/v-a.js]"}},
		{name: "dynamic import", files: []string{"l/en.mjs"}, path: "h.mjs", source: "export const f = n => import(`./l/${n}.mjs`)", want: []string{"module import ./l/*.mjs [./l/en.mjs>l/en.mjs]"}},
		{name: "table of names", files: []string{p + "lib/a.js", p + "lib/b.js"}, path: p + "lib/h.js", source: `const all = { a: './a', b: './b' }; exports.f = k => require(all[k])`,
			want: []string{"module require ./a [./a>" + p + "lib/a.js]", "module require ./b [./b>" + p + "lib/b.js]"}},
		{name: "package imports", files: []string{p + `package.json={"imports":{"#sub/*":"./src/sub/*.js"}}`, p + "src/sub/a.js", p + "src/sub/b.js"}, source: `exports.f = x => require('#sub/' + x)`,
			want: []string{"module require #sub/* [#sub/a>" + p + "src/sub/a.js #sub/b>" + p + "src/sub/b.js]"}},
		{name: "inside another package", files: []string{"node_modules/q/lib/a.js", "node_modules/q/lib/b.js"}, source: `exports.f = x => require('q/lib/' + x)`,
			want: []string{"module require q/lib/* [q/lib/a>node_modules/q/lib/a.js q/lib/a.js>node_modules/q/lib/a.js q/lib/b>node_modules/q/lib/b.js q/lib/b.js>node_modules/q/lib/b.js]"}},
		{name: "another name for require", files: []string{p + "lib/b.js"}, source: `const aliasedRequire = require; aliasedRequire('./b')`, want: []string{"module require ./b [./b>" + p + "lib/b.js]"}},
		{name: "module.require", files: []string{p + "lib/b.js"}, source: `module.require('./b')`, want: []string{"module require ./b [./b>" + p + "lib/b.js]"}},
		{name: "eval", files: []string{p + "lib/b.js"}, source: `eval('require')('./b')`, want: []string{"module require ./b [./b>" + p + "lib/b.js]"}},
		{name: "webpack's way out", files: []string{p + "lib/b.js"}, source: `const r = typeof __non_webpack_require__ === 'function' ? __non_webpack_require__ : require; r('./b')`, want: []string{"module require ./b [./b>" + p + "lib/b.js]"}},
		{name: "createRequire", files: []string{p + "lib/b.js"}, source: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); require('./b')`, want: []string{"module require ./b [./b>" + p + "lib/b.js]"}},
		{name: "createRequire at once", files: []string{p + "lib/b.json={}"}, source: `import { createRequire } from 'module'; createRequire(import.meta.url)('./b.json')`, want: []string{"module require ./b.json [./b.json>" + p + "lib/b.json]"}},
		{name: "UMD", files: []string{p + "lib/b.js"}, source: `(function (factory) { if (typeof module === "object") factory(require, exports) })(function (require, exports) { require('./b') })`,
			want: []string{"module require ./b [./b>" + p + "lib/b.js]"}},
		{name: "wrapped", files: []string{"node_modules/q/index.js"}, source: `function optional(name) { try { return require(name) } catch { return null } } optional('q'); optional('absent')`,
			want: []string{"module require absent [] guarded", "module require q [q>node_modules/q/index.js] guarded"}},
		{name: "by absolute path", files: []string{"models/user.js", "models/index.js"}, path: "models/index.js", source: `const fs = require('fs'), path = require('path'); fs.readdirSync(__dirname).forEach(f => require(path.join(__dirname, f)))`,
			want: []string{"asset models [models/index.js models/user.js] folder", "module require models/* [models/user>models/user.js models/user.js>models/user.js]"}},
		{name: "unknown", source: `exports.f = x => require(x)`, want: []string{"uncertain require(x): the name of the module is not known"}},
		{name: "unknown and guarded", source: `exports.f = x => { try { require(x) } catch {} }`, want: []string{"uncertain require(x): the name of the module is not known guarded"}},
		{name: "caught by the promise", files: []string{}, source: `const n = 'opt' + 'ional'; import(n).catch(() => {})`, want: []string{"module import optional [] guarded"}},
		{name: "handed on", source: `register(require)`, want: []string{"uncertain register(require): require is handed to code that is not followed"}},
		{name: "built in", source: `const n = 'fs'; require(n); require('node:' + 'path')`},
		{name: "dead", files: []string{}, source: `if (typeof window !== 'undefined') { const r = require; r('./b') }`},
		{name: "worker", files: []string{p + "lib/w.js"}, source: `const { Worker } = require('worker_threads'); new Worker(require('path').join(__dirname, 'w.js'))`, want: []string{"module worker " + p + "lib/w.js [" + p + "lib/w.js>" + p + "lib/w.js]"}},
		{name: "worker by URL", files: []string{p + "lib/w.js"}, source: `import { Worker } from 'node:worker_threads'; new Worker(new URL('./w.js', import.meta.url))`, want: []string{"module worker " + p + "lib/w.js [" + p + "lib/w.js>" + p + "lib/w.js]"}},
		{name: "worker from the working folder", files: []string{"w.js"}, path: "src/h.js", source: `const { Worker } = require('worker_threads'); new Worker('./w.js')`, want: []string{"module worker w.js [w.js>w.js]"}},
		{name: "fork", files: []string{p + "lib/child.js"}, source: `require('child_process').fork(__dirname + '/child')`, want: []string{"module fork " + p + "lib/child [" + p + "lib/child>" + p + "lib/child.js]"}},
		{name: "code whose path is handed on", files: []string{p + "lib/w.js"}, source: `pool(require.resolve('./w'))`, want: []string{"module path " + p + "lib/w.js [" + p + "lib/w.js>" + p + "lib/w.js]"}},
		{name: "resolved by a pattern", files: []string{p + "lib/w/a.js"}, source: `exports.f = x => require.resolve('./w/' + x + '.js')`, want: []string{"module resolve ./w/*.js [./w/a.js>" + p + "lib/w/a.js]"}},
		{name: "pino's transport", files: []string{"node_modules/pino-pretty/index.js"}, path: "h.js", source: `require('pino')({ transport: { target: 'pino-pretty' } })`, want: []string{"module worker pino-pretty [pino-pretty>node_modules/pino-pretty/index.js]"}},
		{name: "pino's transports", files: []string{"node_modules/q/index.js"}, path: "h.js", source: `const pino = require('pino'); pino.transport({ targets: [{ target: 'q' }, { target: 'pino/file' }] })`,
			want: []string{"module worker q [q>node_modules/q/index.js]", "module worker pino/file []"}},
		{name: "platform package", files: []string{"node_modules/@s/n-linux-x64/index.js", "node_modules/@s/n-darwin-arm64/index.js"}, source: "require(`@s/n-${process.platform}-${process.arch}`)",
			want: []string{"module require @s/n-linux-x64 [@s/n-linux-x64>node_modules/@s/n-linux-x64/index.js]"}},
	} {
		t.Run(c.name, c.run)
	}
}
