package manifest

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// metadata honours Metadata.BuildMethod and its BuildProperties. Source:
// docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-using-build-typescript.html
func (t *template) metadata(f *function, metadata, method *value) {
	if !method.scalar() {
		return
	}
	node := strings.HasPrefix(f.Runtime, "nodejs")
	switch {
	case method.text == "esbuild" && node:
		if p := t.eval(metadata.get("BuildProperties")); p != nil && p.kind == mapping {
			t.buildProperties(f, p)
		}
	case method.text == "makefile" && node:
		f.report(problem(analyzer.Note, "makefile", method.at, "what its recipe does beyond bundling must be said in featherpack.yaml",
			"BuildMethod makefile: the Makefile is not run for a Node function"))
	}
}

// customRuntime sorts out functions on provided.*: Go when BuildMethod says so
// or its sources are Go, else some other language.
func (t *template) customRuntime(f *function, method *value) (skip string) {
	if !strings.HasPrefix(f.Runtime, "provided") || !method.scalar() {
		return ""
	}
	switch {
	case method.text == "go1.x":
		// sam build compiles the package in CodeUri, whatever the handler is called.
		f.Handler = "."
	case method.text == "makefile":
		dir := t.makefilePackage(f)
		if dir == "" {
			return ""
		}
		f.Handler = dir
	case !strings.HasPrefix(method.text, "go"):
		return "is built by " + method.text
	}
	return ""
}

// makefilePackage reads the package that the Makefile's recipe for a function
// hands to go build, as a path below CodeUri; "" when it does not say.
func (t *template) makefilePackage(f *function) string {
	source, err := t.read(path.Join(f.CodeDir, "Makefile"), maxManifestBytes)
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
		tags, ldflags := goFlags(line)
		f.Build.Tags, f.Build.LDFlags = tags, ldflags
		words := splitWords(line)
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

// buildProperty leads a SAM property to the setting of featherpack.yaml that
// means the same. An empty setting means it is understood and changes nothing.
var buildProperties = map[string]string{
	"Minify": "minify", "Target": "target", "External": "external", "Format": "format",
	"Loader": "loader", "MainFields": "mainFields", "Conditions": "conditions", "Define": "define", "Alias": "alias",
	"Inject": "inject", "Banner": "banner", "Footer": "footer", "KeepNames": "keepNames",
	"Tsconfig": "tsconfig", "TsConfig": "tsconfig",
	"Bundle": "", "Platform": "", "TreeShaking": "", "Charset": "", "UseNpmCi": "",
}

func (t *template) buildProperties(f *function, p *value) {
	c := &checker{}
	for i, k := range p.keys {
		v := t.evalDeep(p.items[i], 0)
		name, known := buildProperties[k.name]
		switch {
		case !v.has():
		case k.name == "EntryPoints":
			t.entryPoints(f, v)
		case k.name == "Sourcemap":
			// SAM puts the map into the zip, or makes none.
			if is, ok := v.truth(); ok {
				f.Build.SourceMap = map[bool]string{true: "zip", false: "none"}[is]
			}
		case !known:
			f.report(problem(analyzer.Note, "build-property", k.at, "", "BuildProperties.%s has no counterpart here and is left out", k.name))
		case name != "":
			if set := samSetting(c, name, v); set != nil {
				set(&f.Function)
			}
		}
	}
	f.problems = append(f.problems, c.problems...)
}

// samSetting reads a SAM property by the setting of the same meaning.
func samSetting(c *checker, name string, v *value) setting {
	if v = samForm(name, v); v == nil {
		return nil
	}
	if name == "minify" {
		if is, ok := v.truth(); ok {
			return func(f *analyzer.Function) { f.Build.NoMinify = !is }
		}
	}
	return readSetting(c, name, v, "BuildProperties."+name)
}

// samForm gives a SAM property's value the form that the setting takes. Where
// SAM takes a list of KEY=VALUE, a mapping is made of it; nil says nothing is left.
func samForm(name string, v *value) *value {
	switch name {
	case "loader", "define", "alias":
		if v.kind == sequence {
			m := &value{kind: mapping, at: v.at}
			for _, item := range v.items {
				k, val, _ := strings.Cut(item.text, "=")
				m.keys = append(m.keys, key{k, item.at})
				m.items = append(m.items, textValue(val, item.at))
			}
			v = m
		}
	case "mainFields":
		if v.scalar() {
			list := &value{kind: sequence, at: v.at}
			for field := range strings.SplitSeq(v.text, ",") {
				list.items = append(list.items, textValue(strings.TrimSpace(field), v.at))
			}
			v = list
		}
	case "banner", "footer":
		// esbuild's form: js=TEXT, or {js: TEXT}.
		if v.kind == sequence && len(v.items) == 1 {
			v = v.items[0]
		}
		if v.kind == mapping {
			v = v.get("js")
		} else if v.scalar() {
			v = textValue(strings.TrimPrefix(v.text, "js="), v.at)
		}
	}
	return v
}

// entryPoints finds the source that esbuild would write to where the handler
// looks: outputs keep their path below the entry points' common folder.
func (t *template) entryPoints(f *function, v *value) {
	items := []*value{v}
	if v.kind == sequence {
		items = v.items
	}
	var points []*value
	for _, item := range items {
		if item.scalar() && item.text != "" {
			points = append(points, textValue(strings.TrimPrefix(item.text, "./"), item.at))
		}
	}
	if len(points) == 0 {
		return
	}
	base := path.Dir(points[0].text)
	for _, p := range points[1:] {
		for base != "." && !below(p.text, base) {
			base = path.Dir(base)
		}
	}
	wanted, _, _ := strings.Cut(path.Base(f.Handler), ".")
	wanted = path.Join(path.Dir(f.Handler), wanted)
	for _, p := range points {
		stem := strings.TrimSuffix(p.text, path.Ext(p.text))
		if strings.TrimPrefix(stem, base+"/") == wanted || stem == wanted {
			// An entry point may be written with the extension of its output.
			if what, _ := t.look(path.Join(f.CodeDir, p.text)); what != file {
				if source := t.sourceFor(f.CodeDir, stem); source != "" {
					p = textValue(source, p.at)
				}
			}
			f.entryHint = p
			return
		}
	}
	f.report(problem(analyzer.Error, "no-such-handler", f.handlerAt,
		"sam writes each entry point below the folder they have in common", "handler %q is none of EntryPoints", f.Handler))
}

func (t *template) sourceFor(dir, stem string) string {
	for _, ext := range sourceExtensions {
		if what, _ := t.look(path.Join(dir, stem+ext)); what == file {
			return stem + ext
		}
	}
	return ""
}
