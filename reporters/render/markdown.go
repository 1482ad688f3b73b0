package render

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/render/columns"
)

// MarkdownOptions are the settings of a comment. The zero value works.
type MarkdownOptions struct {
	// Key distinguishes several comments on one pull request, "" for "default". Characters
	// other than letters, digits, "-", "_" and "." are removed.
	Key string
}

// GitHub's limits: 65,536 characters for a comment, 1 MiB for a step's summary.
const (
	maxComment = 60_000
	maxSummary = 900_000
)

// Markdown writes a comment for a pull request, worst first. Its first line is the hidden
// marker <!-- featherpack:KEY -->, which identifies the comment for the next run. It has
// at most 60,000 characters, and says so if something was cut.
//
// Everything that a project can name is in code spans, where it is neither markup nor a
// mention.
func Markdown(w io.Writer, r reporters.Report, o MarkdownOptions) error {
	return writeMarkdown(w, r, "<!-- featherpack:"+markerKey(o.Key)+" -->\n", maxComment)
}

// GitHubSummary writes a job's step summary: the output of [Markdown] without the marker
// and with a larger limit. Append it to the file that GITHUB_STEP_SUMMARY names.
func GitHubSummary(w io.Writer, r reporters.Report) error { return writeMarkdown(w, r, "", maxSummary) }

func markerKey(key string) string {
	key = strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune("-_.", r) {
			return r
		}
		return -1
	}, key)
	for strings.Contains(key, "--") { // ends a comment
		key = strings.ReplaceAll(key, "--", "-")
	}
	if key = strings.Trim(key, "-"); key == "" {
		return "default"
	}
	return key
}

func writeMarkdown(w io.Writer, r reporters.Report, marker string, limit int) error {
	v := newView(r)
	foot := footer(r)
	p := &comment{left: limit - utf8.RuneCountInString(marker) - utf8.RuneCountInString(foot) - 200}
	p.text.WriteString(marker)
	p.add("### " + sign(r) + " " + prose(headline(r)) + "\n\n")
	p.warnings(r)
	if len(v.rows) > 0 || len(v.removed) > 0 {
		p.table(v, r.Delta != nil)
	}
	p.booted(r)
	p.runtimes(r)
	p.causes(r)
	p.verdicts(r)
	p.starts(r, v)
	p.chains(r)
	p.advice(r)
	p.quiet(v.quiet)
	p.repeats(r)
	if p.cut > 0 {
		fmt.Fprintf(&p.text, "**Shortened to fit: %s not shown.** The report has them all.\n\n", reporters.Plural(p.cut, "line is", "lines are"))
	}
	p.text.WriteString(foot)
	_, err := io.WriteString(w, p.text.String())
	return err
}

// booted says how many functions run as their source, and which failed. The reasons hold
// JSON paths and no values.
func (p *comment) booted(r reporters.Report) {
	if text := reporters.BootSummary(r); text != "" {
		p.add(prose(text) + "\n\n")
	}
	var rows []string
	for _, f := range r.Functions {
		if d, failed := f.Failed(); failed && f.Artifact != nil {
			rows = append(rows, "- "+code(f.ID, false)+": "+code(d.Message, false)+"\n")
		}
	}
	p.block("", "\n", rows)
}

// page is text with a bound, in characters.
type comment struct {
	text strings.Builder
	left int
	cut  int // omitted lines
}

// add writes a piece as a whole or not at all.
func (p *comment) add(piece string) bool {
	n := utf8.RuneCountInString(piece)
	if n > p.left {
		p.cut += max(1, strings.Count(strings.TrimSpace(piece), "\n")+1)
		return false
	}
	p.left -= n
	p.text.WriteString(piece)
	return true
}

// block writes rows between an opening and a closing, as many as fit.
func (p *comment) block(open, end string, rows []string) {
	n := utf8.RuneCountInString(open) + utf8.RuneCountInString(end)
	if len(rows) == 0 {
		return
	}
	if n+utf8.RuneCountInString(rows[0]) > p.left {
		p.cut += len(rows)
		return
	}
	p.left -= n
	p.text.WriteString(open)
	for i, row := range rows {
		if utf8.RuneCountInString(row) > p.left {
			p.cut += len(rows) - i
			break
		}
		p.left -= utf8.RuneCountInString(row)
		p.text.WriteString(row)
	}
	p.text.WriteString(end)
}

func sign(r reporters.Report) string {
	text := "✅"
	if r.Totals.Failed+r.Broken() > 0 {
		return "❌"
	}
	for _, v := range r.Verdicts {
		switch v.Outcome {
		case reporters.OutcomeFail:
			return "❌"
		case reporters.OutcomeWarn, reporters.OutcomeUnmeasured:
			text = "⚠️"
		}
	}
	return text
}

// code is a code span that shows a text unchanged. In a table, pipes are escaped; tables
// remove that escape first.
// Format: github.github.com/gfm/#code-spans
func code(s string, table bool) string {
	s = columns.Clean(s)
	if strings.TrimSpace(s) == "" {
		return "-"
	}
	if table {
		s = strings.ReplaceAll(s, "|", `\|`)
	}
	longest, run := 0, 0
	for _, r := range s {
		if r == '`' {
			run++
			longest = max(longest, run)
		} else {
			run = 0
		}
	}
	fence := strings.Repeat("`", longest+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") || strings.HasPrefix(s, " ") && strings.HasSuffix(s, " ") {
		s = " " + s + " "
	}
	return fence + s + fence
}

// prose is a sentence of ours. What stands in quotation marks becomes a code
// span; if anything else in it could be markup, a link or a mention, all of it
// is one.
func prose(s string) string {
	s = columns.Clean(s)
	parts := strings.Split(s, `"`)
	for i := 0; i < len(parts); i += 2 {
		if strings.ContainsFunc(parts[i], mayBeMarkup) || strings.Contains(strings.ToLower(parts[i]), "www.") {
			return code(s, false)
		}
	}
	if len(parts)%2 == 0 {
		return code(s, false)
	}
	for i := 1; i < len(parts); i += 2 {
		parts[i] = code(parts[i], false)
	}
	return strings.Join(parts, "")
}

func mayBeMarkup(r rune) bool {
	return r > '~' || !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune(" .,;:()+-%'?", r))
}
