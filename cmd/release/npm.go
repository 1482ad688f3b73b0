package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/featherpack/featherpack/cmd/featherpack/hook"
	"github.com/featherpack/featherpack/reporters"
)

// manifest is a package.json, with its fields in the usual order.
type manifest struct {
	Name        string            `json:"name"`
	Version     string            `json:"version"`
	Description string            `json:"description"`
	Keywords    []string          `json:"keywords,omitempty"`
	Licence     string            `json:"license"`
	Repository  map[string]string `json:"repository"`
	OS          []string          `json:"os,omitempty"`
	CPU         []string          `json:"cpu,omitempty"`
	Engines     map[string]string `json:"engines,omitempty"`
	Type        string            `json:"type,omitempty"`
	Bin         map[string]string `json:"bin,omitempty"`
	Main        string            `json:"main,omitempty"`
	Types       string            `json:"types,omitempty"`
	Exports     map[string]any    `json:"exports,omitempty"`
	// PreferUnplugged makes Yarn unpack the package: a file in an archive cannot be executed.
	PreferUnplugged bool              `json:"preferUnplugged,omitempty"`
	Optional        map[string]string `json:"optionalDependencies,omitempty"`
}

var repository = map[string]string{"type": "git", "url": "git+https://github.com/featherpack/featherpack.git"}

// packPlatform packs @featherpack/<platform>: the binary and its licences. npm installs
// the package on machines with the same os and cpu.
func (r release) packPlatform(ctx context.Context, p platform, binary string, linked []component, work, out string) error {
	program, err := os.ReadFile(binary)
	if err != nil {
		return err
	}
	name := p.os + "-" + p.cpu
	return r.npmPack(ctx, filepath.Join(work, "npm", name), out, manifest{
		Name: "@featherpack/" + name, Version: r.version,
		Description: "The featherpack binary for " + name,
		OS:          []string{p.os}, CPU: []string{p.cpu}, PreferUnplugged: true,
	}, []archived{
		{"bin/" + p.executable(), 0o755, program},
		{"LICENSES", 0o644, []byte(licencesText(linked))},
		{"README.md", 0o644, fmt.Appendf(nil, "# @featherpack/%s\n\nThe binary of [featherpack](https://www.npmjs.com/package/featherpack), which installs this package.\n", name)},
	})
}

// modules are the hooks that JavaScript code can load as featherpack/<name>.
var modules = []string{"serverless", "cdk"}

// packMain packs the npm package featherpack: the program that npx runs, the API, its
// types, and the hooks for frameworks that load JavaScript.
func (r release) packMain(ctx context.Context, work, out string) error {
	values := hook.Values{Version: moduleVersion(r.version), Schema: reporters.SchemaVersion}
	texts, err := hook.Package(values)
	if err != nil {
		return err
	}
	types, err := reportTypes(reporters.Schema())
	if err != nil {
		return err
	}
	texts = append(texts, hook.Text{Path: "report.d.ts", Content: types})
	m := manifest{
		Name: "featherpack", Version: r.version,
		Description: "Packs each serverless function into one small zip and checks that it runs: Node and Go for AWS Lambda",
		Keywords:    []string{"aws-lambda", "serverless", "bundle", "esbuild", "golang", "cdk", "sam"},
		Engines:     map[string]string{"node": ">=18"},
		Type:        "commonjs",
		Bin:         map[string]string{"featherpack": "bin.js"},
		Main:        "./index.js", Types: "./index.d.ts",
		Exports: map[string]any{
			".":              exported{Types: "./index.d.ts", Default: "./index.js"},
			"./package.json": "./package.json",
		},
		Optional: map[string]string{},
	}
	for _, p := range platforms {
		m.Optional["@featherpack/"+p.os+"-"+p.cpu] = r.version
	}
	for _, h := range hook.All {
		offered, err := module(h, values)
		if err != nil {
			return err
		}
		if len(offered) == 0 {
			continue
		}
		texts = append(texts, offered...)
		export := exported{Default: "./" + h.Name + ".js"}
		if len(offered) > 1 {
			export.Types = "./" + h.Name + ".d.ts"
		}
		m.Exports["./"+h.Name] = export
	}
	var files []archived
	for _, text := range texts {
		mode := os.FileMode(0o644)
		if text.Path == "bin.js" {
			mode = 0o755
		}
		files = append(files, archived{text.Path, mode, []byte(text.Content)})
	}
	return r.npmPack(ctx, filepath.Join(work, "npm", "featherpack"), out, m, files)
}

// exported is one entry of a package's exports. types must come first, because
// TypeScript uses the first entry that matches.
type exported struct {
	Types   string `json:"types,omitempty"`
	Default string `json:"default"`
}

// module returns a hook's JavaScript as <name>.js, followed by its types, if any, as
// <name>.d.ts. It returns nothing for a hook that is not in modules.
func module(h hook.Hook, values hook.Values) ([]hook.Text, error) {
	offered := false
	for _, name := range modules {
		offered = offered || name == h.Name
	}
	if !offered {
		return nil, nil
	}
	texts, err := h.Render(values)
	if err != nil {
		return nil, err
	}
	var source, types []hook.Text
	for _, text := range texts {
		switch {
		case strings.HasSuffix(text.Path, ".d.ts"), strings.HasSuffix(text.Path, ".d.cts"):
			types = append(types, hook.Text{Path: h.Name + ".d.ts", Content: text.Content})
		case strings.HasSuffix(text.Path, ".js"), strings.HasSuffix(text.Path, ".cjs"):
			source = append(source, hook.Text{Path: h.Name + ".js", Content: text.Content})
		}
	}
	if len(source) != 1 || len(types) > 1 {
		return nil, fmt.Errorf("hook %s has %d JavaScript files and %d type files, but featherpack/%s must be one module", h.Name, len(source), len(types), h.Name)
	}
	return append(source, types...), nil
}

// npmPack writes a package's files and packs them with npm pack, which gives all files
// the same time.
func (r release) npmPack(ctx context.Context, dir, out string, m manifest, files []archived) error {
	m.Licence, m.Repository = "MIT", repository
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(m); err != nil {
		return err
	}
	licence, err := os.ReadFile(filepath.Join(r.source, "LICENSE"))
	if err != nil {
		return err
	}
	files = append(files, archived{"package.json", 0o644, []byte(text.String())}, archived{"LICENSE", 0o644, licence})
	for _, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(name, f.content, f.mode); err != nil {
			return err
		}
		if err := os.Chmod(name, f.mode); err != nil { // WriteFile's mode is subject to the umask
			return err
		}
	}
	cmd := exec.CommandContext(ctx, "npm", "pack", "--silent", "--offline", "--ignore-scripts", "--pack-destination", out)
	cmd.Dir = dir
	_, err = output(cmd)
	return err
}
