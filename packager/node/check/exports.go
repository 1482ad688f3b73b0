package check

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// handlerExport is the export that a handler names: "src/orders.api.get" names
// "api", whose member Lambda calls. It is empty where the handler names none.
func (f *Function) handlerExport() string {
	_, rest, _ := strings.Cut(path.Base(f.Handler), ".")
	name, _, _ := strings.Cut(rest, ".")
	return name
}

// annotated is how esbuild tells Node the export names of a module it turned
// into CommonJS, so that an import of it can name them.
var annotated = regexp.MustCompile(`0 ?&& ?\(module\.exports ?= ?\{([^{}]*)\}\);?\s*$`)

// handlerNotExported checks that the entry exports what the handler names. Where
// the exports are known for certain a missing one is an error, since every
// invocation would fail; where the module builds them at run time and never
// mentions the name it is a warning.
func (f *Function) handlerNotExported() []analyzer.Diagnostic {
	name := f.handlerExport()
	if name == "" {
		return nil
	}
	names, known := f.exportNames()
	d := analyzer.Diagnostic{
		Code: "missing-export", Severity: analyzer.Error, Function: f.ID, Position: f.Position,
		Message: fmt.Sprintf("%s does not export %q", f.Entry, name),
		Hint:    fmt.Sprintf("export a function of that name, or correct the handler %q", f.Handler),
	}
	switch {
	case known && slices.Contains(names, name):
		return nil
	case known && len(names) == 0:
		d.Message = fmt.Sprintf("%s exports nothing, but the handler names %q", f.Entry, name)
	case known:
		d.Hint = fmt.Sprintf("it exports %s; correct the handler %q, or export a function of that name", strings.Join(names, ", "), f.Handler)
		if near := analyzer.Nearest(name, names); near != "" {
			d.Hint = fmt.Sprintf("did you mean %q? %s", near, d.Hint)
		}
	default:
		source, err := f.Packages.ReadModule(f.Packages.Absolute(f.Entry))
		if err != nil || mentions(source, name) || bytes.Contains(source, []byte("require")) {
			return nil
		}
		if f.Inputs[f.Entry].Format == "" {
			if exporting.Match(source) {
				return nil
			}
			d.Message = fmt.Sprintf("%s exports nothing, but the handler names %q", f.Entry, name)
			break
		}
		d.Severity = analyzer.Warning
		d.Message = fmt.Sprintf("%s never mentions %q, which the handler names", f.Entry, name)
	}
	return []analyzer.Diagnostic{d}
}

// exporting are the words without one of which CommonJS exports nothing.
var exporting = regexp.MustCompile(`\b(module|exports|this|globalThis|eval)\b`)

// mentions reports whether the source holds the name as a word of its own.
func mentions(source []byte, name string) bool {
	part := func(c byte) bool {
		return c == '_' || c == '$' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= 0x80
	}
	for at := 0; ; {
		i := bytes.Index(source[at:], []byte(name))
		if i < 0 {
			return false
		}
		at += i
		end := at + len(name)
		if (at == 0 || !part(source[at-1])) && (end == len(source) || !part(source[end])) {
			return true
		}
		at++
	}
}

// exportNames are the entry's exports, sorted, where they are known for certain.
func (f *Function) exportNames() (names []string, known bool) {
	if f.Inputs[f.Entry].Format != "esm" {
		return nil, false
	}
	if f.ESM {
		return f.Output.Exports, true
	}
	tail := f.Code[max(0, len(f.Code)-64<<10):]
	match := annotated.FindSubmatch(tail)
	if match == nil {
		return nil, false
	}
	for part := range strings.SplitSeq(string(match[1]), ",") {
		part, _, _ = strings.Cut(strings.TrimSpace(part), ":")
		switch {
		case strings.HasPrefix(part, "..."):
			return nil, false
		case part != "":
			names = append(names, strings.Trim(part, `"'`))
		}
	}
	slices.Sort(names)
	return names, true
}
