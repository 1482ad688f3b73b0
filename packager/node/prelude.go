package node

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// names are the variables that edits use in a module. The prelude of each function
// declares them, since a module is bundled once for functions in different folders.
//
// They never mean a variable of the program: a module that contains such a name
// gets another one, and esbuild renames variables of other modules that have the
// name of a global.
type names struct {
	root  string // the zip's root
	urlOf string // makes a URL of a path
	// ownRequire is the new name of a module's own "require", beside Node's.
	ownRequire string
}

// Stems of these names. A number may follow.
const (
	rootName       = "__featherpackRoot"
	urlOfName      = "__featherpackUrlOf"
	ownRequireName = "__featherpackOwnRequire"
	// urlName stands for import.meta.url in CommonJS output.
	urlName = "__featherpackUrl"
	// createRequireName is used in the prelude only.
	createRequireName = "__featherpackRequire"
)

// freeNames are names that neither a module's text nor the settings contain.
func freeNames(text []byte, settings string) names {
	return names{root: free(rootName, text, settings), urlOf: free(urlOfName, text, settings), ownRequire: free(ownRequireName, text, settings)}
}

// free is the stem, with the first number that makes it new where it is taken.
func free(stem string, text []byte, settings string) string {
	name := stem
	for n := 2; bytes.Contains(text, []byte(name)) || strings.Contains(settings, name); n++ {
		name = stem + strconv.Itoa(n)
	}
	return name
}

// texts are the texts of settings that become part of the bundle.
func texts(b analyzer.BuildOptions) string {
	all := []string{b.Banner, b.Footer}
	for _, value := range b.Define {
		all = append(all, value)
	}
	return strings.Join(all, "\n")
}

// rooted is a JavaScript expression for a path in the zip.
func (n names) rooted(name string) string {
	if name == "." || name == "" {
		return n.root
	}
	text, _ := json.Marshal("/" + name) // a string always marshals
	return n.root + "+" + string(text)
}

// numbered finds the names that edits put into code.
var numbered = regexp.MustCompile(`__featherpack(?:Root|UrlOf)\d*`)

// prelude declares what the code mentions and the format does not have: require,
// __filename and __dirname in an ES module, the module's URL in CommonJS, and the
// zip's root for modules that look for files. It is one line, or "". Names that
// the code declares at its top level, for example in a banner, are left out.
// depth is the number of folders that the code lies in.
func prelude(code []byte, esm bool, depth int, declares func(name string) bool) string {
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
		createRequire := free(createRequireName, code, "")
		b.WriteString("import{createRequire as " + createRequire + `}from"node:module";`)
		require = declare("require", createRequire+"(import.meta.url)")
		if mentions("__filename", "__dirname", rootName) {
			filename = declare("__filename", require+`("node:url").fileURLToPath(import.meta.url)`)
			dirname = declare("__dirname", require+`("node:path").dirname(`+filename+")")
		}
	}
	if !esm && mentions(urlName) {
		declare(urlName, require+`("node:url").pathToFileURL(`+filename+").href")
	}
	found := numbered.FindAllString(string(code), -1)
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

// opening is how a bundle begins: a line that goes in front of the code, but behind
// a "#!" line, and edits of the code that belong to it.
type opening struct {
	at    int
	line  string
	edits []js.Edit
	// strict means that the code runs in strict mode.
	strict bool
}

// open puts the directives and the prelude in front of a function's code.
//
// Only the first statements of a file can be directives. esbuild writes them behind
// the banner, so they move where the banner holds code, and where there is a
// prelude. CommonJS output of an ES module is in strict mode, as in Node; esbuild
// makes it so only where a tsconfig does.
func open(s *settled, prelude string) opening {
	o := opening{line: prelude, strict: s.plan.esm}
	if bytes.HasPrefix(s.Code, []byte("#!")) {
		o.at = bytes.IndexByte(s.Code, '\n') + 1
	}
	if s.plan.esm {
		return o
	}
	at, banner := o.at, s.f.Build.Banner
	if i := bytes.Index(s.Code, []byte(banner+"\n")); banner != "" && i >= 0 && i <= at {
		at = i + len(banner) + 1
	}
	var moved strings.Builder
	for {
		directive := directivePattern.Find(s.Code[at:])
		if directive == nil {
			break
		}
		o.strict = o.strict || string(directive) == useStrict
		moved.Write(directive)
		o.edits = append(o.edits, js.Edit{Start: at, End: at + len(directive)})
		at += len(directive)
		if at < len(s.Code) && s.Code[at] == '\n' {
			at++
		}
	}
	if !o.strict && s.Inputs[s.f.Entry].Format == "esm" {
		o.strict = true
		moved.WriteString(useStrict)
	} else if prelude == "" && !holdsCode(banner) {
		o.edits = nil // they are first where they are
		return o
	}
	if moved.Len() > 0 {
		o.line = moved.String() + strings.TrimSuffix(prelude, "\n") + "\n"
	}
	return o
}

const useStrict = `"use strict";`

// directivePattern matches a directive as esbuild prints it.
var directivePattern = regexp.MustCompile(`^"(?:[^"\\\n]|\\.)*";`)

// holdsCode reports whether a text is more than comments.
func holdsCode(text string) bool {
	tree, err := js.Parse([]byte(text))
	return err != nil || len(tree.Top.List) > 0
}

// before puts the opening's line in front of the code. The code's edits must have
// been applied.
func (o opening) before(code []byte) []byte {
	if o.line == "" {
		return code
	}
	return slices.Concat(code[:o.at], []byte(o.line), code[o.at:])
}
