package node

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/trace"
	"github.com/featherpack/featherpack/analyzer/trace/native"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// Names that edits put into bundled code; the prelude of each function sets
// them, since a module is bundled once for functions of different depth.
const (
	rootName  = "__featherpackRoot"
	urlOfName = "__featherpackUrlOf"
	// localName is what a module's own "require" is called beside Node's.
	localName = "__featherpackOwnRequire"
)

// tracing rides on the bundling pass. Every module that holds a trigger is
// traced once, its text edited so that it finds its files from inside the
// bundle, and the finding kept for the functions that include it.
type tracing struct {
	b *builder
	f analyzer.Function // for what the group agrees on: folder of the code, target
	// layout is the job's.
	layout string

	mu      sync.Mutex
	modules map[string]*traced // by path relative to the root
}

// traced is what was found out about one module.
type traced struct {
	result trace.Result
	// contents is the edited text, nil where nothing had to be edited.
	contents *string
	loader   api.Loader
	// truncated says that the text ends in the middle of a UTF-8 character.
	// esbuild 0.28.2 does not come to an end when it quotes such a text into a
	// source map.
	truncated bool
}

// tracingFor returns the tracing that functions of one code folder and one
// target share.
func (b *builder) tracingFor(j *job) *tracing {
	f := j.f
	key := f.CodeDir + "\x00" + j.layout() + "\x00" + f.Architecture + "\x00" + f.Runtime
	if b.tracings[key] == nil {
		b.tracings[key] = &tracing{b: b, f: f, layout: j.layout(), modules: map[string]*traced{}}
	}
	return b.tracings[key]
}

// source matches the files that may hold triggers.
const source = `\.[cm]?[jt]sx?$`

func (t *tracing) plugin() api.Plugin {
	return api.Plugin{Name: "featherpack trace", Setup: func(build api.PluginBuild) {
		known := newResolutions(t.b.packages)
		build.OnLoad(api.OnLoadOptions{Filter: source, Namespace: "file"}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			m := t.trace(args.Path, buildResolver{t.b, build, known})
			if m != nil && m.truncated {
				return api.OnLoadResult{Errors: []api.Message{{
					Text:     "the file ends in the middle of a character",
					Location: &api.Location{File: t.b.packages.Relative(args.Path)},
					Notes:    []api.Note{{Text: "save it again as UTF-8; it may have been cut short"}},
				}}}, nil
			}
			if m == nil || m.contents == nil {
				return api.OnLoadResult{}, nil
			}
			return api.OnLoadResult{Contents: m.contents, Loader: m.loader}, nil
		})
		build.OnLoad(api.OnLoadOptions{Filter: `\.node$`, Namespace: "file"}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			if !installed.Inside(t.b.packages.Root(), args.Path) {
				return api.OnLoadResult{}, nil
			}
			// The addon itself becomes a file of the zip; Node loads it from there.
			stub := fmt.Sprintf("module.exports=require(%s)", rooted(t.b.zipPath(t.layout, t.b.packages.Relative(args.Path))))
			return api.OnLoadResult{Contents: &stub, Loader: api.LoaderJS}, nil
		})
	}}
}

// trace returns the finding for an absolute file, nil where it holds nothing.
func (t *tracing) trace(file string, r buildResolver) *traced {
	rel := t.b.packages.Relative(file)
	t.mu.Lock()
	m, known := t.modules[rel]
	t.mu.Unlock()
	if known {
		return m
	}
	text, err := t.b.packages.ReadFile(file)
	switch {
	case err != nil:
	case truncated(text):
		m = &traced{truncated: true}
	case t.b.packages.Ours(file) && trace.Triggered(text):
		// A source that does not parse is esbuild's to report, with its position.
		if result, err := trace.Trace(t.b.module(t.f, file, text), t.b.packages.FS(), r); err == nil {
			m = &traced{result: result, loader: loaderOf(file)}
			if edited, changed := t.edit(t.b.packages.Shown(file), text, result); changed {
				m.contents = &edited
			}
		}
	}
	t.mu.Lock()
	t.modules[rel] = m
	t.mu.Unlock()
	return m
}

// truncated reports whether a text ends in the middle of a UTF-8 character.
func truncated(text []byte) bool {
	r, size := utf8.DecodeLastRune(text)
	return r == utf8.RuneError && size == 1
}

