package builds

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/resolution"
	"github.com/featherpack/featherpack/packager/node/treetest"
)

// compare calls use with a comparer of a project.
func compare(t *testing.T, archive string, use func(*Comparer)) {
	t.Helper()
	packages, err := installed.Open(projectfs.New(treetest.Write(t, archive), projectfs.Allowances{}))
	if err != nil {
		t.Fatal(err)
	}
	defer packages.Files().Close()
	c := NewComparer(packages, resolution.NewSet(packages).Of(resolution.Settings{
		Options: api.BuildOptions{AbsWorkingDir: packages.Root(), Bundle: true, Platform: api.PlatformNode, LogLevel: api.LogLevelSilent},
	}))
	err = c.resolution.Run(func(build api.PluginBuild) error {
		c.build = build
		use(c)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The names that a module exports; "?" where they are not known.
func TestExports(t *testing.T) {
	const others = `
-- names.js --
exports.a = exports.b = 1; exports.default = 2
-- names.mjs --
export const a = 1, b = 2; export default 3
-- b.mjs --
export const b = 1
-- nothing.js --
"use strict"
-- types.mjs --
export {}
-- cycle.mjs --
export * from './it.mjs'
export const c = 1
`
	for _, test := range []struct{ file, text, want string }{
		{"it.mjs", "export const {x, y: [z]} = v; export function f() {} export class C {} let l; export { l as m, l as 'a b' }", "C a b f m x z"},
		{"it.mjs", "export default 1; export * as all from './names.mjs'", "all default"},
		{"it.mjs", "export * from './names.mjs'; export * from './types.mjs'; export * from './nothing.js'; export const own = 1", "a b own"},
		{"it.mjs", "export * from './names.mjs'; export * from './b.mjs'", "?"},
		{"it.mjs", "export * from './names.mjs'; export * from './b.mjs'; export const b = 1", "a b"},
		{"it.mjs", "export * from './names.js'", "?"},
		{"it.mjs", "export * from './missing.mjs'", "?"},
		{"it.mjs", "export * from './cycle.mjs'", "?"},
		{"it.js", "Object.defineProperty(exports, '__esModule', {value: true}); exports.x = exports.y = void 0; exports['z'] = 1", "x y z"},
		{"it.js", "Object.defineProperty(exports, 'x', {enumerable: true, get: function () { return y.x }})", "x"},
		{"it.js", "tslib_1.__exportStar(require('./names.js'), exports); exports.own = exports.own || 1", "a b own"},
		{"it.js", "__exportStar(require(name), exports)", "?"},
		{"it.js", "__createBinding(exports, x_1, 'x'); __createBinding(exports, x_1, 'y', 'z')", "x z"},
		{"it.js", "var src = {}; __export(src, {x: () => x, y: () => y}); module.exports = __toCommonJS(src); 0 && (module.exports = {x, y})", "x y"},
		{"it.js", "var src = {}; __export(src, {x: () => x}); module.exports = __toCommonJS(src); __reExport(src, require('./names.js'), module.exports)", "a b x"},
		{"it.js", "var src = {}; __export(src, {x: () => x}); module.exports = __toCommonJS(src); __reExport(src, other)", "?"},
		{"it.js", "module.exports = {x: 1}", "?"},
		{"it.js", "module.exports = require('./names.js')", "?"},
		{"it.js", "exports[name] = 1", "?"},
		{"it.js", "Object.assign(exports, other)", "?"},
		{"it.js", "const e = exports; e.x = 1", "?"},
		{"it.js", "use(module)", "?"},
		{"it.js", "delete exports.x", "?"},
		{"it.js", "if (typeof module === 'object') exports.x = 1", "x"},
	} {
		compare(t, others+"-- "+test.file+" --\n"+test.text+"\n", func(c *Comparer) {
			e := c.exportsOf(test.file)
			got := strings.Join(slices.Sorted(maps.Keys(e.names)), " ")
			if !e.known {
				got = "?"
			}
			if got != test.want {
				t.Errorf("%s\nexports %s, want %s", test.text, got, test.want)
			}
		})
	}
}

// What a cycle exports does not depend on which of its modules is asked for first.
func TestExportsOfACycle(t *testing.T) {
	const cycle = "-- a.mjs --\nexport * from './b.mjs'\nexport const a = 1\n-- b.mjs --\nexport * from './a.mjs'\nexport const b = 1\n"
	compare(t, cycle, func(c *Comparer) {
		before := c.exportsOf("b.mjs").known
		c.exportsOf("a.mjs")
		if after := c.exportsOf("b.mjs").known; after != before {
			t.Errorf("b is known: %v, after a %v", before, after)
		}
	})
}
