package compiled

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
)

// searched is the size in bytes from which a program ships in a file of its own, where
// Node would search it for the names of its exports: 1 MB takes it 4.5 ms of processor time,
// and the other file 0.2 ms.
const searched = 64 << 10

// Shorten puts a CommonJS program into a file of its own, and what Node must know of it
// into a short file at the handler's place. Lambda's client loads handlers by import() since
// Node 24, and Node then reads all of a CommonJS file to find the names of its exports.
//
// The short file has Node compile the program as if it were its own text: it is the same
// module, by the same path, with the same require, import() and positions.
// Source: Module.prototype._compile in lib/internal/modules/cjs/loader.js of Node, which
// hooks of tracers and of TypeScript build on as well.
//
// A program stays where it is if it holds its source map, which Node looks for in the
// handler's file; if it does not list the names of its exports, as the bundler does for an
// entry that is an ES module; or with minify: false, which is for reading.
func Shorten(b *packager.Bundle) {
	f := b.Function
	if f.Family != analyzer.Node || b.Failed() || len(b.Files) == 0 || !importsHandlers(f.Runtime) || f.Build.NoMinify ||
		slices.ContainsFunc(b.Settings, func(s packager.Setting) bool { return s.Name == Setting }) {
		return
	}
	main := b.Files[0]
	names := exportNames.Find(main.Content)
	if len(main.Content) < searched || path.Ext(main.Name) == ".mjs" || names == nil || bytes.HasPrefix(main.Content, []byte("#!")) || mapComment.Match(main.Content) {
		return
	}
	program := main
	program.Name = freeName(b.Files)(".program.js")
	text := fmt.Sprintf("module._compile(require(\"fs\").readFileSync(__dirname+%s,\"utf8\"),__filename,\"commonjs\");\n%s\n", strconv.Quote("/"+path.Base(program.Name)), names)
	b.Files = slices.Insert(slices.Clone(b.Files), 1, program)
	b.Files[0] = packager.File{
		Name: main.Name, Content: []byte(text), Parts: []packager.Part{{Input: -1, Row: packager.RowNames, Bytes: int64(len(text))}},
	}
}

// importsHandlers reports whether Lambda's client for a runtime loads handlers by import().
// Source: the module UserFunction of aws-lambda-nodejs-runtime-interface-client.
func importsHandlers(runtime string) bool {
	version, isNode := strings.CutPrefix(strings.TrimSuffix(runtime, ".x"), "nodejs")
	major, err := strconv.Atoi(version)
	return isNode && err == nil && major >= 24
}
