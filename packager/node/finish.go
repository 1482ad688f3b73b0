package node

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// finish makes the bundle of a function whose graph agrees with its plan.
// shaken is the size of the unminified link, -1 where it was not asked for.
// again says instead that the plan grew over the files that must ship.
func (b *builder) finish(ctx context.Context, j *job, r *resolver, result linked, inputs map[string]metaInput, shaken int64) (bundle packager.Bundle, again bool, err error) {
	bundle = packager.Bundle{Function: j.f, ID: j.id, Graph: b.options.Graph, Entry: -1}
	bundle.Settings = settings(j)
	if len(result.errors) > 0 {
		bundle.Diagnostics = b.explain(j, result.errors, analyzer.Error)
		return bundle, false, nil
	}
	placed, err := b.gather(ctx, j, result, inputs)
	if err != nil || placed.again {
		return bundle, placed.again, err
	}
	missing, told := b.unanswered(j, r, result, inputs)
	bundle.Diagnostics = append(b.explain(j, result.warnings, analyzer.Warning), missing...)
	bundle.Diagnostics = append(bundle.Diagnostics, b.leftOut(j, r, result, inputs, told)...)
	bundle.Diagnostics = append(bundle.Diagnostics, b.missingExport(j, result, inputs)...)
	bundle.Diagnostics = append(bundle.Diagnostics, b.checkStatic(j, result, inputs)...)
	escaping := b.escaping(j, result, inputs)
	bundle.Diagnostics = append(bundle.Diagnostics, escaping...)
	if !b.options.AllowOutside && len(escaping) == 0 {
		bundle.Diagnostics = append(bundle.Diagnostics, b.outside(j, result, inputs)...)
	}
	bundle.Entry, bundle.Reached = b.intern(j, result, inputs)

	code, parts := withPrelude(result, j)
	b.place(j, &placed)
	name := outputName(j.f, j.plan)
	if !j.plan.esm && b.readAsModule(name, placed.files, b.options.Extra(j.f)) {
		name = strings.TrimSuffix(name, path.Ext(name)) + ".cjs"
	}
	for _, input := range slices.Sorted(maps.Keys(result.output.Inputs)) {
		if n := result.output.Inputs[input].BytesInOutput; n > 0 {
			parts = append(parts, packager.Part{Input: b.options.Graph.Intern(installed.ShownPath(input)), Bytes: n})
		}
	}
	bundle.Files = []packager.File{{Name: name, Content: code, Parts: parts}}
	b.placeSourceMap(&bundle, j, name, result)

	if licences := b.licences(result); len(licences) > 0 {
		bundle.Beside = append(bundle.Beside, packager.File{Name: j.id + ".licenses.txt", Content: licences})
	}
	bundle.Files = append(bundle.Files, placed.files...)
	bundle.Kept = placed.kept
	bundle.Diagnostics = append(bundle.Diagnostics, placed.diagnostics...)
	bundle.Shadowing = shadowing(name)

	var source int64
	for _, i := range bundle.Reached {
		source += b.options.Graph.Inputs[i].Bytes
	}
	bundle.Unbundled = b.unbundled(j.f)
	if bundle.Unbundled != nil {
		bundle.Waterfall = append(bundle.Waterfall, packager.Step{Name: "unbundled", Bytes: bundle.Unbundled.Bytes})
	}
	bundle.Waterfall = append(bundle.Waterfall, packager.Step{Name: "reachable modules", Bytes: source})
	if shaken >= 0 {
		bundle.Waterfall = append(bundle.Waterfall, packager.Step{Name: "tree-shaken", Bytes: shaken})
	}
	if !j.f.Build.NoMinify {
		bundle.Waterfall = append(bundle.Waterfall, packager.Step{Name: "minified", Bytes: int64(len(code))})
	}
	bundle.Diagnostics = analyzer.SortDiagnostics(bundle.Diagnostics)
	return bundle, false, nil
}

