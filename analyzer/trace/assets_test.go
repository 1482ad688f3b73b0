package trace

import (
	"strings"
	"testing"
)

func TestAssets(t *testing.T) {
	p := "node_modules/p/"
	data := p + "lib/data.bin"
	found := []string{"asset " + data + " [" + data + "]"}
	for _, c := range []traceCase{
		{name: "concatenation", files: []string{data}, source: `require('fs').readFileSync(__dirname + '/data.bin')`, want: found},
		{name: "join", files: []string{data}, source: `const fs = require('fs'), path = require('path'); fs.readFileSync(path.join(__dirname, 'data.bin'))`, want: found},
		{name: "join of node:path, taken apart", files: []string{data}, source: `const { join: j } = require('node:path'); const { promises: { readFile } } = require('fs'); readFile(j(__dirname, 'data.bin'))`, want: found},
		{name: "import of all", files: []string{data}, source: `import * as path from 'path'; import fs from 'node:fs/promises'; fs.readFile(path.resolve(import.meta.dirname, './data.bin'))`, want: found},
		{name: "default of path", files: []string{data}, source: `import path from 'node:path'; import { readFileSync as r } from 'fs'; r(path.posix.join(import.meta.filename, '..', 'data.bin'))`, want: found},
		{name: "file URL", files: []string{data}, source: `import { readFileSync } from 'fs'; readFileSync(new URL('./data.bin', import.meta.url))`, want: found},
		{name: "dirname of file URL", files: []string{data}, source: `import { readFileSync } from 'fs'; import { fileURLToPath } from 'url'; import { dirname, join } from 'path'; const __dirname = dirname(fileURLToPath(import.meta.url)); readFileSync(join(__dirname, 'data.bin'))`, want: found},
		{name: "template", files: []string{data}, source: "const fs = require('graceful-fs'); const name = 'data'; fs.createReadStream(`${__dirname}/${name}.bin`)", want: found},
		{name: "compiled TypeScript", files: []string{data}, source: `const path_1 = __importDefault(require("path")); const fs_1 = require("fs"); (0, fs_1.readFileSync)((0, path_1.default.join)(__dirname, "data.bin"))`, want: found},
		{name: "array joined", files: []string{data}, source: `require('fs-extra').readFileSync([__dirname, 'data.bin'].join('/'))`, want: found},
		{name: "promisified", files: []string{data}, source: `const util = require('util'), fs = require('fs'); const read = util.promisify(fs.readFile); read(__dirname + '/data.bin')`, want: found},
		{name: "assigned later", files: []string{data}, source: `var file; file = __dirname + '/data.bin'; require('fs').readFileSync(file)`, want: found},
		{name: "handed to an unknown function", files: []string{data}, source: `const file = __dirname + '/data.bin'; load(file)`, want: found},
		{name: "exported", files: []string{data}, source: `exports.file = require('path').join(__dirname, 'data.bin')`, want: found},
		{name: "in a member", files: []string{data}, source: `class A { dir = __dirname; read() { return require('fs').readFileSync(this.dir + '/data.bin') } }`, want: found},
		{name: "in an object", files: []string{data}, source: `const at = { dir: __dirname }; require('fs').readFileSync(at.dir + '/data.bin')`, want: found},
		{name: "returned by a function", files: []string{data}, source: `function at(name) { return require('path').join(__dirname, name) } require('fs').readFileSync(at('data.bin'))`, want: found},
		{name: "replaced", files: []string{p + "data/x"}, source: `require('fs').readFileSync(__dirname.replace('/lib', '/data') + '/x')`, want: []string{"asset " + p + "data/x [" + p + "data/x]"}},
		{name: "guarded", files: []string{data}, source: `try { require('fs').readFileSync(__dirname + '/data.bin') } catch {}`, want: []string{found[0] + " optional"}},
		{name: "only asked for", files: []string{data}, source: `require('fs').existsSync(__dirname + '/data.bin')`, want: []string{found[0] + " optional"}},
		{name: "missing", source: `require('fs').readFileSync(__dirname + '/data.bin')`, want: []string{"asset " + data + " []"}},
		{name: "written", source: `require('fs').writeFileSync(__dirname + '/data.bin', '')`},
		{name: "compared and printed", source: `if (process.argv[1] === __filename) console.log(__filename, __dirname + '/x')`},
		{name: "either of two", files: []string{p + "lib/a.txt", p + "lib/b.txt"}, source: `require('fs').readFileSync(__dirname + (x ? '/a.txt' : '/b.txt'))`,
			want: []string{"asset " + p + "lib/a.txt [" + p + "lib/a.txt]", "asset " + p + "lib/b.txt [" + p + "lib/b.txt]"}},
		{name: "an override first", files: []string{data}, source: `const file = process.env.FILE || require('path').join(__dirname, 'data.bin'); require('fs').readFileSync(file)`, want: found},
		{name: "another platform's", files: []string{data}, source: `const fs = require('fs'); if (process.platform === 'win32') fs.readFileSync(__dirname + '/win.bin'); else fs.readFileSync(__dirname + '/data.bin')`, want: found},
		{name: "names in a list", files: []string{p + "lib/a.txt", p + "lib/b.txt"}, source: `['a', 'b'].forEach(n => require('fs').readFileSync(__dirname + '/' + n + '.txt'))`,
			want: []string{"asset " + p + "lib/a.txt [" + p + "lib/a.txt]", "asset " + p + "lib/b.txt [" + p + "lib/b.txt]"}},
		{name: "pattern", files: []string{p + "lib/t/a.html", p + "lib/t/sub/b.html", p + "lib/t/c.css"}, source: "exports.f = n => require('fs').readFileSync(`${__dirname}/t/${n}.html`)",
			want: []string{"asset " + p + "lib/t/*.html [" + p + "lib/t/a.html " + p + "lib/t/sub/b.html]"}},
		{name: "pattern in the module's own folder leaves out code", files: []string{p + "lib/a.txt", p + "lib/b.js"}, source: `exports.f = n => require('fs').readFileSync(require('path').join(__dirname, n))`,
			want: []string{"asset " + p + "lib/* [" + p + "lib/a.txt]"}},
		{name: "pattern over the package", files: []string{p + "data.txt"}, path: p + "a.js", source: `exports.f = n => require('fs').readFileSync(__dirname + '/' + n)`,
			want: []string{"uncertain __dirname + '/' + n: any file of the package may be meant"}},
		{name: "pattern over the disk", source: `exports.f = n => require('fs').readFileSync(require('path').join(__dirname, '../../..', n))`,
			want: []string{"uncertain require('path').join(__dirname, '../../..', n): any file of the package may be meant"}},
		{name: "folder listed", files: []string{p + "lib/d/x", p + "lib/d/e/y", p + "lib/d/node_modules/z/w"}, source: `require('fs').readdirSync(__dirname + '/d')`,
			want: []string{"asset " + p + "lib/d [" + p + "lib/d/e/y " + p + "lib/d/x] folder"}},
		{name: "folder of the package", path: p + "a.js", source: `exports.dir = __dirname`, want: []string{"uncertain __dirname: the folder of the package is used as a whole"}},
		{name: "package shipped beside its loader", files: []string{"node_modules/@p/linux-x64/bin/p"}, source: "const known = { 'linux x64 LE': '@p/linux-x64', 'darwin arm64 LE': '@p/darwin-arm64' }; function find() { let pkg, subpath; const key = `${process.platform} ${require('os').arch()} ${require('os').endianness()}`; if (key in known) { pkg = known[key]; subpath = 'bin/p' } return { pkg, subpath } } const { pkg, subpath } = find(); run(require.resolve(`${pkg}/${subpath}`))",
			want: []string{"asset node_modules/@p/linux-x64/bin/p [node_modules/@p/linux-x64/bin/p]"}},
		{name: "folder of the package, told by a small module", path: p + "at.js", files: []string{p + "ui.js", p + "ui.js.map", p + "ui.css"}, source: `module.exports = function () { return require('path').resolve(__dirname) }`, want: []string{"asset node_modules/p [node_modules/p/at.js node_modules/p/ui.css node_modules/p/ui.js]"}},
		{name: "folder of the package, told by a module that does more", path: p + "at.js", files: []string{p + "ui.js"}, source: `module.exports = function () { return __dirname } /*` + strings.Repeat("x", maxTeller) + `*/`, want: []string{"uncertain __dirname: the folder of the package is used as a whole"}},
		{name: "outside the root", source: `require('fs').readFileSync(__dirname + '/../../../../../etc/passwd')`, want: []string{"uncertain __dirname + '/../../../../../etc/passwd': the path leads out of the project"}},
		{name: "anything around the root", path: "src/h.js", source: `exports.f = n => require('fs').readFileSync(__dirname + '/../../../' + n)`, want: []string{"uncertain __dirname + '/../../../' + n: the path leads out of the project"}},
		{name: "anything on the disk", path: "src/h.js", source: `const fs = require('fs'), path = require('path'); exports.f = n => fs.readFileSync(path.join('/', n)); fs.readdirSync('/')`,
			want: []string{"uncertain fs.readFileSync(path.join('/', n)): any file of the machine may be meant", "uncertain fs.readdirSync('/'): any file of the machine may be meant"}},
		{name: "known files of the machine are its own", path: "src/h.js", source: `require('fs').readFileSync('/etc/hosts'); require('fs').readdirSync('/tmp')`},
		{name: "a path read from a file", files: []string{p + "lib/name.txt", p + "lib/t/x"}, source: `const fs = require('fs'), path = require('path'); fs.readFileSync(path.join(__dirname, 't', fs.readFileSync(path.join(__dirname, 'name.txt'), 'utf8')))`,
			want: []string{"asset " + p + "lib/t/* [" + p + "lib/t/x]", "asset " + p + "lib/name.txt [" + p + "lib/name.txt]"}},
		{name: "placeholders", files: []string{p + "lib/l/en/c.json"}, source: `exports.o = { loadPath: require('path').join(__dirname, 'l/{{lng}}/{{ns}}.json') }`,
			want: []string{"asset " + p + "lib/l/*/*.json [" + p + "lib/l/en/c.json]"}},
		{name: "emscripten", files: []string{p + "lib/x.wasm"}, source: `var ENVIRONMENT_IS_NODE = typeof process == "object", scriptDirectory = ""; function locateFile(path) { if (Module["locateFile"]) return Module["locateFile"](path, scriptDirectory); return scriptDirectory + path }
if (ENVIRONMENT_IS_NODE) { scriptDirectory = __dirname + "/" } var wasmBinaryFile; wasmBinaryFile = "x.wasm"; wasmBinaryFile = locateFile(wasmBinaryFile);
var readBinary; if (ENVIRONMENT_IS_NODE) readBinary = f => require("fs").readFileSync(f); else readBinary = f => fetch(f); readBinary(wasmBinaryFile)`,
			want: []string{"asset " + p + "lib/x.wasm [" + p + "lib/x.wasm]", "asset " + p + "lib/x.wasm [" + p + "lib/x.wasm]"}},
		{name: "minified interop", files: []string{data}, source: `var t=require("path"),e=require("fs");function d(t){if(t&&t.__esModule)return t;var e={};return e.default=t,e}function f(t){return t&&"object"==typeof t&&"default"in t?t:{default:t}}var a=d(t),c=d(e),l=f(e);var E=process.env.P||a.join(__dirname),z=a.join(E,"data.bin");function p(t){c.openSync(t,"r")}p(z)`, want: found},
		{name: "one function for several modules", files: []string{data}, source: `const pick = m => m; const p = pick(require('path')), f = pick(require('fs')); f.readFileSync(p.join(__dirname, 'data.bin'))`,
			want: []string{"asset " + p + "lib/* [" + data + "]"}},
		{name: "the module's folder handed on", files: []string{data, p + "lib/b.js", p + "lib/b.d.ts"}, source: `f(__dirname)`, want: []string{"asset " + p + "lib/* [" + data + "]"}},
		{name: "the module's folder handed on, in the project", path: "src/h.js", source: `f(__dirname)`, want: []string{"uncertain __dirname: the folder of the module is used as a whole"}},
		{name: "a shadowed name is another", source: `function f(__dirname) { return require('fs').readFileSync(__dirname + '/x') } module.exports = f`},
		{name: "beside another package", files: []string{"node_modules/q/package.json={\"main\":\"i.js\"}", "node_modules/q/i.js", "node_modules/q/data/a"},
			source: `const dir = require('path').dirname(require.resolve('q/package.json')); require('fs').readFileSync(dir + '/data/a')`,
			want:   []string{"asset node_modules/q/data/a [node_modules/q/data/a]"}},

		// The working folder.
		{name: "relative read", files: []string{"config/a.json"}, path: "src/h.js", source: `require('fs').readFileSync('./config/a.json')`, want: []string{"asset config/a.json [config/a.json] cwd"}},
		{name: "process.cwd", files: []string{"t/a.html", "t/b.html"}, path: "src/h.js", source: `exports.f = n => require('fs').readFileSync(require('path').join(process.cwd(), 't', n))`, want: []string{"asset t/* [t/a.html t/b.html] cwd"}},
		{name: "resolve without a start", files: []string{"a.pem"}, path: "src/h.js", source: `require('fs').readFileSync(require('path').resolve('a.pem'))`, want: []string{"asset a.pem [a.pem] cwd"}},
		{name: "a library's search", path: p + "a.js", source: `exports.f = n => require('fs').readFileSync(require('path').join(process.cwd(), n))`},
		{name: "views", files: []string{"v/i.pug", "node_modules/pug/index.js"}, path: "h.js", source: `const app = require('express')(); app.set('views', './v'); app.set('view engine', 'pug')`,
			want: []string{"asset v [v/i.pug] cwd folder", "module require pug [pug>node_modules/pug/index.js] guarded"}},
		{name: "views of the module", files: []string{"v/i.pug"}, path: "h.js", source: `const app = require('express')(); app.set('views', __dirname + '/v')`, want: []string{"asset v [v/i.pug] folder"}},
		{name: "default views", files: []string{"views/i.ejs", "node_modules/ejs/index.js"}, path: "h.js", source: `const app = require('express')(); app.set('view engine', 'ejs')`,
			want: []string{"asset views [views/i.ejs] optional cwd", "module require ejs [ejs>node_modules/ejs/index.js] guarded"}},
		{name: "proto", files: []string{"protos/a.proto=syntax = \"proto3\";\nimport \"sub/b.proto\";\n", "protos/sub/b.proto=import \"c.proto\";", "protos/c.proto"}, path: "src/h.js",
			source: `require('@grpc/proto-loader').loadSync(require('path').join(__dirname, '../protos/a.proto'))`, want: []string{"asset protos/a.proto [protos/a.proto protos/c.proto protos/sub/b.proto]"}},
		{name: "proto from the working folder", files: []string{"a.proto"}, path: "src/h.js", source: `const loader = require('@grpc/proto-loader'); loader.load('a.proto')`, want: []string{"asset a.proto [a.proto] cwd"}},
	} {
		t.Run(c.name, c.run)
	}
}
