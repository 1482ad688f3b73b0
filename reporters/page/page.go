package page

import (
	"bufio"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
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
	// The encoder escapes <, >, & and the line separators, so the report cannot close its
	// element.
	return assemble(w, "page.html", asset("style.css"), reportScripts, title, headline, func(w io.Writer) error { return reporters.JSON(w, r) })
}

// WriteProfile writes where the load time of a function goes as such a page. profile is what
// featherpack profile -o json writes.
func WriteProfile(w io.Writer, title, headline string, profile any) error {
	return assemble(w, "profile.html", asset("style.css")+asset("flame.css"), profileScripts, title, headline,
		func(w io.Writer) error { return json.NewEncoder(w).Encode(profile) })
}

// assemble puts style, data and scripts into a page's frame.
func assemble(w io.Writer, frame, style string, scripts []string, title, headline string, data func(io.Writer) error) error {
	script := joinScripts(scripts)
	top, bottom, _ := strings.Cut(asset(frame), "{{data}}")
	b := bufio.NewWriterSize(w, 64<<10)
	b.WriteString(strings.NewReplacer(
		"{{policy}}", policy(style, script),
		"{{title}}", html.EscapeString(title),
		"{{headline}}", html.EscapeString(headline),
		"{{style}}", style,
	).Replace(top))
	if err := data(b); err != nil {
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

//go:embed page.html profile.html style.css flame.css scripts
var assets embed.FS

func asset(name string) string {
	text, err := assets.ReadFile(name)
	if err != nil {
		panic(err) // it is embedded
	}
	return string(text)
}

// The scripts of the pages, in order.
var (
	reportScripts = []string{
		"d3-hierarchy", "elements", "figures", "track", // building blocks
		"saved", "changes", "budgets", "starts", "runtimes", "trends", "sources", "functions", "causes", "findings", "repeats", "model", "chains", // values from the report
		"treemap", "inspector", "coldstart", "panels", "lines", "table", "tiles", "summary", "entries", "review", "advice", "theme", "main", // drawing
	}
	profileScripts = []string{"elements", "figures", "track", "frames", "flame", "times", "theme", "profile"}
)

// joinScripts joins the scripts in one private scope. A script may use the declarations
// of earlier ones at once. Indentation and comment lines are removed. No string in a
// script may span lines.
func joinScripts(names []string) string {
	var b strings.Builder
	b.WriteString("(() => {\n\"use strict\";\n")
	for _, name := range names {
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
