package packager

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// maxIncluded limits the bytes that patterns may add: Lambda's limit for an
// unzipped function.
// Source: docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const maxIncluded = 262_144_000

// extras are the files that functions' patterns match. Functions of one service
// usually share their patterns, so results are cached.
type extras struct {
	files *projectfs.FS
	known map[string]extra
	// modules are the modules of programs that Go built, by source; see earlierPrograms.
	modules map[string]string
}

// extra is the result of some patterns: the matching files, and problems.
type extra struct {
	files    []File
	problems []analyzer.Diagnostic
	record   *projectfs.Record // where the job's files are recorded
}

func (e *extras) of(f analyzer.Function) extra {
	key := fmt.Sprintf("%q %#v %q", f.ServiceDir, f.Patterns, f.Build.AllowSecrets) // %v prints a pattern as its position
	found, ok := e.known[key]
	if !ok {
		files := e.files
		if r := files.Recorded(); r != nil && len(f.Patterns) > 0 {
			files = files.Again() // only functions of these patterns depend on it
			defer files.Close()
			found.record = files.Recording(r.Skip...)
		}
		found.files, found.problems = include(files, f)
		e.known[key] = found
	}
	return found
}

// include returns the files that a function's patterns match, named by their path
// in the service's folder. As in the Serverless Framework, patterns apply in order,
// and a pattern with Exclude removes what earlier ones added. Unlike there, the
// list starts empty, because the bundle already holds the code.
//
// A secret (.env file, private key, .npmrc, .git) is refused if a wildcard matches
// it, and packed with a warning if a pattern names it exactly. A wildcard matches
// installed packages only if it contains node_modules. Symlinks that leave the
// project's root are refused.
func include(project *projectfs.FS, f analyzer.Function) ([]File, []analyzer.Diagnostic) {
	includes := false
	for _, pattern := range f.Patterns {
		includes = includes || !pattern.Exclude
	}
	if !includes {
		return nil, nil
	}
	in := includer{project: project, f: f, matched: make([]int, len(f.Patterns))}
	in.checkPatterns()
	if analyzer.ExitStatus(in.diagnostics) == 0 {
		in.walk("")
	}
	for i, pattern := range f.Patterns {
		if in.matched[i] == 0 && !pattern.Exclude && analyzer.ExitStatus(in.diagnostics) == 0 {
			in.report("pattern-matches-nothing", analyzer.Warning, pattern, "the pattern %q matches no file", "patterns are relative to the service's folder; remove the pattern if it is obsolete")
		}
	}
	for i, pattern := range f.Patterns {
		if !pattern.Exclude && in.matched[i] > 0 && f.Family == analyzer.Node && allPackages(pattern.Glob) {
			in.report("packages-beside-bundle", analyzer.Warning, pattern, "the pattern %q packs the installed packages beside the bundle, which holds what the function uses of them",
				"remove the pattern; if a package must stay as files, include its folder alone")
		}
	}
	return in.files, in.diagnostics
}

// allPackages reports whether a pattern is all of node_modules, not one package's
// folder or some of its files.
func allPackages(glob string) bool {
	_, below, found := strings.Cut("/"+path.Clean(glob)+"/", "/node_modules/")
	below = strings.Trim(below, "/")
	return found && (below == "" || below == "*" || below == "**" || below == "**/*" || below == "*/**")
}

type includer struct {
	project     *projectfs.FS
	f           analyzer.Function
	files       []File
	bytes       int64
	matched     []int
	diagnostics []analyzer.Diagnostic
	full        bool
}

func (in *includer) report(code string, severity analyzer.Severity, pattern analyzer.Pattern, message, hint string) {
	if strings.Contains(message, "%q") {
		message = fmt.Sprintf(message, in.f.Shown(pattern.Glob))
	}
	in.diagnostics = append(in.diagnostics, analyzer.Diagnostic{
		Code: code, Severity: severity, Message: message, Hint: hint, Position: pattern.Position,
	})
}

// checkPatterns refuses patterns that leave the service's folder or would take too
// long to match.
func (in *includer) checkPatterns() {
	for _, pattern := range in.f.Patterns {
		glob := path.Clean(pattern.Glob)
		switch {
		case path.IsAbs(glob) || glob == ".." || strings.HasPrefix(glob, "../"):
			in.report("unsafe-path", analyzer.Refused, pattern, "the pattern %q leaves the service's folder", "copy what the function needs into the service, or import it")
		case strings.ContainsRune(glob, 0) || !doublestar.ValidatePattern(glob):
			in.report("bad-pattern", analyzer.Error, pattern, "the pattern %q is malformed", `patterns are globs such as "assets/**" or "data/*.{json,csv}"`)
		case analyzer.GlobAlternatives(glob) > analyzer.MaxAlternatives:
			in.report("bad-pattern", analyzer.Error, pattern, "the pattern %q expands to more than 1,024 globs", "use fewer {a,b} groups")
		}
	}
}

