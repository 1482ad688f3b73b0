package why

import (
	"regexp"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// importLines says where Node modules ask for others. A module is read when it
// is first asked about.
type importLines struct {
	source func(name string, limit int64) ([]byte, error)
	read   map[string][]js.Specifier
}

// typeOnly matches an import of TypeScript that leaves nothing at run time, up
// to its specifier; maxStatement bounds how far it is looked for, in bytes.
var typeOnly = regexp.MustCompile(`(?:^|[\s;}])(?:import|export)\s+type\s+(?:[\w$]+\s+from|[{*][^;'"]*)\s*$`)

const maxStatement = 4096

// maxLexed bounds a module that is read for its import lines, in bytes.
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
