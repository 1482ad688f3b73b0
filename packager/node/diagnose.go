package node

import (
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// explain turns esbuild's messages into diagnostics: its text and position,
// and a remedy that knows the project. Warnings about installed packages are
// dropped, since nobody reading them can act on them.
func (b *builder) explain(j *job, messages []api.Message, severity analyzer.Severity) []analyzer.Diagnostic {
	var diagnostics []analyzer.Diagnostic
	for _, m := range messages {
		d := analyzer.Diagnostic{Severity: severity, Function: j.id, Code: "build", Message: b.anonymous(m.Text)}
		if m.ID != "" {
			d.Code = m.ID
		}
		if m.Location != nil {
			if severity == analyzer.Warning && installed.PackageDir(m.Location.File) != "" {
				continue
			}
			d.Position = analyzer.Position{File: installed.ShownPath(m.Location.File), Line: m.Location.Line, Column: m.Location.Column + 1}
			d.Hint = b.suggestion(m)
		}
		if severity == analyzer.Warning && ignoredWarnings[m.ID] {
			continue
		}
		for _, note := range m.Notes {
			if d.Hint == "" {
				d.Hint = b.noteText(note)
			}
		}
		b.classify(j, m, &d)
		d.Message, d.Hint = lowerFirst(d.Message), lowerFirst(d.Hint)
		diagnostics = append(diagnostics, d)
	}
	return diagnostics
}

// suggestion is a remedy made of what esbuild would write in the place, where
// its message does not say so already.
func (b *builder) suggestion(m api.Message) string {
	text := m.Location.Suggestion
	switch {
	case strings.HasPrefix(m.Text, "Expected ") && strings.HasSuffix(m.Text, ` but found ":"`) && javaScript[filepath.Ext(m.Location.File)]:
		return "if this is TypeScript, give the file the extension .ts"
	case text == "" || strings.HasPrefix(m.Text, fmt.Sprintf("Expected %q", text)):
		return ""
	}
	return fmt.Sprintf("did you mean %q?", text)
}

var javaScript = map[string]bool{".js": true, ".mjs": true, ".cjs": true, ".jsx": true}

// noteText is a note of esbuild's with the place that it points to.
func (b *builder) noteText(note api.Note) string {
	text, pointing := strings.CutSuffix(b.anonymous(note.Text), ":")
	if pointing && note.Location != nil {
		return fmt.Sprintf("%s (%s:%d)", strings.TrimSuffix(text, " here"), note.Location.File, note.Location.Line)
	}
	return text
}

// ignoredWarnings are about what we set up ourselves.
var ignoredWarnings = map[string]bool{"require-resolve-not-external": true, "empty-import-meta": true}

var (
	unresolved = regexp.MustCompile(`^Could not resolve "([^"]+)"`)
	noMatch    = regexp.MustCompile(`^No matching export in "([^"]+)" for import "([^"]+)"`)
	noLoader   = regexp.MustCompile(`^No loader is configured for "([^"]+)" files: (.+)$`)
	unreadable = regexp.MustCompile(`^Cannot read (file|directory) "`)
)

// classify gives the diagnostic its code and, where the project tells more
// than esbuild knows, a better remedy.
func (b *builder) classify(j *job, m api.Message, d *analyzer.Diagnostic) {
	switch {
	case unresolved.MatchString(m.Text):
		specifier := unresolved.FindStringSubmatch(m.Text)[1]
		d.Code = "unresolved-import"
		d.Message = fmt.Sprintf("cannot resolve %q", specifier)
		if hint := b.resolveHint(j, m, specifier); hint != "" {
			d.Hint = hint
		}
	case noMatch.MatchString(m.Text):
		d.Code = "missing-export"
	case noLoader.MatchString(m.Text):
		match := noLoader.FindStringSubmatch(m.Text)
		d.Code = "no-loader"
		d.Message = fmt.Sprintf("%s files cannot be bundled: %s", match[1], b.anonymous(match[2]))
		d.Hint = fmt.Sprintf("say how to read them with build.loader in featherpack.yaml, for example {%q: text}", match[1])
	case unreadable.MatchString(m.Text):
		d.Code = "unreadable"
		d.Hint = "check its permissions"
	case strings.Contains(m.Text, topLevelAwait):
		d.Code = "top-level-await"
		d.Hint = "the format is set to cjs; leave it out, and the function becomes an ES module"
	case m.Location != nil && m.ID == "" && len(d.Message) > 0:
		d.Code = "syntax-error"
	}
}

// resolveHint says what to do about a specifier that leads nowhere.
func (b *builder) resolveHint(j *job, m api.Message, specifier string) string {
	importer := b.packages.Root()
	file := ""
	if m.Location != nil {
		file = m.Location.File
		importer = filepath.Join(b.packages.Root(), filepath.FromSlash(file))
	}
	name := installed.PackageName(specifier)
	if strings.HasPrefix(specifier, "#") {
		if at, _ := b.packages.Nearest(filepath.Dir(importer)); at != "" {
			return fmt.Sprintf("add it to \"imports\" of %s", b.packages.Relative(filepath.Join(at, "package.json")))
		}
		return "it needs a package.json with \"imports\""
	}
	if name == "" {
		return b.neighbourHint(importer, specifier)
	}
	if at := b.packages.Find(filepath.Dir(importer), name); at != "" {
		if m := b.packages.Manifest(at); m != nil && m.Exports == nil && specifier == name {
			if m.Main == "" {
				return fmt.Sprintf("%s has neither a main nor an index.js", b.packages.Relative(at))
			}
			return fmt.Sprintf("its main, %s, is not there: build the package, or install it again", path.Join(b.packages.Relative(at), m.Main))
		}
		return "" // installed: esbuild's own note says what its package.json lacks
	}
	if dir := installed.PackageDir(filepath.FromSlash(file)); dir != "" {
		return fmt.Sprintf("%s needs it and the install is incomplete: run again with --install, or install %s yourself; if a layer brings it, list it in build.external", installed.NameOf(filepath.ToSlash(dir)), name)
	}
	if name == "aws-sdk" {
		return fmt.Sprintf("%s does not bring the AWS SDK v2: npm install aws-sdk, or better move to the @aws-sdk/client-* packages", j.f.Runtime)
	}
	dir, manifest := b.packages.Nearest(filepath.Dir(importer))
	if manifest == nil {
		if broken := b.brokenManifest(filepath.Dir(importer)); broken != "" {
			return fmt.Sprintf("mend %s first", broken)
		}
		return fmt.Sprintf("there is no package.json at or above %s: npm init && npm install %s", filepath.ToSlash(filepath.Dir(file)), name)
	}
	listed := map[string]bool{}
	for _, set := range []map[string]string{manifest.Dependencies, manifest.DevDependencies, manifest.OptionalDependencies, manifest.PeerDependencies} {
		for dependency := range set {
			listed[dependency] = true
		}
	}
	where := b.packages.Relative(filepath.Join(dir, "package.json"))
	if listed[name] {
		if _, err := os.Stat(filepath.Join(dir, "node_modules")); err != nil {
			return fmt.Sprintf("%s lists it and nothing is installed: run again with --install", where)
		}
		return fmt.Sprintf("%s lists it and it is not installed: run again with --install", where)
	}
	if near := analyzer.Nearest(name, slices.Sorted(maps.Keys(listed))); near != "" {
		return fmt.Sprintf("did you mean %q? %s does not list %q", near, where, name)
	}
	return fmt.Sprintf("%s does not list it: npm install %s; if a layer brings it, list it in build.external", where, name)
}

// brokenManifest names the package.json at or above the folder, inside the
// root, which is there and cannot be read; "" without one.
func (b *builder) brokenManifest(dir string) string {
	for ; installed.Inside(b.packages.Root(), dir); dir = filepath.Dir(dir) {
		name := filepath.Join(dir, "package.json")
		if _, err := os.Stat(name); err == nil {
			return b.packages.Relative(name)
		}
		if dir == b.packages.Root() {
			break
		}
	}
	return ""
}

// neighbourHint looks for a file of nearly the same name.
func (b *builder) neighbourHint(importer, specifier string) string {
	if !strings.HasPrefix(specifier, ".") {
		return ""
	}
	target := filepath.Join(filepath.Dir(importer), filepath.FromSlash(specifier))
	if !installed.Inside(b.packages.Root(), target) {
		return "the path leaves the project's root"
	}
	entries, err := os.ReadDir(filepath.Dir(target))
	if err != nil {
		return fmt.Sprintf("there is no folder %s", b.packages.Relative(filepath.Dir(target)))
	}
	var names []string
	for _, entry := range entries {
		names = append(names, strings.TrimSuffix(entry.Name(), filepath.Ext(entry.Name())))
	}
	if near := analyzer.Nearest(filepath.Base(target), names); near != "" {
		slash := strings.LastIndex(specifier, "/")
		return fmt.Sprintf("did you mean %q?", specifier[:slash+1]+near)
	}
	return ""
}

// anonymous takes the building machine's path out of a text.
func (b *builder) anonymous(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, b.packages.Root()+string(filepath.Separator), ""), b.packages.Root(), ".")
}

