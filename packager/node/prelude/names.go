package prelude

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// Names are the variables that edits use in a module. The prelude of each function
// declares them, since a module is bundled once for functions in different folders.
//
// They never mean a variable of the program: a module that contains such a name
// gets another one, and esbuild renames variables of other modules that have the
// name of a global.
type Names struct {
	Root  string // the zip's root
	URLOf string // makes a URL of a path
	// OwnRequire is the new name of a module's own "require", beside Node's.
	OwnRequire string
	// OwnMeta is a module's own import.meta, if it writes to it.
	OwnMeta string
}

// Stems of these names. A number may follow.
const (
	rootName       = "__featherpackRoot"
	urlOfName      = "__featherpackUrlOf"
	ownRequireName = "__featherpackOwnRequire"
	ownMetaName    = "__featherpackMeta"
	// URLName stands for import.meta.url in CommonJS output.
	URLName = "__featherpackUrl"
	// createRequireName is used in the prelude only.
	createRequireName = "__featherpackRequire"
)

// FreeNames are names that neither a module's text nor the settings contain.
func FreeNames(text []byte, settings string) Names {
	return Names{
		Root: Free(rootName, text, settings), URLOf: Free(urlOfName, text, settings),
		OwnRequire: Free(ownRequireName, text, settings), OwnMeta: Free(ownMetaName, text, settings),
	}
}

// Free is the stem, with the first number that makes it new where it is taken.
func Free(stem string, text []byte, settings string) string {
	if !bytes.Contains(text, []byte(stem)) && !strings.Contains(settings, stem) {
		return stem
	}
	taken := map[string]bool{} // the digits after the stem, and how they begin
	note := func(rest string) {
		for digits := 1; digits <= min(len(rest), 8) && '0' <= rest[digits-1] && rest[digits-1] <= '9'; digits++ {
			taken[rest[:digits]] = true
		}
	}
	for _, in := range []string{string(text), settings} {
		// A stem such as "aa" also begins inside itself.
		for at := strings.Index(in, stem); at >= 0; at = strings.Index(in, stem) {
			note(in[at+len(stem):])
			in = in[at+1:]
		}
	}
	for n := 2; ; n++ {
		if number := strconv.Itoa(n); !taken[number] {
			return stem + number
		}
	}
}

// Texts are the texts of settings that become part of the bundle.
func Texts(b analyzer.BuildOptions) string {
	all := []string{b.Banner, b.Footer}
	for _, value := range b.Define {
		all = append(all, value)
	}
	return strings.Join(all, "\n")
}

// Rooted is a JavaScript expression for a path in the zip.
func (n Names) Rooted(name string) string {
	if name == "." || name == "" {
		return n.Root
	}
	text, _ := json.Marshal("/" + name) // a string always marshals
	return n.Root + "+" + string(text)
}

// numbered finds the names that edits put into code.
var numbered = regexp.MustCompile(`__featherpack(?:Root|UrlOf)\d*`)
