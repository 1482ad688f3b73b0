package node

import (
	"bytes"
	"crypto/sha256"
	"regexp"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer/js"
)

// Signs in own code that it reads names or parameters by itself.
var (
	readsOwnNames = regexp.MustCompile(`\bconstructor\s*\??\.\s*name\b|\bnew\.target\.name\b|[^\w$.][A-Z][\w$]*\.name\b|` +
		`\b(?:target|ctor|cls|klass|clazz|Class|fn|func|callback|cb|middleware)\??\.name\b`)
	readsAnyName         = regexp.MustCompile(`[\w$)\]]\??\.name\b`)
	readsConstructorName = regexp.MustCompile(`\bconstructor\s*\??\.\s*name\b`) // of any object's class
	readsOwnParameters   = regexp.MustCompile(`\.toString\(\)\s*\.\s*match\(|\.exec\([\w$.]+\.toString\(\)\)|Function\.prototype\.toString\b`)
	ownClass             = regexp.MustCompile(`\bclass\s+([A-Z][\w$]*)`)
	// mayNameClass matches a word that may be the name of a class: a text, a key of an object,
	// or a class that a package exports.
	mayNameClass = regexp.MustCompile(`\b[A-Z][\w$]*`)
)

// ownNames is what an own module does with the names of functions and classes.
type ownNames struct {
	readsOwn, readsClass, readsAny, readsParameters bool
	classes, mentioned                              []string // that it declares; that may be one's name
}

// namesByText remembers what own modules do with names, by their texts: many functions
// hold the same ones, and a round of --watch finds most of them as they were.
type namesByText struct {
	known, before map[textOf]ownNames // of this build, and of the one before
}

// textOf is the SHA-256 of a text, and what it is parsed as.
type textOf struct {
	sum    [sha256.Size]byte
	loader api.Loader
}

func (n *namesByText) in(file js.File) ownNames {
	of := textOf{sha256.Sum256(file.Source), file.Loader}
	does, known := n.known[of]
	if known {
		return does
	}
	if does, known = n.before[of]; !known {
		does = readOwnNames(file)
	}
	n.known[of] = does
	return does
}

// renew forgets the texts that the last build did not meet.
func (n *namesByText) renew() { n.before, n.known = n.known, map[textOf]ownNames{} }

func readOwnNames(file js.File) (does ownNames) {
	text := file.Source
	does = ownNames{
		readsOwn: readsOwnNames.Match(text) || readsStaticName(file), readsClass: readsConstructorName.Match(text),
		readsAny: readsAnyName.Match(text), readsParameters: readsOwnParameters.Match(text),
	}
	for _, class := range ownClass.FindAllSubmatch(text, -1) {
		does.classes = append(does.classes, string(class[1]))
	}
	for _, word := range mayNameClass.FindAll(text, -1) {
		does.mentioned = append(does.mentioned, string(word))
	}
	return does
}

// readsStaticName reports whether code reads this.name where this is a class: in static
// methods, blocks and fields.
func readsStaticName(file js.File) bool {
	if !bytes.Contains(file.Source, []byte("static")) || !bytes.Contains(file.Source, []byte("this.name")) {
		return false
	}
	text, err := js.Read(file)
	if err != nil {
		return false // esbuild's to report
	}
	found := false
	var look func(n *js.Node, static bool)
	look = func(n *js.Node, static bool) {
		found = found || static && n.Kind == js.Member && n.Name == "name" && n.X.Kind == js.Literal && n.X.Name == "this"
		if n.Kind == js.Function {
			static = false // it has a this of its own
		}
		n.Each(func(child *js.Node) {
			if n.Kind != js.Class {
				look(child, static)
				return
			}
			static := child.Kind == js.Block || child.Flags&js.Static != 0
			if child.Kind == js.Property && child.Y != nil && child.Y.Kind == js.Function {
				child = child.Y
				child.Each(func(inner *js.Node) { look(inner, static) })
				return
			}
			look(child, static)
		})
	}
	look(text.Top, false)
	return found
}
