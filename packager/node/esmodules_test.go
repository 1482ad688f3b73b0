package node

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

// import.meta is an object of the module, to which code may write. Packages made by
// wasm-bindgen do so where it has no URL.
func TestImportMetaThatIsWritten(t *testing.T) {
	archive := `-- fn.mjs --
import { url } from 'polyfilled'
import { folder } from './own.mjs'
export const handler = async () => [url, ...folder]
-- own.mjs --
#!/usr/bin/env node
import.meta.dirname = import.meta.dirname.length > 0 && 'own'
import.meta.env ??= { of: 'own' }
export const folder = [import.meta.dirname, import.meta.filename.endsWith('own.mjs'), import.meta.env.of, typeof import.meta]
-- node_modules/polyfilled/package.json --
{"name": "polyfilled", "type": "module", "main": "polyfilled.js"}
-- node_modules/polyfilled/polyfilled.js --
if (import.meta.url === undefined) import.meta.url = 'https://localhost'
export const url = import.meta.url.replace(/.*node_modules/, '')
`
	want := `["/polyfilled/polyfilled.js","own",true,"own","object"]`
	for _, format := range []string{"", "cjs", "esm"} {
		b := build(t, archive, func(f *analyzer.Function) { f.Build.Format = format })
		if got := ask(t, b); got != want {
			t.Errorf("format %q: answered %s, want %s", format, got, want)
		}
	}
}

// A package that stays as files and requires an ES module fails under the flags of
// Lambda's Node 20 and 22: that is said when the function is built. Where require can load
// ES modules, a package may have one build for import and for require.
func TestRequiresOfESModules(t *testing.T) {
	for _, e := range examples(t, "esmodules") {
		t.Run(e.name, func(t *testing.T) {
			b := e.bundle(t, func(f *analyzer.Function) {
				f.Runtime = cmp.Or(e.want["runtime"], "nodejs22.x")
				if options := e.want["options"]; options != "" {
					f.Environment = map[string]string{"NODE_OPTIONS": options}
				}
			})
			if got := reportedOf(b); got != e.want["reported"] {
				t.Errorf("reported %q, want %q", got, e.want["reported"])
			}
			if want := e.want["answer"]; want != "" {
				got, stderr, err := invoke(t, b, "--no-experimental-require-module") // as Lambda's Node 22 is started
				if got != want {
					t.Errorf("answered %s, want %s: %v\n%s", got, want, err, stderr)
				}
			}
			names := fileNames(b.Files)
			slices.Sort(names)
			if got := strings.Join(names, " "); e.want["files"] != "" && got != e.want["files"] {
				t.Errorf("files %s\nwant  %s", got, e.want["files"])
			}
		})
	}
}
