package page

import (
	"bufio"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html"
	"io"
	"strings"

	"github.com/featherpack/featherpack/reporters"
)

// Write writes a report as one page for a browser. title and headline are plain
// text: what the browser's tab says, and the report in one sentence, which is
// also there where scripts are turned off.
//
// The file needs nothing else: style, scripts and report are in it, and its
// policy forbids every request. Whatever a project can name is data, which the
// scripts show as text and never as markup.
func Write(w io.Writer, title, headline string, r reporters.Report) error {
	style, script := asset("style.css"), joinScripts()
	top, bottom, _ := strings.Cut(asset("page.html"), "{{report}}")
	b := bufio.NewWriterSize(w, 64<<10)
	b.WriteString(strings.NewReplacer(
		"{{policy}}", policy(style, script),
		"{{title}}", html.EscapeString(title),
		"{{headline}}", html.EscapeString(headline),
		"{{style}}", style,
	).Replace(top))
	// The encoder escapes <, >, & and the line separators, so nothing in the
	// report can end the element that holds it.
	if err := reporters.JSON(b, r); err != nil {
		return err
	}
	b.WriteString(strings.Replace(bottom, "{{script}}", script, 1))
	return b.Flush()
}

// policy lets the page have its own style and script, told by their digests, and
// nothing else: no request, no other code, no text as markup.
// Source: w3.org/TR/CSP3, w3.org/TR/trusted-types
func policy(style, script string) string {
	return "default-src 'none'; script-src '" + digest(script) + "'; style-src '" + digest(style) +
		"'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
}

//go:embed page.html style.css scripts
var assets embed.FS

func asset(name string) string {
	text, err := assets.ReadFile(name)
	if err != nil {
		panic(err) // it is part of the program
	}
	return string(text)
}

// joinScripts gives the scripts one scope that they share with nobody. Each may
// use at once what those before it declare. Indentation and lines that are only
// comments stay out of the page; no text in a script spans lines.
func joinScripts() string {
	var b strings.Builder
	b.WriteString("(() => {\n\"use strict\";\n")
	for _, name := range []string{
		"d3-hierarchy", "elements", "figures", // what the others are made with
		"saved", "changes", "budgets", "starts", "functions", "causes", "findings", "repeats", "model", "chains", // what the report says
		"treemap", "inspector", "coldstart", "panels", "table", "tiles", "summary", "entries", "review", "theme", "main", // what is drawn
	} {
		for line := range strings.Lines(asset("scripts/" + name + ".js")) {
			if line = strings.TrimLeft(line, " "); line != "\n" && !strings.HasPrefix(line, "//") {
				b.WriteString(line)
			}
		}
	}
	b.WriteString("})();\n")
	return b.String()
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
