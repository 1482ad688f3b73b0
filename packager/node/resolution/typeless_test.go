package resolution

import (
	"testing"

	"github.com/evanw/esbuild/pkg/api"
)

func TestTypeless(t *testing.T) {
	s, tree := set(t, `
-- own.js --
export const own = 1
-- package.json --
{"type": "module"}
-- node_modules/p/package.json --
{"type": "module", "sideEffects": false}
-- node_modules/p/index.js --
export * from './plain.js'
-- node_modules/p/plain.js --
export const required = 'important'
-- node_modules/p/none.js --
globalThis.none = true
-- node_modules/p/runs.js --
import './plain.js'
-- node_modules/p/runtime.js --
import fs from 'fs'
export default fs
-- node_modules/p/other.js --
import other from 'other'
export default other
-- node_modules/p/common.js --
import common from './common.cjs'
export default common
-- node_modules/p/common.cjs --
exports.common = true
-- node_modules/p/untyped.js --
import none from './none.js'
export default none
-- node_modules/p/require.js --
export const read = () => require('./common.cjs')
-- node_modules/p/late.js --
export const read = () => import /* late */ ('./common.cjs')
-- node_modules/p/later.js --
export const read = () => import ('./common.cjs')
-- node_modules/p/effects/package.json --
{"type": "module"}
-- node_modules/p/effects/index.js --
import '../plain.js'
export {} from '../plain.js'
export const effect = 1
-- node_modules/p/globs/package.json --
{"type": "module", "sideEffects": ["./x.js"]}
-- node_modules/p/globs/index.js --
export const a = 1
-- node_modules/p/script/package.json --
{}
-- node_modules/p/script/index.js --
export const a = 1
-- node_modules/p/script/data.json --
{}
-- node_modules/p/commonjs/package.json --
{"type": "commonjs"}
-- node_modules/p/commonjs/index.js --
exports.a = 1
`)
	r := s.Of(bundling(tree.Root()))
	err := r.Run(func(build api.PluginBuild) error {
		for specifier, want := range map[string]string{
			"./plain.js": "free", "./index.js": "free", "./effects/index.js": "effects", "./none.js": "", "./runs.js": "", "./runtime.js": "", "./other.js": "",
			"./common.js": "", "./untyped.js": "", "./require.js": "", "./late.js": "", "./later.js": "", "./globs/index.js": "", "./script/index.js": "effects",
			"./script": "", "./script/": "", "./script/index": "effects", "./script/data.json": "", "./plain.js?x": "", "./script/index.js#x": "", "./commonjs/index.js": "",
			"../../own.js": "", "p": "", "./missing.js": "",
		} {
			file, effects := r.Typeless(build, tree.Absolute("node_modules/p/index.js"), specifier, api.ResolveJSImportStatement)
			got := map[bool]string{true: "effects", false: "free"}[effects]
			if file == "" {
				got = ""
			}
			if got != want {
				t.Errorf("%s is %q, not %q", specifier, got, want)
			}
		}
		for specifier, want := range map[string]bool{"./script/index.js": true, "./script": false, "./plain.js": false} {
			if file, _ := r.Typeless(build, tree.Absolute("node_modules/p/index.js"), specifier, api.ResolveJSRequireCall); (file != "") != want {
				t.Errorf("where it is required, %s is %q", specifier, file)
			}
		}
		if file, _ := r.Typeless(build, tree.Absolute("node_modules/p/index.js"), "./script/index.js", api.ResolveJSDynamicImport); file != "" {
			t.Error("import() is answered")
		}
		if file, _ := r.Typeless(build, tree.Absolute("own.js"), "./node_modules/p/plain.js", api.ResolveJSImportStatement); file != "" {
			t.Error("a file of another package is answered")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
