package manifest

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/gomodule"
	"github.com/featherpack/featherpack/analyzer/manifest/serverless"
	"github.com/featherpack/featherpack/analyzer/manifest/settings"
	"github.com/featherpack/featherpack/analyzer/manifest/terraform"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// candidate is a file that may be a manifest.
type candidate struct {
	format *format
	file   string
}

// readManifests reads the functions of the manifests in the folder and below, or
// of the one manifest that --config names.
func (d *discovery) readManifests() {
	services, modules := d.find()
	var empty []*service
	for _, s := range services {
		found := s.format.read(d.input(s.Service), s)
		if d.take(s.Service, found); len(found.Functions)+len(found.Problems) == 0 {
			empty = append(empty, s)
		}
	}
	d.readModules(modules)
	d.reportNothing(empty)
}

// find loads the manifests to read and names their services. It also returns the
// folders of Go modules.
func (d *discovery) find() (loaded []*service, modules []string) {
	switch {
	case d.Resolved != nil:
		d.readResolved()
	case d.Config != "" && !d.named:
		d.readNamedManifest()
	default:
		modules = d.search()
	}
	for _, s := range d.services {
		if s.Root == nil {
			before := len(d.project.Diagnostics)
			s.Root = d.load(s.File, func(*yamltree.Value) *format { return s.format })
			if s.guessed { // the file may not be a template
				for i := range d.project.Diagnostics[before:] {
					d.project.Diagnostics[before+i].Severity = analyzer.Warning
				}
			}
		}
		if s.Root != nil {
			loaded = append(loaded, s)
			s.Name = d.serviceName(s)
		}
	}
	nameServices(loaded)
	return loaded, modules
}

// input returns what a format needs to read a service.
func (d *discovery) input(s declared.Service) declared.Input {
	return declared.Input{FS: d.FS, Service: s, Folder: d.dir, Stage: d.Stage, Params: d.Params, Opts: d.Opts, LookupEnv: d.LookupEnv}
}

// readModules reads plain Go modules. It skips a module if there is a manifest in
// its folder, above it or below it. Modules may nest. If the folder itself is inside a
// module, its part of that module is read.
func (d *discovery) readModules(modules []string) {
	above := gomodule.Above(d.FS, d.dir)
	if len(modules) == 0 && above != "" && d.Resolved == nil && (d.Config == "" || d.named) {
		modules = []string{d.dir}
	}
	for _, dir := range modules {
		governed := slices.ContainsFunc(d.services, func(s *service) bool { return projectfs.Below(dir, s.Dir) || projectfs.Below(s.Dir, dir) })
		if !governed {
			s := declared.Service{Dir: dir, File: cmp.Or(gomodule.Above(d.FS, dir), path.Join(dir, "go.mod")), Name: d.folderName(dir)}
			in := d.input(s)
			in.Tags = d.goTags(dir, nil)
			d.take(s, gomodule.Read(in))
		}
	}
}

// reportNothing reports manifests without functions, and a folder without any
// function. A manifest without functions is fine if another one has some: it may
// hold resources only.
func (d *discovery) reportNothing(empty []*service) {
	severity, code := analyzer.Note, "empty-service"
	if len(d.functions) == 0 && len(d.project.Skipped) == 0 {
		severity = analyzer.Error
	}
	for _, s := range empty {
		d.report(analyzer.Problem(severity, code, analyzer.Position{File: s.File, Line: 1, Column: 1},
			"add functions to it, or name source files with --entry FILE", "names no functions"))
	}
	if len(d.functions) > 0 || len(d.project.Skipped) > 0 || analyzer.ExitStatus(d.project.Diagnostics) != 0 {
		return
	}
	for _, cfg := range d.configs {
		if cfg.dir == d.dir {
			d.report(analyzer.Problem(analyzer.Error, "no-manifest", analyzer.Position{File: cfg.file, Line: 1, Column: 1},
				"name them below functions:, or give a source file with --entry FILE",
				"names no functions, and there is no serverless.yml or SAM template in %s or below", shown(d.dir)))
			return
		}
	}
	if at, found := d.unplanned(d.sources); found {
		d.report(analyzer.Problem(analyzer.Error, "no-plan", at, terraform.PlanHint(path.Dir(at.File)), "declares a Lambda function, which is read from a plan alone"))
		return
	}
	hint := "name a source file with --entry FILE, or write a featherpack.yaml (featherpack init makes one)"
	if above := d.manifestAbove(); above != "" {
		hint = fmt.Sprintf("%s is in a parent folder: pass that folder", above)
	}
	d.report(analyzer.Problem(analyzer.Error, "no-manifest", analyzer.Position{}, hint,
		"there is no featherpack.yaml, serverless.yml or SAM template in %s or below, nor a Go program for Lambda", shown(d.dir)))
}

// unplanned is the first Lambda function that files of Terraform declare.
func (d *discovery) unplanned(files []string) (at analyzer.Position, found bool) {
	for _, file := range files {
		if text, err := d.Read(file, maxSourceBytes); err == nil {
			if line, column := terraform.Declared(text); line > 0 {
				return analyzer.Position{File: file, Line: line, Column: column}, true
			}
		}
	}
	return at, false
}

// maxSourceBytes bounds a file of Terraform's language.
const maxSourceBytes = 2 << 20

// manifestAbove returns the nearest manifest in a parent folder, up to the root.
func (d *discovery) manifestAbove() string {
	for at := d.dir; at != "."; {
		at = path.Dir(at)
		for _, f := range formats {
			for _, name := range f.names {
				if d.Kind(path.Join(at, name)) == projectfs.File {
					return path.Join(at, name)
				}
			}
		}
		for _, cfg := range d.configs {
			if cfg.dir == at && cfg.Root.Get("functions") != nil {
				return cfg.file
			}
		}
	}
	return ""
}

