package gate

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// maxMap bounds a source map, in bytes. That of TypeScript itself has 15 MB.
const maxMap = 64 << 20

// marker is the text of the comment that names a source map. It follows //# or //@, or the
// same in a comment of CSS.
// Source: scanCommentText in internal/js_lexer of esbuild 0.28.2.
var marker = []byte(" sourceMappingURL=")

// SourceMap judges the source maps that comments in a module name, because esbuild reads
// the last of them. It returns nil if nothing is wrong.
func (g *Gate) SourceMap(file string, text []byte) *analyzer.Diagnostic {
	for rest := text; ; {
		i := bytes.Index(rest, marker)
		if i < 0 {
			return nil
		}
		at := len(text) - len(rest) + i
		rest = rest[i+len(marker):]
		if at < 3 || !bytes.HasSuffix(text[:at-1], []byte("//")) && !bytes.HasSuffix(text[:at-1], []byte("/*")) ||
			text[at-1] != '#' && text[at-1] != '@' {
			continue // not a comment that esbuild takes
		}
		name := argument(rest)
		where, ok := mapFile(file, name)
		if !ok {
			continue
		}
		err := g.readable(where, maxMap)
		if err == nil {
			continue
		}
		start := at + len(marker)
		d := projectfs.Refuse(err, name, analyzer.Position{
			File: g.packages.Relative(file), Line: 1 + bytes.Count(text[:start], []byte("\n")),
			Column: start - bytes.LastIndexByte(text[:start], '\n'),
		})
		d.Message = "the source map " + d.Message
		return &d
	}
}

// readable returns an error for a file that esbuild must not read. It is nil for one that
// does not exist.
func (g *Gate) readable(file string, limit int64) error {
	if installed.Indirect(file) && !g.files.Allows() && !g.packages.Ours(file) {
		return projectfs.ErrOutside
	}
	g.files.NoteContent(file)
	place, err := g.files.Judge(file)
	switch {
	case errors.Is(err, projectfs.ErrOutside) && g.packages.Ours(file):
		return nil // in a cache of Yarn's
	case errors.Is(err, projectfs.ErrOutside):
		return err
	case err != nil || place.Info.IsDir():
		return nil
	case !place.Info.Mode().IsRegular():
		return projectfs.ErrIrregular
	case place.Info.Size() > limit:
		return projectfs.ErrTooLarge
	}
	return nil
}

// argument is the text up to the next space, or up to the end of a comment of CSS.
func argument(rest []byte) string {
	end := bytes.IndexAny(rest, " \t\r\n\v\f\u00a0\ufeff\u2028\u2029")
	if end < 0 {
		end = len(rest)
	}
	name, _, _ := strings.Cut(string(rest[:min(end, 64<<20)]), "*/")
	return name
}

// mapFile is the absolute path that the comment of a module names, false if it names no
// file.
// Source: extractSourceMapFromComment in internal/bundler of esbuild 0.28.2.
func mapFile(module, name string) (string, bool) {
	if strings.HasPrefix(name, "data:") {
		return "", false
	}
	at, err := url.Parse(name)
	if err != nil || at.Scheme != "" && at.Scheme != "file" || at.Host != "" && at.Host != "localhost" {
		return "", false
	}
	if at.Scheme == "" {
		at = (&url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Dir(module)) + "/"}).ResolveReference(at)
	}
	if at.Path == "" || strings.ContainsRune(at.Path, 0) {
		return "", false
	}
	return filepath.FromSlash(at.Path), true
}

// GivenTexts are the texts that a module's source map contains, by the names that esbuild
// gives their sources.
func (g *Gate) GivenTexts(file string) map[string]string {
	text, err := g.packages.ReadModule(file)
	if err != nil {
		return nil
	}
	i := bytes.LastIndex(text, marker)
	if i < 0 {
		return nil
	}
	name := argument(text[i+len(marker):])
	base, raw := file, []byte(nil)
	if where, ok := mapFile(file, name); ok {
		if g.readable(where, maxMap) != nil {
			return nil
		}
		base = where
		if raw, err = g.packages.ReadFile(where); err != nil {
			return nil
		}
	} else if raw = dataOf(name); raw == nil {
		return nil
	}
	var m givenMap
	if json.Unmarshal(raw, &m) != nil {
		return nil
	}
	given := map[string]string{}
	m.collect(given, base, g.packages.Root())
	return given
}

// givenMap is a source map that comes with a module.
type givenMap struct {
	SourceRoot     string    `json:"sourceRoot"`
	Sources        []*string `json:"sources"`
	SourcesContent []*string `json:"sourcesContent"`
	Sections       []struct {
		Map *givenMap `json:"map"`
	} `json:"sections"`
}

func (m *givenMap) collect(into map[string]string, base, root string) {
	for _, section := range m.Sections {
		if section.Map != nil {
			section.Map.Sections = nil // they do not nest
			section.Map.collect(into, base, root)
		}
	}
	for i, source := range m.Sources {
		if source != nil && i < len(m.SourcesContent) && m.SourcesContent[i] != nil {
			into[sourceName(base, m.SourceRoot, *source, root)] = *m.SourcesContent[i]
		}
	}
}

// sourceName is the name that esbuild gives a source of a map at base.
// Source: ParseSourceMap in internal/js_parser, and generateSourceMapForChunk in
// internal/linker of esbuild 0.28.2.
func sourceName(base, sourceRoot, source, root string) string {
	if i := strings.LastIndexByte(sourceRoot, '/'); i >= 0 {
		source = sourceRoot[:i+1] + source
	} else if sourceRoot != "" {
		source = sourceRoot + "/" + source
	}
	at, err := url.Parse(source)
	if err != nil {
		return source
	}
	at = (&url.URL{Scheme: "file", Path: filepath.ToSlash(base)}).ResolveReference(at)
	if at.Scheme != "file" || at.Host != "" && at.Host != "localhost" {
		return at.String()
	}
	rel, err := filepath.Rel(root, filepath.FromSlash(at.Path))
	if err != nil {
		return at.String()
	}
	return strings.ReplaceAll((&url.URL{Path: filepath.ToSlash(rel)}).String(), "%20", " ")
}

// SourcePath is the path, relative to the root, that a name of esbuild's stands for.
func SourcePath(name string) string {
	if path, err := url.PathUnescape(name); err == nil {
		name = path
	}
	return strings.TrimPrefix(name, "./")
}

// dataOf decodes a data URL, nil if it is none.
func dataOf(name string) []byte {
	head, data, ok := strings.Cut(strings.TrimPrefix(name, "data:"), ",")
	if !ok || !strings.HasPrefix(name, "data:") {
		return nil
	}
	if strings.HasSuffix(head, ";base64") {
		raw, err := base64.StdEncoding.DecodeString(data)
		if err != nil {
			return nil
		}
		return raw
	}
	if text, err := url.PathUnescape(data); err == nil {
		return []byte(text)
	}
	return nil
}
