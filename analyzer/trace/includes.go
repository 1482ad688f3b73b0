package trace

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/trace/value"
)

// Data can name other data: a template includes others, a schema refers to others.
// Their reader opens those by itself, and no JavaScript contains their names. So a
// file is shipped together with the files that it names.
//
// Sources of the syntax: ejs.co/#docs ("Includes"), pugjs.org (language/includes,
// language/inheritance), mozilla.github.io/nunjucks/templating.html ("Tags"),
// liquidjs.com/tags, eta.js.org ("Partials and layouts"),
// documentation.mjml.io/#mj-include, handlebarsjs.com/guide/partials.html,
// protobuf.dev/programming-guides/proto3/#importing, spec.openapis.org/oas/v3.1.1.html#reference-object,
// w3.org/TR/xmlschema-1/#layer2, w3.org/TR/wsdl20/#Imports, w3.org/TR/xslt20/#combining,
// the-guild.dev/graphql/tools/docs/schema-loading (#import).

// maxTemplates bounds how many files one template adds. maxTemplate bounds the
// size in bytes of a template that is read.
const (
	maxTemplates = 1000
	maxTemplate  = 1 << 20
)

// templates are the extensions of files that can name others.
var templates = map[string]bool{
	".ejs": true, ".eta": true, ".pug": true, ".jade": true, ".njk": true, ".nunjucks": true, ".twig": true, ".liquid": true,
	".hbs": true, ".handlebars": true, ".mustache": true, ".mjml": true, ".html": true, ".htm": true,
}

var (
	// pugNames matches "extends layout" and "include:filter note.md", to the end of
	// the line.
	pugNames = regexp.MustCompile(`(?m)^[ \t]*(?:include|extends?)(?::[\w-]+(?:\([^)\n]*\))?)*[ \t]+([^\s].*?)[ \t]*$`)
	// tagNames matches <%- include("x") %>, {% extends "x" %} and layout('x').
	tagNames = regexp.MustCompile(`(?:<%|\{%)[^%]*?\b(?:include\w*|extends|import|from|embed|layout|render|partial)[\s(]+(?:"([^"\n]*)"|'([^'\n]*)')(\s*\+)?`)
	// includeNames matches further includes within one tag of JavaScript.
	includeNames = regexp.MustCompile(`\b(?:include\w*|layout|partial)\(\s*(?:"([^"\n]*)"|'([^'\n]*)'|` + "`([^`$\n]*)`" + `)(\s*\+)?`)
	// anyName matches an include whose whole name is computed.
	anyName  = regexp.MustCompile("(?:<%|\\{%)[^%]*?\\binclude(?:File|Async)?(?:\\(\\s*|\\s+)[^\\s\"'()%]")
	mjmlName = regexp.MustCompile(`<mj-include\s[^>]*?path\s*=\s*(?:"([^"]*)"|'([^']*)')`)
	partials = regexp.MustCompile(`\{\{[#~]*>\s*([\w./-]+)`)

	protoNames = regexp.MustCompile(`(?m)^\s*import\s+(?:public\s+|weak\s+)?["']([^"']+)["']`)
	// refNames matches $ref: x.yaml#/y, and every other value that is a relative path:
	// mappings and examples have them too.
	refNames = regexp.MustCompile(`\$ref["']?\s*:\s*["']?([^"'#\s,}]+)|!include\s+["']?([^"'\s]+)|(?:^|[\s:,\[{"'])(\.{1,2}/[^"'#\s,\]}]+)`)
	xmlNames = regexp.MustCompile(`(?i)\b(?:schemaLocation|location|href)\s*=\s*(?:"([^"#:\s]+)"|'([^'#:\s]+)')|` +
		`\bSYSTEM\s+(?:"([^":]+)"|'([^':]+)')`)
	// htmlNames leaves out the pages that a page links to.
	htmlNames = regexp.MustCompile(`(?i)\bsrc\s*=\s*(?:"([^"#:\s]+)"|'([^'#:\s]+)')|<link\s[^>]*?href\s*=\s*["']([^"'#:\s]+)|` +
		`<!--#include\s+(?:file|virtual)\s*=\s*"([^"]+)"`)
	cssNames = regexp.MustCompile(`@(?:import|use|forward)\s+(?:url\()?\s*["']([^"':]+)["']|url\(\s*["']?([^"'():\s]+)["']?\s*\)`)
	// fontNames matches the pictures of a bitmap font (angelcode.com/products/bmfont/doc/file_format.html).
	fontNames    = regexp.MustCompile(`\bfile=["']?([^"'\s]+)`)
	graphqlNames = regexp.MustCompile(`(?m)^\s*#\s*import\s+(?:.*?\bfrom\s+)?["']([^"']+)["']`)
)

