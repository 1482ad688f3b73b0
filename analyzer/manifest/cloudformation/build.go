package cloudformation

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/goflags"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/settings"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// metadata applies Metadata.BuildMethod and its BuildProperties. Source:
// docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-using-build-typescript.html
func (t *template) metadata(f *declared.Function, metadata, method *yamltree.Value) {
	if !method.Scalar() {
		return
	}
	node := strings.HasPrefix(f.Runtime, "nodejs")
	switch {
	case method.Text == "esbuild" && node:
		switch p := t.Resolve(metadata.Get("BuildProperties")); {
		case p.Unknown():
			t.known(f, "BuildProperties", p)
		case p != nil && p.Kind == yamltree.Mapping:
			t.buildProperties(f, p)
		}
	case method.Text == "makefile" && node:
		f.Report(analyzer.Problem(analyzer.Note, "makefile", method.At, "if its recipe does more than bundling, add the settings for that to featherpack.yaml",
			"BuildMethod makefile: the Makefile is not run for a Node function"))
	}
}

// customRuntime finds the handler of a function on provided.* from its
// BuildMethod. A non-empty skip means that another tool builds it, for example for
// Rust.
func (t *template) customRuntime(f *declared.Function, method *yamltree.Value) (skip string) {
	if !strings.HasPrefix(f.Runtime, "provided") || !method.Scalar() {
		return ""
	}
	switch {
	case method.Text == "go1.x":
		// sam build compiles the package in CodeUri, whatever the handler's name.
		f.Handler = "."
	case method.Text == "makefile":
		dir := t.makefilePackage(f)
		if dir == "" {
			return ""
		}
		f.Handler = dir
	case !strings.HasPrefix(method.Text, "go"):
		return "is built by " + method.Shown()
	}
	return ""
}

// makefilePackage returns the package that the Makefile's recipe for a function
// passes to go build, as a path below CodeUri, or "" if there is none.
func (t *template) makefilePackage(f *declared.Function) string {
	source, err := t.Read(path.Join(f.CodeDir, "Makefile"), yamltree.MaxBytes)
	if err != nil {
		return ""
	}
	inRecipe := false
	for line := range strings.Lines(string(source)) {
		line = strings.TrimRight(line, "\r\n")
		if !strings.HasPrefix(line, "\t") {
			if strings.TrimSpace(line) != "" {
				target, _, isRule := strings.Cut(line, ":")
				inRecipe = isRule && slices.Contains(strings.Fields(target), "build-"+f.Name)
			}
			continue
		}
		if !inRecipe || !goBuild.MatchString(line) {
			continue
		}
		tags, ldflags := goflags.OfCommand(line)
		f.Build.Tags, f.Build.LDFlags = tags, ldflags
		words := goflags.Words(line)
		last := words[len(words)-1]
		if len(words) >= 2 && words[len(words)-2] != "-o" && !strings.ContainsAny(last, "$(") &&
			(last == "." || strings.HasPrefix(last, "./") || strings.HasSuffix(last, ".go")) {
			return path.Clean(last)
		}
		return "."
	}
	return ""
}

var goBuild = regexp.MustCompile(`\bgo build\b`)

// buildProperties maps a SAM property to the setting of featherpack.yaml with the
// same meaning. "" means that featherpack accepts the property but it has no
// effect.
var buildProperties = map[string]string{
	"Minify": "minify", "Target": "target", "External": "external", "Format": "format",
	"Loader": "loader", "MainFields": "mainFields", "Conditions": "conditions", "Define": "define", "Alias": "alias",
	"Inject": "inject", "Banner": "banner", "Footer": "footer", "KeepNames": "keepNames",
	"Tsconfig": "tsconfig", "TsConfig": "tsconfig",
	"Bundle": "", "Platform": "", "TreeShaking": "", "Charset": "", "UseNpmCi": "",
}

