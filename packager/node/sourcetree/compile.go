package sourcetree

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/mappings"
	"github.com/featherpack/featherpack/packager/node/typed"
)

// output is a file of code that was compiled.
type output struct {
	source string // relative to the root
	name   string // what was written instead, in the same folder
	module bool   // an ES module, else CommonJS
	loader api.Loader
	// problem is a clause that says why it could not be compiled.
	problem  string
	mappings mappings.Table
}

// compiledAs are the extensions of code that Node cannot load, and those of what is
// written instead.
var compiledAs = map[string]string{".ts": ".js", ".tsx": ".js", ".mts": ".mjs", ".cts": ".cjs", ".jsx": ".js"}

// compile compiles the copied code, each file by itself. Code that leads to a folder
// that was not copied brings that folder.
func (c *copying) compile(ctx context.Context, f analyzer.Function) error {
	c.compiled, c.sources, c.wantModules = map[string]*output{}, map[string]*output{}, map[string]bool{}
	for fresh, left := c.names, []string(nil); len(fresh) > 0; {
		plan := c.compilation(f, fresh)
		contents, err := c.byTypeScript(ctx, f, plan)
		if err != nil {
			return err
		}
		for _, out := range plan {
			c.compiled[out.source] = out
		}
		for group, outputs := range groups(plan) {
			c.build(f, group, outputs, contents)
		}
		folders := []string(nil)
		if left, folders, err = c.resolve(f, append(left, fresh...)); err != nil {
			return err
		}
		before := len(c.names)
		if err := c.copy(folders); err != nil {
			return err
		}
		fresh = c.names[before:]
	}
	return nil
}

// compilation lists those of some files that have to be compiled.
func (c *copying) compilation(f analyzer.Function, names []string) (plan []*output) {
	for _, name := range names {
		extension := path.Ext(name)
		to, known := compiledAs[extension]
		loader, set := loaders[f.Build.Loader[extension]]
		script := extension == ".js" || extension == ".cjs" || extension == ".mjs"
		switch {
		case script && (set && loader != api.LoaderJS || len(f.Build.Define) > 0 || !c.tree.IsESM(name) && c.importsOrExports(name)):
			to = extension
		case !known || strings.HasSuffix(strings.TrimSuffix(name, extension), ".d"):
			continue
		}
		out := &output{source: name, name: strings.TrimSuffix(name, extension) + to, module: c.tree.IsESM(name), loader: loader}
		plan = append(plan, out)
	}
	return plan
}

// loaders are esbuild's loaders for code, by name.
var loaders = map[string]api.Loader{"js": api.LoaderJS, "jsx": api.LoaderJSX, "ts": api.LoaderTS, "tsx": api.LoaderTSX}

// importsOrExports reports whether a file, which Node reads as CommonJS, is written
// as an ES module.
func (c *copying) importsOrExports(name string) bool {
	text, err := c.read(name)
	return err == nil && moduleSyntax.Match(text)
}

var moduleSyntax = regexp.MustCompile(`(?m)^\s*(?:import(?:\s*["'{*]|\s+\w)|export(?:\s*[{*]|\s+\w))`)

// read returns the text of a copied file.
func (c *copying) read(name string) ([]byte, error) {
	return c.root.ReadFile(filepath.FromSlash(name))
}

// group is what files must have in common to be compiled in one call.
type group struct {
	module    bool
	extension string
	loader    api.Loader
}

func groups(plan []*output) map[group][]*output {
	all := map[group][]*output{}
	for _, out := range plan {
		key := group{out.module, path.Ext(out.name), out.loader}
		all[key] = append(all[key], out)
	}
	return all
}

var ownMap = regexp.MustCompile(`(?m)^[ \t]*//[#@] ?sourceMappingURL=`)

// importMetaURL stands for import.meta.url in CommonJS, which has none.
const importMetaURL = "__importMetaUrl"

