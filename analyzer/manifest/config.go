package manifest

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/featherpack/featherpack/analyzer"
)

// configNames are featherpack's own manifest, the first found counting.
var configNames = []string{"featherpack.yaml", "featherpack.yml", "featherpack.json"}

var configKeys = []string{"functions", "build", "override", "budgets", "advice", "coldStart", "install", "$schema"}

// config is a featherpack.yaml. What it says about builds holds for the
// functions of its folder and below.
type config struct {
	file, dir string
	root      *value
	build     []setting
	override  []override
}

type override struct {
	glob     string
	at       analyzer.Position
	settings []setting
	matched  bool
}

// readConfigs reads the featherpack.yaml of the folder and of those above it up
// to the root, so that a function is built alike from wherever it is asked for.
func (d *discovery) readConfigs() {
	var above []string
	for at := d.dir; ; at = path.Dir(at) {
		above = append(above, at)
		if at == "." {
			break
		}
	}
	slices.Reverse(above)
	for _, dir := range above {
		if dir == d.dir && d.Config != "" {
			break
		}
		if name := d.configIn(dir); name != "" {
			d.readConfig(path.Join(dir, name), dir)
		}
	}
	if d.Config == "" {
		return
	}
	rel, ok := d.locate(d.Config)
	if !ok {
		d.report(problem(analyzer.Refused, "config-outside", analyzer.Position{}, "copy it into the project", "--config leads outside the project's root"))
		return
	}
	if d.named = isConfig(path.Base(rel)); !d.named {
		if d.plan = d.openPlan(rel); d.plan == nil {
			d.named = d.looksLikeConfig(rel)
		}
	}
	if d.named {
		d.readConfig(rel, d.dir)
	} else if name := d.configIn(d.dir); name != "" {
		d.readConfig(path.Join(d.dir, name), d.dir)
	}
}

func isConfig(name string) bool {
	stem := strings.TrimSuffix(name, path.Ext(name))
	return slices.Contains(configNames, name) || strings.HasPrefix(stem, "featherpack.") || strings.HasSuffix(stem, ".featherpack")
}

// looksLikeConfig recognises a featherpack.yaml of any name by what it says.
func (d *discovery) looksLikeConfig(rel string) bool {
	content, err := d.read(rel, maxManifestBytes)
	if err != nil {
		return false
	}
	root, p := parse(rel, content)
	if p != nil || root.kind != mapping || len(root.keys) == 0 {
		return false
	}
	return !slices.ContainsFunc(root.keys, func(k key) bool { return !slices.Contains(configKeys, k.name) })
}

// configIn names the featherpack.yaml of a folder, "" if it has none.
func (d *discovery) configIn(dir string) string {
	for _, name := range configNames {
		if what, _ := d.look(path.Join(dir, name)); what == file {
			return name
		}
	}
	return ""
}

// load reads and parses a manifest, reporting what is wrong with it.
func (d *discovery) load(rel string) *value {
	at := analyzer.Position{File: rel}
	content, err := d.read(rel, maxManifestBytes)
	if err != nil {
		hint := ""
		switch {
		case err == errTooLarge:
			hint = "a manifest holds at most 2 MiB"
		case d.Config != "" && errors.Is(err, fs.ErrNotExist):
			hint = "--config names a file, relative to the folder that is built or to the current one"
		case errors.Is(err, fs.ErrPermission):
			hint = "check its permissions"
		}
		d.report(problem(analyzer.Error, "unreadable-manifest", at, hint, "cannot read it: %v", err))
		return nil
	}
	root, p := parse(rel, content)
	if p != nil {
		d.report(*p)
		return nil
	}
	return root
}

