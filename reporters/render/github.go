package render

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/render/columns"
)

// maxAnnotations is the number of annotations that GitHub shows for one step. It drops
// the rest silently.
// Source: zizmorcore/zizmor#634
const maxAnnotations = 10

// GitHub writes workflow commands that become annotations on the files of a
// pull request: the worst first, and one that counts those left out.
// Format: docs.github.com, "Workflow commands for GitHub Actions"
func GitHub(w io.Writer, r reporters.Report) error {
	out := bufio.NewWriter(w)
	list := problems(r)
	shown := list
	if len(list) > maxAnnotations {
		shown = list[:maxAnnotations-1]
	}
	for _, p := range shown {
		annotate(out, p)
	}
	if n := len(list) - len(shown); n > 0 {
		annotate(out, problem{
			severity: list[len(shown)].severity, code: "more",
			message: fmt.Sprintf("%s more findings are in the report; GitHub shows %d a step", reporters.Count(n), maxAnnotations),
		})
	}
	return out.Flush()
}

func annotate(w *bufio.Writer, p problem) {
	command := "error"
	switch p.severity {
	case analyzer.Warning:
		command = "warning"
	case analyzer.Note:
		command = "notice"
	}
	var properties []string
	property := func(name, value string) {
		properties = append(properties, name+"="+commandProperty.Replace(columns.Clean(value)))
	}
	if p.File != "" {
		property("file", p.File)
		if p.Line > 0 {
			property("line", fmt.Sprint(p.Line))
		}
		if p.Line > 0 && p.Column > 0 {
			property("col", fmt.Sprint(p.Column))
		}
	}
	property("title", "featherpack: "+p.code)
	fmt.Fprintf(w, "::%s %s::%s\n", command, strings.Join(properties, ","), commandData.Replace(p.text()))
}

// What a workflow command's values must not hold as they are. clean has taken
// out line breaks; they are here so that safety does not rest on it alone.
var (
	commandData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	commandProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