func (t *template) buildProperties(f *declared.Function, p *yamltree.Value) {
	c := &settings.Checker{}
	for i, k := range p.Keys {
		v := yamltree.Deep(t, p.Items[i])
		name, known := buildProperties[k.Name]
		matters := known && name != "" || k.Name == "EntryPoints" || k.Name == "Sourcemap"
		switch lost := v.FirstUnknown(); {
		case !v.Has():
		case lost != nil && matters:
			t.known(f, "BuildProperties."+k.Name, lost)
		case k.Name == "EntryPoints":
			t.entryPoints(f, v)
		case k.Name == "Sourcemap":
			// SAM either puts the source map into the zip or makes none.
			if is, ok := v.Truth(); ok {
				f.Build.SourceMap = map[bool]string{true: "zip", false: "none"}[is]
			}
		case !known:
			f.Report(analyzer.Problem(analyzer.Note, "build-property", k.At, "", "BuildProperties.%s has no equivalent in featherpack and is ignored", k.Name))
		case name != "":
			if set := samSetting(c, name, v); set != nil {
				set(&f.Function)
			}
		}
	}
	f.Problems = append(f.Problems, c.Problems...)
}

// samSetting reads a SAM property as the setting with the same meaning.
func samSetting(c *settings.Checker, name string, v *yamltree.Value) declared.Setting {
	if v = PropertyForm(name, v); v == nil {
		return nil
	}
	if name == "minify" {
		if is, ok := v.Truth(); ok {
			return func(f *analyzer.Function) { f.Build.NoMinify = !is }
		}
	}
	return settings.ReadSetting(c, name, v, "BuildProperties."+name)
}

// PropertyForm converts a SAM property's value to the form that the setting takes.
// A list of KEY=VALUE becomes a mapping. nil means that there is no value.
func PropertyForm(name string, v *yamltree.Value) *yamltree.Value {
	switch name {
	case "loader", "define", "alias":
		if v.Kind == yamltree.Sequence {
			m := &yamltree.Value{Kind: yamltree.Mapping, At: v.At}
			for _, item := range v.Items {
				k, val, _ := strings.Cut(item.Text, "=")
				m.Add(k, item.At, yamltree.NewText(val, item.At))
			}
			v = m
		}
	case "mainFields":
		if v.Scalar() {
			list := &yamltree.Value{Kind: yamltree.Sequence, At: v.At}
			for field := range strings.SplitSeq(v.Text, ",") {
				list.Items = append(list.Items, yamltree.NewText(strings.TrimSpace(field), v.At))
			}
			v = list
		}
	case "banner", "footer":
		// esbuild's forms are js=TEXT and {js: TEXT}.
		if v.Kind == yamltree.Sequence && len(v.Items) == 1 {
			v = v.Items[0]
		}
		if v.Kind == yamltree.Mapping {
			v = v.Get("js")
		} else if v.Scalar() {
			v = yamltree.NewText(strings.TrimPrefix(v.Text, "js="), v.At)
		}
	}
	return v
}

// entryPoints finds the entry point whose output esbuild would write to the
// handler's path. Outputs keep their path below the common folder of all entry
// points.
func (t *template) entryPoints(f *declared.Function, v *yamltree.Value) {
	items := []*yamltree.Value{v}
	if v.Kind == yamltree.Sequence {
		items = v.Items
	}
	var points []*yamltree.Value
	for _, item := range items {
		if item.Scalar() && item.Text != "" {
			points = append(points, yamltree.NewText(strings.TrimPrefix(item.Text, "./"), item.At))
		}
	}
	if len(points) == 0 {
		return
	}
	base := path.Dir(points[0].Text)
	for _, p := range points[1:] {
		for base != "." && !projectfs.Below(p.Text, base) {
			base = path.Dir(base)
		}
	}
	wanted, _, _ := strings.Cut(path.Base(f.Handler), ".")
	wanted = path.Join(path.Dir(f.Handler), wanted)
	for _, p := range points {
		stem := strings.TrimSuffix(p.Text, path.Ext(p.Text))
		if strings.TrimPrefix(stem, base+"/") == wanted || stem == wanted {
			// An entry point may be written with the extension of its output.
			if what, _ := t.Look(path.Join(f.CodeDir, p.Text)); what != projectfs.File {
				if source := t.sourceFor(f.CodeDir, stem); source != "" {
					p = yamltree.NewText(source, p.At)
				}
			}
			f.EntryHint = p
			return
		}
	}
	f.Report(analyzer.Problem(analyzer.Error, "no-such-handler", f.HandlerAt,
		"sam writes each entry point below the folder they have in common", "handler %q is not the output of any of EntryPoints", f.Handler))
}

func (t *template) sourceFor(dir, stem string) string {
	for _, ext := range declared.SourceExtensions {
		if what, _ := t.Look(path.Join(dir, stem+ext)); what == projectfs.File {
			return stem + ext
		}
	}
	return ""
}
