package sourcetree

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"path"
	"regexp"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager/boot"
	"github.com/featherpack/featherpack/packager/node/typed"
)

//go:embed typescript.cjs
var compiler []byte

var (
	keepsTypes = regexp.MustCompile(`"emitDecoratorMetadata"\s*:\s*true`)
	decorated  = regexp.MustCompile(`(?m)(^|[\s(,])@[A-Za-z_$]`)
	// declaredEnum matches an enum whose values are nowhere in the code that runs.
	declaredEnum = regexp.MustCompile(`(?m)^\s*(export\s+)?declare\s+const\s+enum\b`)
	constEnum    = regexp.MustCompile(`\bconst\s+enum\b`)
)

// text is what is compiled in place of a source.
type text struct {
	code   string
	loader api.Loader
}

// byTypeScript compiles what esbuild alone would get wrong: it drops the types of
// decorated code, and does not know the values of an enum in another file. The
// project's own TypeScript does it, so that a mistake of ours cannot hide in both the
// source tree and the bundle. Where it is not installed, the build's way to record
// types is used. A project that has neither pays a look at each source.
func (c *copying) byTypeScript(ctx context.Context, f analyzer.Function, plan []*output) (map[string]text, error) {
	metadata, enums := c.needsTypeScript()
	var files, sources []string
	for _, out := range plan {
		if !typed.IsTypeScript(out.source) {
			continue
		}
		sources = append(sources, out.source)
		if !metadata && !enums {
			continue
		}
		source, err := c.read(out.source)
		if err == nil && (enums || decorated.Match(source)) {
			files = append(files, out.source)
		}
	}
	switch {
	case len(sources) == 0:
		return nil, nil
	case len(files) == 0 || c.tree.Find(c.tree.Absolute(path.Dir(files[0])), "typescript") == "":
		return c.withTypes(f, sources)
	}
	request, err := json.Marshal(map[string]any{"files": files, "tsconfig": f.Build.TSConfig})
	if err != nil {
		return nil, err
	}
	tree := boot.Tree{Dir: c.dir, Packages: c.packages, CodeDir: "."}
	printed, err := boot.RunScript(ctx, &tree, f, c.set.node, compiler, request)
	if err != nil {
		return nil, errors.New("the project's own TypeScript, which compiles its decorators and enums, does not run: " + err.Error())
	}
	compiled := map[string]text{}
	for line := range bytes.Lines(printed) {
		var one struct{ File, Code string }
		if json.Unmarshal(line, &one) == nil && one.File != "" {
			compiled[one.File] = text{withoutInnerNames(one.Code), api.LoaderJS}
		}
	}
	return compiled, nil
}

// decoratedClass matches how TypeScript writes a decorated class.
var decoratedClass = regexp.MustCompile(`(?m)^(\s*(?:export )?let (\w+) = (?:\w+ = )?class) (\w+)( extends\b| \{)`)

// withoutInnerNames drops the names of classes that have the name of the variable that
// they are assigned to: they get that name by themselves. esbuild, which sees the code
// next, would call the inner one Order2, and code reads such names.
func withoutInnerNames(code string) string {
	return decoratedClass.ReplaceAllStringFunc(code, func(start string) string {
		m := decoratedClass.FindStringSubmatch(start)
		if m[2] != m[3] {
			return start
		}
		return m[1] + m[4]
	})
}

// withTypes edits sources as the build does, so that esbuild can compile them.
func (c *copying) withTypes(f analyzer.Function, files []string) (map[string]text, error) {
	edited := map[string]text{}
	r := c.asBuilt(f)
	err := r.Run(func(build api.PluginBuild) error {
		types := typed.NewSet(c.tree, f.Build.TSConfig, func(specifier, dir string) string {
			file, _ := r.Find(build, dir, specifier, api.ResolveJSImportStatement)
			return file
		})
		for _, file := range files {
			source, err := c.read(file)
			if err != nil {
				continue
			}
			edits, problems := types.Edit(file, source, func(stem string) string { return stem })
			if len(problems) == 0 && len(edits) > 0 {
				source = []byte(js.Apply(source, edits))
			}
			one := text{string(source), api.LoaderDefault}
			if config, differs := types.Unseen(file, source); differs {
				lowered := api.Transform(one.code, api.TransformOptions{Loader: api.LoaderTS, TsconfigRaw: config, Target: api.ESNext, LogLevel: api.LogLevelSilent})
				if len(lowered.Errors) == 0 {
					one = text{string(lowered.Code), api.LoaderJS}
				}
			} else if len(edits) == 0 {
				continue
			}
			edited[file] = one
		}
		return nil
	})
	return edited, err
}

// needsTypeScript reports which of the two reasons the project has.
func (c *copying) needsTypeScript() (metadata, enums bool) {
	for _, name := range c.names {
		base := path.Base(name)
		switch {
		case path.Ext(base) == ".json" && strings.Contains(base, "tsconfig"):
			text, err := c.read(name)
			metadata = metadata || err == nil && keepsTypes.Match(text)
		case strings.HasSuffix(base, ".d.ts"):
			text, err := c.read(name)
			enums = enums || err == nil && constEnum.Match(text)
		case path.Ext(base) == ".ts":
			text, err := c.read(name)
			enums = enums || err == nil && declaredEnum.Match(text)
		}
	}
	return metadata, enums
}
