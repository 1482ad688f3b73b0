package render

import (
	"io"

	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/page"
	"github.com/featherpack/featherpack/reporters/render/columns"
)

// Formats maps names to the functions that write a report.
var Formats = map[string]func(io.Writer, reporters.Report) error{
	"csv":            CSV,
	"github":         GitHub,
	"github-summary": GitHubSummary,
	"gitlab":         GitLab,
	"html":           HTML,
	"json":           reporters.JSON,
	"junit":          JUnit,
	"markdown":       func(w io.Writer, r reporters.Report) error { return Markdown(w, r, MarkdownOptions{}) },
	"metafile":       Metafile,
	"sarif":          SARIF,
	"text":           func(w io.Writer, r reporters.Report) error { return Text(w, r, TextOptions{}) },
}

// HTML writes the report as one page for a browser.
func HTML(w io.Writer, r reporters.Report) error {
	text := columns.Clean(headline(r))
	return page.Write(w, "featherpack: "+columns.Shorten(text, 200), text, r)
}
