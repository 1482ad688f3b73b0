package compiled

import (
	_ "embed"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/packager/boot"
)

//go:embed loader.cjs
var loaderText string

// exportNames is what esbuild writes for Node's ES module loader, which finds the names
// that a CommonJS file exports in its text.
var exportNames = regexp.MustCompile(`0&&\(module\.exports=\{[\w$,]*\}\);?|0 && \(module\.exports = \{[\w$,\s]*\}\);?`)

// loaderOf is the file at the handler's place.
func loaderOf(p program, c boot.Compiler, digest uint32) []byte {
	borrowed := ""
	if p.imports {
		borrowed = "((name,options)=>options===undefined?import(name):import(name,options))"
	}
	evaluates := ""
	if p.evaluates {
		evaluates = ",importModuleDynamically:constants.USE_MAIN_CONTEXT_DEFAULT_LOADER"
	}
	text := strings.NewReplacer(
		"PROGRAM", strconv.Quote("/"+path.Base(p.text.Name)), "CACHE", strconv.Quote("/"+path.Base(p.code)),
		"BUILT_FOR", strconv.Quote(c.Version+" "+c.Arch), "DIGEST", strconv.FormatUint(uint64(digest), 10),
		"ENCODING", p.encoding, "/*IMPORT*/", borrowed, "/*EVALUATES*/", evaluates,
	).Replace(loaderText)
	text = string(api.Transform(text, api.TransformOptions{MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true}).Code)
	if names := exportNames.Find(p.main.Content); names != nil {
		text += string(names) + "\n"
	}
	return []byte(text)
}
