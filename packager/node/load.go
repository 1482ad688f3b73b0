package node

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/trace"
	"github.com/featherpack/featherpack/analyzer/typescript"
	"github.com/featherpack/featherpack/packager/node/credentials"
	"github.com/featherpack/featherpack/packager/node/gate"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/kept"
	"github.com/featherpack/featherpack/packager/node/pass/onload"
	"github.com/featherpack/featherpack/packager/node/prelude"
	"github.com/featherpack/featherpack/packager/node/resolution"
	"github.com/featherpack/featherpack/packager/node/sloppy"
	"github.com/featherpack/featherpack/packager/node/typed"
)

// loader is a plugin that traces modules as esbuild loads them. It edits a module
// that looks for files, so that it finds them from inside the bundle.
type loader struct {
	packages   *installed.Tree
	resolution *resolution.Resolution
	layout     kept.Layout
	settings   string // the texts of settings that become part of the bundle
	tsconfig   string // the file that the settings name
	types      *typed.Set
	// elsewhere reports whether the plan takes another file than this one, relative to the
	// root, for requests that lead to it.
	elsewhere func(file string) bool
	// unreached reports whether nothing of the function has a module require this file by a
	// computed name.
	unreached func(module, file string) bool
	globals   []string // of the plan
	handsOn   bool     // modules that files hand on are in the bundle
	// mapToModules means that esbuild must not read the source maps that modules bring.
	mapToModules bool
	// readsNodeEnv means that own code reads NODE_ENV at run time.
	readsNodeEnv bool
	sloppy       []string                // modules that are edited or evaluated as texts
	asTexts      []string                // modules that are evaluated as texts, whatever is in them
	options      api.BuildOptions        // esbuild's
	edited       func(file, text string) // is told the texts that esbuild gets instead of a file's; may be nil
}

func (l loader) plugin() api.Plugin {
	return api.Plugin{Name: "featherpack trace", Setup: func(build api.PluginBuild) {
		l.types = typed.NewSet(l.packages, l.tsconfig, func(specifier, dir string) string {
			file, _ := l.resolution.Find(build, dir, specifier, api.ResolveJSImportStatement)
			return file
		})
		build.OnLoad(api.OnLoadOptions{Filter: ".", Namespace: "file"}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			if !l.resolution.IsCode(args.Path) || args.With["type"] != "" {
				return api.OnLoadResult{}, nil
			}
			return l.load(build, args.Path), nil
		})
		build.OnLoad(api.OnLoadOptions{Filter: `\.node$`, Namespace: "file"}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			if !installed.Inside(l.packages.Root(), args.Path) {
				return api.OnLoadResult{}, nil
			}
			// The addon itself becomes a file of the zip; Node loads it from there.
			stub := fmt.Sprintf("module.exports=require(%s)", prelude.FreeNames(nil, l.settings).Rooted(l.layout.Place(l.packages.Relative(args.Path))))
			return api.OnLoadResult{Contents: &stub, Loader: api.LoaderJS}, nil
		})
	}}
}