// build compiles the files of a group and writes them. What does not compile is left
// as it is: only a function that loads it has a problem. contents are texts to
// compile in place of the sources.
func (c *copying) build(f analyzer.Function, g group, outputs []*output, contents map[string]text) {
	for len(outputs) > 0 {
		result := api.Build(c.options(f, g, outputs, contents))
		if len(result.Errors) == 0 {
			c.write(f, g, outputs, result.OutputFiles)
			return
		}
		failed := map[string]string{}
		for _, m := range result.Errors {
			if m.Location != nil {
				failed[filepath.ToSlash(m.Location.File)] = m.Text
			}
		}
		var again []*output
		left := slices.DeleteFunc(slices.Clone(outputs), func(out *output) bool {
			text, bad := failed[out.source]
			if bad && !g.module && strings.Contains(text, "Top-level await") {
				// It can only be an ES module, as which the build bundles it.
				out.module, out.name = true, strings.TrimSuffix(out.name, path.Ext(out.name))+".mjs"
				again = append(again, out)
			} else if bad {
				out.problem = "the source does not compile"
			}
			return bad
		})
		if len(left) == len(outputs) { // an error without a place
			for _, out := range outputs {
				out.problem = "the source does not compile"
			}
			return
		}
		if len(again) > 0 {
			c.build(f, group{true, ".mjs", g.loader}, again, contents)
		}
		outputs = left
	}
}

func (c *copying) options(f analyzer.Function, g group, outputs []*output, contents map[string]text) api.BuildOptions {
	o := api.BuildOptions{
		AbsWorkingDir: c.tree.Root(), Outdir: c.dir, Write: false, LogLevel: api.LogLevelSilent, Platform: api.PlatformNode,
		Format: api.FormatCommonJS, Charset: api.CharsetUTF8, LegalComments: api.LegalCommentsInline, TreeShaking: api.TreeShakingFalse,
		Define: map[string]string{}, Sourcemap: api.SourceMapExternal, SourcesContent: api.SourcesContentExclude,
		Tsconfig: f.Build.TSConfig, OutExtension: map[string]string{".js": g.extension}, Loader: map[string]api.Loader{},
	}
	if major := strings.TrimSuffix(strings.TrimPrefix(f.Runtime, "nodejs"), ".x"); major != f.Runtime {
		o.Engines = []api.Engine{{Name: api.EngineNode, Version: major}}
	}
	if g.module {
		o.Format = api.FormatESModule
	} else {
		o.Define["import.meta.url"] = importMetaURL
		o.Define["import.meta.filename"], o.Define["import.meta.dirname"] = "__filename", "__dirname"
	}
	maps.Copy(o.Define, f.Build.Define)
	for extension, name := range f.Build.Loader {
		if loader, ok := loaders[name]; ok {
			o.Loader[extension] = loader
		}
	}
	for _, out := range outputs {
		o.EntryPointsAdvanced = append(o.EntryPointsAdvanced, api.EntryPoint{
			InputPath: c.tree.Absolute(out.source), OutputPath: strings.TrimSuffix(out.name, g.extension),
		})
	}
	o.Plugins = []api.Plugin{{Name: "featherpack", Setup: func(build api.PluginBuild) {
		build.OnLoad(api.OnLoadOptions{Filter: "."}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			name := c.tree.Relative(args.Path)
			one, ok := contents[name]
			if !ok {
				source, err := c.read(name)
				if err != nil {
					return api.OnLoadResult{}, err
				}
				// A source map of the source itself is not read: it could name any file.
				one = text{ownMap.ReplaceAllString(string(source), "//"), o.Loader[path.Ext(name)]}
				if one.loader == api.LoaderNone {
					one.loader = api.LoaderDefault
				}
			}
			return api.OnLoadResult{Contents: &one.code, Loader: one.loader}, nil
		})
	}}}
	return o
}

// esbuild's CommonJS throws where a module of a cycle reads an export that is not there
// yet, and tsc's has undefined. The code of a cycle is written for tsc's.
const (
	exported     = "__defProp(target, name, { get: all[name], enumerable: true });"
	exportedSoon = "__defProp(target, name, { get: ((get) => () => { try { return get(); } catch (error) { " +
		"if (!(error instanceof ReferenceError)) throw error; } })(all[name]), enumerable: true });"
)