// shadowing are the names that Lambda would load in place of the bundle of that
// name, mostly those of the source it was made from: the runtime looks for the
// handler's file without an extension first, then for .js, .mjs and .cjs.
// Source: src/UserFunction.js of aws-lambda-ric.
func shadowing(name string) []string {
	stem := strings.TrimSuffix(name, path.Ext(name))
	return slices.DeleteFunc([]string{stem, stem + ".js", stem + ".mjs", stem + ".cjs"}, func(other string) bool { return other == name })
}

// readAsModule reports whether the package.json that holds for a file of the
// zip makes Node read .js files as ES modules.
func (b *builder) readAsModule(name string, lists ...[]packager.File) bool {
	for dir := path.Dir(name); ; dir = path.Dir(dir) {
		for _, files := range lists {
			for _, f := range files {
				if f.Name == path.Join(dir, "package.json") {
					m := b.packages.Manifest(filepath.Dir(f.Source))
					return m != nil && m.Type == "module"
				}
			}
		}
		if dir == "." {
			return false
		}
	}
}

// settings are the effective choices worth showing.
func settings(j *job) []packager.Setting {
	format := "cjs"
	if j.plan.esm {
		format = "esm"
	}
	s := []packager.Setting{{Name: "format", Value: format}}
	if j.plan.keepNames {
		s = append(s, packager.Setting{Name: "keepNames", Value: "yes"})
	}
	if len(j.plan.main) > 0 {
		names := make([]string, len(j.plan.main))
		for i, dir := range j.plan.main {
			names[i] = installed.NameOf(dir)
		}
		slices.Sort(names)
		s = append(s, packager.Setting{Name: "main", Value: strings.Join(slices.Compact(names), " ")})
	}
	if j.f.Build.SDK == "runtime" {
		s = append(s, packager.Setting{Name: "sdk", Value: "runtime"})
	}
	return s
}

// intern adds the inputs that the function reaches to the shared graph.
func (b *builder) intern(j *job, result linked, inputs map[string]metaInput) (entry int, reached []int) {
	g := b.options.Graph
	for _, name := range result.reached {
		i := g.Intern(installed.ShownPath(name))
		reached = append(reached, i)
		in := inputs[name]
		if !j.resolution.Note(name, in.Imports) {
			continue
		}
		node := analyzer.Input{Path: installed.ShownPath(name), Bytes: in.Bytes, Format: in.Format, Imports: g.Inputs[i].Imports}
		if node.Format == "" && path.Ext(name) == ".json" {
			node.Format = "json"
		}
		if dir, m := b.packages.PackageOf(name); dir != "" {
			node.Package = installed.NameOf(dir)
			if m != nil {
				node.Version = m.Version
				if m.Name != "" {
					node.Package = m.Name // an alias is installed under another name
				}
			}
		}
		for _, im := range in.Imports {
			if im.External {
				continue
			}
			edge := analyzer.Import{To: g.Intern(installed.ShownPath(im.Path)), Kind: edgeKinds[im.Kind], Specifier: im.Original}
			if !slices.Contains(node.Imports, edge) {
				node.Imports = append(node.Imports, edge)
			}
		}
		g.Inputs[i] = node
	}
	if len(reached) == 0 {
		return -1, nil
	}
	return reached[0], reached
}

// edgeKinds turns esbuild's names of import kinds into ours.
var edgeKinds = map[string]string{
	"import-statement": "import", "require-call": "require", "dynamic-import": "dynamic-import",
	"require-resolve": "require-resolve", "import-rule": "import", "url-token": "asset",
}

// urlName stands for import.meta.url in CommonJS output.
const urlName = "__featherpackUrl"