// load traces a module. It returns the edited text where an edit is needed, else
// nothing, and then esbuild reads the file itself.
func (l loader) load(build api.PluginBuild, file string) (result api.OnLoadResult) {
	finding, changes, known := l.resolution.Known(file)
	own, chain := installed.PackageDir(file) == "", l.resolution.LambdaCredentials && credentials.InChain(file)
	asText := slices.Contains(l.asTexts, l.packages.Relative(file))
	isSloppy := asText || slices.Contains(l.sloppy, l.packages.Relative(file))
	if known && finding == nil && len(changes) == 0 && !own && !chain && !isSloppy && !l.mapToModules && l.packages.Instead(file) == nil {
		return result
	}
	text, err := l.packages.ReadModule(file)
	switch {
	case err != nil:
		return result // esbuild's to report
	case truncated(text):
		result.Errors = []api.Message{{
			Text:     "the file ends in the middle of a character",
			Location: &api.Location{File: l.packages.Relative(file)},
			Notes:    []api.Note{{Text: "save it again as UTF-8; it may have been cut short"}},
		}}
		return result
	case !l.packages.Ours(file):
		return result
	}
	if d := l.resolution.Gate.Module(file, text, l.resolution.Loader(file)); d != nil {
		return api.OnLoadResult{Errors: []api.Message{gate.Message(*d)}}
	}
	if !known {
		finding, changes = l.resolution.Read(build, file, text)
	}
	edits := l.changed(changes)
	if finding != nil {
		edits = append(edits, l.edits(l.packages.Shown(file), text, *finding)...)
	}
	if chain {
		edits = append(edits, credentials.Edits(text)...)
	}
	if own && l.readsNodeEnv {
		edits = append(edits, keepNodeEnv(js.File{Path: l.packages.Shown(file), Source: text, Loader: l.resolution.Loader(file)})...)
	}
	if m := mapComment.FindIndex(text); l.mapToModules && m != nil {
		edits = append(edits, js.Edit{Start: m[0], End: m[1]})
	}
	typedEdits, problems := l.types.Edit(l.packages.Relative(file), text, func(stem string) string { return prelude.Free(stem, text, l.settings) })
	for _, p := range problems {
		result.Errors = append(result.Errors, l.undecided(file, text, p))
	}
	edited := string(text)
	if edits = append(edits, typedEdits...); len(edits) > 0 || isSloppy || l.packages.Instead(file) != nil {
		edited = js.Apply(text, edits)
		if isSloppy {
			edited = l.keepSloppy(file, text, edited, asText)
		}
		result.Contents, result.Loader = &edited, l.resolution.Loader(file)
		if l.edited != nil {
			l.edited(file, edited)
		}
	}
	if config, differs := l.types.Unseen(l.packages.Relative(file), text); differs {
		return l.lower(file, edited, config)
	}
	return result
}

// mapComment is the comment at the end of a module that names its source map. A text that
// only looks like it ends with a quote.
// Format: https://tc39.es/ecma426/#sec-linking-generated-code
var mapComment = regexp.MustCompile("(?://|/\\*)[#@][ \\t]*sourceMappingURL=[^\\s'\"`]*[ \\t]*(?:\\*/)?\\s*$")

// keepSloppy gives a module its meaning where the bundle would change it, unless our parser
// cannot read it.
func (l loader) keepSloppy(file string, text []byte, edited string, asText bool) string {
	names := prelude.FreeNames(text, l.settings)
	written, err := sloppy.Write(sloppy.Module{
		Text: []byte(edited), AsText: asText, Name: l.packages.Shown(file), Define: l.options.Define, Injected: l.injected(), Slim: l.options.MinifyWhitespace,
		Around: []string{names.Root, names.URLOf, names.OwnRequire},
		Free:   func(stem string) string { return prelude.Free(stem, []byte(edited), l.settings) },
	})
	if err != nil {
		return edited
	}
	return written
}

// injected are the names that files of the setting inject stand for in every module.
func (l loader) injected() (names []string) {
	for _, name := range l.options.Inject {
		file := name
		if !filepath.IsAbs(file) {
			file = filepath.Join(l.packages.Root(), filepath.FromSlash(name))
		}
		text, err := l.packages.ReadModule(file)
		if strings.HasPrefix(name, Injected) || err != nil {
			continue // ours, or esbuild's to report
		}
		exports, _, err := js.Exports(js.File{Path: name, Source: text, Loader: l.resolution.Loader(file)})
		if err == nil {
			names = append(names, exports...)
		}
	}
	return slices.DeleteFunc(names, func(name string) bool { return name == "default" })
}

// changed are the edits of the passes on load that hold under the plan.
func (l loader) changed(changes []onload.Change) (edits []js.Edit) {
	for _, c := range changes {
		if !slices.ContainsFunc(c.Past, l.elsewhere) && !slices.Contains(l.globals, c.Global) {
			edits = append(edits, c.Edits...)
		}
	}
	return edits
}

// lower makes JavaScript of a source whose decorators esbuild would not read as the
// project does: it does not see the options of projects that a tsconfig.json refers
// to.
func (l loader) lower(file, text, tsconfig string) (result api.OnLoadResult) {
	lowered := api.Transform(text, api.TransformOptions{
		Loader: l.resolution.Loader(file), Sourcefile: l.packages.Relative(file), TsconfigRaw: tsconfig, Target: api.ESNext,
		Sourcemap: api.SourceMapInline, SourcesContent: api.SourcesContentExclude, SourceRoot: l.rootURL(), Charset: api.CharsetUTF8, LogLevel: api.LogLevelSilent,
	})
	if len(lowered.Errors) > 0 {
		return api.OnLoadResult{Errors: lowered.Errors, Warnings: lowered.Warnings}
	}
	code := string(lowered.Code)
	return api.OnLoadResult{Contents: &code, Loader: api.LoaderJS}
}