// readNamedManifest reads the framework manifest that --config names.
func (d *discovery) readNamedManifest() {
	rel, ok := d.locate(d.Config)
	if !ok {
		return // readConfigs has reported it
	}
	if serverless.IsProgram(path.Base(rel)) {
		d.reportCode(rel, analyzer.Error)
		return
	}
	if d.plan != nil {
		d.services = append(d.services, &service{Service: declared.Service{File: rel, Dir: path.Dir(rel), Root: &yamltree.Value{}}, format: planFormat, plan: d.plan})
		return
	}
	if terraform.IsSource(rel) {
		at, _ := d.unplanned([]string{rel})
		at.File = rel
		d.report(analyzer.Problem(analyzer.Error, "no-plan", at, terraform.PlanHint(path.Dir(rel)), "is Terraform's source, which is read from a plan alone"))
		return
	}
	root := d.load(rel, formatOf)
	if root == nil {
		return
	}
	if f := formatOf(root); f != nil {
		d.services = append(d.services, &service{Service: declared.Service{File: rel, Dir: path.Dir(rel), Root: root}, format: f})
		return
	}
	d.report(analyzer.Problem(analyzer.Error, "unknown-manifest", analyzer.Position{File: rel},
		"it must be a featherpack.yaml, a serverless.yml, a SAM or CloudFormation template, or a plan from terraform show -json", "is not a manifest that featherpack can read"))
}

// search walks the folder for manifests and returns the folders of Go modules.
func (d *discovery) search() (modules []string) {
	fragments := map[string]bool{}
	var others []candidate
	complete := d.Walk(d.dir, func(dir string, entries []fs.DirEntry) bool {
		if slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == "go.mod" }) {
			modules = append(modules, dir)
		}
		var conventional []candidate
		var code string
		for _, e := range entries {
			name := path.Join(dir, e.Name())
			if terraform.IsSource(name) {
				d.sources = append(d.sources, name)
			}
			if serverless.IsProgram(e.Name()) && d.EntryKind(name, e) == projectfs.File {
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
		d.report(analyzer.Problem(analyzer.Warning, "search-cut", analyzer.Position{},
			"name the service's folder instead of the whole repository", "more than %d folders: the rest was not searched", projectfs.MaxFolders))
	}
	for _, c := range others {
		if !fragments[c.file] {
			d.add(c, true)
		}
	}
	return modules
}

func (d *discovery) add(c candidate, guessed bool) {
	d.services = append(d.services, &service{Service: declared.Service{File: c.file, Dir: path.Dir(c.file)}, format: c.format, guessed: guessed})
}

// choose decides which manifest of a folder to read.
func (d *discovery) choose(dir string, conventional []candidate, code string) {
	var cfg *config
	if name := d.configIn(dir); name != "" && (dir != d.dir || d.Config == "") {
		cfg = d.readConfig(path.Join(dir, name), dir)
	} else if dir == d.dir && d.Config != "" && len(d.configs) > 0 {
		cfg = d.configs[len(d.configs)-1]
	}
	if cfg != nil && cfg.dir != dir {
		cfg = nil // --config applies it to another folder
	}
	if cfg != nil && cfg.Root.Get("functions") != nil {
		d.services = append(d.services, &service{Service: declared.Service{File: cfg.file, Dir: dir, Root: cfg.Root}, format: settingsFormat})
		for _, c := range conventional {
			d.report(analyzer.Problem(analyzer.Note, "manifest-ignored", analyzer.Position{File: c.file},
				"remove functions from "+path.Base(cfg.file)+" to take them from here", "%s names the functions, so this manifest is ignored", cfg.file))
		}
		return
	}
	switch {
	case len(conventional) > 1:
		var names []string
		for _, c := range conventional {
			names = append(names, path.Base(c.file))
		}
		d.report(analyzer.Problem(analyzer.Error, "two-manifests", analyzer.Position{File: conventional[1].file},
			"choose one with --config "+names[0], "two manifests in one folder: %s", strings.Join(names, " and ")))
	case len(conventional) == 1:
		d.add(conventional[0], false)
	case code != "":
		d.reportCode(code, analyzer.Warning)
	}
}

func (d *discovery) reportCode(rel string, severity analyzer.Severity) {
	d.report(analyzer.Problem(severity, "manifest-is-code", analyzer.Position{File: rel},
		"let the framework call featherpack (featherpack hook serverless), or name the functions in a featherpack.yaml",
		"this manifest is a program, which featherpack does not run"))
}

// candidate recognises a manifest by its name, or by its content if the name is
// not a default one. It adds the files that a serverless.yml includes to
// fragments.
func (d *discovery) candidate(name string, e fs.DirEntry, fragments map[string]bool) (c candidate, conventional bool) {
	base := e.Name()
	switch path.Ext(base) {
	case ".yaml", ".yml", ".json", ".template":
	default:
		return c, false
	}
	if settings.IsName(base) || d.EntryKind(name, e) != projectfs.File {
		return c, false
	}
	for _, f := range formats {
		conventional = slices.Contains(f.names, base)
		if !conventional && (f.mayBe == nil || !f.mayBe(base)) {
			continue
		}
		content, err := d.Read(name, yamltree.MaxBytes)
		if err != nil {
			if !conventional {
				continue
			}
			return candidate{f, name}, true // the next read reports the error
		}
		if f.claims != nil && !f.claims(content) {
			continue
		}
		if f.included != nil {
			for _, part := range f.included(content) {
				fragments[path.Join(path.Dir(name), part)] = true
			}
		}
		return candidate{f, name}, conventional
	}
	return c, false
}