// lowerFirst makes a sentence of esbuild's a clause of ours.
func lowerFirst(s string) string {
	s = strings.TrimSuffix(s, ".")
	if len(s) > 1 && s[0] >= 'A' && s[0] <= 'Z' && (s[1] < 'A' || s[1] > 'Z') {
		return string(s[0]+'a'-'A') + s[1:]
	}
	return s
}

// leftOut notes what libraries ask for and the artifact does not hold, besides
// the packages that are told of already.
func (b *builder) leftOut(j *job, r *resolver, result linked, inputs map[string]metaInput, told map[string]bool) []analyzer.Diagnostic {
	type absence struct{ library, why string }
	missing := map[absence]map[string]bool{}
	for _, importer := range result.reached {
		if _, included := result.output.Inputs[importer]; !included {
			continue
		}
		for _, im := range inputs[importer].Imports {
			name := installed.PackageName(im.Path)
			if !im.External || installed.Builtin(im.Path) || name == "" || told[name] {
				continue
			}
			if why := r.optional(b.absolute(importer), im.Path, im.Kind); why != "" {
				key := absence{installed.NameOf(installed.PackageDir(importer)), why}
				if missing[key] == nil {
					missing[key] = map[string]bool{}
				}
				missing[key][name] = true
			}
		}
	}
	var notes []analyzer.Diagnostic
	for absence, names := range missing {
		list, be, stay := slices.Sorted(maps.Keys(names)), "is", "stays"
		if len(list) > 1 {
			be, stay = "are", "stay"
		}
		notes = append(notes, analyzer.Diagnostic{
			Code: "optional-left-out", Severity: analyzer.Note, Function: j.id,
			Message: fmt.Sprintf("%s can use %s, which %s %s and %s out", absence.library, strings.Join(list, ", "), be, absence.why, stay),
			Hint:    fmt.Sprintf("if the function needs one: npm install %s", list[0]),
		})
	}
	return notes
}
