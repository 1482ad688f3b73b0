package manifest

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// nodeEntry finds the source file of a handler such as "src/orders.handler".
//
// It reads the handler as Lambda's runtime does: the module ends at the first dot
// of the last path element, the rest is the export, and ".." is not allowed.
// Source: github.com/aws/aws-lambda-nodejs-runtime-interface-client, UserFunction
func (d *discovery) nodeEntry(f *declared.Function) {
	d.unwrap(f)
	if analyzer.ExitStatus(f.Problems) != 0 {
		return
	}
	h := f.Handler
	fail := func(severity analyzer.Severity, code, hint, format string, args ...any) {
		f.Report(analyzer.Problem(severity, code, f.HandlerAt, hint, format, args...))
	}
	switch {
	case h == "":
		fail(analyzer.Error, "no-handler", "name the file and the export: handler: src/orders.handler", "has no handler")
		return
	case strings.ContainsRune(h, 0):
		fail(analyzer.Error, "bad-handler", "remove it: a handler is a path and an export", "handler %q holds a NUL byte", h)
		return
	case strings.Contains(h, `\`):
		fail(analyzer.Error, "bad-handler", "use forward slashes", "handler %q holds a backslash", h)
		return
	case strings.HasPrefix(h, "/opt/"):
		fail(analyzer.Error, "handler-in-layer", "if it is a tool's, set the variable by which it finds the function's own handler",
			"handler %q is in a layer, and nothing names the function's own", h)
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
	if !projectfs.Inside(path.Join(f.CodeDir, dir)) || !projectfs.Inside(module) {
		fail(analyzer.Refused, "handler-outside", "nothing outside the project's root is packed", "handler %q leaves the project's root", h)
		return
	}
	if strings.Contains(h, "..") {
		fail(analyzer.Error, "bad-handler", "lambda's runtime refuses it: name a file below the function's folder", "handler %q holds \"..\"", h)
		return
	}
	export := base[dot+1:]
	if slices.Contains(declared.SourceExtensions, "."+export) {
		fail(analyzer.Error, "bad-handler", fmt.Sprintf("write %s.handler, with the export in place of the extension", dir+stem),
			"handler %q ends in a file extension", h)
		return
	}
	if f.EntryHint.Has() {
		d.hintedEntry(f)
		return
	}
	for _, candidate := range []string{module, path.Join(module, "index")} {
		if d.sourceAt(f, candidate) {
			return
		}
	}
	if dotted := path.Join(f.CodeDir, dir, base[:strings.LastIndexByte(base, '.')]); dotted != module {
		for _, ext := range declared.SourceExtensions {
			if what, _ := d.Look(dotted + ext); what == projectfs.File {
				fail(analyzer.Error, "bad-handler", "rename the file so that its name holds no dot before the extension",
					"handler %q: lambda reads the file's name up to its first dot and would look for %s", h, stem)
				return
			}
		}
	}
	if folder := d.Forbidden(path.Dir(module)); folder != "" {
		f.Report(projectfs.Refuse(fs.ErrPermission, folder, f.HandlerAt))
		return
	}
	fail(analyzer.Error, "no-such-handler", d.nearestSource(f.CodeDir, dir+stem),
		"handler %q: there is no %s with any of %s", h, module, strings.Join(declared.SourceExtensions, " "))
}

// showHandler hides a handler that came from outside the manifest, unless it names a
// file and an export of the project: it may be a secret. Messages quote how it is
// written.
func (d *discovery) showHandler(f *declared.Function) {
	if f.HandlerWritten == "" || f.Family == analyzer.Node && f.Entry != "" && d.exports(f) {
		return
	}
	for i, p := range f.Problems {
		if p.Position != f.HandlerAt || p.Code == "fallback-used" {
			continue
		}
		p.Message = fmt.Sprintf("handler %q does not name a source file and an export that can be packed", f.HandlerWritten)
		if p.Code != "no-such-handler" { // whose hint names files of the project only
			p.Hint = ""
		}
		f.Problems[i] = p
	}
	if f.Family == analyzer.Node && analyzer.ExitStatus(f.Problems) == 0 {
		f.Report(analyzer.Problem(analyzer.Error, "bad-handler", f.HandlerAt, "name an export of the file",
			"handler %q: %s does not mention that export", f.HandlerWritten, f.Entry))
	}
	f.Handler = f.HandlerWritten
}

// exports reports whether the entry's text mentions the handler's export.
func (d *discovery) exports(f *declared.Function) bool {
	_, export, _ := strings.Cut(path.Base(f.Handler), ".")
	text, err := d.Read(f.Entry, maxEntry)
	return export == "handler" || err == nil && identifier.MatchString(export) && strings.Contains(string(text), export)
}

// maxEntry limits what is read of an entry to look for an export.
const maxEntry = 8 << 20

var identifier = regexp.MustCompile(`^[\p{L}\p{N}_$.]+$`)

// sourceAt sets the entry to module plus an extension, or reports why the file
// that is there cannot be used. It returns false if there is no such file.
func (d *discovery) sourceAt(f *declared.Function, module string) bool {
	var others []string
	for _, ext := range declared.SourceExtensions {
		what, actual := d.Look(module + ext)
		switch what {
		case projectfs.File:
			if f.Entry == "" {
				f.Entry = module + ext
			} else {
				others = append(others, module+ext)
			}
		case projectfs.Foreign:
			f.Report(analyzer.Problem(analyzer.Refused, "handler-outside", f.HandlerAt, "nothing outside the project's root is packed",
				"handler %q leads to %s through a link that leaves the project's root", f.Handler, module+ext))
			return true
		case projectfs.Special:
			f.Report(analyzer.Problem(analyzer.Error, "no-such-handler", f.HandlerAt, "replace it with the source file", "%s is not a regular file", module+ext))
			return true
		case projectfs.Nothing:
			if actual != "" && f.Entry == "" && len(others) == 0 {
				if kind := d.Kind(actual); kind == projectfs.File {
					f.Report(analyzer.Problem(analyzer.Error, "handler-case", f.HandlerAt, "file names on lambda are case-sensitive: use the same case in both",
						"handler %q: the file is called %s", f.Handler, actual))
					return true
				}
			}
		}
	}
	if len(others) > 0 {
		f.Report(analyzer.Problem(analyzer.Note, "ambiguous-handler", f.HandlerAt, "remove the stale file",
			"handler %q fits %s and %s; %s is used", f.Handler, f.Entry, strings.Join(others, ", "), f.Entry))
	}
	return f.Entry != ""
}

// hintedEntry uses the source file that the manifest names beside the handler.
func (d *discovery) hintedEntry(f *declared.Function) {
	rel := path.Join(f.CodeDir, f.EntryHint.Text)
	at := f.EntryHint.At
	if path.IsAbs(f.EntryHint.Text) || !projectfs.Inside(rel) {
		f.Report(analyzer.Problem(analyzer.Refused, "handler-outside", at, "nothing outside the project's root is packed",
			"entry %q leaves the project's root", f.EntryHint.Text))
		return
	}
	switch what, actual := d.Look(rel); {
	case what == projectfs.File:
		f.Entry = rel
	case what == projectfs.Foreign:
		f.Report(analyzer.Problem(analyzer.Refused, "handler-outside", at, "nothing outside the project's root is packed",
			"entry %s is a link that leaves the project's root", rel))
	case actual != "" && what == projectfs.Nothing:
		f.Report(analyzer.Problem(analyzer.Error, "handler-case", at, "file names on lambda are case-sensitive: use the same case in both",
			"entry %s is called %s", rel, actual))
	case what == projectfs.Special:
		f.Report(analyzer.Problem(analyzer.Error, "no-such-handler", at, "replace it with the source file", "entry %s is not a regular file", rel))
	case d.Forbidden(path.Dir(rel)) != "":
		f.Report(projectfs.Refuse(fs.ErrPermission, d.Forbidden(path.Dir(rel)), at))
	default:
		stem := strings.TrimSuffix(f.EntryHint.Text, path.Ext(f.EntryHint.Text))
		f.Report(analyzer.Problem(analyzer.Error, "no-such-handler", at, d.nearestSource(f.CodeDir, stem), "entry %s does not exist", rel))
	}
}

// nearestSource suggests a source file below dir whose path resembles module. It
// prefers a file of the same name in another folder.
func (d *discovery) nearestSource(dir, module string) string {
	module = path.Clean(module)
	stems := map[string]string{} // the path by the path without extension
	var names, same []string
	left := 20_000
	d.Walk(dir, func(at string, entries []fs.DirEntry) bool {
		for _, e := range entries {
			if left--; left < 0 {
				return false
			}
			ext := path.Ext(e.Name())
			if !slices.Contains(declared.SourceExtensions, ext) || strings.Contains(e.Name(), ".d.") || strings.Contains(e.Name(), ".test.") {
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
