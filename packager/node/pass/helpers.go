package pass

import (
	"regexp"

	"github.com/featherpack/featherpack/analyzer/js"
)

// wrapper is the function that holds a module: the argument of one of esbuild's own
// helpers.
type wrapper struct {
	function *js.Node // its body is a block; an arrow function, or a method where the code was not minified
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

// plainHelper is the name of the first of these where the code was not minified. A
// number may follow.
var plainHelper = regexp.MustCompile(`^__commonJS\d*$`)

// findWrappers lists the wrappers of a bundle: esbuild declares each at the top
// level, by var.
func findWrappers(t *js.Tree) []wrapper {
	helpers := map[string]string{} // what each helper's text is, by its name
	var wrappers []wrapper
	for _, statement := range t.Top.List {
		if statement.Kind != js.Var {
			continue
		}
		for _, d := range statement.List {
			switch {
			case d.X.Kind != js.Name || d.Y == nil:
			case d.Y.Kind == js.Arrow && d.Y.End-d.Y.Start <= maxHelper:
				if text := canonical(t.Source[d.Y.Start:d.Y.End]); text == commonJSHelper || text == esmHelper {
					helpers[d.X.Name] = text
				}
			case d.Y.Kind == js.Call && d.Y.X.Kind == js.Name && len(d.Y.List) == 1:
				helper, argument := helpers[d.Y.X.Name], d.Y.List[0]
				switch {
				case helper != "" && argument.Kind == js.Arrow && argument.X.Kind == js.Block:
					wrappers = append(wrappers, wrapper{argument, helper == commonJSHelper})
				case plainHelper.MatchString(d.Y.X.Name) && argument.Kind == js.Object && len(argument.List) == 1:
					if method := argument.List[0]; method.Kind == js.Property && method.Y != nil && method.Y.Kind == js.Function {
						wrappers = append(wrappers, wrapper{method.Y, true})
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
