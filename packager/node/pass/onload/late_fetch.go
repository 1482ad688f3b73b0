package onload

import (
	"bytes"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// lateFetch has the package undici ask for Node's own class Headers when a function for
// cookies is called first, not while it loads: Node 20 loads all of its own fetch for the
// answer. What is made of the class is a test of a value, which nobody else has, and
// making it cannot fail or be seen.
//
// Headers must be the same then: the change holds in a graph where nothing may set it
// ([Change.Global]).
// Source: lib/web/cookies/index.js and lib/web/webidl/index.js of undici 7.
func lateFetch(m *Module, v View, _ analyzer.Switches) []Change {
	process := v.Process()
	at := bytes.Index(m.Source, brandChecks)
	if !strings.HasSuffix("/"+m.File, "/node_modules/undici/lib/web/cookies/index.js") || at < 0 || process.Node < 18 || process.defines(headers) {
		return nil
	}
	start, end := at+bytes.IndexByte(brandChecks, '=')+2, at+len(brandChecks)
	return []Change{{Global: headers, Edits: []js.Edit{{Start: start, End: start, Text: "(value) => "}, {Start: end, End: end, Text: "(value)"}}}}
}

// hasBrandChecks is a quick search.
func hasBrandChecks(source []byte) bool { return bytes.Contains(source, brandChecks) }

const headers = "Headers"

var brandChecks = []byte("\nconst brandChecks = webidl.brandCheckMultiple([Headers, globalThis.Headers].filter(Boolean))")