// rootURL is the root as a URL, which names in a source map are relative to.
func (l loader) rootURL() string {
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(l.packages.Root()) + "/"}).String()
}

// undecided is the error about what TypeScript's compiler would compute.
func (l loader) undecided(file string, text []byte, p typescript.Problem) api.Message {
	before := text[:p.Offset]
	start := bytes.LastIndexByte(before, '\n') + 1
	line, _, _ := bytes.Cut(text[start:], []byte("\n"))
	remedy := "write there what the type is at run time, such as string or object, or turn emitDecoratorMetadata off"
	if !strings.HasPrefix(p.Message, "emitDecoratorMetadata") {
		remedy = "write the value itself there"
	}
	return api.Message{
		Text: p.Message,
		Location: &api.Location{
			File: l.packages.Relative(file), Line: bytes.Count(before, []byte("\n")) + 1, Column: p.Offset - start, LineText: string(line),
		},
		Notes: []api.Note{{Text: remedy}},
	}
}

// truncated reports whether a text ends in the middle of a UTF-8 character.
// esbuild 0.28.2 never returns when it quotes such a text into a source map.
func truncated(text []byte) bool {
	r, size := utf8.DecodeLastRune(text)
	return r == utf8.RuneError && size == 1
}

// edits make a module's text find its files in the zip, and turn requires of computed
// names into tables that the bundler can follow.
func (l loader) edits(rel string, text []byte, result trace.Result) []js.Edit {
	var edits []js.Edit
	names := prelude.FreeNames(text, l.settings)
	for _, e := range result.Edits {
		expression := l.expression(rel, e, names)
		if e.Shorthand {
			expression = string(text[e.Start:e.End]) + ":" + expression
		}
		edits = append(edits, js.Edit{Start: e.Start, End: e.End, Text: expression})
	}
	if slices.ContainsFunc(result.Edits, func(e trace.Edit) bool { return e.What == "own-meta" }) {
		start := len(hashbang.Find(text))
		edits = append(edits, js.Edit{Start: start, End: start, Text: "const " + names.OwnMeta + "=" + l.expression(rel, trace.Edit{What: "meta"}, names) + ";"})
	}
	for _, ref := range result.Modules {
		if (ref.Kind == "worker" || ref.Kind == "fork") && ref.ArgEnd > ref.ArgStart && compiles(cmp.Or(ref.Specifier, ref.Pattern)) {
			edits = append(edits, js.Edit{Start: ref.ArgStart, End: ref.ArgStart, Text: compiledPath}, js.Edit{Start: ref.ArgEnd, End: ref.ArgEnd, Text: ")"})
		}
	}
	for _, table := range l.tables(rel, text, append(slices.Clone(result.Modules), result.Addons...), names) {
		edits = append(edits, js.Edit{Start: table.start, End: table.argStart, Text: table.before},
			js.Edit{Start: table.argEnd, End: table.end, Text: ")"})
	}
	return edits
}

// hashbang matches the first line of a module that can be run by its name.
var hashbang = regexp.MustCompile(`^#!.*\n?`)

// compiledPath turns the path or the URL of a source into that of what is compiled
// from it.
const compiledPath = `(u=>{const c=s=>s.replace(/\.(?:([cm]?)tsx?|jsx)$/,".$1js");return typeof u=="string"?c(u):new URL(c(u.href))})(`

func compiles(file string) bool {
	_, ok := trace.Compiled(file)
	return ok
}

