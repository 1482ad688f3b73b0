package resolution

import (
	"bytes"
	"regexp"
)

// extendsByFunction matches how compilers to ES5 begin a class that extends another one:
// __extends(NotFound, _super) of TypeScript, and _inherits and _inheritsLoose of Babel.
var extendsByFunction = regexp.MustCompile(`\b(?:__extends|_inherits|_inheritsLoose)\(\s*([A-Za-z_$][\w$]*)\s*,`)

// readClasses notes the classes of a module of a package that are functions, and extend what
// may be none. Such a function calls what it extends. Error makes an object of its own then,
// which has nothing of the class, unless the code sets its prototype. A class of another
// package cannot be called at all.
func (r *Resolution) readClasses(file string, text []byte) {
	if !bytes.Contains(text, []byte("__extends(")) && !bytes.Contains(text, []byte("_inherits")) {
		return
	}
	var classes []string
	for _, match := range extendsByFunction.FindAllSubmatch(text, -1) {
		name := regexp.QuoteMeta(string(match[1]))
		extended := regexp.MustCompile(`\breturn\s+` + name + `;?\s*\}\)?\(\s*([\w$]+)(?:\.[\w$]+)*\s*\)`).FindSubmatch(text)
		if extended == nil || madeHere(text, regexp.QuoteMeta(string(extended[1]))) {
			continue
		}
		if !regexp.MustCompile(`\bsetPrototypeOf\(\s*[\w$]+\s*,\s*(?:` + name + `\.prototype\b|_newTarget\.prototype\b)`).Match(text) {
			classes = append(classes, string(match[1]))
		}
	}
	if len(classes) > 0 {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.classes[file] = classes
	}
}

// madeHere reports whether a name is of the module itself, or of another one of its package,
// which the same compiler has made.
func madeHere(text []byte, name string) bool {
	return regexp.MustCompile(`\b(?:var|let|const|function|class)\s+`+name+`\b`).Match(text) ||
		regexp.MustCompile(`\bimport\b[^;'"]*\b`+name+`\b[^;'"]*['"]\.`).Match(text)
}

// FunctionClasses are the classes of a module of a package that are functions because of how
// it was compiled, and do not work as classes do. The file must have been traced.
func (r *Resolution) FunctionClasses(file string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.classes[file]
}
