package pass

import (
	"regexp"

	"github.com/featherpack/featherpack/analyzer/js"
)

// wrapper is the function that holds a module: the argument of one of esbuild's own
// helpers.
type wrapper struct {
	// function has a block for its body. It is an arrow function, which asFunctions makes a
	// plain one, or a method where the code was not minified.
	function *js.Node
	argument *js.Node // the function, or the object with the method
	commonJS bool     // else an ES module that runs when it is first required
}

// The helpers of minified bundles, as canonical writes them. They call the wrapper
// once, as a plain function, and hand it to nobody else.
// Source: __commonJSMin and __esmMin in internal/runtime of esbuild 0.28.2.
const (
	commonJSHelper = "(a,b)=>()=>{try{return b||a((b={exports:{}}).exports,b),b.exports}catch(c){throw b=0,c}}"
	esmHelper      = "(a,b,c)=>()=>{if(c)throw c[0];try{return a&&(b=a(a=0)),b}catch(d){throw c=[d],d}}"
)

// maxHelper bounds the text of a helper, in bytes.
const maxHelper = 200

// Wrapper is the code of a module in a finished bundle: Code is the only argument of the
// helper that runs it, and Body the function in it.
type Wrapper struct{ Code, Body *js.Node }

// Wrappers lists the modules of a finished bundle that are in wrappers, as the passes have
// left them.
func Wrappers(t *js.Tree) (all []Wrapper) {
	for _, w := range wrappersOf(t, true) {
		all = append(all, Wrapper{w.argument, w.function})
	}
	return all
}

// The names of both where the code was not minified. A number may follow.
var (
	plainHelper    = regexp.MustCompile(`^__commonJS\d*$`)
	plainESMHelper = regexp.MustCompile(`^__esm\d*$`)
)

// findWrappers lists the wrappers of a bundle before the passes: esbuild declares each at
// the top level, by var.
func findWrappers(t *js.Tree) []wrapper { return wrappersOf(t, false) }

// wrappersOf lists the wrappers of a bundle, before or after the passes.
func wrappersOf(t *js.Tree, finished bool) []wrapper {
	helpers := map[string]string{} // what each helper's text is, by its name
	shape := canonical
	if finished {
		shape = func(text string) string { return shapes[nameless(text)] }
	}
	var wrappers []wrapper
	for _, statement := range t.Top.List {
		if statement.Kind != js.Var {
			continue
		}
		for _, d := range statement.List {
			switch {
			case d.X.Kind != js.Name || d.Y == nil:
			case d.Y.Kind == js.Arrow && d.Y.End-d.Y.Start <= maxHelper:
				if text := shape(t.Source[d.Y.Start:d.Y.End]); text == commonJSHelper || text == esmHelper {
					helpers[d.X.Name] = text
				}
			case d.Y.Kind == js.Call && d.Y.X.Kind == js.Name && len(d.Y.List) == 1:
				helper, argument := helpers[d.Y.X.Name], d.Y.List[0]
				switch {
				case helper != "" && (argument.Kind == js.Arrow || finished && argument.Kind == js.Function) && argument.X.Kind == js.Block:
					wrappers = append(wrappers, wrapper{argument, argument, helper == commonJSHelper})
				case argument.Kind == js.Object && len(argument.List) == 1 &&
					(plainHelper.MatchString(d.Y.X.Name) || finished && plainESMHelper.MatchString(d.Y.X.Name)):
					if method := argument.List[0]; method.Kind == js.Property && method.Y != nil && method.Y.Kind == js.Function {
						wrappers = append(wrappers, wrapper{method.Y, argument, plainHelper.MatchString(d.Y.X.Name)})
					}
				}
			}
		}
	}
	return wrappers
}

// words matches the names in a helper, keywords those that are not variables.
var (
	words    = regexp.MustCompile(`[A-Za-z_$][\w$]*`)
	keywords = map[string]bool{"try": true, "return": true, "exports": true, "catch": true, "throw": true, "if": true}
)

// shapes are the helpers by their texts without names: the passes give variables of
// different functions one name.
var shapes = map[string]string{nameless(commonJSHelper): commonJSHelper, nameless(esmHelper): esmHelper}

// nameless writes a text with one letter for every variable.
func nameless(text string) string {
	return words.ReplaceAllStringFunc(text, func(word string) string {
		if keywords[word] {
			return word
		}
		return "a"
	})
}

// canonical writes a text with a, b, c for its variables, in order of appearance.
func canonical(text string) string {
	variables := map[string]string{}
	return words.ReplaceAllStringFunc(text, func(word string) string {
		if keywords[word] {
			return word
		}
		if variables[word] == "" {
			variables[word] = string(rune('a' + len(variables)))
		}
		return variables[word]
	})
}
