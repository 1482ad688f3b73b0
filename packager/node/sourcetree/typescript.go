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

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/boot"
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

// byTypeScript compiles what needs the project's own TypeScript: esbuild drops the
// types of decorated code, and does not know the values of an enum in another file.
// It returns JavaScript by source. Nothing is done, and nothing is spent, in a
// project that has neither.
func (c *copying) byTypeScript(ctx context.Context, f analyzer.Function, plan []*output) (map[string]string, error) {
	metadata, enums := c.needsTypeScript()
	if !metadata && !enums {
		return nil, nil
	}
	var files []string
	for _, out := range plan {
		if extension := path.Ext(out.source); extension == ".jsx" || strings.HasSuffix(extension, "js") {
			continue
		}
		text, err := c.read(out.source)
		if err == nil && (enums || decorated.Match(text)) {
			files = append(files, out.source)
		}
	}
	if len(files) == 0 {
		return nil, nil
	}
	request, err := json.Marshal(map[string]any{"files": files, "whole": enums, "tsconfig": f.Build.TSConfig})
	if err != nil {
		return nil, err
	}
	why := "keeps the types of decorated code"
	if !metadata {
		why = "declares enums without values"
	}
	tree := boot.Tree{Dir: c.dir, Packages: c.packages, CodeDir: "."}
	text, err := boot.RunScript(ctx, &tree, f, c.set.node, compiler, request)
	if err != nil {
		return nil, errors.New("the project " + why + ", and its own TypeScript, which the source needs for that, does not run: " + err.Error())
	}
	compiled := map[string]string{}
	for line := range bytes.Lines(text) {
		var one struct{ File, Code string }
		if json.Unmarshal(line, &one) == nil && one.File != "" {
			compiled[one.File] = one.Code
		}
	}
	return compiled, nil
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