// withPrelude puts in front of the code what the format does not bring by
// itself, and only what the code mentions: require, __filename and __dirname
// in an ES module, the module's URL in CommonJS, and the zip's root for modules
// that look for files. It is one line, so mappings move down by one.
func withPrelude(result linked, j *job) (code []byte, parts []packager.Part) {
	var b bytes.Buffer
	mentions := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return bytes.Contains(result.code, []byte(name)) })
	}
	if j.plan.esm && mentions("require", "__filename", "__dirname", rootName, urlOfName) {
		b.WriteString(`import{createRequire as __featherpackRequire}from"node:module";`)
		b.WriteString(`const require=__featherpackRequire(import.meta.url);`)
		if mentions("__filename", "__dirname", rootName) {
			b.WriteString(`const __filename=require("node:url").fileURLToPath(import.meta.url);`)
			b.WriteString(`const __dirname=require("node:path").dirname(__filename);`)
		}
	}
	if !j.plan.esm && mentions(urlName) {
		b.WriteString(`const ` + urlName + `=require("node:url").pathToFileURL(__filename).href;`)
	}
	if mentions(rootName) {
		up := strings.Repeat("/..", strings.Count(outputName(j.f, j.plan), "/"))
		root := "__dirname"
		if up != "" {
			root = `require("node:path").resolve(__dirname,"` + up[1:] + `")`
		}
		b.WriteString("const " + rootName + "=" + root + ";")
	}
	if mentions(urlOfName) {
		b.WriteString("const " + urlOfName + `=p=>require("node:url").pathToFileURL(p).href;`)
	}
	if b.Len() == 0 {
		return result.code, nil
	}
	b.WriteString("\n")
	n := int64(b.Len())
	b.Write(result.code)
	return b.Bytes(), []packager.Part{{Input: -1, Row: "(featherpack prelude)", Bytes: n}}
}

// placeSourceMap puts the source map where the function's settings want it.
// esbuild writes it without a comment in the code, with sources relative to
// the project's root.
func (b *builder) placeSourceMap(bundle *packager.Bundle, j *job, name string, result linked) {
	if len(result.sourceMap) == 0 || j.f.Build.SourceMap == "none" {
		return
	}
	code := &bundle.Files[0]
	shift := bytes.Count(code.Content[:len(code.Content)-len(result.code)], []byte("\n"))
	sourceMap, err := adaptSourceMap(result.sourceMap, name, shift, j.f.Build.SourceMapPackages)
	if err != nil {
		bundle.Diagnostics = append(bundle.Diagnostics, analyzer.Diagnostic{
			Code: "source-map", Severity: analyzer.Warning, Function: j.id,
			Message: "the source map could not be adapted and is left out",
		})
		return
	}
	if j.f.Build.SourceMap != "zip" {
		bundle.Beside = append(bundle.Beside, packager.File{Name: j.id + path.Ext(name) + ".map", Content: sourceMap})
		return
	}
	comment := fmt.Sprintf("\n//# sourceMappingURL=%s.map\n", path.Base(name))
	code.Content = append(bytes.TrimRight(slices.Clip(code.Content), "\n"), comment...)
	row := "(source map)"
	bundle.Files = append(bundle.Files, packager.File{
		Name: name + ".map", Content: sourceMap,
		Parts: []packager.Part{{Input: -1, Row: row, Bytes: int64(len(sourceMap))}},
	})
}

// adaptSourceMap moves the mappings down by shift lines, makes the sources
// relative to the code's place in the zip, and unless packages is set drops the
// text of installed packages, which anyone can install again from the lockfile.
// Format: https://tc39.es/ecma426/
func adaptSourceMap(data []byte, name string, shift int, packages bool) ([]byte, error) {
	var m struct {
		Version        int               `json:"version"`
		SourceRoot     string            `json:"sourceRoot,omitempty"`
		Sources        []string          `json:"sources"`
		SourcesContent []json.RawMessage `json:"sourcesContent,omitempty"`
		Mappings       string            `json:"mappings"`
		Names          []string          `json:"names"`
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("reading the source map: %w", err)
	}
	m.SourceRoot = strings.Repeat("../", strings.Count(name, "/"))
	m.Mappings = strings.Repeat(";", shift) + m.Mappings
	for i, source := range m.Sources {
		m.Sources[i] = installed.ShownPath(installed.Unmark(source))
		if !packages && i < len(m.SourcesContent) && installed.PackageDir(filepath.FromSlash(source)) != "" {
			m.SourcesContent[i] = json.RawMessage("null")
		}
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(m); err != nil {
		return nil, fmt.Errorf("writing the source map: %w", err)
	}
	return b.Bytes(), nil
}
