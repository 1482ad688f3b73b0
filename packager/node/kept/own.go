package kept

import (
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/trace"
)

// Modules of the project itself that are loaded by path or found in a folder.
//
// A function has one instance of such a module, and it is in the bundle: there it is
// compiled, its imports lead where the source's lead, and it shares what it imports.
// The file in its place hands that instance on. The bundle's side is a table of
// functions under [HandOnKey], by input.
//
// A thread or a process of its own has no part of the bundle. What it runs ships as it
// is, or as a bundle of its own where Node cannot run the source.

// use is how a file is loaded. A file may be loaded in both ways.
type use uint8

const (
	byMain use = 1 << iota // by the function
	alone                  // in a thread or a process of its own
	asText                 // it is read
)

// HandOnKey is the name of the symbol under which the bundle keeps the modules that
// files hand on.
const HandOnKey = "featherpack"

// isOwnModule reports whether a file of the project is a module that is compiled or
// could be loaded: no declarations and no tests, and what looks like TypeScript is.
// Other things are called .ts too, such as videos and translations.
func (a *Asked) isOwnModule(input string) bool {
	known, ok := a.modules[input]
	if !ok {
		known = !inPackage(input) && (isCode(input) || a.isTypeScript(input))
		a.modules[input] = known
	}
	return known
}

func inPackage(input string) bool { return strings.Contains("/"+input, "/node_modules/") }

func (a *Asked) isTypeScript(input string) bool {
	if _, compiled := trace.Compiled(input); !compiled || declares.MatchString(input) {
		return false
	}
	text, err := a.project.ReadFile(a.project.Absolute(input))
	if err != nil {
		return false
	}
	_, err = js.Read(js.File{Path: input, Source: text})
	return err == nil
}

// declares matches TypeScript that is never loaded by a function: declarations, and
// tests.
var declares = regexp.MustCompile(`\.(d|test|spec)\.[cm]?tsx?$|(^|/)__tests__/.*\.[cm]?tsx?$`)

// Own is a module of the project that something loads by its path.
type Own struct {
	Input string
	// Main is set when the function loads it, Alone when a thread or process does.
	Main, Alone bool
	// Compiled is set when Node cannot run the source.
	Compiled bool
	// Needs are the inputs that it imports and requires.
	Needs []string
}

// Own lists them, sorted by input.
func (t *Tree) Own() []Own {
	var all []Own
	for _, input := range slices.Sorted(maps.Keys(t.own.uses)) {
		_, compiled := trace.Compiled(input)
		used := t.own.uses[input]
		all = append(all, Own{
			Input: input, Main: used&byMain != 0, Alone: used&alone != 0, Compiled: compiled,
			Needs: slices.Sorted(maps.Keys(t.needed[input])),
		})
	}
	return all
}

// Apart lists the modules that need a bundle of their own, with the names of these
// bundles in the zip: what a thread or process runs and Node cannot.
func (t *Tree) Apart() map[string]string {
	apart := map[string]string{}
	for _, o := range t.Own() {
		if o.Compiled && (o.Alone || !t.handsOnFor(o)) && t.own.uses[o.Input] != asText {
			apart[o.Input] = t.aloneName(o)
		}
	}
	return apart
}

// StartedAs returns the name in the zip under which a thread or a process of its own
// starts a module, if one does.
func (t *Tree) StartedAs(input string) (name string, ok bool) {
	return t.moduleName(input), t.own.uses[input]&alone != 0
}

// handsOnFor reports whether the file in a module's place hands on the bundle's.
func (t *Tree) handsOnFor(o Own) bool {
	return o.Main && t.asked.handedOn[o.Input] && t.own.uses[o.Input]&asText == 0
}

// aloneName is the name in the zip of what a thread or process loads. Where the
// function loads it too, another file is in its place and leads there. Then it lies
// where no code that lists the module's folder takes it for a module: a bundle of its
// own in another folder, and a copy, which needs its neighbours, under a hidden name.
func (t *Tree) aloneName(o Own) string {
	name := t.moduleName(o.Input)
	if !t.handsOnFor(o) {
		return name
	}
	dir, base := path.Split(name)
	stem, ext := strings.TrimSuffix(base, path.Ext(base)), ".cjs"
	if t.project.IsESM(o.Input) {
		ext = ".mjs"
	}
	if o.Compiled {
		return path.Join(aloneDir, dir, stem+ext)
	}
	return dir + "." + stem + aloneDir + ext
}

// aloneDir is the folder of the zip for bundles of what threads and processes load.
const aloneDir = ".alone"

