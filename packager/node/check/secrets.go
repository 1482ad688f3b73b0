package check

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/secrets"
	"github.com/featherpack/featherpack/analyzer/trace"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/kept"
)

// Secrets judges the secrets among everything that goes into the zip besides code: data in
// the bundle, files that modules read, and files of packages. A file that only a guarded
// read of a package asks for, such as dotenv's of .env, is left out of the zip: the
// package works without it.
func Secrets(f *Function) (diagnostics []analyzer.Diagnostic, withheld map[string]bool) {
	j := &secretJudge{Function: f, judged: map[string]secrets.Finding{}, asked: map[string]bool{}, withheld: map[string]bool{}}
	j.bundled()
	f.findings(j.module)
	for _, file := range f.Tree.Files() {
		if finding, _ := f.Files.Finding(file.Source); finding != nil {
			j.module(file.Input, finding)
		}
	}
	for _, file := range f.Tree.Files() {
		if !j.asked[file.Input] && file.Content == nil {
			j.unnamed(file)
		}
	}
	return j.diagnostics, j.withheld
}

type secretJudge struct {
	*Function
	judged      map[string]secrets.Finding // by input
	asked       map[string]bool            // inputs that a module asks for
	withheld    map[string]bool            // inputs that are left out
	diagnostics []analyzer.Diagnostic
}

// judge says what secret an input holds.
func (j *secretJudge) judge(input string) secrets.Finding {
	found, known := j.judged[input]
	if !known {
		if place, err := j.Packages.Files().Judge(input); err == nil && place.Info.Mode().IsRegular() {
			found = packager.Secret(j.Packages.Files(), place, input)
		}
		j.judged[input] = found
	}
	return found
}

// secretRequest is a place in a module that puts a file into the zip.
type secretRequest struct {
	module, input string
	at            analyzer.Position
	why           string // the expression
	exact         bool   // it names the file, and not a folder or a pattern
	optional      bool   // the code works without it
}

// ask judges one request.
func (j *secretJudge) ask(r secretRequest) {
	j.asked[r.input] = true
	found := j.judge(r.input)
	if found.What == "" {
		return
	}
	d := analyzer.Diagnostic{
		Code: "secret", Severity: analyzer.Refused, Function: j.ID, Position: r.at,
		Message: fmt.Sprintf("%s reads %s, which %s", r.why, r.input, found.What),
		Hint:    "anyone who can read the function's code can read it",
	}
	from, to := installed.PackageDir(r.module), j.packageOf(r.input)
	allow := fmt.Sprintf("; if it must be in the zip, name it in build.allowSecrets: [%q]", r.input)
	switch {
	case packager.SecretAllowed(j.Function.Function, r.input):
		d.Severity, d.Hint = analyzer.Note, "build.allowSecrets allows it"
	case to != "": // published for everybody to read
		d.Severity = analyzer.Warning
		d.Message = fmt.Sprintf("%s is packed and %s", r.input, found.What)
		d.Hint = "it came with the package; check that it is a test key or an example"
	case from != "" && r.optional:
		d.Severity = analyzer.Warning
		d.Message += "; it is left out"
		d.Hint = fmt.Sprintf("%s reads it only if it exists%s", installed.NameOf(filepath.ToSlash(from)), allow)
		j.withheld[r.input] = true
	case from != "":
		d.Hint = fmt.Sprintf("inspect %s: a package should not read the project's secrets%s", installed.NameOf(filepath.ToSlash(from)), allow)
	case r.exact:
		d.Severity = analyzer.Warning
		d.Message += "; it is packed"
	default:
		d.Message = fmt.Sprintf("%s may read %s, which %s", r.why, r.input, found.What)
		d.Hint = "move it to another folder" + allow
	}
	j.diagnostics = append(j.diagnostics, d)
}

// packageOf is the folder of the installed package that a file lies in, "" for a file of
// the project, also behind a link.
func (j *secretJudge) packageOf(input string) string {
	place, err := j.Packages.Files().Judge(input)
	if err != nil || installed.PackageDir(input) == "" {
		return ""
	}
	return installed.PackageDir(place.Path)
}

// bundled judges data in the bundle: JSON, texts and binary files that code imports.
func (j *secretJudge) bundled() {
	for _, input := range j.Reached {
		if j.Bytes(input) == 0 || j.Resolution.IsCode(j.Packages.Absolute(input)) || path.Ext(input) == ".node" ||
			installed.Archived(input) || j.judge(input).What == "" {
			continue
		}
		for _, importer := range j.Reached {
			for _, im := range j.Inputs[importer].Imports {
				if im.Path != input {
					continue
				}
				r := secretRequest{
					module: importer, input: input, why: fmt.Sprintf("import of %q", im.Original), exact: true,
					at: j.Resolution.FirstRequest(importer, im.Original),
				}
				if place, why, ok := j.computed(importer, input); ok {
					r.at, r.why, r.exact = place, why, false
				}
				j.ask(r)
			}
		}
	}
}

// computed finds the request of a computed name that puts a module into the bundle.
func (j *secretJudge) computed(importer, input string) (at analyzer.Position, why string, ok bool) {
	finding := j.finding(importer)
	if finding == nil {
		return at, "", false
	}
	for _, ref := range finding.Modules {
		if ref.Pattern != "" && slices.ContainsFunc(ref.Candidates, func(c trace.Candidate) bool { return c.Path == input }) {
			return analyzer.Position{File: importer, Line: ref.Line, Column: ref.Column}, ref.Why, true
		}
	}
	return at, "", false
}

// module judges the files that a module looks for at run time.
func (j *secretJudge) module(module string, finding *trace.Result) {
	if installed.Archived(module) {
		return
	}
	for _, asset := range finding.Assets {
		if kept.TooLarge(asset) {
			continue
		}
		for _, file := range asset.Files {
			j.ask(secretRequest{
				module: module, input: file, at: analyzer.Position{File: module, Line: asset.Line, Column: asset.Column},
				why: asset.Why, exact: asset.Path == file, optional: asset.Optional,
			})
		}
	}
	for _, ref := range slices.Concat(finding.Modules, finding.Addons) {
		for _, c := range ref.Candidates {
			if c.Path != "" && !kept.Bundled(ref) {
				j.ask(secretRequest{
					module: module, input: c.Path, at: analyzer.Position{File: module, Line: ref.Line, Column: ref.Column},
					why: ref.Why, exact: ref.Pattern == "", optional: ref.Guarded,
				})
			}
		}
	}
	for _, e := range finding.Edits {
		if e.Path != "" {
			j.ask(secretRequest{module: module, input: e.Path, at: analyzer.Position{File: module}, why: "require.resolve", exact: true})
		}
	}
}

// unnamed judges a file that comes along without a module that names it, such as the data
// of a package.
func (j *secretJudge) unnamed(f kept.File) {
	module := f.Input
	if dir := installed.PackageDir(f.Input); dir != "" {
		module = path.Join(filepath.ToSlash(dir), "package.json")
	}
	why := "the code"
	if name := installed.NameOf(filepath.ToSlash(installed.PackageDir(f.Input))); name != "" {
		why = name
	}
	j.ask(secretRequest{module: module, input: f.Input, at: analyzer.Position{File: module}, why: strings.TrimSpace(why)})
}
