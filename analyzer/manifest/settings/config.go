package settings

import (
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

// Config is a featherpack.yaml. Its build settings apply to the functions in its
// folder and below.
type Config struct {
	// Root is nil if the file cannot be read or is not a featherpack.yaml.
	Root *yamltree.Value
	// Framework is the usual file name of the framework manifest that the file holds
	// instead, or "".
	Framework string
	// Build are the settings of "build" and "install".
	Build    []declared.Setting
	Override []Override
	Problems []analyzer.Diagnostic
}

// Override holds the settings of the functions whose name, service/name, or
// folder/name matches a glob. The folder is relative to that of the file.
type Override struct {
	Glob     string
	At       analyzer.Position
	Settings []declared.Setting
}

// Matches reports whether the override of a file in dir applies to a function.
func (o Override) Matches(f *analyzer.Function, dir string) bool {
	names := []string{f.Name, f.Service + "/" + f.Name}
	if dir = path.Clean(dir); dir == "." {
		names = append(names, path.Join(f.ServiceDir, f.Name))
	} else if below, ok := strings.CutPrefix(f.ServiceDir, dir+"/"); ok {
		names = append(names, path.Join(below, f.Name))
	}
	return slices.ContainsFunc(names, func(name string) bool { return doublestar.MatchUnvalidated(o.Glob, name) })
}

var configKeys = []string{"functions", "build", "override", "budgets", "advice", "coldStart", "install", "cache", "$schema"}

// Read reads a featherpack.yaml for the functions of dir and below. It merges the
// settings of the whole project into p: budgets, ignored advice and cold starts.
func Read(root *yamltree.Value, file, dir string, p *analyzer.Project) Config {
	cfg := Config{Root: root}
	if root == nil || root.Kind == yamltree.Null {
		return cfg
	}
	if cfg.Framework = frameworkOf(root); cfg.Framework != "" {
		cfg.Root = nil
		return cfg
	}
	c := &Checker{}
	if c.Object(root, path.Base(file), configKeys) {
		build := root.Get("build")
		if c.Object(build, "build", BuildKeys()) {
			cfg.Build = ReadBuild(c, build, "build")
		}
		cfg.readInstall(c)
		cfg.readOverride(c)
		under := dir
		if under == "." {
			under = ""
		}
		p.Budgets = append(p.Budgets, readBudgets(c, root.Get("budgets"), under)...)
		readColdStart(c, &p.ColdStart, root.Get("coldStart"), dir)
		readCache(c, p, root.Get("cache"))
		p.AdviceIgnored = append(p.AdviceIgnored, readAdvice(c, root.Get("advice"))...)
	}
	cfg.Problems = c.Problems
	return cfg
}

// frameworkOf recognises a framework manifest by the keys that it must have, and
// returns its usual file name. It returns "" for any other document.
func frameworkOf(root *yamltree.Value) string {
	switch {
	case root.Get("service").Has() && root.Get("provider").Has():
		return "serverless.yml"
	case root.Get("Resources").Has():
		return "template.yaml"
	}
	return ""
}

func (cfg *Config) readInstall(c *Checker) {
	install := cfg.Root.Get("install")
	if !c.Object(install, "install", []string{"scripts"}) {
		return
	}
	if scripts := install.Get("scripts"); scripts.Has() {
		if names, ok := c.Texts(scripts, "install.scripts"); ok {
			cfg.Build = append(cfg.Build, func(f *analyzer.Function) {
				f.Build.InstallScripts = slices.Clone(names)
			})
		}
	}
}

func (cfg *Config) readOverride(c *Checker) {
	v := cfg.Root.Get("override")
	if !c.Mapping(v, "override") {
		return
	}
	for i, k := range v.Keys {
		where := "override." + k.Name
		if hint := BadGlob(k.Name); hint != "" {
			c.Fail(k.At, hint, "%q is not a valid glob", k.Name)
			continue
		}
		if c.Object(v.Items[i], where, BuildKeys()) {
			cfg.Override = append(cfg.Override, Override{k.Name, k.At, ReadBuild(c, v.Items[i], where)})
		}
	}
}

// Names are the file names of featherpack's own manifest. The first one found
// counts.
var Names = []string{"featherpack.yaml", "featherpack.yml", "featherpack.json"}

// IsName reports whether a file name is that of a featherpack.yaml.
func IsName(name string) bool {
	stem := strings.TrimSuffix(name, path.Ext(name))
	return slices.Contains(Names, name) || strings.HasPrefix(stem, "featherpack.") || strings.HasSuffix(stem, ".featherpack")
}

// LooksLike reports whether a document is a featherpack.yaml, whatever its name.
func LooksLike(root *yamltree.Value) bool {
	return root.Kind == yamltree.Mapping && len(root.Keys) > 0 &&
		!slices.ContainsFunc(root.Keys, func(k yamltree.Key) bool { return !slices.Contains(configKeys, k.Name) })
}
