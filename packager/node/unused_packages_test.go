package node

import (
	"bytes"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

// A package whose loading changes a variable stays where something may use it, or where
// code that is not at hand runs in the same process.
func TestUnusedPackageThatIsSeen(t *testing.T) {
	const project = `
-- src/fn.js --
import { load } from 'pages'
import { own } from './own.js'
export const handler = async () => [load('page'), typeof own]
-- src/own.js --
OWN
-- node_modules/pages/package.json --
{"name": "pages", "version": "1.0.0", "type": "module", "main": "index.js"}
-- node_modules/pages/index.js --
import * as undici from 'undici'
export const load = (name) => name
export const fromURL = (url) => undici.stream(url)
-- node_modules/undici/package.json --
{"name": "undici", "version": "7.30.2"}
-- node_modules/undici/index.js --
exports.undiciClient = Object.keys(process.versions)
exports.stream = (url) => url
-- package.json --
{"name": "p", "type": "module", "dependencies": {"pages": "1.0.0", "undici": "7.30.2"}}
`
	environment := func(options string) func(*analyzer.Function) {
		return func(f *analyzer.Function) { f.Environment = map[string]string{"NODE_OPTIONS": options} }
	}
	for _, test := range []struct {
		own    string
		adjust func(*analyzer.Function)
		stays  bool
	}{
		{"export const own = (fetch) => fetch('x') // fetch", nil, false},
		{"export const own = class { static name = 'prefetch' }", nil, false},
		{"export const own = 1", environment("--enable-source-maps"), false},
		{"import { stream } from 'undici'\nexport const own = 1", nil, false},
		{"export const own = () => fetch('https://example.org')", nil, true},
		{"export const own = () => globalThis.fetch('https://example.org')", nil, true},
		{"const { fetch: own } = globalThis\nexport { own }", nil, true},
		{"export const own = globalThis['fetch']", nil, true},
		{"export const own = () => new WebSocket('wss://example.org')", nil, true},
		{"export const own = globalThis[Symbol.for('undici.globalDispatcher.1')]", nil, true},
		{"import 'undici'\nexport const own = 1", nil, true},
		{"export { stream as own } from 'undici'", nil, true},
		{"export { other as own } from 'other'", func(f *analyzer.Function) { f.Build.External = []string{"other"} }, true},
		{"export const own = 1", func(f *analyzer.Function) {
			f.Layers = []string{"arn:aws:lambda:eu-central-1:123456789012:layer:own:1"}
		}, true},
		{"export const own = 1", environment("--import /opt/nodejs/start.mjs"), true},
		{"export const own = 1", func(f *analyzer.Function) { f.Build.Banner = "const send = fetch" }, true},
		{"export const own = 1", func(f *analyzer.Function) {
			f.Build.Passes = analyzer.Switches{}.With(analyzer.UnusedPackages, false)
		}, true},
	} {
		var adjust []func(*analyzer.Function)
		if test.adjust != nil {
			adjust = append(adjust, test.adjust)
		}
		b := build(t, strings.Replace(project, "OWN", test.own, 1), adjust...)
		if b.Failed() {
			t.Errorf("%s: %v", test.own, b.Diagnostics)
		} else if stays := bytes.Contains(b.Files[0].Content, []byte("undiciClient")); stays != test.stays {
			t.Errorf("%s: undici stays: %t", test.own, stays)
		}
	}
}
