package prelude

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// line declares what the code mentions and the format does not have: require,
// __filename and __dirname in an ES module, the module's URL in CommonJS, and the
// zip's root for modules that look for files. It is one line, or "". Names that
// the code declares at its top level, for example in a banner, are left out.
// depth is the number of folders that the code lies in.
func line(code []byte, esm bool, depth int, declares func(name string) bool) string {
	var b strings.Builder
	mentions := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return bytes.Contains(code, []byte(name)) })
	}
	// Where the code declares a name itself, the variable has no value yet.
	require, filename, dirname := "require", "__filename", "__dirname"
	declare := func(name, value string) string {
		if declares(name) {
			return value
		}
		b.WriteString("const " + name + "=" + value + ";")
		return name
	}
	if esm && mentions("require", "__filename", "__dirname", rootName, urlOfName) {
		createRequire := Free(createRequireName, code, "")
		b.WriteString("import{createRequire as " + createRequire + `}from"node:module";`)
		require = declare("require", createRequire+"(import.meta.url)")
		if mentions("__filename", "__dirname", rootName) {
			filename = declare("__filename", require+`("node:url").fileURLToPath(import.meta.url)`)
			dirname = declare("__dirname", require+`("node:path").dirname(`+filename+")")
		}
	}
	if !esm && mentions(URLName) {
		declare(URLName, require+`("node:url").pathToFileURL(`+filename+").href")
	}
	var found []string
	for _, name := range numbered.FindAll(code, -1) {
		found = append(found, string(name))
	}
	slices.Sort(found)
	for _, name := range slices.Compact(found) {
		value := "p=>" + require + `("node:url").pathToFileURL(p).href`
		if strings.HasPrefix(name, rootName) {
			value = dirname
			if depth > 0 {
				value = require + `("node:path").resolve(` + dirname + `,"` + strings.Repeat("/..", depth)[1:] + `")`
			}
		}
		declare(name, value)
	}
	if b.Len() == 0 {
		return ""
	}
	return b.String() + "\n"
}

// Opening is how a bundle begins: a line that goes in front of the code, but behind
// a "#!" line, and edits of the code that belong to it.
type Opening struct {
	at    int
	Line  string
	Edits []js.Edit
	// Strict means that the code runs in strict mode.
	Strict bool
}

// Open puts the directives and the prelude in front of a function's code.
//
// Only the first statements of a file can be directives. esbuild writes them behind
// the banner, so they move where the banner holds code, and where there is a
// prelude. CommonJS output of an ES module is in strict mode, as in Node; esbuild
// makes it so only where a tsconfig does.
func Open(c Code, declares func(name string) bool) Opening {
	prelude := line(c.Text, c.ESM, strings.Count(c.Name, "/"), declares)
	o := Opening{Line: prelude, Strict: c.ESM}
	if bytes.HasPrefix(c.Text, []byte("#!")) {
		o.at = bytes.IndexByte(c.Text, '\n') + 1
	}
	if c.ESM {
		return o
	}
	var moved strings.Builder
	o.Edits = directives(c)
	for _, d := range o.Edits {
		directive := string(c.Text[d.Start:d.End])
		o.Strict = o.Strict || directive == useStrict
		moved.WriteString(directive)
	}
	if !o.Strict && c.EntryESM {
		o.Strict = true
		moved.WriteString(useStrict)
	} else if prelude == "" && !holdsCode(c.Function.Build.Banner) {
		o.Edits = nil // they are first where they are
		return o
	}
	if moved.Len() > 0 {
		o.Line = moved.String() + strings.TrimSuffix(prelude, "\n") + "\n"
	}
	return o
}

// Strict reports whether a function's code runs in strict mode. It is what [Open] says.
func Strict(c Code) bool {
	return c.ESM || c.EntryESM || slices.ContainsFunc(directives(c), func(d js.Edit) bool { return string(c.Text[d.Start:d.End]) == useStrict })
}

// directives are edits that take out the directives as esbuild writes them: first, or
// behind the banner.
func directives(c Code) (edits []js.Edit) {
	at, banner := 0, c.Function.Build.Banner
	if bytes.HasPrefix(c.Text, []byte("#!")) {
		at = bytes.IndexByte(c.Text, '\n') + 1
	}
	if i := bytes.Index(c.Text, []byte(banner+"\n")); banner != "" && i >= 0 && i <= at {
		at = i + len(banner) + 1
	}
	for {
		directive := directivePattern.Find(c.Text[at:])
		if directive == nil {
			return edits
		}
		edits = append(edits, js.Edit{Start: at, End: at + len(directive)})
		at += len(directive)
		if at < len(c.Text) && c.Text[at] == '\n' {
			at++
		}
	}
}

const useStrict = `"use strict";`

// directivePattern matches a directive as esbuild prints it.
var directivePattern = regexp.MustCompile(`^"(?:[^"\\\n]|\\.)*";`)

// holdsCode reports whether a text is more than comments.
func holdsCode(text string) bool {
	tree, err := js.Parse([]byte(text))
	return err != nil || len(tree.Top.List) > 0
}

// Before puts the opening's line in front of the code. The code's edits must have
// been applied.
func (o Opening) Before(code []byte) []byte {
	if o.Line == "" {
		return code
	}
	return slices.Concat(code[:o.at], []byte(o.Line), code[o.at:])
}
