package why

import (
	"regexp"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// importLines finds the position of imports in Node modules. It reads each module
// once, when it is first needed.
type importLines struct {
	source func(name string, limit int64) ([]byte, error)
	read   map[string][]js.Specifier
}

// typeOnly matches a type-only import of TypeScript, up to its specifier. Such an
// import does nothing at run time. maxStatement limits the length of the text that
// is searched, in bytes.
var typeOnly = regexp.MustCompile(`(?:^|[\s;}])(?:import|export)\s+type\s+(?:[\w$]+\s+from|[{*][^;'"]*)\s*$`)

const maxStatement = 4096

// maxLexed is the size limit of a module that is read for its imports, in bytes.
const maxLexed = 32 << 20

func (l *importLines) at(in analyzer.Input, im analyzer.Import) analyzer.Position {
	specifiers, ok := l.read[in.Path]
	if !ok {
		if l.read == nil {
			l.read = map[string][]js.Specifier{}
		}
		if source, err := l.source(in.Path, maxLexed); err == nil {
			specifiers = slices.DeleteFunc(js.Specifiers(source), func(s js.Specifier) bool {
				return typeOnly.Match(source[max(0, s.Start-maxStatement):s.Start])
			})
		}
		l.read[in.Path] = specifiers
	}
	at := analyzer.Position{File: in.Path, Line: im.Line}
	for _, s := range specifiers {
		if s.Name != im.Specifier {
			continue
		}
		at.Line, at.Column = s.Line, s.Column
		if s.Kind == im.Kind || s.Kind == "export" && im.Kind == "import" {
			break
		}
	}
	return at
}
