package resolution

import (
	"bytes"
	"maps"
	"regexp"
	"slices"
)

// What a module's text says about the names of classes and functions that it reads.

// readNames notes it for a file.
func (r *Resolution) readNames(file string, text []byte) {
	if !bytes.Contains(text, []byte(".name")) {
		return
	}
	compared := comparedNames(text)
	uses := usesNames(text)
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(compared) > 0 {
		r.compared[file] = compared
	}
	if uses {
		r.usesNames[file] = true
	}
}

var (
	// comparedName matches a comparison of a class's name with a string. Those of what may be
	// nothing, x?.constructor?.name, do not count: the AWS SDK and undici have some, to tell a
	// logger or a page of a browser, and to keep names makes their bundles 4 to 150% larger.
	comparedName = regexp.MustCompile(`constructor\.name\s*[!=]==?\s*["']([A-Za-z_$][\w$]*)["']|["']([A-Za-z_$][\w$]*)["']\s*[!=]==?\s*[\w$.?]+\.constructor\.name\b`)
	// switchedName matches a switch over one, caseText a case of it.
	switchedName = regexp.MustCompile(`\bswitch\s*\(\s*[\w$.?]+\.constructor\??\.name\s*\)\s*\{`)
	caseText     = regexp.MustCompile(`\bcase\s*["']([A-Za-z_$][\w$]*)["']\s*:`)
)

// namesClass reports whether code may read the name of an object's class.
func namesClass(text []byte) bool {
	return bytes.Contains(text, []byte("constructor.name")) || bytes.Contains(text, []byte("constructor?.name"))
}

func comparedNames(text []byte) (compared []string) {
	if !namesClass(text) {
		return nil
	}
	for _, match := range comparedName.FindAllSubmatch(text, -1) {
		compared = append(compared, string(match[1])+string(match[2]))
	}
	if at := switchedName.FindIndex(text); at != nil { // its end is not looked for
		for _, match := range caseText.FindAllSubmatch(text[at[1]:], -1) {
			compared = append(compared, string(match[1]))
		}
	}
	return compared
}

// NamesCompared are the names with which files compare the names of classes, such as
// x.constructor.name === 'Stream'. The files must have been traced.
func (r *Resolution) NamesCompared(files []string) map[string]bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	names := map[string]bool{}
	for _, file := range files {
		for _, name := range r.compared[file] {
			names[name] = !builtinClasses[name]
		}
	}
	maps.DeleteFunc(names, func(_ string, kept bool) bool { return !kept })
	return names
}

// builtinClasses have their names from the engine.
var builtinClasses = map[string]bool{
	"Array": true, "ArrayBuffer": true, "AsyncFunction": true, "AsyncGeneratorFunction": true, "BigInt": true, "Blob": true, "Boolean": true,
	"Buffer": true, "DataView": true, "Date": true, "Error": true, "FormData": true, "Function": true, "GeneratorFunction": true, "Map": true,
	"Number": true, "Object": true, "Promise": true, "RegExp": true, "Set": true, "String": true, "Symbol": true, "TypeError": true,
	"URL": true, "URLSearchParams": true, "Uint8Array": true, "WeakMap": true, "WeakSet": true, "ReadableStream": true, "File": true,
	"AbortSignal": true, "Headers": true, "Request": true, "Response": true, "Readable": true, "Stream": true,
}

// UsesNames reports whether a module of a package uses the names of classes or functions
// as data: an object is given the name of its class, a function returns it, by itself or in a
// text (which openai sends as its user agent), or it is the key of a property. Names that
// only become part of a message do not count. The file must have been traced.
func (r *Resolution) UsesNames(file string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.usesNames[file]
}

