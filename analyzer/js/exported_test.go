package js

import "testing"

// ExportedFunction returns a function only where the module certainly exports it.
func TestExportedFunction(t *testing.T) {
	for source, want := range map[string]int{ // -1 for none, else the function's length
		"exports.handler = (a, b, c) => 1":                                               3,
		"module.exports.handler = async function (a, b, c) {}":                           3,
		"module.exports = { other, handler(a, b) {} }":                                   2,
		"exports['handler'] = a => 1":                                                    1,
		"const handler = (a, b, c = 1, d) => 1; module.exports = { handler }":            2,
		"function handler(a, b, ...c) {}\nexports.handler = handler":                     2,
		"export const handler = async (a, b, c) => 1":                                    3,
		"export async function handler(a, b, { c }) {}":                                  3,
		"const run = (a, b, c) => 1; export { run as handler }":                          3,
		"export const other = 1, handler = () => 1":                                      0,
		"exports.handler = exports.old = (a, b, c) => 1":                                 -1,
		"exports.handler = wrap((a, b, c) => 1)":                                         -1,
		"exports.handler = awslambda.streamifyResponse((a, b, c) => 1)":                  -1,
		"exports.handler = (a, b, c) => 1; exports.handler = wrap(exports.handler)":      -1,
		"if (old) exports.handler = (a, b, c) => 1":                                      -1,
		"exports.handler = (a, b, c) => 1; module.exports = wrap(module.exports)":        -1,
		"exports.handler = (a, b, c) => 1; Object.assign(exports, other)":                -1,
		"let handler = (a, b, c) => 1; handler = wrap(handler); export { handler }":      -1,
		"export function handler(a, b, c) {} handler = wrap(handler)":                    -1,
		"export { handler } from './other'":                                              -1,
		"import { handler } from './other'; export { handler }":                          -1,
		"export const { handler } = { handler: (a, b, c) => 1 }":                         -1,
		"export const handler = streams ? (a, b, c) => 1 : () => 1":                      -1,
		"exports.other = (a, b, c) => 1":                                                 -1,
		"function exporting(exports) { exports.handler = (a, b, c) => 1 }":               -1,
		"export default (a, b, c) => 1":                                                  -1,
		"exports.handler = (a, b, c) => 1; Object.defineProperty(exports, 'handler', x)": -1,
	} {
		text, err := Read(File{Path: "a.js", Source: []byte(source)})
		if err != nil {
			t.Fatalf("%s: %v", source, err)
		}
		text.Bind()
		got := -1
		if f := text.ExportedFunction("handler"); f != nil {
			got = f.Length()
		}
		if got != want {
			t.Errorf("%s: %d, want %d", source, got, want)
		}
	}
}