// module is a file as the tracer wants it told.
func (b *builder) module(f analyzer.Function, file string, text []byte) trace.Module {
	dir := installed.PackageDir(file)
	if dir == "" {
		if dir, _ = b.packages.Nearest(filepath.Dir(file)); dir == "" {
			dir = b.packages.Root()
		}
	}
	return trace.Module{
		File:       js.File{Path: b.packages.Shown(file), Source: text},
		PackageDir: b.packages.Shown(dir), CWD: f.CodeDir, Target: targetOf(f), Runtime: f.Runtime,
	}
}

// targetOf is what the function runs on: Lambda's Node images are Amazon Linux.
func targetOf(f analyzer.Function) native.Platform {
	cpu := "x64"
	if f.Architecture == "arm64" {
		cpu = "arm64"
	}
	return native.Platform{OS: "linux", CPU: cpu, Libc: "glibc"}
}

func loaderOf(file string) api.Loader {
	switch filepath.Ext(file) {
	case ".ts", ".mts", ".cts":
		return api.LoaderTS
	case ".tsx":
		return api.LoaderTSX
	case ".jsx":
		return api.LoaderJSX
	}
	return api.LoaderJS
}

// zipPath is the place in the zip of a file that is no part of a package kept
// as files: as in the code's folder, or for an installed package as in the
// outermost node_modules, else as in the root.
func (b *builder) zipPath(codeDir, file string) string {
	if codeDir == "." || codeDir == "" {
		return file
	}
	if rest, ok := strings.CutPrefix(file, codeDir+"/"); ok {
		return rest
	}
	if file == codeDir {
		return "."
	}
	if i := strings.Index("/"+file, "/node_modules/"); i >= 0 {
		return file[i:]
	}
	return file
}

// rooted is a JavaScript expression for a path in the zip.
func rooted(name string) string {
	if name == "." || name == "" {
		return rootName
	}
	text, _ := json.Marshal("/" + name) // a string always marshals
	return rootName + "+" + string(text)
}

// edit writes into a module's text where its files will be in the zip, and
// turns requires of computed names into tables that the bundler sees.
func (t *tracing) edit(rel string, text []byte, result trace.Result) (string, bool) {
	type change struct {
		start, end int
		text       string
	}
	var changes []change
	for _, e := range result.Edits {
		expression := t.expression(rel, e)
		if e.Shorthand {
			expression = string(text[e.Start:e.End]) + ":" + expression
		}
		changes = append(changes, change{e.Start, e.End, expression})
	}
	for _, table := range t.tables(rel, text, append(slices.Clone(result.Modules), result.Addons...)) {
		changes = append(changes, change{table.start, table.argStart, table.before}, change{table.argEnd, table.end, ")"})
	}
	if len(changes) == 0 {
		return "", false
	}
	slices.SortStableFunc(changes, func(a, b change) int { return cmp.Or(a.start-b.start, b.end-a.end) })
	var out bytes.Buffer
	at := 0
	for _, c := range changes {
		if c.start < at || c.end < c.start || c.end > len(text) {
			continue // inside another change, which has said it all
		}
		out.Write(text[at:c.start])
		out.WriteString(c.text)
		at = c.end
	}
	out.Write(text[at:])
	return out.String(), true
}

// expression is what stands for the place of a module, in the zip.
func (t *tracing) expression(rel string, e trace.Edit) string {
	at := t.b.zipPath(t.layout, rel)
	switch e.What {
	case "dirname":
		return "(" + rooted(path.Dir(at)) + ")"
	case "filename":
		return "(" + rooted(at) + ")"
	case "url":
		return urlOfName + "(" + rooted(at) + ")"
	case "resolve":
		return "(" + rooted(t.b.zipPath(t.layout, e.Path)) + ")"
	case "resolve-url":
		return urlOfName + "(" + rooted(t.b.zipPath(t.layout, e.Path)) + ")"
	case "parent":
		// As everywhere in a function, somebody requires the module; who that was
		// first is not known in a bundle.
		return fmt.Sprintf("(module.parent||{id:%q,exports:{},filename:%s,loaded:true,children:[],paths:[]})", ".", rooted(at))
	case "rename":
		return localName
	case "meta":
		return fmt.Sprintf("({...import.meta,url:%s(%s),filename:%s,dirname:%s})", urlOfName, rooted(at), rooted(at), rooted(path.Dir(at)))
	}
	return ""
}