var (
	// this.name = this.constructor.name, as in errors; {value: new.target.name}
	givesName = regexp.MustCompile(`(?:\bthis\.[\w$]+\s*=\s*(?:[\w$.]+\s*(?:\|\||\?\?)\s*)?|\bvalue:\s*)(?:this\.constructor|new\.target)\.name\b`)
	// get name() { return this.constructor.name }
	returnsName = regexp.MustCompile(`\breturn\s+(?:this\.constructor|new\.target)\.name\s*[;}\n]`)
	// return `${this.constructor.name}/JS ${VERSION}`
	returnsText = regexp.MustCompile("\\breturn\\s+(?:`[^`]*\\$\\{\\s*(?:this\\.constructor|new\\.target)\\.name\\s*\\}|(?:this\\.constructor|new\\.target)\\.name\\s*\\+)")
	// What these return is for people to read.
	describes = regexp.MustCompile(`\b(?:inspect|toString)\b`)
	// handlers[packet.constructor.name], or a text with it: this['visit' + node.constructor.name]
	keyedByName = regexp.MustCompile(`[\w$)\]]\s*\[\s*(?:[A-Z][\w$]*\.name|[\w$.?]+\.constructor\??\.name|new\.target\.name)\s*\]`)
	keyedByText = regexp.MustCompile(`[\w$)\]]\s*\[\s*` + textOfName + `[^\n\],]{0,60}\]`)
	// const name = Packet.name, whose variable is a key, or a text: var method = 'visit' + node.constructor.name
	variableOfName = regexp.MustCompile(`\b(?:var|let|const)\s+([\w$]+)\s*=\s*(?:[A-Z][\w$]*|[\w$.]+\.constructor|new\.target)\.name\s*[;\n]`)
	variableOfText = regexp.MustCompile(`\b(?:var|let|const)\s+([\w$]+)\s*=\s*` + textOfName + `[^\n;,]{0,60}[;,\n]`)
	// handlers.get(packet.constructor.name)
	keyOfMap = regexp.MustCompile(`\.(?:get|has|set|add|delete)\(\s*(?:[\w$.?]+\.constructor\??|new\.target)\.name\s*[,)]`)
)

// textOfName matches a text that has the name of a class in it, up to the name.
const textOfName = "(?:[\"'][^\"'\\n]*[\"']\\s*\\+\\s*|`[^`\\n]*\\$\\{\\s*)?(?:[\\w$.?]+\\.constructor\\??|new\\.target)\\.name\\b"

func usesNames(text []byte) bool {
	if bytes.Contains(text, []byte("this.constructor.name")) || bytes.Contains(text, []byte("new.target.name")) {
		if givesName.Match(text) || returnsName.Match(text) || returnsNameInText(text) {
			return true
		}
	}
	if bytes.Contains(text, []byte(".name]")) && keyedByName.Match(text) {
		return true
	}
	var of []*regexp.Regexp
	if bytes.Contains(text, []byte(".name;")) || bytes.Contains(text, []byte(".name\n")) {
		of = append(of, variableOfName)
	}
	if namesClass(text) || bytes.Contains(text, []byte("new.target.name")) {
		if keyedByText.Match(text) || keyOfMap.Match(text) {
			return true
		}
		of = append(of, variableOfText)
	}
	for _, variable := range of {
		for _, match := range variable.FindAllSubmatch(text, -1) {
			if isKey(text, match[1]) {
				return true
			}
		}
	}
	return false
}

// returnsNameInText reports whether a function returns a text with a name in it as data.
func returnsNameInText(text []byte) bool {
	const head = 200 // of a function, most often
	return slices.ContainsFunc(returnsText.FindAllIndex(text, -1), func(at []int) bool {
		return !describes.Match(text[max(0, at[0]-head):at[0]])
	})
}

// isKey reports whether code has a property by the value of a variable.
func isKey(text, variable []byte) bool {
	key := append(append([]byte("["), variable...), ']')
	for at := 0; ; {
		next := bytes.Index(text[at:], key)
		if next < 0 {
			return false
		}
		if at += next; at > 0 && isValueEnd(text[at-1]) {
			return true
		}
		at++
	}
}

// isValueEnd reports whether what follows c in brackets is the key of a property, and not
// the element of an array.
func isValueEnd(c byte) bool {
	return c == '_' || c == '$' || c == '.' || c == ')' || c == ']' || '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}
