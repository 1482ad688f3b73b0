package node

import (
	"bytes"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/packager"
)

// urlName stands for import.meta.url in CommonJS output.
const urlName = "__featherpackUrl"

// withPrelude puts in front of the code what the format does not bring by
// itself, and only what the code mentions: require, __filename and __dirname
// in an ES module, the module's URL in CommonJS, and the zip's root for modules
// that look for files. It is one line, so mappings move down by one.
func withPrelude(s *settled, p placed) (code []byte, parts []packager.Part) {
	var b bytes.Buffer
	mentions := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return bytes.Contains(s.Code, []byte(name)) })
	}
	if s.plan.esm && mentions("require", "__filename", "__dirname", rootName, urlOfName) {
		b.WriteString(`import{createRequire as __featherpackRequire}from"node:module";`)
		b.WriteString(`const require=__featherpackRequire(import.meta.url);`)
		if mentions("__filename", "__dirname", rootName) {
			b.WriteString(`const __filename=require("node:url").fileURLToPath(import.meta.url);`)
			b.WriteString(`const __dirname=require("node:path").dirname(__filename);`)
		}
	}
	if !s.plan.esm && mentions(urlName) {
		b.WriteString(`const ` + urlName + `=require("node:url").pathToFileURL(__filename).href;`)
	}
	if mentions(rootName) {
		up := strings.Repeat("/..", strings.Count(p.code, "/"))
		root := "__dirname"
		if up != "" {
			root = `require("node:path").resolve(__dirname,"` + up[1:] + `")`
		}
		b.WriteString("const " + rootName + "=" + root + ";")
	}
	if mentions(urlOfName) {
		b.WriteString("const " + urlOfName + `=p=>require("node:url").pathToFileURL(p).href;`)
	}
	if b.Len() == 0 {
		return s.Code, nil
	}
	b.WriteString("\n")
	n := int64(b.Len())
	b.Write(s.Code)
	return b.Bytes(), []packager.Part{{Input: -1, Row: "(featherpack prelude)", Bytes: n}}
}