// expression is the text that an edit puts in, for a module's place in the zip.
func (l loader) expression(rel string, e trace.Edit, n prelude.Names) string {
	at := l.layout.Place(rel)
	if l.handsOn { // files lie in the zip under these names
		at, _ = trace.Compiled(at)
	}
	to, _ := trace.Compiled(l.layout.Place(e.Path))
	switch e.What {
	case "dirname":
		return "(" + n.Rooted(path.Dir(at)) + ")"
	case "filename":
		return "(" + n.Rooted(at) + ")"
	case "url":
		return n.URLOf + "(" + n.Rooted(at) + ")"
	case "resolve":
		return "(" + n.Rooted(to) + ")"
	case "resolve-url":
		return n.URLOf + "(" + n.Rooted(to) + ")"
	case "parent":
		// As everywhere in a function, somebody requires the module; who that was
		// first is not known in a bundle.
		return fmt.Sprintf("(module.parent||{id:%q,exports:{},filename:%s,loaded:true,children:[],paths:[]})", ".", n.Rooted(at))
	case "module":
		var paths []string
		for dir := path.Dir(at); ; dir = path.Dir(dir) {
			if path.Base(dir) != "node_modules" {
				paths = append(paths, n.Rooted(path.Join(dir, "node_modules")))
			}
			if dir == "." {
				break
			}
		}
		// Node's own require calls that of its module, which a bundled module does not have.
		return fmt.Sprintf("Object.assign(module,{id:%q,filename:%s,require:module.require||require,paths:[%s]})", ".", n.Rooted(at), strings.Join(paths, ","))
	case "rename":
		return n.OwnRequire
	case "require":
		return "require"
	case "own-meta":
		return n.OwnMeta
	case "meta":
		return fmt.Sprintf("({...import.meta,url:%s(%s),filename:%s,dirname:%s})", n.URLOf, n.Rooted(at), n.Rooted(at), n.Rooted(path.Dir(at)))
	}
	return ""
}

// table is a computed require or import(), and the text to put before its argument.
type table struct {
	start, end, argStart, argEnd int
	before                       string
}

// tables turns every computed require with known candidates into a lookup among
// requires of plain strings, which the bundler follows. Other names are left to
// Node.
func (l loader) tables(rel string, text []byte, references []trace.Reference, n prelude.Names) []table {
	var tables []table
	index := map[[2]int]int{}
	rows := map[int]map[string]string{}
	for _, ref := range references {
		resolves := strings.HasPrefix(ref.Kind, "resolve") && len(ref.Candidates) > 0 && ref.ArgEnd > ref.ArgStart && !ref.FromCWD
		if !resolves && !kept.Bundled(ref) && !computed(ref, text) {
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
		load := map[string]string{"import": "import", "resolve": "require.resolve", "resolve-url": "import.meta.resolve"}[ref.Kind]
		if load == "" {
			load = "require"
		}
		for _, c := range ref.Candidates {
			if resolves {
				to, _ := trace.Compiled(l.layout.Place(c.Path))
				at := n.Rooted(to)
				if ref.Kind == "resolve-url" {
					at = n.URLOf + "(" + at + ")"
				}
				rows[i][c.Specifier] = at
				continue
			}
			if !kept.Bundled(ref) {
				break // left to Node, which finds it among the files that ship
			}
			if ref.Pattern == "*" { // a peer, by name, like any other request for it
				rows[i][c.Specifier] = load + "(" + quote(c.Specifier) + ")"
				continue
			}
			if l.unreached(rel, c.Path) {
				continue
			}
			specifier := relativeTo(path.Dir(rel), c.Path)
			if ref.Pattern == "" && ref.Base == path.Dir(rel) && js.PackageName(c.Specifier) != "" {
				specifier = c.Specifier // also where the plan leaves the package beside the bundle
			}
			rows[i][c.Specifier] = load + "(" + quote(specifier) + ")"
		}
		tables[i].before = load
	}
	for i := range tables {
		var b strings.Builder
		fmt.Fprintf(&b, "((m,k)=>Object.hasOwn(m,k)?m[k]():%s(k))({", tables[i].before)
		for k, specifier := range slices.Sorted(maps.Keys(rows[i])) {
			if k > 0 {
				b.WriteString(",")
			}
			fmt.Fprintf(&b, "%s:()=>%s", quote(specifier), rows[i][specifier])
		}
		b.WriteString("},")
		tables[i].before = b.String()
	}
	return tables
}

// computed reports whether a require or import() computes what it loads. esbuild
// must not see it: it reports a pattern that matches nothing as an error, and
// bundles all files of one that matches.
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

func quote(s string) string {
	text, _ := json.Marshal(s) // a string always marshals
	return string(text)
}

// relativeTo is the specifier that code in dir needs for a file.
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