// table is a computed require or import() and what to put around its argument.
type table struct {
	start, end, argStart, argEnd int
	before                       string
}

// tables makes of every computed require whose candidates are known a lookup
// among requires of plain strings, which the bundler follows. What is not among
// them is left to Node.
func (t *tracing) tables(rel string, text []byte, references []trace.Reference) []table {
	var tables []table
	index := map[[2]int]int{}
	rows := map[int]map[string]string{}
	for _, ref := range references {
		if !t.bundles(ref) && !computed(ref, text) {
			continue
		}
		key := [2]int{ref.Start, ref.End}
		i, ok := index[key]
		if !ok {
			i = len(tables)
			index[key] = i
			rows[i] = map[string]string{}
			tables = append(tables, table{start: ref.Start, end: ref.End, argStart: ref.ArgStart, argEnd: ref.ArgEnd})
		}
		load := "require"
		if ref.Kind == "import" {
			load = "import"
		}
		for _, c := range ref.Candidates {
			if !t.bundles(ref) {
				break // left to Node, which finds it among the files that ship
			}
			if ref.Pattern == "*" { // a peer, by name, like any other request for it
				rows[i][c.Specifier] = load + "(" + quote(c.Specifier) + ")"
				continue
			}
			rows[i][c.Specifier] = load + "(" + quote(relativeTo(path.Dir(rel), c.Path)) + ")"
		}
		tables[i].before = load
	}
	for i := range tables {
		var b strings.Builder
		fmt.Fprintf(&b, "((m,k)=>Object.hasOwn(m,k)?m[k]():%s(k))({", tables[i].before)
		for n, specifier := range slices.Sorted(maps.Keys(rows[i])) {
			if n > 0 {
				b.WriteString(",")
			}
			fmt.Fprintf(&b, "%s:()=>%s", quote(specifier), rows[i][specifier])
		}
		b.WriteString("},")
		tables[i].before = b.String()
	}
	return tables
}

// computed reports whether a require or import() computes what it loads. The
// bundler must not look for it by itself: it takes a pattern that matches
// nothing for an error, and one that matches much for a wish to bundle it all.
func computed(ref trace.Reference, text []byte) bool {
	if ref.Kind != "require" && ref.Kind != "import" || ref.ArgEnd <= ref.ArgStart || ref.ArgEnd > len(text) {
		return false
	}
	if ref.Start == ref.ArgStart && ref.End == ref.ArgEnd {
		return false
	}
	return ref.Pattern != "" || !literal.Match(bytes.TrimSpace(text[ref.ArgStart:ref.ArgEnd]))
}

// literal matches a plain string.
var literal = regexp.MustCompile("^(\"[^\"]*\"|'[^']*'|`[^`$]*`)$")

// bundles reports whether a computed require becomes a table: it loads modules
// by names that do not hang on where the code lies, and some are known.
func (t *tracing) bundles(ref trace.Reference) bool {
	if ref.Kind != "require" && ref.Kind != "import" || len(ref.Candidates) == 0 || ref.FromCWD || ref.ArgEnd <= ref.ArgStart {
		return false
	}
	if ref.Start == ref.ArgStart && ref.End == ref.ArgEnd {
		return false // only a name, which other code will require
	}
	return !slices.ContainsFunc(ref.Candidates, func(c trace.Candidate) bool {
		return !asked.MatchString(c.Specifier) || c.Specifier == c.Path || path.Ext(c.Path) == ".node"
	})
}

// asked matches specifiers as code writes them: relative, internal or bare.
var asked = regexp.MustCompile(`^(\.{1,2}/|#|@|[A-Za-z0-9_~])`)

func quote(s string) string {
	text, _ := json.Marshal(s) // a string always marshals
	return string(text)
}

// relativeTo is the specifier by which code in dir asks for a file.
func relativeTo(dir, file string) string {
	rel, err := filepath.Rel(filepath.FromSlash(dir), filepath.FromSlash(file))
	if err != nil {
		return file
	}
	if rel = filepath.ToSlash(rel); !strings.HasPrefix(rel, "../") {
		rel = "./" + rel
	}
	return rel
}
