package declared

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// runtimes are the Lambda runtimes that featherpack builds for.
// Source: docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
var runtimes = []struct {
	name   string
	family analyzer.Family
	// ended is a clause that says when support ended, or that it has not begun. "" means
	// that Lambda supports the runtime.
	ended string
	next  string
	// ends has the dates of its end. Those that AWS has moved several times are left out.
	ends analyzer.RuntimeEnd
	// asked means that functions are built for it only where the settings name it: Lambda
	// neither creates nor updates functions of it.
	asked bool
}{
	{name: "nodejs26.x", family: analyzer.Node, ended: "is in public preview and may change", next: "nodejs24.x for production"},
	{name: "nodejs24.x", family: analyzer.Node, ends: analyzer.RuntimeEnd{Deprecated: "2028-04-30", NoCreate: "2028-06-01", NoUpdate: "2028-07-01"}},
	{name: "nodejs22.x", family: analyzer.Node, ends: analyzer.RuntimeEnd{Deprecated: "2027-04-30", NoCreate: "2027-06-01", NoUpdate: "2027-07-01", Next: "nodejs24.x"}},
	{name: "nodejs20.x", family: analyzer.Node, ended: "is deprecated since 30 April 2026; Lambda updates no functions of it since 30 September 2026", next: "nodejs22.x",
		ends: analyzer.RuntimeEnd{Deprecated: "2026-04-30", NoCreate: "2026-08-31", NoUpdate: "2026-09-30", Next: "nodejs24.x"}},
	{name: "nodejs18.x", family: analyzer.Node, ended: "is deprecated since 1 September 2025", next: "nodejs22.x",
		ends: analyzer.RuntimeEnd{Deprecated: "2025-09-01", Next: "nodejs24.x"}},
	{name: "nodejs16.x", family: analyzer.Node, ended: "is deprecated since 12 June 2024", next: "nodejs22.x", asked: true,
		ends: analyzer.RuntimeEnd{Deprecated: "2024-06-12", Next: "nodejs24.x"}},
	{name: "provided.al2023", family: analyzer.Go, ends: analyzer.RuntimeEnd{Deprecated: "2029-06-30"}},
	{name: "provided.al2", family: analyzer.Go, ended: "is past the end of support of Amazon Linux 2", next: "provided.al2023",
		ends: analyzer.RuntimeEnd{Deprecated: "2026-07-31", Next: "provided.al2023"}},
}

// The runtimes of functions that nothing else gives a runtime.
const (
	DefaultNodeRuntime = "nodejs22.x"
	DefaultGoRuntime   = "provided.al2023"
)

// RuntimeNames lists the runtimes that featherpack builds for. EndedRuntimes are those of
// them that it builds for only where build.endedRuntimes names them.
func RuntimeNames() []string { return named(false) }

func EndedRuntimes() []string { return named(true) }

func named(asked bool) (names []string) {
	for _, r := range runtimes {
		if r.asked == asked {
			names = append(names, r.name)
		}
	}
	return names
}

// EndOf returns when Lambda ends a runtime. It is the zero value for one whose end is not known.
func EndOf(runtime string) analyzer.RuntimeEnd {
	for _, r := range runtimes {
		if r.name == runtime {
			return r.ends
		}
	}
	return analyzer.RuntimeEnd{}
}

// otherLanguages are Lambda's runtimes that featherpack does not build for.
var otherLanguages = []string{"python", "java", "dotnet", "ruby"}

// JudgeRuntime decides what to do with a runtime: build for it (family is set),
// leave the function out (skip is why), or report d. If d is only a warning,
// family is set too. asked are the ended runtimes that the settings name.
func JudgeRuntime(name string, at analyzer.Position, asked []string) (family analyzer.Family, skip string, d *analyzer.Diagnostic) {
	for _, r := range runtimes {
		if r.name != name {
			continue
		}
		if r.asked {
			p := analyzer.Problem(analyzer.Error, "unsupported-runtime", at,
				fmt.Sprintf("move to %s; for a platform that still runs it, name it in build.endedRuntimes: [%s]", r.next, name),
				"lambda does not support runtime %q: it %s", name, r.ended)
			if slices.Contains(asked, name) {
				p = analyzer.Problem(analyzer.Warning, "ended-runtime", at, "move to "+r.next,
					"runtime %s %s, and Lambda may refuse to create or update functions of it; it is built since build.endedRuntimes names it", name, r.ended)
			}
			return r.family, "", &p
		}
		if r.ended != "" {
			code, hint := "deprecated-runtime", "move to "+r.next
			if r.name == "nodejs26.x" {
				code, hint = "preview-runtime", "use "+r.next
			}
			p := analyzer.Problem(analyzer.Warning, code, at, hint, "runtime %s %s", name, r.ended)
			d = &p
		}
		return r.family, "", d
	}
	for _, language := range otherLanguages {
		if strings.HasPrefix(name, language) {
			return "", "runtime " + name + " is neither Node nor Go", nil
		}
	}
	hint := analyzer.DidYouMean(name, RuntimeNames())
	switch {
	case name == "go1.x":
		hint = "use provided.al2023 and a binary named bootstrap, which featherpack builds"
		family = analyzer.Go
	case name == "provided":
		hint = "use provided.al2023"
		family = analyzer.Go
	case strings.HasPrefix(name, "nodejs"):
		if near := analyzer.Nearest(name, RuntimeNames()); near == "" || versioned.MatchString(name) && near != name+".x" {
			hint = "use one of nodejs24.x, nodejs22.x"
		}
		family = analyzer.Node
	}
	p := analyzer.Problem(analyzer.Error, "unsupported-runtime", at, hint, "lambda does not support runtime %q", name)
	return family, "", &p
}

// versioned matches names with another version, such as those that Lambda had. They are
// not typing mistakes, unless only the end is missing, as in nodejs22.
var versioned = regexp.MustCompile(`^nodejs(\d+(\.[x\d]*)?)?$`)

// JudgeArchitecture returns the architecture in Lambda's spelling. "" gives
// x86_64, which is Lambda's default.
func JudgeArchitecture(name string, at analyzer.Position) (string, *analyzer.Diagnostic) {
	switch name {
	case "":
		return "x86_64", nil
	case "x86_64", "arm64":
		return name, nil
	}
	hint := "use x86_64 or arm64"
	switch strings.ToLower(name) {
	case "amd64", "x64", "x86-64", "x86":
		hint = "lambda calls it x86_64"
	case "aarch64", "arm":
		hint = "lambda calls it arm64"
	}
	p := analyzer.Problem(analyzer.Error, "unsupported-architecture", at, hint, "lambda has no architecture %q", name)
	return "", &p
}
