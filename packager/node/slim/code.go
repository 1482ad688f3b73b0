package slim

import (
	"bytes"
	"regexp"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager/node/pass"
)

// Code returns a module without comments and without the white space that only people
// need, or false where it must stay as it is. Variables inside its functions get short
// names where rename is set ([pass.Locals]).
//
// The result has the same tokens but for these names, on the same lines ([js.Dense]), so it
// is the same program in sloppy and in strict mode, as a script and as a module. A name that
// is read, such as that of an error's class, is the same too. So are the patterns
// by which Node finds the exports of CommonJS without running it, such as
// "enumerable: true" and "0 && (module.exports = ...)", which minifiers rewrite
// (github.com/nodejs/cjs-module-lexer). A stack trace shows the published names and
// lines. Measured: the lines are 1-2% of a zip.
//
// Only the texts of functions differ. A module where code may look for comments in such a
// text stays as it is ([ReadsTexts] says which), and so do a module that may read itself
// by its own path and what our parser cannot read.
func Code(text []byte, rename bool) (slim []byte, ok bool) {
	slim, err := js.Dense(text)
	if err != nil {
		return nil, false
	}
	may := mayNameItself(slim)
	if may || rename {
		tree, err := js.Parse(slim)
		if err != nil || may && ownPath.Match(harmless.ReplaceAll(withoutStrings(tree), nil)) {
			return nil, false
		}
		if rename {
			slim = []byte(js.Apply(slim, pass.Locals(tree)))
		}
	}
	return slim, len(slim) < len(text)
}

// mayNameItself reports whether a module seems to use its own path for more than to find
// its folder, to require other modules, or to start a thread with itself.
func mayNameItself(text []byte) bool {
	if !bytes.Contains(text, []byte("filename")) && !bytes.Contains(text, []byte("import.meta")) {
		return false
	}
	return ownPath.Match(harmless.ReplaceAll(text, nil))
}

// withoutStrings is a text with nothing but x in strings.
func withoutStrings(t *js.Tree) []byte {
	text := []byte(t.Source)
	var down func(*js.Node)
	down = func(n *js.Node) {
		if n.Kind == js.String && n.Flags&js.Parenthesised == 0 {
			for i := n.Start + 1; i < n.End-1; i++ {
				text[i] = 'x'
			}
		}
		n.Each(down)
	}
	down(t.Top)
	return text
}

var (
	ownPath  = regexp.MustCompile(`\b__filename\b|\bmodule\s*\??\.\s*filename\b|\bimport\s*\.\s*meta\b\s*(?:[^.\s]|\.\s*(?:url|filename)\b)|\bmain\s*\??\.\s*filename\b`)
	harmless = regexp.MustCompile(`\b(?:createRequire|[Ww]orker|dirname|fork)\s*\)?\s*\(\s*(?:\w+\.)?(?:fileURLToPath\s*\(\s*)?(?:new\s+URL\s*\(\s*)?(?:__filename|import\.meta\.(?:url|filename))\b|` +
		`\bnew\s+URL\s*\(\s*["'][^"'\n]*["']\s*,\s*import\.meta\.url\b`)
)

// readsTexts matches code that reads the text of a function: by Function's own method, or
// of a value that is a function by its name or place. The text of a function with only a
// comment in it is how programs wrote texts of many lines before there were templates.
var readsTexts = regexp.MustCompile(`\bFunction\s*\.\s*(?:prototype\s*\.\s*)?toString\b|\bfunc\w*ToString\b|` +
	`\b(?:fn|func|function\w*|callback|cb|f|method|handler|ctor|constructor|factory|klass|cls)\s*\.\s*toString\s*\(|` +
	`\}\s*\)?\s*\.\s*toString\s*\(|\bString\s*\(\s*(?:fn|func|callback|cb|function\b)`)

// ReadsTexts reports whether a module may read the texts of functions.
func ReadsTexts(text []byte) bool {
	return (bytes.Contains(text, []byte("toString")) || bytes.Contains(text, []byte("ToString")) || bytes.Contains(text, []byte("String("))) &&
		readsTexts.Match(text)
}
