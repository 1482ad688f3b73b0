package manifest

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// sourceExtensions are those that Node and TypeScript know, in order of
// preference: where a source and its compiled output lie side by side, the
// source is meant.
var sourceExtensions = []string{".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"}

// nodeEntry leads a handler such as "src/orders.handler" to its source file.
//
// It reads the handler as Lambda's runtime does: the module is the last path
// element up to its first dot, the rest names the export, and ".." is refused.
// Source: github.com/aws/aws-lambda-nodejs-runtime-interface-client, UserFunction
func (d *discovery) nodeEntry(f *function) {
	h := f.Handler
	fail := func(severity analyzer.Severity, code, hint, format string, args ...any) {
		f.report(problem(severity, code, f.handlerAt, hint, format, args...))
	}
	switch {
	case h == "":
		fail(analyzer.Error, "no-handler", "say which export answers: handler: src/orders.handler", "has no handler")
		return
	case strings.ContainsRune(h, 0):
		fail(analyzer.Error, "bad-handler", "remove it: a handler is a path and an export", "handler %q holds a NUL byte", h)
		return
	case strings.Contains(h, `\`):
		fail(analyzer.Error, "bad-handler", "use forward slashes", "handler %q holds a backslash", h)
		return
	case path.IsAbs(h) || len(h) > 1 && h[1] == ':':
		fail(analyzer.Refused, "handler-outside", "give it relative to the service's folder", "handler %q is an absolute path", h)
		return
	}
	dir, base := path.Split(h)
	dot := strings.IndexByte(base, '.')
	if dot <= 0 && !strings.Contains(h, "..") {
		fail(analyzer.Error, "bad-handler", fmt.Sprintf("write file and export: %s.handler", strings.TrimSuffix(h, ".")),
			"handler %q names no export", h)
		return
	}
	stem := base
	if dot > 0 {
		stem = base[:dot]
	}
	module := path.Join(f.CodeDir, dir, stem)
	if !inside(path.Join(f.CodeDir, dir)) || !inside(module) {
		fail(analyzer.Refused, "handler-outside", "nothing outside the project's root is packed", "handler %q leaves the project's root", h)
		return
	}
	if strings.Contains(h, "..") {
		fail(analyzer.Error, "bad-handler", "lambda's runtime refuses it: name a file below the function's folder", "handler %q holds \"..\"", h)
		return
	}
	export := base[dot+1:]
	if slices.Contains(sourceExtensions, "."+export) {
		fail(analyzer.Error, "bad-handler", fmt.Sprintf("write %s.handler, with the export in place of the extension", dir+stem),
			"handler %q ends in a file extension", h)
		return
	}
	if f.entryHint.has() {
		d.hintedEntry(f)
		return
	}
	for _, candidate := range []string{module, path.Join(module, "index")} {
		if d.sourceAt(f, candidate) {
			return
		}
	}
	if dotted := path.Join(f.CodeDir, dir, base[:strings.LastIndexByte(base, '.')]); dotted != module {
		for _, ext := range sourceExtensions {
			if what, _ := d.look(dotted + ext); what == file {
				fail(analyzer.Error, "bad-handler", "rename the file so that its name holds no dot before the extension",
					"handler %q: lambda reads the file's name up to its first dot and would look for %s", h, stem)
				return
			}
		}
	}
	fail(analyzer.Error, "no-such-handler", d.nearestSource(f.CodeDir, dir+stem),
		"handler %q: there is no %s with any of %s", h, module, strings.Join(sourceExtensions, " "))
}

// sourceAt sets the entry to module plus an extension, or reports what is wrong
// with what is there. It returns false when nothing is.
func (d *discovery) sourceAt(f *function, module string) bool {
	var others []string
	for _, ext := range sourceExtensions {
		what, actual := d.look(module + ext)
		switch what {
		case file:
			if f.Entry == "" {
				f.Entry = module + ext
			} else {
				others = append(others, module+ext)
			}
		case foreign:
			f.report(problem(analyzer.Refused, "handler-outside", f.handlerAt, "nothing outside the project's root is packed",
				"handler %q leads to %s through a link that leaves the project's root", f.Handler, module+ext))
			return true
		case special:
			f.report(problem(analyzer.Error, "no-such-handler", f.handlerAt, "put the source itself there", "%s is not a regular file", module+ext))
			return true
		case nothing:
			if actual != "" && f.Entry == "" && len(others) == 0 {
				if kind := d.kindOf(actual); kind == file {
					f.report(problem(analyzer.Error, "handler-case", f.handlerAt, "lambda's disk tells upper case from lower: write them the same",
						"handler %q: the file is called %s", f.Handler, actual))
					return true
				}
			}
		}
	}
	if len(others) > 0 {
		f.report(problem(analyzer.Note, "ambiguous-handler", f.handlerAt, "remove what is stale",
			"handler %q fits %s and %s; %s is used", f.Handler, f.Entry, strings.Join(others, ", "), f.Entry))
	}
	return f.Entry != ""
}

func (d *discovery) kindOf(rel string) thing {
	what, _ := d.look(rel)
	return what
}

// hintedEntry takes the source file that the manifest names beside the handler.
func (d *discovery) hintedEntry(f *function) {
	rel := path.Join(f.CodeDir, f.entryHint.text)
	at := f.entryHint.at
	if path.IsAbs(f.entryHint.text) || !inside(rel) {
		f.report(problem(analyzer.Refused, "handler-outside", at, "nothing outside the project's root is packed",
			"entry %q leaves the project's root", f.entryHint.text))
		return
	}
	switch what, actual := d.look(rel); {
	case what == file:
		f.Entry = rel
	case what == foreign:
		f.report(problem(analyzer.Refused, "handler-outside", at, "nothing outside the project's root is packed",
			"entry %s is a link that leaves the project's root", rel))
	case actual != "" && what == nothing:
		f.report(problem(analyzer.Error, "handler-case", at, "lambda's disk tells upper case from lower: write them the same",
			"entry %s is called %s", rel, actual))
	case what == special:
		f.report(problem(analyzer.Error, "no-such-handler", at, "put the source itself there", "entry %s is not a regular file", rel))
	default:
		stem := strings.TrimSuffix(f.entryHint.text, path.Ext(f.entryHint.text))
		f.report(problem(analyzer.Error, "no-such-handler", at, d.nearestSource(f.CodeDir, stem), "entry %s does not exist", rel))
	}
}

// nearestSource suggests a source file below dir whose path resembles module,
// preferring one of the same name in another folder.
func (d *discovery) nearestSource(dir, module string) string {
	module = path.Clean(module)
	stems := map[string]string{} // path without extension, to path
	var names, same []string
	left := 20_000
	d.walk(dir, func(at string, entries []dirEntry) bool {
		for _, e := range entries {
			if left--; left < 0 {
				return false
			}
			ext := path.Ext(e.Name())
			if !slices.Contains(sourceExtensions, ext) || strings.Contains(e.Name(), ".d.") || strings.Contains(e.Name(), ".test.") {
				continue
			}
			full := path.Join(at, e.Name())
			rel := strings.TrimPrefix(full, dir+"/")
			stem := strings.TrimSuffix(rel, ext)
			if _, ok := stems[stem]; ok {
				continue
			}
			stems[stem] = full
			names = append(names, stem)
			if path.Base(stem) == path.Base(module) || stem == module+"/index" {
				same = append(same, stem)
			}
		}
		return true
	})
	best := ""
	if len(same) > 0 {
		if best = analyzer.Nearest(module, same); best == "" {
			best = same[0]
		}
	} else {
		best = analyzer.Nearest(module, names)
	}
	if best == "" {
		return "create the file, or name the one that is meant"
	}
	return fmt.Sprintf("did you mean %s?", stems[best])
}