// write writes what was compiled, in place of the sources.
func (c *copying) write(f analyzer.Function, g group, outputs []*output, files []api.OutputFile) {
	types := typed.NewSet(c.tree, f.Build.TSConfig, func(string, string) string { return "" })
	texts := map[string][]byte{}
	for _, file := range files {
		if rel, err := filepath.Rel(c.dir, file.Path); err == nil {
			texts[filepath.ToSlash(rel)] = file.Contents
		}
	}
	for _, out := range outputs {
		code, ok := texts[out.name]
		if !ok {
			out.problem = "the source does not compile"
			continue
		}
		if !g.module && bytes.Contains(code, []byte(importMetaURL)) {
			// On the first line, so that the lines stay those of the source map.
			strict := []byte(`"use strict";`)
			code = bytes.TrimPrefix(code, strict)
			code = append([]byte(`"use strict";const `+importMetaURL+`=require("node:url").pathToFileURL(__filename).href;`), code...)
		}
		if !g.module && bytes.Contains(code, []byte("import(")) && typed.IsTypeScript(out.source) && types.Config(out.source).Module == "commonjs" {
			code = importsByRequire(code)
		}
		code = bytes.Replace(code, []byte(exported), []byte(exportedSoon), 1)
		out.mappings, _ = mappings.ReadTable(texts[out.name+".map"]) // without one, lines stay those of the output
		if c.put(out.name, code) != nil {
			out.problem = "the compiled source cannot be written"
			continue
		}
		if out.name != out.source {
			if !c.named[out.source] || c.put(out.source, handsOn(c, g, out)) != nil {
				c.root.Remove(filepath.FromSlash(out.source))
			}
		}
		c.sources[out.name] = out
	}
}

// byRequire does what tsc makes of import() where a tsconfig's module is commonjs: the
// module is required, which needs no extension. An ES module, which Lambda's Node cannot
// require, is imported: only a bundler runs such code, and the build is one.
const byRequire = `((s)=>Promise.resolve().then(()=>{try{const m=require(s);return m&&m.__esModule?m:{...m,default:m}}` +
	`catch(e){if(e.code==="ERR_REQUIRE_ESM"||String(s).startsWith("file:"))return import(s);throw e}}))`

// importsByRequire has every import() of a computed name require it. Those of plain
// strings are resolved where they stand.
func importsByRequire(code []byte) []byte {
	tree, err := js.Parse(code)
	if err != nil {
		return code
	}
	var edits []js.Edit
	var visit func(n *js.Node)
	visit = func(n *js.Node) {
		if n.Kind == js.ImportCall && len(n.List) == 1 && n.List[0].Kind != js.String {
			edits = append(edits, js.Edit{Start: int(n.Start), End: int(n.Start) + len("import"), Text: byRequire})
		}
		n.Each(visit)
	}
	visit(tree.Top)
	return []byte(js.Apply(code, edits))
}

// handsOn is what stands under a source's own name where the function asks for that
// name: the module that was compiled from it, and comments that describe an API.
func handsOn(c *copying, g group, out *output) []byte {
	text, _ := c.read(out.source)
	var b bytes.Buffer
	for _, comment := range apiComments.FindAll(text, -1) {
		if bytes.Contains(comment, []byte("@openapi")) || bytes.Contains(comment, []byte("@swagger")) {
			b.Write(comment)
			b.WriteString("\n")
		}
	}
	to := path.Base(out.name)
	if g.module {
		fmt.Fprintf(&b, "import*as m from\"./%s\";export*from\"./%s\";export default m.default;\n", to, to)
	} else {
		fmt.Fprintf(&b, "module.exports=require(\"./%s\");\n", to)
	}
	return b.Bytes()
}

var apiComments = regexp.MustCompile(`(?s)/\*\*.*?\*/`)
