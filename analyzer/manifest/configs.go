package manifest

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/settings"
	"github.com/featherpack/featherpack/analyzer/manifest/terraform"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// config is a featherpack.yaml and the folder that it applies to.
type config struct {
	settings.Config
	file, dir string
}

// readConfigs reads the featherpack.yaml of the folder and of each parent up to
// the root. A function is therefore built the same way from whichever folder
// featherpack runs in.
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
		if place, err := d.Judge(rel); err == nil && place.Info.Mode().IsRegular() && (settings.IsName(path.Base(rel)) || d.looksLikeConfig(rel)) {
			d.named = true
			d.readConfig(rel, d.dir)
			return
		}
		d.report(analyzer.Problem(analyzer.Refused, "config-outside", analyzer.Position{},
			"only a featherpack.yaml may be there: build the folder of the manifest, or copy it into the project", "--config names a file outside the project's root"))
		return
	}
	if d.named = settings.IsName(path.Base(rel)); !d.named {
		if d.plan = terraform.Open(d.FS, rel); d.plan == nil {
			d.named = d.looksLikeConfig(rel)
		}
	}
	if d.named {
		d.readConfig(rel, d.dir)
	} else if name := d.configIn(d.dir); name != "" {
		d.readConfig(path.Join(d.dir, name), d.dir)
	}
}

// looksLikeConfig recognises a featherpack.yaml of any name by its content.
func (d *discovery) looksLikeConfig(rel string) bool {
	content, err := d.Read(rel, yamltree.MaxBytes)
	if err != nil {
		return false
	}
	root, p := yamltree.Parse(rel, content)
	return p == nil && settings.LooksLike(root)
}

// configIn returns the name of a folder's featherpack.yaml, or "".
func (d *discovery) configIn(dir string) string {
	for _, name := range settings.Names {
		if what, _ := d.Look(path.Join(dir, name)); what == projectfs.File {
			return name
		}
	}
	return ""
}

// load reads and parses a manifest and reports what is wrong with it. of returns
// the document's format, or nil.
func (d *discovery) load(rel string, of func(root *yamltree.Value) *format) *yamltree.Value {
	content, err := d.Read(rel, yamltree.MaxBytes)
	if err != nil {
		hint := ""
		switch {
		case errors.Is(err, projectfs.ErrTooLarge):
			hint = "a manifest holds at most 2 MiB"
		case d.Config != "" && errors.Is(err, fs.ErrNotExist):
			hint = "--config names a file, relative to the folder that is built or to the current one"
		case errors.Is(err, fs.ErrPermission):
			hint = "check its permissions"
		}
		d.report(analyzer.Problem(analyzer.Error, "unreadable-manifest", analyzer.Position{File: rel}, hint, "cannot read it: %v", err))
		return nil
	}
	root, repeats, p := yamltree.ParseRepeats(rel, content)
	if p != nil {
		d.report(*p)
		return nil
	}
	if len(repeats) == 0 {
		return root
	}
	f := of(root)
	if f == nil || f.lastCounts == "" {
		d.report(repeats[0])
		return nil
	}
	for _, r := range repeats {
		r.Severity, r.Hint = analyzer.Warning, "remove one of the two: "+f.lastCounts+" takes the last"
		d.report(r)
	}
	return root
}

// readConfig reads one featherpack.yaml, which applies to dir and below.
func (d *discovery) readConfig(rel, dir string) *config {
	for _, cfg := range d.configs {
		if cfg.file == rel {
			return cfg
		}
	}
	cfg := &config{Config: settings.Read(d.load(rel, func(*yamltree.Value) *format { return settingsFormat }), rel, dir, &d.project), file: rel, dir: dir}
	d.configs = append(d.configs, cfg)
	// If a framework passes its resolved service, its manifest may have this name.
	if cfg.Framework != "" && d.Resolved == nil {
		d.report(analyzer.Problem(analyzer.Error, "framework-manifest", analyzer.Position{File: rel, Line: 1, Column: 1},
			"rename it, for example to "+cfg.Framework, "has the name of featherpack's own settings but holds a framework manifest"))
	}
	d.project.Diagnostics = append(d.project.Diagnostics, cfg.Problems...)
	return cfg
}

// applyConfigs applies the settings of every featherpack.yaml to the functions in
// its folder and below. Outer folders come first; within a file, "build" comes
// before "override". Settings that the manifest gives a single function come last.
func (d *discovery) applyConfigs() {
	slices.SortStableFunc(d.configs, func(a, b *config) int { return strings.Compare(a.dir, b.dir) })
	for _, cfg := range d.configs {
		var names []string
		for _, f := range d.functions {
			if !projectfs.Below(f.ServiceDir, cfg.dir) {
				continue
			}
			names = append(names, f.Name)
			for _, set := range cfg.Build {
				set(&f.Function)
			}
		}
		for _, o := range cfg.Override {
			matched := false
			for _, f := range d.functions {
				if projectfs.Below(f.ServiceDir, cfg.dir) && o.Matches(&f.Function, cfg.dir) {
					matched = true
					for _, set := range o.Settings {
						set(&f.Function)
					}
				}
			}
			// Whether a glob matches nothing is certain only if all of the config's folder
			// was read.
			if !matched && len(names) > 0 && projectfs.Below(cfg.dir, d.dir) {
				hint := "functions here are " + strings.Join(names[:min(len(names), 8)], ", ")
				if near := analyzer.Nearest(o.Glob, names); near != "" {
					hint = "did you mean " + near + "?"
				}
				d.report(analyzer.Problem(analyzer.Warning, "idle-override", o.At, hint, "override %q matches no function", o.Glob))
			}
		}
	}
	for _, f := range d.functions {
		for _, set := range f.Own {
			set(&f.Function)
		}
	}
}

// settingsOf are the build settings that apply to a function of a folder, as far as they
// are known before all manifests are read. f may be nil.
func (d *discovery) settingsOf(dir string, f *declared.Function) analyzer.BuildOptions {
	var probe declared.Function
	if f != nil {
		probe = *f
	}
	for _, cfg := range d.configs {
		if !projectfs.Below(dir, cfg.dir) {
			continue
		}
		for _, set := range cfg.Build {
			set(&probe.Function)
		}
		for _, o := range cfg.Override {
			if f != nil && o.Matches(&probe.Function, cfg.dir) {
				for _, set := range o.Settings {
					set(&probe.Function)
				}
			}
		}
	}
	for _, set := range probe.Own {
		set(&probe.Function)
	}
	return probe.Build
}
