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

// Write writes a report as one HTML page. title and headline are plain text: the title of
// the browser tab, and the report in one sentence, which is visible even without scripts.
//
// The file is self-contained: it includes style, scripts and report, and its policy
// forbids every request. The scripts insert everything that a project can name as text,
// never as markup.
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
	// The encoder escapes <, >, & and the line separators, so the report cannot close its
	// element.
	if err := reporters.JSON(b, r); err != nil {
		return err
	}
	b.WriteString(strings.Replace(bottom, "{{script}}", script, 1))
	return b.Flush()
}

// policy allows the page's own style and script, identified by their digests, and
// nothing else: no request, no other code, no markup from text.
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
		panic(err) // it is embedded
	}
	return string(text)
}

// joinScripts joins the scripts in one private scope. A script may use the declarations
// of earlier ones at once. Indentation and comment lines are removed. No string in a
// script may span lines.
func joinScripts() string {
	var b strings.Builder
	b.WriteString("(() => {\n\"use strict\";\n")
	for _, name := range []string{
		"d3-hierarchy", "elements", "figures", // building blocks
		"saved", "changes", "budgets", "starts", "trends", "sources", "functions", "causes", "findings", "repeats", "model", "chains", // values from the report
		"treemap", "inspector", "coldstart", "panels", "lines", "table", "tiles", "summary", "entries", "review", "advice", "theme", "main", // drawing
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
