package resolution

import (
	"bytes"
	"regexp"
)

var (
	// extendsByFunction matches how compilers to ES5 begin a class that extends another one:
	// __extends(NotFound, _super) of TypeScript, and _inherits and _inheritsLoose of Babel.
	extendsByFunction = regexp.MustCompile(`\b(?:__extends|_inherits|_inheritsLoose)\(\s*([A-Za-z_$][\w$]*)\s*,`)
	// endsClass matches how they end it, with what it extends: return NotFound; }(Error)
	endsClass = regexp.MustCompile(`\breturn\s+([A-Za-z_$][\w$]*);?\s*\}\)?\(\s*([\w$]+)(?:\.[\w$]+)*\s*\)`)
	// setsPrototype matches code that makes an object one of the class.
	setsPrototype = regexp.MustCompile(`\bsetPrototypeOf\(\s*[\w$]+\s*,\s*([A-Za-z_$][\w$]*)\.prototype\b`)
	// declaresName and importsNames match names of the module itself, and those of other
	// modules of its package, which the same compiler has made.
	declaresName = regexp.MustCompile(`\b(?:var|let|const|function|class)\s+([A-Za-z_$][\w$]*)`)
	importsNames = regexp.MustCompile(`\bimport\b([^;'"]*)['"]\.`)
	nameOf       = regexp.MustCompile(`[A-Za-z_$][\w$]*`)
)

// readClasses notes the classes of a module of a package that are functions, and extend what
// may be none. Such a function calls what it extends. Error makes an object of its own then,
// which has nothing of the class, unless the code sets its prototype. A class of another
// package cannot be called at all.
func (r *Resolution) readClasses(file string, text []byte) {
	if classes := functionClasses(text); len(classes) > 0 {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.classes[file] = classes
	}
}

// functionClasses goes through a text once for each pattern: a bundle has hundreds of classes.
func functionClasses(text []byte) (classes []string) {
	if !bytes.Contains(text, []byte("__extends(")) && !bytes.Contains(text, []byte("_inherits")) {
		return nil
	}
	functions := extendsByFunction.FindAllSubmatch(text, -1)
	if len(functions) == 0 {
		return nil
	}
	extended, made, sets := map[string]string{}, map[string]bool{}, map[string]bool{} // by name
	for _, match := range endsClass.FindAllSubmatch(text, -1) {
		if name := string(match[1]); extended[name] == "" {
			extended[name] = string(match[2])
		}
	}
	for _, match := range setsPrototype.FindAllSubmatch(text, -1) {
		sets[string(match[1])] = true
	}
	for _, match := range declaresName.FindAllSubmatch(text, -1) {
		made[string(match[1])] = true
	}
	for _, match := range importsNames.FindAllSubmatch(text, -1) {
		for _, name := range nameOf.FindAll(match[1], -1) {
			made[string(name)] = true
		}
	}
	for _, match := range functions {
		name := string(match[1])
		if of := extended[name]; of != "" && !made[of] && !sets[name] && !sets["_newTarget"] {
			classes = append(classes, name)
		}
	}
	return classes
}

// FunctionClasses are the classes of a module of a package that are functions because of how
// it was compiled, and do not work as classes do. The file must have been traced.
func (r *Resolution) FunctionClasses(file string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.classes[file]
}
