package render

import (
	"bufio"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"html"
	"io"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/reporters"
)

// HTML writes the report as one page for a browser. The file needs nothing
// else: style, script and data are within it, and its policy forbids it to ask
// any server for anything. Whatever a project can name is data, which the
// script shows as text and never as markup.
//
// A function's details are a block of their own that is parsed when somebody
// looks at the function, and the import graph is there once for all of them.
func HTML(w io.Writer, r reporters.Report) error {
	top, bottom, _ := strings.Cut(htmlTemplate, "<!-- data -->\n")
	b := bufio.NewWriterSize(w, 64<<10)
	b.WriteString(strings.NewReplacer(
		"{{policy}}", htmlPolicy,
		"{{title}}", html.EscapeString(clipped(headline(r))),
		"{{style}}", htmlStyle,
	).Replace(top))
	if err := writeBlocks(b, r); err != nil {
		return err
	}
	b.WriteString(strings.Replace(bottom, "{{script}}", htmlScript, 1))
	return b.Flush()
}

// writeBlocks writes the data: "report" is what the page opens with, "imports"
// the graph's edges, and "f0", "f1", ... the details of the functions.
func writeBlocks(b *bufio.Writer, r reporters.Report) error {
	places := placesOf(r)
	if err := writeBlock(b, "report", newOverview(r, places)); err != nil {
		return err
	}
	if err := writeBlock(b, "imports", newImports(r.Inputs)); err != nil {
		return err
	}
	for i, f := range r.Functions {
		if f.Artifact == nil {
			continue
		}
		if err := writeBlock(b, "f"+strconv.Itoa(i), newDetails(r, f, places)); err != nil {
			return err
		}
	}
	return nil
}

// writeBlock writes a value where a browser keeps it and does not run it. The
// encoder escapes <, >, & and the line separators, so nothing in it can end it.
func writeBlock(b *bufio.Writer, id string, value any) error {
	b.WriteString(`<script type="application/json" id="` + id + `">`)
	if err := json.NewEncoder(b).Encode(value); err != nil {
		return err
	}
	_, err := b.WriteString("</script>\n")
	return err
}

//go:embed html
var htmlAssets embed.FS

// scripts are the parts of the page's one script, in order.
var scripts = []string{"text.js", "model.js", "chains.js", "treemap.js", "inspector.js", "details.js", "coldstart.js", "table.js", "review.js", "main.js"}

var (
	htmlTemplate = asset("page.html")
	htmlStyle    = asset("style.css")
	htmlScript   = joinScripts()
	// htmlPolicy lets the page have its own style and script, told by their
	// digests, and nothing else: no request, no other code, no text as markup.
	// Source: w3.org/TR/CSP3, w3.org/TR/trusted-types
	htmlPolicy = "default-src 'none'; script-src '" + digest(htmlScript) + "'; style-src '" + digest(htmlStyle) +
		"'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)

func asset(name string) string {
	text, err := htmlAssets.ReadFile("html/" + name)
	if err != nil {
		panic(err) // it is part of the program
	}
	return string(text)
}

// joinScripts gives the parts one scope that they share with nobody.
func joinScripts() string {
	var b strings.Builder
	b.WriteString("(() => {\n\"use strict\";\n")
	b.WriteString(asset("d3-hierarchy.js"))
	for _, name := range scripts {
		b.WriteString(asset(name))
	}
	b.WriteString("})();\n")
	return b.String()
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
