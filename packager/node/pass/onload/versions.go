package onload

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// version is what tests of the version of Node read.
const version = "process.version"

// versionTest is the value of a test by the package semver whether Node has a version,
// semver.satisfies(process.version, ">=15.7.0"), "" where it is none, or where it may be
// different for two versions with the same major one. semver is a variable that has got the
// package by then, and has no other value.
func (p Process) versionTest(n *js.Node) string {
	if n.Kind != js.Call || n.Flags&js.Optional != 0 || n.X.Kind != js.Member || n.X.Name != "satisfies" || n.X.Flags&(js.Optional|js.Odd) != 0 || len(n.List) != 2 ||
		pathOf(n.List[0]) != version || n.List[1].Kind != js.String || n.X.X.Kind != js.Name {
		return ""
	}
	b := n.X.X.Scope.Find(n.X.X.Name)
	if b == nil || b.Exported || len(b.Writes) != 1 || b.Writes[0].From == nil || len(b.Writes[0].Keys) > 0 || b.Writes[0].Each || !requiresSemver(b.Writes[0].From) || n.Start < b.Writes[0].From.End || inFunction(n) {
		return ""
	}
	switch inRange(n.List[1].Name, p.Node) {
	case yes:
		return " true "
	case no:
		return " false "
	}
	return ""
}

// requiresSemver reports whether an expression is the package semver, whose loading nobody
// can see.
func requiresSemver(n *js.Node) bool {
	return n.Kind == js.Call && n.Flags&js.Optional == 0 && n.X.IsGlobal("require") && len(n.List) == 1 && n.List[0].Kind == js.String && n.List[0].Name == "semver"
}

// onlyVersionTests reports whether an expression is semver, and the value of a variable that
// nothing but tests with a known value uses.
func (p Process) onlyVersionTests(n *js.Node) bool {
	d := n.Parent
	if !requiresSemver(n) || d.Kind != js.Declare || d.Y != n || d.X.Kind != js.Name || d.Parent.Kind != js.Var {
		return false
	}
	b := d.X.Scope.Find(d.X.Name)
	if b == nil || b.Exported {
		return false
	}
	tests := 0
	for _, use := range b.Refs {
		if use == d.X {
			continue
		}
		if use.Parent.Kind != js.Member || use.Parent.X != use || use.Parent.Parent == nil || use.Parent.Parent.X != use.Parent || p.versionTest(use.Parent.Parent) == "" {
			return false
		}
		tests++
	}
	return tests > 0
}

type answer int

const (
	depends answer = iota
	yes
	no
)

// comparator is a part of a range: at least a version, or one compatible with it.
var comparator = regexp.MustCompile(`^(>=|\^)v?([1-9]\d*)\.(\d+)\.(\d+)$`)

// inRange reports whether all releases with a major version are in a range, or none.
func inRange(text string, major int) answer {
	all := no
	for part := range strings.SplitSeq(text, "||") {
		m := comparator.FindStringSubmatch(strings.TrimSpace(part))
		if m == nil {
			return depends
		}
		from, err := strconv.Atoi(m[2])
		switch {
		case err != nil:
			return depends
		case from > major || from < major && m[1] == "^":
		case from < major || m[3] == "0" && m[4] == "0":
			return yes
		default:
			all = depends
		}
	}
	return all
}
