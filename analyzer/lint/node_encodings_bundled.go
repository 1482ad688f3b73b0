package lint

import (
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// fewestTables is the size from which encodings are worth a word, in bytes before they are zipped.
const fewestTables = 64 << 10

// nodeDecoder has of iconv-lite what readers of request bodies call, by Node's own decoder.
// docs/advice.md has the same.
const nodeDecoder = `const decoder = (encoding) => {
  try {
    return new TextDecoder(encoding)
  } catch {
    throw new Error('Encoding not recognized: ' + encoding)
  }
}
exports.encodingExists = (encoding) => {
  try {
    return !!decoder(encoding)
  } catch {
    return false
  }
}
exports.decode = (bytes, encoding) => decoder(encoding).decode(bytes)
exports.getDecoder = (encoding) => {
  const kept = decoder(encoding)
  return { write: (bytes) => kept.decode(bytes, { stream: true }), end: () => kept.decode() }
}
`

// encodingsBundled finds the tables of iconv-lite where nothing but a reader of request bodies
// loads it.
func (f *function) encodingsBundled() {
	var all []int
	var tables int64
	replaced := map[string]string{}
	for i, in := range f.reached() {
		if in.Package != "iconv-lite" {
			for _, im := range in.Imports {
				if im.To >= len(f.Inputs) || f.Inputs[im.To].Package != "iconv-lite" {
					continue
				}
				if in.Package != "raw-body" && in.Package != "body-parser" {
					return
				}
				replaced[f.Inputs[im.To].Path] = nodeDecoder
			}
		} else if i < len(f.Bytes) && f.Bytes[i] > 0 {
			all = append(all, i)
			if strings.Contains(in.Path, "/encodings/tables/") {
				tables += f.Bytes[i]
			}
		}
	}
	if tables < fewestTables || len(replaced) == 0 {
		return
	}
	f.found = append(f.found, Advice{
		Diagnostic: analyzer.Diagnostic{
			Code: f.code, Severity: analyzer.Note,
			Message: "the tables of iconv-lite for encodings are in the " + f.holder(all) + ", and only what reads request bodies loads them",
			Hint:    "let build.alias lead to a module of a few lines with Node's own TextDecoder, which has most of them: featherpack help advice has it",
		},
		Inputs: all, Replaced: replaced, Config: "build: {alias: {iconv-lite: ./encodings.cjs}}", Source: "https://nodejs.org/api/util.html#whatwg-supported-encodings",
		BehaviourChanges: "a body in an encoding that TextDecoder lacks, such as UTF-7, is refused with the status 415, and latin1 is read as windows-1252",
	})
}
