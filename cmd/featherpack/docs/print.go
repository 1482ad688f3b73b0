package docs

import (
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/featherpack/featherpack/reporters/render/columns"
)

// Options are what a terminal can show.
type Options struct {
	Width int
	Color bool
}

// Print writes a page's Markdown for a terminal. It knows what the pages use:
// headings, paragraphs, lists, fenced code, tables, comments, and inside a line
// code, emphasis and links.
func Print(w io.Writer, markdown string, o Options) error {
	p := printer{Options: o, lines: strings.Split(comment.ReplaceAllString(markdown, ""), "\n")}
	for p.at < len(p.lines) {
		p.block()
	}
	_, err := io.WriteString(w, strings.TrimRight(p.out.String(), "\n")+"\n")
	return err
}

type printer struct {
	Options
	lines []string
	at    int
	out   strings.Builder
}

var (
	code    = regexp.MustCompile("`[^`]+`")
	comment = regexp.MustCompile(`(?s)<!--.*?-->\n?`)
	item    = regexp.MustCompile(`^( *)([-*]|[0-9]+\.) +`)
	link    = regexp.MustCompile(`\[([^\]]+)\]\(([^)]+)\)`)
	strong  = regexp.MustCompile(`\*\*([^*]+)\*\*`)
	stress  = regexp.MustCompile(`(^|[ (])\*([^* ][^*]*)\*`)
)

// block prints the block that begins at the current line.
func (p *printer) block() {
	line := p.lines[p.at]
	switch {
	case strings.TrimSpace(line) == "":
		p.at++
		p.gap()
	case strings.HasPrefix(line, "```"):
		p.fenced()
	case strings.HasPrefix(line, "#"):
		p.at++
		p.heading(line)
	case strings.HasPrefix(line, "|"):
		p.table()
	default:
		p.paragraph()
	}
}

// gap leaves one empty line, however many the page has.
func (p *printer) gap() {
	if text := p.out.String(); text != "" && !strings.HasSuffix(text, "\n\n") {
		p.out.WriteString("\n")
	}
}

func (p *printer) line(indent, text string) {
	p.out.WriteString(indent + text + "\n")
}

// heading is bold where that can be shown, and underlined where it cannot.
func (p *printer) heading(line string) {
	text := strings.TrimLeft(line, "#")
	level := len(line) - len(text)
	text = p.inline(strings.TrimSpace(text))
	p.gap()
	if p.Color {
		p.line("", "\x1b[1m"+text+"\x1b[0m")
		return
	}
	p.line("", text)
	if level < 3 {
		p.line("", strings.Repeat(map[int]string{1: "=", 2: "-"}[level], min(utf8.RuneCountInString(text), p.Width)))
	}
}

func (p *printer) fenced() {
	p.at++
	for ; p.at < len(p.lines) && !strings.HasPrefix(p.lines[p.at], "```"); p.at++ {
		p.line("", strings.TrimRight("    "+p.lines[p.at], " "))
	}
	p.at++
}

// paragraph prints the lines up to the next block as one, or one item of a list.
func (p *printer) paragraph() {
	text := strings.TrimRight(p.lines[p.at], " ")
	p.at++
	indent, bullet := "", ""
	if m := item.FindStringSubmatch(text); m != nil {
		indent, bullet, text = m[1], m[2]+" ", text[len(m[0]):]
	}
	for ; p.at < len(p.lines); p.at++ {
		next := p.lines[p.at]
		if strings.TrimSpace(next) == "" || strings.HasPrefix(next, "```") || strings.HasPrefix(next, "#") || strings.HasPrefix(next, "|") || item.MatchString(next) {
			break
		}
		text += " " + strings.TrimSpace(next)
	}
	p.wrapped(indent+bullet, indent+strings.Repeat(" ", len(bullet)), p.inline(text))
}

// wrapped prints a text within the width, its first line behind one lead and
// the others behind another.
func (p *printer) wrapped(first, others, text string) {
	lines := strings.Split(columns.Wrap(text, p.Width-len(others)), "\n")
	for i, line := range lines {
		if i == 0 {
			p.line(first, line)
		} else {
			p.line(others, strings.TrimLeft(line, " "))
		}
	}
}

// inline takes the marks out of a line that a terminal has no use for. Code
// keeps its backticks, since they tell where a command or a key ends.
func (p *printer) inline(text string) string {
	var kept []string
	text = code.ReplaceAllStringFunc(text, func(span string) string {
		kept = append(kept, span)
		return "\x00"
	})
	text = link.ReplaceAllStringFunc(text, func(found string) string {
		m := link.FindStringSubmatch(found)
		return linked(m[1], m[2])
	})
	text = strong.ReplaceAllString(text, "$1")
	text = stress.ReplaceAllString(text, "$1$2")
	for _, span := range kept {
		text = strings.Replace(text, "\x00", span, 1)
	}
	return text
}

// linked names where a link leads, as far as that helps in a terminal.
func linked(text, target string) string {
	if strings.HasPrefix(target, "https://") {
		return text + " (" + target + ")"
	}
	for _, t := range Topics() {
		if page, _, _ := strings.Cut(target, "#"); strings.HasSuffix(page, t.ends()) {
			return text + " (featherpack help " + t.Name + ")"
		}
	}
	return text
}

// table prints columns side by side where they fit, and otherwise each row as a
// first cell with the others below it.
func (p *printer) table() {
	var rows [][]string
	for ; p.at < len(p.lines) && strings.HasPrefix(p.lines[p.at], "|"); p.at++ {
		rows = append(rows, p.cells(p.lines[p.at]))
	}
	if len(rows) < 2 {
		return
	}
	head, body := rows[0], rows[2:]
	widths := make([]int, len(head))
	for _, row := range append([][]string{head}, body...) {
		for i := range min(len(row), len(widths)) {
			widths[i] = max(widths[i], utf8.RuneCountInString(row[i]))
		}
	}
	total := 0
	for _, width := range widths {
		total += width + 2
	}
	if total-2 > p.Width {
		for _, row := range body {
			p.stacked(head, row)
		}
		return
	}
	p.columns(head, widths)
	for _, row := range body {
		p.columns(row, widths)
	}
}

// cells splits a row at its bars. A bar in a cell is escaped, also in code, as
// GitHub wants it.
func (p *printer) cells(line string) []string {
	var cells []string
	var cell strings.Builder
	line = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(line), "|"), "|")
	for i := 0; i < len(line); i++ {
		switch {
		case line[i] == '\\' && i+1 < len(line) && line[i+1] == '|':
			cell.WriteByte('|')
			i++
		case line[i] == '|':
			cells = append(cells, p.inline(strings.TrimSpace(cell.String())))
			cell.Reset()
		default:
			cell.WriteByte(line[i])
		}
	}
	return append(cells, p.inline(strings.TrimSpace(cell.String())))
}

func (p *printer) columns(row []string, widths []int) {
	var line strings.Builder
	for i := range min(len(row), len(widths)) {
		line.WriteString(row[i] + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(row[i])+2))
	}
	p.line("", strings.TrimRight(line.String(), " "))
}

func (p *printer) stacked(head, row []string) {
	p.wrapped("", "  ", row[0])
	for i, cell := range row[1:] {
		if cell == "" {
			continue
		}
		if len(row) > 2 && head[i+1] != "" && head[i+1] != "means" && head[i+1] != "does" {
			cell = head[i+1] + ": " + cell
		}
		p.wrapped("    ", "    ", cell)
	}
}