// dataNames are the patterns of names in data that is no template.
var dataNames = map[string]*regexp.Regexp{
	".proto": protoNames, ".json": refNames, ".yaml": refNames, ".yml": refNames,
	".xsd": xmlNames, ".wsdl": xmlNames, ".xml": xmlNames, ".xsl": xmlNames, ".xslt": xmlNames, ".html": htmlNames, ".htm": htmlNames,
	".fnt": fontNames, ".css": cssNames, ".scss": cssNames, ".graphql": graphqlNames, ".gql": graphqlNames,
}

// namesOthers reports whether a file can name others.
func namesOthers(file string) bool {
	ext := path.Ext(file)
	return templates[ext] || dataNames[ext] != nil
}

// namedBy lists the names in a file. "" is a name that is computed. A name that ends
// in "*" is known up to there.
func namedBy(ext string, text []byte) (names []string) {
	add := func(r *regexp.Regexp) {
		for _, m := range r.FindAllSubmatch(text, -1) {
			name, computed := "", false
			for _, group := range m[1:] {
				if g := strings.TrimSpace(string(group)); g == "+" {
					computed = true
				} else if g != "" {
					name = g
				}
			}
			if computed {
				name += "*"
			}
			if name != "" {
				names = append(names, name)
			}
		}
	}
	if r := dataNames[ext]; r != nil {
		add(r)
		if !templates[ext] {
			return names
		}
	}
	switch ext {
	case ".pug", ".jade":
		add(pugNames)
	case ".mjml":
		add(mjmlName)
	case ".hbs", ".handlebars", ".mustache":
		add(partials)
	default:
		add(tagNames)
		if ext == ".ejs" || ext == ".eta" {
			add(includeNames)
		}
		if ext == ".html" || ext == ".htm" {
			add(partials)
		}
		if anyName.Match(text) {
			names = append(names, "*")
		}
	}
	return names
}

// included adds the files that a file names, and the files that those name. It looks
// for a name in the file's folder, then in its parents up to the package's folder,
// which may be the engine's root.
func (t *tracer) included(a *Asset, files ...string) {
	add := func(file string) bool {
		st, err := fs.Stat(t.Files, file)
		if err != nil || !st.Mode().IsRegular() || codeExtensions[path.Ext(file)] {
			return false
		}
		if !slices.Contains(a.Files, file) {
			a.Files, a.Bytes = append(a.Files, file), a.Bytes+st.Size()
		}
		return true
	}
	known := len(a.Files)
	for i, seen := 0, slices.Clone(files); i < min(len(seen), known+maxTemplates); i++ {
		ext, before := path.Ext(seen[i]), len(a.Files)
		st, err := fs.Stat(t.Files, seen[i])
		if err != nil || !namesOthers(seen[i]) || st.Size() > maxTemplate {
			continue
		}
		text, _ := fs.ReadFile(t.Files, seen[i])
		t.handlers(a, path.Dir(seen[i]), text)
		for _, name := range namedBy(ext, text) {
			if prefix, computed := strings.CutSuffix(name, "*"); computed {
				dir := path.Join(path.Dir(seen[i]), prefix[:strings.LastIndexByte(prefix, '/')+1])
				if files, _, ok := t.walk(dir, false, func(f string) bool { return path.Ext(f) == ext }); ok && !value.LeadsOut(dir) {
					for _, f := range files {
						add(f)
					}
				}
				continue
			}
			t.beside(path.Dir(seen[i]), name, ext, add)
		}
		seen = append(seen, a.Files[before:]...)
	}
	slices.Sort(a.Files)
}

// handlerNames matches the modules that descriptions of an API name for their
// operations (cdimascio.github.io/express-openapi-validator-documentation/guide-operation-handlers,
// github.com/swagger-api/swagger-node).
var handlerNames = regexp.MustCompile(`x-(?:eov-operation-handler|swagger-router-controller|router-controller)["']?\s*:\s*["']?([\w./-]+)`)

// handlers adds the own modules that data names. They lie below the module's folder, or
// beside the data.
func (t *tracer) handlers(a *Asset, dir string, text []byte) {
	if t.module.installed() {
		return
	}
	for _, m := range handlerNames.FindAllSubmatch(text, -1) {
		for _, folder := range []string{t.module.Dir(), dir} {
			file, ok := t.Probe(path.Join(folder, string(m[1])))
			if ok && codeExtensions[path.Ext(file)] && file != t.module.Path {
				t.result.Modules = append(t.result.Modules, Reference{
					Place: a.Place, Kind: "path", Specifier: file, Base: ".", Absolute: true, Why: a.Why,
					ArgStart: a.Start, ArgEnd: a.End, Candidates: []Candidate{{Specifier: file, Path: file}},
				})
				break
			}
		}
	}
}

// beside looks for a name in a folder, then in its parents.
func (t *tracer) beside(dir, name, ext string, add func(string) bool) {
	for {
		for _, found := range []string{path.Join(dir, name), path.Join(dir, name+ext)} {
			if fs.ValidPath(found) && add(found) {
				return
			}
		}
		if dir == "." || dir == t.module.PackageDir || dir == t.module.CWD {
			return
		}
		dir = path.Dir(dir)
	}
}