// moduleName is the name of a module in the zip: as the code asks for it, else as a
// compiler names it.
func (t *Tree) moduleName(input string) string {
	name := t.layout.Place(input)
	if !t.asked.bySource[input] {
		name, _ = trace.Compiled(name)
	}
	return name
}

// ownFiles are the files of own modules: those that hand on, and copies.
func (t *Tree) ownFiles() (files []File) {
	for _, o := range t.Own() {
		source := t.project.Absolute(o.Input)
		handsOn := t.handsOnFor(o)
		if handsOn {
			content := t.handsOn(o)
			files = append(files, File{Name: t.moduleName(o.Input), Input: o.Input, Content: content, Bytes: int64(len(content))})
		}
		if !o.Compiled && (o.Alone || !handsOn) {
			f := File{Name: t.aloneName(o), Source: source, Input: o.Input, Bytes: t.own.Files[source]}
			f.Reader = t.readerOf(source, o.Input)
			files = append(files, f)
		}
	}
	return files
}

// handsOn is the text of a file that hands on a module of the bundle.
func (t *Tree) handsOn(o Own) []byte {
	source := t.textOf(o.Input)
	var described []byte
	for _, comment := range comments.FindAll(source, -1) {
		if describes.Match(comment) {
			described = append(append(described, comment...), '\n')
		}
	}
	return append(described, t.handsOnText(o, source)...)
}

// comments matches those of JSDoc. Some describe an API, and tools read them at run
// time (github.com/Surnet/swagger-jsdoc).
var (
	comments  = regexp.MustCompile(`(?s)/\*\*.*?\*/`)
	describes = regexp.MustCompile(`@(?:openapi|swagger|OAS)\b`)
)

func (t *Tree) handsOnText(o Own, source []byte) []byte {
	key, _ := json.Marshal(o.Input) // a string always marshals
	table := fmt.Sprintf("globalThis[Symbol.for(%q)]", HandOnKey)
	names, _, _ := js.Exports(js.File{Path: o.Input, Source: source})
	names = slices.DeleteFunc(names, func(name string) bool { return !identifier.MatchString(name) || reserved[name] })
	esm := t.project.IsESM(o.Input)
	otherwise := ""
	if o.Alone {
		otherwise, _ = relativeTo(path.Dir(t.moduleName(o.Input)), t.aloneName(o))
	}
	if esm {
		text := fmt.Sprintf("const t=%s;const m=", table)
		if otherwise != "" {
			text += fmt.Sprintf("await(t?t[%s]():import(%q));", key, otherwise)
		} else {
			text += fmt.Sprintf("await t[%s]();", key)
		}
		if i := slices.Index(names, "default"); i >= 0 {
			names = slices.Delete(names, i, i+1)
			text += "export default m.default;"
		}
		if len(names) > 0 {
			text += "export const{" + strings.Join(names, ",") + "}=m;"
		}
		return []byte(text + "\n")
	}
	text := fmt.Sprintf("const t=%s;module.exports=", table)
	if otherwise != "" {
		text += fmt.Sprintf("t?t[%s]():require(%q);", key, otherwise)
	} else {
		text += fmt.Sprintf("t[%s]();", key)
	}
	names = slices.DeleteFunc(names, func(name string) bool { return name == "default" })
	if len(names) > 0 { // for Node, which finds the names of exports in the text
		text += "0&&(module.exports={" + strings.Join(names, ",") + "});"
	}
	return []byte(text + "\n")
}

// identifier matches names that a declaration may have without knowing more of the
// language.
var identifier = regexp.MustCompile(`^[A-Za-z_$][\w$]*$`)

// reserved are names that no variable can have. A module may export them.
var reserved = func() map[string]bool {
	all := map[string]bool{}
	for word := range strings.FieldsSeq(`await break case catch class const continue debugger delete do else enum export extends
		false finally for function if implements import in instanceof interface let m new null package private protected public
		return static super switch t this throw true try typeof var void while with yield arguments eval`) {
		all[word] = true
	}
	return all
}()

func (t *Tree) textOf(input string) []byte {
	text, _ := t.project.ReadFile(t.project.Absolute(input)) // it has been read before
	return text
}

// relativeTo is the specifier that code in dir needs for a file; both are names in
// the zip.
func relativeTo(dir, file string) (string, error) {
	rel, err := filepath.Rel(filepath.FromSlash(dir), filepath.FromSlash(file))
	if rel = filepath.ToSlash(rel); !strings.HasPrefix(rel, "../") {
		rel = "./" + rel
	}
	return rel, err
}
