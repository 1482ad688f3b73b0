package advise

import (
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/lint"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/chains"
)

// licences judges the licences of installed packages, each once.
type licences struct {
	read   func(string) ([]byte, error)
	locks  map[string]map[string]bool // the packages of public registries, by node_modules folder
	judged map[string]string          // by package folder
	dirs   map[string]string          // the package folders of inputs, "" for none, by path
}

func newLicences(read func(string) ([]byte, error)) *licences {
	return &licences{read: read, locks: map[string]map[string]bool{}, judged: map[string]string{}, dirs: map[string]string{}}
}

// dirOf is the folder of an input's package, "" for none. Many functions ask for the same.
func (l *licences) dirOf(in analyzer.Input) string {
	if in.Package == "" {
		return ""
	}
	dir, known := l.dirs[in.Path]
	if !known {
		if at := strings.LastIndex(in.Path, "node_modules/"+in.Package+"/"); at >= 0 {
			dir = in.Path[:at+len("node_modules/"+in.Package)]
		}
		l.dirs[in.Path] = dir
	}
	return dir
}

// advise advises on packages of a bundle whose licence does not say that they may be passed on,
// or limits what they may be used for.
func (l *licences) advise(g chains.Graph) (all []Advice) {
	packages := map[string]map[int]bool{} // the inputs, by package folder
	for i, bytes := range g.Bytes() {
		dir := l.dirOf(g.Inputs[i])
		if dir == "" || bytes == 0 {
			continue
		}
		if packages[dir] == nil {
			packages[dir] = map[int]bool{}
		}
		packages[dir][i] = true
	}
	for _, dir := range slices.Sorted(maps.Keys(packages)) {
		problem, known := l.judged[dir]
		if !known {
			problem = l.judge(dir)
			l.judged[dir] = problem
		}
		if problem == "" {
			continue
		}
		held := packages[dir]
		sum := g.Sum(held)
		name := g.Inputs[slices.Min(slices.Collect(maps.Keys(held)))].Package
		all = append(all, Advice{
			Code: "licence-unclear", Kind: string(lint.Licence), Severity: analyzer.Note, Holds: &sum, about: name, held: held,
			What: name + " " + problem, Do: "ask whoever looks after licences, or its authors, before it is deployed or passed on",
			Changes: "without it, other code has to do its work", Source: "https://docs.npmjs.com/cli/configuring-npm/package-json#license",
		})
	}
	return all
}

var (
	publicRegistry = regexp.MustCompile(`^https://registry\.(npmjs\.org|yarnpkg\.com)/`)
	// limited matches SPDX identifiers of licences that limit what the software may be used for.
	limited = regexp.MustCompile(`(?i)\b(CC-BY-NC[\w.-]*|BUSL-[\d.]+|SSPL-[\d.]+|PolyForm-[\w.-]+|Elastic-[\d.]+|Parity-[\d.]+)\b`)
	// permission matches the texts of usual licences.
	permission = regexp.MustCompile(`(?i)permission is hereby granted|permission to use, copy|redistribution and use in source|apache license|mozilla public|gnu (lesser |affero )?general public|public domain|creative commons|\bMIT\b|\bISC\b|\bBSD\b`)
)

// texts are the files in which packages have their licences. The last ones often name one.
var texts = []string{"LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE", "LICENCE.md", "LICENSE-MIT", "license", "License", "COPYING", "README.md", "readme.md", "Readme.md", "README"}

// judge says what is unclear about a package's licence, as a clause, or "". Packages of other
// registries than the public ones are somebody's own.
func (l *licences) judge(dir string) string {
	text, err := l.read(dir + "/package.json")
	if err != nil || !l.public(dir) {
		return ""
	}
	var m struct{ License, Licenses, Licence any }
	if json.Unmarshal(text, &m) != nil {
		return ""
	}
	name, _ := m.License.(string)
	if of, ok := m.License.(map[string]any); ok {
		name, _ = of["type"].(string)
	}
	see, elsewhere := strings.CutPrefix(strings.TrimSpace(name), "SEE LICENSE IN ")
	elsewhere = elsewhere || strings.HasPrefix(name, "SEE LICENSE")
	switch {
	case name == "UNLICENSED":
		return `is UNLICENSED, which grants nobody the right to use it or to pass it on`
	case limited.MatchString(name) && !strings.Contains(name, " OR "):
		return fmt.Sprintf("has the licence %s, which limits what it may be used for", limited.FindString(name))
	case elsewhere && see != "" && l.usual(path.Join(dir, path.Clean("/"+strings.Trim(see, "<>")))):
		return ""
	case elsewhere:
		return "has a licence of its own"
	case name != "" || m.Licenses != nil || m.Licence != nil:
		return ""
	}
	for _, file := range texts {
		if l.usual(dir + "/" + file) {
			return ""
		}
	}
	return "names no licence"
}

// usual reports whether a file has the text or the name of a usual licence.
func (l *licences) usual(file string) bool {
	text, err := l.read(file)
	return err == nil && permission.Match(text)
}

// public reports whether a package was installed from a public registry, by what npm notes
// about the installed packages. What other package managers install is not known.
func (l *licences) public(dir string) bool {
	project, _, _ := strings.Cut("/"+dir, "/node_modules/")
	project = strings.TrimPrefix(project, "/")
	packages, known := l.locks[project]
	if !known {
		packages = map[string]bool{}
		text, err := l.read(path.Join(project, "node_modules/.package-lock.json"))
		var lock struct {
			Packages map[string]struct{ Resolved string }
		}
		if err == nil && json.Unmarshal(text, &lock) == nil {
			for at, p := range lock.Packages {
				packages[at] = publicRegistry.MatchString(p.Resolved)
			}
		}
		l.locks[project] = packages
	}
	return packages[strings.TrimPrefix(strings.TrimPrefix(dir, project), "/")]
}
