package compiled

import (
	_ "embed"
	"fmt"
	"hash/crc32"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

//go:embed loader.cjs
var loaderText string

// exportNames is what esbuild writes for Node's ES module loader, which finds the names
// that a CommonJS file exports in its text.
var exportNames = regexp.MustCompile(`0&&\(module\.exports=\{[\w$,]*\}\);?|0 && \(module\.exports = \{[\w$,\s]*\}\);?`)

// entry is what the loader knows of the compiled code for one Node.
type entry struct {
	node, file string
	// size in bytes and digest are those of the code.
	size   int
	digest uint32
}

// bindingOf20 is what has crc32 in Node 20, whose module zlib takes 0.6 ms to load; newer
// Nodes have it in their snapshot. It is the same in all versions of Node 20 that have
// crc32, of which there will be no more. It is public under a name that is deprecated: with
// options under which Node warns of that, or allows nobody to have it, zlib is loaded.
// Source: processBindingAllowList and process.binding in lib/internal/bootstrap/realm.js and
// lib/internal/process/per_thread.js of Node 20.
const bindingOf20 = `(/pending|permission/.test([process.env.NODE_PENDING_DEPRECATION&&"pending",process.env.NODE_OPTIONS,process.execArgv])` +
	`?require("zlib"):process.binding("zlib"))`

// loaderOf is the file at the handler's place.
func loaderOf(p program, entries []entry) []byte {
	var made strings.Builder
	for _, e := range entries {
		fmt.Fprintf(&made, "%q:[%q,%d,%d],", e.node, "/"+path.Base(e.file), e.size, e.digest)
	}
	borrowed := ""
	if p.imports {
		borrowed = "((name,options)=>options===undefined?import(name):import(name,options))"
	}
	evaluates := ""
	if p.evaluates {
		evaluates = ",importModuleDynamically:constants.USE_MAIN_CONTEXT_DEFAULT_LOADER"
	}
	zlib := `require("zlib")`
	if !slices.ContainsFunc(entries, func(e entry) bool { return !strings.HasPrefix(e.node, "v20.") }) {
		zlib = bindingOf20
	}
	text := strings.NewReplacer(
		"PROGRAM", strconv.Quote("/"+path.Base(p.text.Name)), "DIGEST", fmt.Sprint(crc32.ChecksumIEEE(p.text.Content)),
		"/*MADE*/", made.String(), "ZLIB", zlib, "ENCODING", p.encoding, "/*IMPORT*/", borrowed, "/*EVALUATES*/", evaluates,
	).Replace(loaderText)
	text = string(api.Transform(text, api.TransformOptions{MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true}).Code)
	if names := exportNames.Find(p.main.Content); names != nil {
		text += string(names) + "\n"
	}
	return []byte(text)
}