// walk visits a folder in the order of names; rel is its path in the service.
func (in *includer) walk(rel string) {
	entries, err := in.project.ReadDir(in.inProject(rel))
	if err != nil {
		in.diagnostics = append(in.diagnostics, in.unreadable(rel, err))
		return
	}
	for _, entry := range entries {
		if in.full {
			return
		}
		name := path.Join(rel, entry.Name())
		if entry.IsDir() {
			if in.enters(name) {
				in.walk(name)
			}
			continue
		}
		if pattern := in.decide(name); pattern >= 0 {
			in.take(name, entry.Type()&fs.ModeSymlink != 0, in.f.Patterns[pattern])
		}
	}
}

// inProject is the path, relative to the root, of a path in the service.
func (in *includer) inProject(name string) string { return path.Join(in.f.ServiceDir, name) }

// enters reports whether walk should enter a folder. It skips installed packages,
// git's and tools' folders unless an including pattern names them.
func (in *includer) enters(name string) bool {
	base := path.Base(name)
	if base != "node_modules" && base != ".git" && base != ".featherpack" && base != ".serverless" {
		return true
	}
	for _, pattern := range in.f.Patterns {
		if !pattern.Exclude && strings.Contains(pattern.Glob, base) {
			return true
		}
	}
	return false
}

// decide returns the index of the pattern that includes the file, -1 if none does.
func (in *includer) decide(name string) int {
	by := -1
	for i, pattern := range in.f.Patterns {
		if ok, _ := doublestar.Match(path.Clean(pattern.Glob), name); !ok {
			continue
		}
		in.matched[i]++
		if pattern.Exclude {
			by = -1
		} else {
			by = i
		}
	}
	return by
}

// take adds a file, following a symlink that stays inside the root.
func (in *includer) take(name string, symlink bool, pattern analyzer.Pattern) {
	place, err := in.project.Judge(in.inProject(name))
	switch {
	case errors.Is(err, projectfs.ErrOutside):
		in.report("unsafe-path", analyzer.Refused, pattern, fmt.Sprintf("%s is a symlink to a file outside the project", name), "copy the file into the project, or exclude it with a pattern that starts with !")
		return
	case err != nil && symlink:
		in.report("dangling-symlink", analyzer.Error, pattern, fmt.Sprintf("%s is a symlink to a missing file", name), "remove it, or exclude it with a pattern that starts with !")
		return
	case err != nil:
		in.diagnostics = append(in.diagnostics, in.unreadable(name, err))
		return
	case place.Info.IsDir():
		return // linked folders are not followed: their files have a path of their own
	case !place.Info.Mode().IsRegular():
		in.report("unsafe-path", analyzer.Refused, pattern, fmt.Sprintf("%s is not a regular file", name), "exclude it with a pattern that starts with !")
		return
	}
	if !in.mayHold(name, place, pattern) {
		return
	}
	if in.bytes += place.Info.Size(); in.bytes > maxIncluded {
		in.full = true
		in.report("too-large", analyzer.Error, pattern, "the function's patterns match more than 262,144,000 bytes, Lambda's limit", "narrow the patterns")
		return
	}
	in.files = append(in.files, File{Name: name, Source: place.Path})
}

// mayHold refuses a secret that a wildcard matches, and warns of one that a pattern names.
func (in *includer) mayHold(name string, place projectfs.Place, pattern analyzer.Pattern) bool {
	found := Secret(in.project, place, in.inProject(name))
	switch {
	case found.What == "":
	case SecretAllowed(in.f, in.inProject(name)):
		in.report("secret", analyzer.Note, pattern, fmt.Sprintf("%s is packed and %s; build.allowSecrets allows it", name, found.What), "")
	case path.Clean(pattern.Glob) != name:
		in.report("secret", analyzer.Refused, pattern, fmt.Sprintf("the pattern %q would pack %s, which %s", in.f.Shown(pattern.Glob), name, found.What),
			fmt.Sprintf("exclude it with \"!%s\", or name it exactly if it must be in the zip", name))
		return false
	default:
		in.report("secret", analyzer.Warning, pattern, fmt.Sprintf("%s is packed and %s", name, found.What), "anyone who can read the function's code can read it")
	}
	return true
}

func (in *includer) unreadable(name string, err error) analyzer.Diagnostic {
	return analyzer.Diagnostic{
		Code: "unreadable", Severity: analyzer.Error, Position: analyzer.Position{File: path.Join(in.f.ServiceDir, name)},
		Message: "cannot be read: " + reason(err), Hint: "check its permissions, or exclude it with a pattern that starts with !",
	}
}