// readConfig reads one featherpack.yaml for the functions of dir and below.
func (d *discovery) readConfig(rel, dir string) *config {
	for _, cfg := range d.configs {
		if cfg.file == rel {
			return cfg
		}
	}
	cfg := &config{file: rel, dir: dir}
	d.configs = append(d.configs, cfg)
	cfg.root = d.load(rel)
	if cfg.root == nil || cfg.root.kind == null {
		return cfg
	}
	if of := frameworkOf(cfg.root); of != "" {
		// A framework that was told of it by name hands over what it says.
		if d.Resolved == nil {
			d.report(problem(analyzer.Error, "framework-manifest", analyzer.Position{File: rel, Line: 1, Column: 1},
				"give it another name, such as "+of, "is called as featherpack's own settings are, and is the manifest of a framework"))
		}
		cfg.root = nil
		return cfg
	}
	c := &checker{}
	if c.object(cfg.root, path.Base(rel), configKeys) {
		build := cfg.root.get("build")
		if c.object(build, "build", buildKeyNames()) {
			cfg.build = readBuild(c, build, "build")
		}
		cfg.readInstall(c)
		cfg.readOverride(c)
		under := dir
		if under == "." {
			under = ""
		}
		d.project.Budgets = append(d.project.Budgets, readBudgets(c, cfg.root.get("budgets"), under)...)
		d.readColdStart(c, cfg.root.get("coldStart"), dir)
		d.project.AdviceIgnored = append(d.project.AdviceIgnored, readAdvice(c, cfg.root.get("advice"))...)
	}
	d.project.Diagnostics = append(d.project.Diagnostics, c.problems...)
	return cfg
}

// frameworkOf tells a framework's manifest by what each of them must have, and
// returns its usual name; "" where there is no such thing.
func frameworkOf(root *value) string {
	switch {
	case root.get("service").has() && root.get("provider").has():
		return "serverless.yml"
	case root.get("Resources").has():
		return "template.yaml"
	}
	return ""
}

func (cfg *config) readInstall(c *checker) {
	install := cfg.root.get("install")
	if !c.object(install, "install", []string{"scripts"}) {
		return
	}
	if scripts := install.get("scripts"); scripts.has() {
		if names, ok := c.texts(scripts, "install.scripts"); ok {
			cfg.build = append(cfg.build, func(f *analyzer.Function) {
				f.Build.InstallScripts = slices.Clone(names)
			})
		}
	}
}

func (cfg *config) readOverride(c *checker) {
	v := cfg.root.get("override")
	if !c.mapping(v, "override") {
		return
	}
	for i, k := range v.keys {
		where := "override." + k.name
		if hint := badGlob(k.name); hint != "" {
			c.fail(k.at, hint, "%q is not a valid glob", k.name)
			continue
		}
		if c.object(v.items[i], where, buildKeyNames()) {
			cfg.override = append(cfg.override, override{k.name, k.at, readBuild(c, v.items[i], where), false})
		}
	}
}

// applyConfigs lays the settings of every featherpack.yaml over the functions
// below it: outer folders first, build before override, and last what a
// function states itself.
func (d *discovery) applyConfigs() {
	slices.SortStableFunc(d.configs, func(a, b *config) int { return strings.Compare(a.dir, b.dir) })
	for _, cfg := range d.configs {
		var names []string
		for _, f := range d.functions {
			if !below(f.ServiceDir, cfg.dir) {
				continue
			}
			names = append(names, f.Name)
			for _, set := range cfg.build {
				set(&f.Function)
			}
		}
		for i := range cfg.override {
			o := &cfg.override[i]
			for _, f := range d.functions {
				if below(f.ServiceDir, cfg.dir) && matches(o.glob, f.Function) {
					o.matched = true
					for _, set := range o.settings {
						set(&f.Function)
					}
				}
			}
			// Only a complete view of the config's folder tells that a glob is idle.
			if !o.matched && len(names) > 0 && below(cfg.dir, d.dir) {
				hint := "functions here are " + strings.Join(names[:min(len(names), 8)], ", ")
				if near := analyzer.Nearest(o.glob, names); near != "" {
					hint = "did you mean " + near + "?"
				}
				d.report(problem(analyzer.Warning, "idle-override", o.at, hint, "override %q matches no function", o.glob))
			}
		}
	}
	for _, f := range d.functions {
		for _, set := range f.own {
			set(&f.Function)
		}
	}
}

// matches tells whether a glob means a function, by name or by service/name.
func matches(glob string, f analyzer.Function) bool {
	return doublestar.MatchUnvalidated(glob, f.Name) || doublestar.MatchUnvalidated(glob, f.Service+"/"+f.Name)
}

// below reports whether dir is folder or lies in it.
func below(dir, folder string) bool {
	return folder == "." || dir == folder || strings.HasPrefix(dir, folder+"/")
}
