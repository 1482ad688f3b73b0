package manifest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// candidate is a file that may be a manifest.
type candidate struct {
	format *format
	file   string
}

// readManifests finds the manifests in the folder and below, or takes the one
// that --config names, and reads their functions.
func (d *discovery) readManifests() {
	var modules []string
	if d.Resolved != nil {
		d.readResolved()
	} else if d.Config != "" && !d.named {
		d.readNamedManifest()
	} else {
		modules = d.search()
	}
	var loaded []*service
	for _, s := range d.services {
		if s.root == nil {
			told := len(d.project.Diagnostics)
			s.root = d.load(s.file)
			if s.guessed { // it may be no template after all
				for i := range d.project.Diagnostics[told:] {
					d.project.Diagnostics[told+i].Severity = analyzer.Warning
				}
			}
		}
		if s.root != nil {
			loaded = append(loaded, s)
			s.name = d.serviceName(s)
		}
	}
	nameServices(loaded)
	var empty []*service
	for _, s := range loaded {
		before := len(d.functions) + len(d.project.Skipped) + len(d.project.Diagnostics)
		if s.format == "featherpack" {
			d.readFunctions(s)
		} else {
			formatNamed(s.format).read(d, s)
		}
		if len(d.functions)+len(d.project.Skipped)+len(d.project.Diagnostics) == before {
			empty = append(empty, s)
		}
	}
	d.readModules(modules)
	d.reportNothing(empty)
}

// reportNothing says what is missing where no function was found. A manifest
// without functions is fine beside one that has some: it holds resources.
func (d *discovery) reportNothing(empty []*service) {
	severity, code := analyzer.Note, "empty-service"
	if len(d.functions) == 0 && len(d.project.Skipped) == 0 {
		severity = analyzer.Error
	}
	for _, s := range empty {
		d.report(problem(severity, code, analyzer.Position{File: s.file, Line: 1, Column: 1},
			"add functions to it, or name source files with --entry FILE", "names no functions"))
	}
	if len(d.functions) > 0 || len(d.project.Skipped) > 0 || analyzer.ExitStatus(d.project.Diagnostics) != 0 {
		return
	}
	for _, cfg := range d.configs {
		if cfg.dir == d.dir {
			d.report(problem(analyzer.Error, "no-manifest", analyzer.Position{File: cfg.file, Line: 1, Column: 1},
				"name them below functions:, or give a source file with --entry FILE",
				"names no functions, and there is no serverless.yml or SAM template in %s or below", shown(d.dir)))
			return
		}
	}
	hint := "name a source file with --entry FILE, or write a featherpack.yaml (featherpack init makes one)"
	if above := d.manifestAbove(); above != "" {
		hint = fmt.Sprintf("%s lies above: give its folder", above)
	}
	d.report(problem(analyzer.Error, "no-manifest", analyzer.Position{}, hint,
		"there is no featherpack.yaml, serverless.yml or SAM template in %s or below, nor a Go program for Lambda", shown(d.dir)))
}

// manifestAbove names the nearest manifest between the folder and the root.
func (d *discovery) manifestAbove() string {
	for at := d.dir; at != "."; {
		at = path.Dir(at)
		for i := range formats {
			for _, name := range formats[i].names {
				if d.kindOf(path.Join(at, name)) == file {
					return path.Join(at, name)
				}
			}
		}
		for _, cfg := range d.configs {
			if cfg.dir == at && cfg.root.get("functions") != nil {
				return cfg.file
			}
		}
	}
	return ""
}

func formatNamed(name string) *format {
	for i := range formats {
		if formats[i].name == name {
			return &formats[i]
		}
	}
	return nil
}

// readNamedManifest takes a framework's manifest by --config.
func (d *discovery) readNamedManifest() {
	rel, ok := d.locate(d.Config)
	if !ok {
		return // said already by readConfigs
	}
	if isCode(path.Base(rel)) {
		d.reportCode(rel, analyzer.Error)
		return
	}
	if d.plan != nil {
		d.services = append(d.services, &service{format: terraformFormat.name, file: rel, dir: path.Dir(rel), root: &value{}, plan: d.plan})
		return
	}
	root := d.load(rel)
	if root == nil {
		return
	}
	for i := range formats {
		if formats[i].fits(root) {
			d.services = append(d.services, &service{format: formats[i].name, file: rel, dir: path.Dir(rel), root: root})
			return
		}
	}
	d.report(problem(analyzer.Error, "unknown-manifest", analyzer.Position{File: rel},
		"it must be a featherpack.yaml, a serverless.yml, a SAM or CloudFormation template, or a plan from terraform show -json", "is no manifest of a known kind"))
}

// search walks the folder for manifests and returns the folders of Go modules.
func (d *discovery) search() (modules []string) {
	fragments := map[string]bool{}
	var others []candidate
	complete := d.walk(d.dir, func(dir string, entries []dirEntry) bool {
		if slices.ContainsFunc(entries, func(e dirEntry) bool { return e.Name() == "go.mod" }) {
			modules = append(modules, dir)
		}
		var conventional []candidate
		var code string
		for _, e := range entries {
			name := path.Join(dir, e.Name())
			if isCode(e.Name()) && d.thing(name, e) == file {
				code = name
			}
			c, isDefault := d.candidate(name, e, fragments)
			if c.format == nil {
				continue
			}
			if isDefault {
				conventional = append(conventional, c)
			} else {
				others = append(others, c)
			}
		}
		d.choose(dir, conventional, code)
		return true
	})
	if !complete {
		d.report(problem(analyzer.Warning, "search-cut", analyzer.Position{},
			"name the service's folder instead of the whole repository", "more than %d folders: the rest was not searched", maxFolders))
	}
	for _, c := range others {
		if !fragments[c.file] {
			d.add(c, true)
		}
	}
	return modules
}

