package node

import (
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

// What is in strict mode in the source tree is in strict mode in the zip, and old
// packages that are not still work.
func TestStrictMode(t *testing.T) {
	for _, e := range examples(t, "strict") {
		for _, unminified := range []bool{false, true} {
			name := e.name
			if unminified {
				name += ", not minified"
			}
			t.Run(name, func(t *testing.T) {
				b := e.bundle(t, func(f *analyzer.Function) { f.Build.NoMinify = unminified })
				if got := ask(t, b); got != e.want["answer"] {
					t.Errorf("answered %s, want %s\n%.300s", got, e.want["answer"], b.Files[0].Content)
				}
			})
		}
	}
}

// What the setting inject stands for reaches modules that are evaluated as texts, but not their
// own names.
func TestInjectReachesTexts(t *testing.T) {
	b := build(t, `
-- src/fn.mjs --
import old from 'old'
import own from 'old/own.js'
import plain from 'plain'
export const handler = async () => [old, own, plain]
-- src/shim.mjs --
export const version = 'injected'
const where = () => 'nowhere'
export { where as 'process.cwd' }
export const unused = 1
-- node_modules/plain/index.js --
module.exports = [version, process.cwd()]
-- node_modules/old/index.js --
with ({ a: 1 }) module.exports = [version, process.cwd(), typeof unknown, eval('version'), { version: 2 }.version]
-- node_modules/old/own.js --
with ({ a: 1 }) { var version; module.exports = [version, (function (version) { return version })(3)] }
`, func(f *analyzer.Function) { f.Build.Inject = []string{"./src/shim.mjs"} })
	want := `[["injected","nowhere","undefined","injected",2],[null,3],["injected","nowhere"]]`
	if got := ask(t, b); got != want {
		t.Errorf("answered %s, want %s", got, want)
	}
}
