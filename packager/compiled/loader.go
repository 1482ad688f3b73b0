package compiled

import (
	_ "embed"
	"fmt"
	"hash/crc32"
	"path"
	"regexp"
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
	text := strings.NewReplacer(
		"PROGRAM", strconv.Quote("/"+path.Base(p.text.Name)), "DIGEST", fmt.Sprint(crc32.ChecksumIEEE(p.text.Content)),
		"/*MADE*/", made.String(), "ENCODING", p.encoding, "/*IMPORT*/", borrowed, "/*EVALUATES*/", evaluates,
	).Replace(loaderText)
	text = string(api.Transform(text, api.TransformOptions{MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true}).Code)
	if names := exportNames.Find(p.main.Content); names != nil {
		text += string(names) + "\n"
	}
	return []byte(text)
}
