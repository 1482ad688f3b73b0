package explain

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// Explainer knows the project that messages are about.
type Explainer struct {
	Packages *installed.Tree
	// Function is the ID of the function that is built, Runtime is Lambda's name
	// of its Node.
	Function, Runtime string
}

// Explain turns esbuild's messages into diagnostics of that severity: text,
// position, and a remedy that fits the project. Warnings about installed packages
// are dropped, since the user cannot act on them.
func (e Explainer) Explain(messages []api.Message, severity analyzer.Severity) []analyzer.Diagnostic {
	var diagnostics []analyzer.Diagnostic
	for _, m := range messages {
		d := analyzer.Diagnostic{Severity: severity, Function: e.Function, Code: "build", Message: Anonymous(e.Packages.Root(), m.Text)}
		if m.ID != "" {
			d.Code = m.ID
		}
		if refused, ok := m.Detail.(analyzer.Diagnostic); ok {
			diagnostics = append(diagnostics, e.refused(m, refused))
			continue
		}
		if m.Location != nil && e.outside(m.Location.File) {
			if severity != analyzer.Warning {
				diagnostics = append(diagnostics, analyzer.Diagnostic{
					Code: "outside-root", Severity: analyzer.Refused, Function: e.Function, Position: analyzer.Position{File: m.Location.File},
					Message: "a file outside the project's root cannot be read as it should", Hint: "allow it with --allow-outside to see why",
				})
			}
			continue
		}
		if m.Location != nil {
			if severity == analyzer.Warning && installed.PackageDir(m.Location.File) != "" {
				continue
			}
			d.Position = analyzer.Position{File: installed.ShownPath(m.Location.File), Line: m.Location.Line, Column: m.Location.Column + 1}
			d.Hint = e.suggestion(m)
		}
		if severity == analyzer.Warning && ignoredWarnings[m.ID] {
			continue
		}
		for _, note := range m.Notes {
			if d.Hint == "" {
				d.Hint = e.noteText(note)
			}
		}
		e.classify(m, &d)
		d.Message, d.Hint = lowerFirst(d.Message), lowerFirst(d.Hint)
		diagnostics = append(diagnostics, d)
	}
	return diagnostics
}

// outside reports whether a message is about a file that may not be read: it would quote
// the file's text.
func (e Explainer) outside(file string) bool {
	return strings.HasPrefix(file, "../") && !e.Packages.Files().Allows() && !e.Packages.Ours(e.Packages.Absolute(file))
}

// refused is a diagnostic that package gate made an error of. Without a position of its
// own it is about the import.
func (e Explainer) refused(m api.Message, d analyzer.Diagnostic) analyzer.Diagnostic {
	d.Function = e.Function
	if d.File == "" && m.Location != nil {
		d.Position = analyzer.Position{File: installed.ShownPath(m.Location.File), Line: m.Location.Line, Column: m.Location.Column + 1}
	}
	return d
}

// suggestion is a remedy made of the text that esbuild proposes, where its message
// does not contain that already.
func (e Explainer) suggestion(m api.Message) string {
	text := m.Location.Suggestion
	switch {
	case strings.HasPrefix(m.Text, "Expected ") && strings.HasSuffix(m.Text, ` but found ":"`) && javaScript[filepath.Ext(m.Location.File)]:
		return "if this is TypeScript, give the file the extension .ts"
	case text == "" || strings.HasPrefix(m.Text, fmt.Sprintf("Expected %q", text)):
		return ""
	}
	return fmt.Sprintf("did you mean %q?", text)
}

var javaScript = map[string]bool{".js": true, ".mjs": true, ".cjs": true, ".jsx": true}

// noteText is a note of esbuild's with the place that it points to.
func (e Explainer) noteText(note api.Note) string {
	text, pointing := strings.CutSuffix(Anonymous(e.Packages.Root(), note.Text), ":")
	if pointing && note.Location != nil {
		return fmt.Sprintf("%s (%s:%d)", strings.TrimSuffix(text, " here"), note.Location.File, note.Location.Line)
	}
	return text
}

// ignoredWarnings are about what we set up ourselves.
var ignoredWarnings = map[string]bool{"require-resolve-not-external": true, "empty-import-meta": true}

var (
	unresolved = regexp.MustCompile(`^Could not resolve "([^"]+)"`)
	noMatch    = regexp.MustCompile(`^No matching export in "([^"]+)" for import "([^"]+)"`)
	noLoader   = regexp.MustCompile(`^No loader is configured for "([^"]+)" files: (.+)$`)
	unreadable = regexp.MustCompile(`^Cannot read (file|directory) "`)
)

// classify sets the diagnostic's code, and a better remedy where the project's
// files suggest one.
func (e Explainer) classify(m api.Message, d *analyzer.Diagnostic) {
	switch {
	case unresolved.MatchString(m.Text):
		specifier := unresolved.FindStringSubmatch(m.Text)[1]
		d.Code = "unresolved-import"
		d.Message = fmt.Sprintf("cannot resolve %q", specifier)
		if folder := e.forbidden(m, specifier); folder != "" {
			d.Message = fmt.Sprintf("cannot resolve %q: %s cannot be read: permission denied", specifier, folder)
			d.Hint = "check its permissions"
		} else if hint := e.resolveHint(m, specifier); hint != "" {
			d.Hint = hint
		}
	case noMatch.MatchString(m.Text):
		d.Code = "missing-export"
	case noLoader.MatchString(m.Text):
		match := noLoader.FindStringSubmatch(m.Text)
		d.Code = "no-loader"
		d.Message = fmt.Sprintf("%s files cannot be bundled: %s", match[1], Anonymous(e.Packages.Root(), match[2]))
		d.Hint = fmt.Sprintf("set how to read them with build.loader in featherpack.yaml, for example {%q: text}", match[1])
	case unreadable.MatchString(m.Text):
		d.Code = "unreadable"
		d.Hint = "check its permissions"
	case TopLevelAwait(m):
		d.Code = "top-level-await"
		d.Hint = "the format is set to cjs; remove it to build an ES module"
	case strings.HasPrefix(m.Text, "emitDecoratorMetadata "): // our own; esbuild keeps no ID of a plugin
		d.Code = "decorator-metadata"
	case m.Location != nil && m.ID == "" && len(d.Message) > 0:
		d.Code = "syntax-error"
	}
}

// Unresolved returns the specifier of esbuild's complaint that it leads nowhere.
func Unresolved(m api.Message) (specifier string, found bool) {
	match := unresolved.FindStringSubmatch(m.Text)
	if match == nil {
		return "", false
	}
	return match[1], true
}

// TopLevelAwait reports whether esbuild complains about await outside a function
// in CommonJS output.
// Source: internal/js_parser of esbuild 0.28.2.
func TopLevelAwait(m api.Message) bool {
	return strings.Contains(m.Text, `Top-level await is currently not supported with the "cjs" output format`)
}

// Anonymous takes the building machine's path to the root out of a text.
func Anonymous(root, text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, root+string(filepath.Separator), ""), root, ".")
}

// lowerFirst makes one of esbuild's sentences start like ours: without a capital
// letter and a full stop.
func lowerFirst(s string) string {
	s = strings.TrimSuffix(s, ".")
	if len(s) > 1 && s[0] >= 'A' && s[0] <= 'Z' && (s[1] < 'A' || s[1] > 'Z') {
		return string(s[0]+'a'-'A') + s[1:]
	}
	return s
}