func (d *discovery) add(c candidate, guessed bool) {
	d.services = append(d.services, &service{format: c.format.name, file: c.file, dir: path.Dir(c.file), guessed: guessed})
}

// choose says which manifest of a folder counts.
func (d *discovery) choose(dir string, conventional []candidate, code string) {
	var cfg *config
	if name := d.configIn(dir); name != "" && (dir != d.dir || d.Config == "") {
		cfg = d.readConfig(path.Join(dir, name), dir)
	} else if dir == d.dir && d.Config != "" && len(d.configs) > 0 {
		cfg = d.configs[len(d.configs)-1]
	}
	if cfg != nil && cfg.dir != dir {
		cfg = nil // --config gave it another folder
	}
	if cfg != nil && cfg.root.get("functions") != nil {
		d.services = append(d.services, &service{format: "featherpack", file: cfg.file, dir: dir, root: cfg.root})
		for _, c := range conventional {
			d.report(problem(analyzer.Note, "manifest-ignored", analyzer.Position{File: c.file},
				"remove functions from "+path.Base(cfg.file)+" to take them from here", "%s names the functions, so this manifest is left alone", cfg.file))
		}
		return
	}
	switch {
	case len(conventional) > 1:
		var names []string
		for _, c := range conventional {
			names = append(names, path.Base(c.file))
		}
		d.report(problem(analyzer.Error, "two-manifests", analyzer.Position{File: conventional[1].file},
			"choose one with --config "+names[0], "two manifests in one folder: %s", strings.Join(names, " and ")))
	case len(conventional) == 1:
		d.add(conventional[0], false)
	case code != "":
		d.reportCode(code, analyzer.Warning)
	}
}

// codeNames are manifests that only their framework can read, being programs.
var codeNames = regexp.MustCompile(`^serverless\.(ts|js|mjs|cjs|mts|cts)$`)

func isCode(name string) bool { return codeNames.MatchString(name) }

func (d *discovery) reportCode(rel string, severity analyzer.Severity) {
	d.report(problem(severity, "manifest-is-code", analyzer.Position{File: rel},
		"let the framework call featherpack (featherpack hook serverless), or name the functions in a featherpack.yaml",
		"this manifest is a program, which featherpack does not run"))
}

// candidate recognises a manifest by its name, and by its content where the
// name says little. Files that a serverless.yml includes are remembered.
func (d *discovery) candidate(name string, e dirEntry, fragments map[string]bool) (c candidate, conventional bool) {
	base := e.Name()
	switch path.Ext(base) {
	case ".yaml", ".yml", ".json", ".template":
	default:
		return c, false
	}
	if isConfig(base) || d.thing(name, e) != file {
		return c, false
	}
	for i := range formats {
		f := &formats[i]
		conventional = slices.Contains(f.names, base)
		if !conventional && !f.may(base) {
			continue
		}
		content, err := d.read(name, maxManifestBytes)
		if err != nil {
			if !conventional {
				continue
			}
			return candidate{f, name}, true // and reading it again reports why
		}
		if !f.claims(base, content) {
			continue
		}
		if f.name == "serverless" {
			for _, m := range includes.FindAllSubmatch(content, -1) {
				fragments[path.Join(path.Dir(name), string(bytes.TrimSpace(m[1])))] = true
			}
		}
		return candidate{f, name}, conventional
	}
	return c, false
}

// includes finds the files that a serverless.yml takes its parts from.
var includes = regexp.MustCompile(`file\(\s*['"]?([^)'"${}]+?)['"]?\s*\)`)

// serviceName is what a service calls itself, else the name of its folder.
func (d *discovery) serviceName(s *service) string {
	if f := formatNamed(s.format); f != nil && f.title != nil {
		if title := f.title(d, s); title != "" {
			return title
		}
	}
	name := d.folderName(s.dir)
	if f := formatNamed(s.format); f != nil && !slices.Contains(f.names, path.Base(s.file)) {
		stem, _, _ := strings.Cut(path.Base(s.file), ".")
		name += "-" + stem
	}
	return name
}

// folderName names a folder. The root's own name differs from checkout to
// checkout, so there package.json or go.mod is asked.
func (d *discovery) folderName(dir string) string {
	if dir != "." {
		return path.Base(dir)
	}
	if content, err := d.read("package.json", maxManifestBytes); err == nil {
		var pkg struct {
			Name string `json:"name"`
		}
		if json.Unmarshal(content, &pkg) == nil && pkg.Name != "" {
			return path.Base(pkg.Name)
		}
	}
	if content, err := d.read("go.mod", maxManifestBytes); err == nil {
		if m := moduleLine.FindSubmatch(content); m != nil {
			return path.Base(string(m[1]))
		}
	}
	return "app"
}

var moduleLine = regexp.MustCompile(`(?m)^module\s+"?([^\s"]+)`)
