package golang

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/featherpack/featherpack/analyzer"
)

// remedies are the hints for what the toolchain says, the first that fits.
// A remedy may name what it matched as $1.
var remedies = []struct {
	code string
	says *regexp.Regexp
	hint string
}{
	{"missing-go-sum", regexp.MustCompile(`missing go\.sum entry for go\.mod file`), "run `go mod download`, or `go mod tidy`, in the module's folder and commit go.sum"},
	{"missing-go-sum", regexp.MustCompile(`missing go\.sum entry`), "run `go mod tidy` in the module's folder and commit go.sum"},
	{"go-sum-mismatch", regexp.MustCompile(`checksum mismatch`), "the module is not the one that go.sum was written for: find out why before running `go clean -modcache`"},
	{"go-version", regexp.MustCompile(`requires go ?>= ?([0-9][\w.]*)`), "install go$1 or newer from https://go.dev/dl and put it first on PATH; no toolchain is downloaded while building"},
	{"go-mod-stale", regexp.MustCompile(`updates to go\.(?:mod|work) needed|go\.mod file indicates|inconsistent vendoring`), "run `go mod tidy`, and `go mod vendor` if there is a vendor folder, and commit the result"},
	{"go-workspace", regexp.MustCompile(`not one of the workspace modules|modules listed in go\.work`), "run `go work use` for the module, or set GOWORK=off"},
	{"unresolved-import", regexp.MustCompile(`no required module provides package|cannot find module providing package`), "run `go mod tidy` in the module's folder"},
	{"unresolved-import", regexp.MustCompile(`is not in std|cannot find package|package .+ is not in GOROOT`), "check the spelling; an import path of another module starts with a host name"},
	{"embed-missing", regexp.MustCompile(`pattern (.+): no matching files found`), "if $1 is generated, generate it before the build (`go generate ./...`)"},
	{"module-credentials", regexp.MustCompile(`https://(?:[^/\s]*@)?([^/\s]+)/\S*: (?:401 |403 )`), "put `machine $1 login NAME password TOKEN` into ~/.netrc, or the file that NETRC names, or NAME:TOKEN@ before the host in GOPROXY"},
	{"module-credentials", regexp.MustCompile(`(?:could not read (?:Username|Password)|Authentication failed) for '?https?://(?:[^/\s]*@)?([^/\s':]+)`), "put `machine $1 login NAME password TOKEN` into ~/.netrc, or make an address with the token stand in for $1 by git's insteadOf"},
	{"module-credentials", regexp.MustCompile(`Permission denied \(publickey|401 Unauthorized|403 Forbidden`), "put credentials for the module's host into ~/.netrc, or a key that it knows into the SSH agent"},
	{"go-proxy", regexp.MustCompile(`GOPROXY|parse "[a-z]+://`), "mend what `go env GOPROXY` prints: addresses of proxies, direct or off, with commas between them; what is special in a password is written as %40 and the like"},
	{"module-unreachable", regexp.MustCompile(`module lookup disabled|dial tcp|no such host|connection refused|i/o timeout|terminal prompts disabled|could not read Username|410 Gone|404 Not Found|no secure protocol found`), "run `go mod download` where the modules can be reached; private ones need GOPRIVATE=HOST/PATH, and credentials"},
	{"import-cycle", regexp.MustCompile(`import cycle not allowed`), ""},
	{"no-go-files", regexp.MustCompile(`no Go files in|build constraints exclude all Go files|directory not found`), "name the folder of a main package that builds for linux"},
	{"no-c-compiler", regexp.MustCompile(`C compiler "[^"]*" not found|cgo: .*executable file not found`), "install a C compiler for the function's architecture and name it in CC, or build without cgo"},
}

// explain makes a diagnostic of one message of the toolchain.
func (b *builder) explain(home, code, pos, message string) analyzer.Diagnostic {
	message = strings.TrimSpace(message)
	d := analyzer.Diagnostic{Code: code, Severity: analyzer.Error}
	if at := positioned.FindStringSubmatch(message); at != nil && pos == "" {
		pos, message = at[1], message[len(at[0]):]
	}
	for _, r := range remedies {
		if m := r.says.FindStringSubmatchIndex(message); m != nil {
			d.Code = r.code
			d.Hint = b.tools.clean(string(r.says.ExpandString(nil, r.hint, message, m)))
			break
		}
	}
	// What comes after "; to add it:" is a command that the hint replaces.
	if before, _, ok := strings.Cut(message, "; to "); ok && d.Hint != "" {
		message = before
	}
	var inside bool
	if d.Position, inside = b.position(home, pos); !inside && pos != "" {
		message = pos + ": " + message
	}
	d.Message = b.tools.clean(strings.Join(strings.Fields(message), " "))
	return d
}

var (
	positioned = regexp.MustCompile(`^((?:[A-Za-z]:)?[^\s:]+\.(?:go|s|c|h|mod|work|sum):\d+(?::\d+)?): `)
	placed     = regexp.MustCompile(`^(.+?):(\d+)(?::(\d+))?$`)
)

// position reads "file:line:column" as the toolchain prints it, relative to the
// folder it ran in. It is false where the file is not the project's.
func (b *builder) position(home, pos string) (analyzer.Position, bool) {
	// Of an import stack, the first position is the outermost.
	pos, _, _ = strings.Cut(pos, ", ")
	m := placed.FindStringSubmatch(pos)
	if m == nil {
		return analyzer.Position{}, false
	}
	file := filepath.FromSlash(m[1])
	if !filepath.IsAbs(file) {
		file = filepath.Join(home, file)
	}
	if real, ok := b.stands[file]; ok {
		file = real
	}
	if _, ok := analyzer.Within(b.job.Project.Root, file); !ok {
		return analyzer.Position{}, false
	}
	line, _ := strconv.Atoi(m[2])
	column, _ := strconv.Atoi(m[3])
	return analyzer.Position{File: b.relative(file), Line: line, Column: column}, true
}

// explainPackage makes a diagnostic of the error that go list gives a package
// which a main package reaches.
func (b *builder) explainPackage(s settings, t *task, main, p *goPackage) analyzer.Diagnostic {
	d := b.explain(s.home, "go-list", p.Error.Pos, p.Error.Err)
	if m := main.Module; m != nil && d.Code == "unresolved-import" && strings.HasPrefix(p.ImportPath, m.Path+"/") {
		d.Message = fmt.Sprintf("the module has no package %s", strings.TrimPrefix(p.ImportPath, m.Path+"/"))
		d.Hint = "check the spelling; if its files are generated, generate them before the build (`go generate ./...`)"
	}
	if file, line := importsC(p); file != "" && !s.cgo {
		d.Code = "cgo-needed"
		d.Message = fmt.Sprintf("%s needs cgo, which is off", p.ImportPath)
		d.Hint = cgoHint
		if p.Module == nil || p.Module.Main {
			d.Position = analyzer.Position{File: b.relative(file), Line: line, Column: 1}
		}
	}
	if d.File == "" {
		d.Position = t.function.Position
	}
	return d
}

const cgoHint = "set cgo: true under build for this function, or use a package without C"

// importsC finds the first file of a package that the build leaves out because
// it imports C. The import is looked for as text: the file is not for us to parse.
func importsC(p *goPackage) (file string, line int) {
	for _, name := range p.IgnoredGoFiles {
		file := filepath.Join(p.Dir, name)
		text, err := readStart(file, 256<<10)
		if err != nil {
			continue
		}
		lines := bufio.NewScanner(bytes.NewReader(text))
		lines.Buffer(nil, len(text)+1)
		for n := 1; lines.Scan(); n++ {
			switch strings.TrimSpace(lines.Text()) {
			case `import "C"`, `"C"`:
				return file, n
			}
		}
	}
	return "", 0
}

// generated matches the directive that says how a package's files are made.
// https://pkg.go.dev/cmd/go#hdr-Generate_Go_files_by_processing_source
var generated = regexp.MustCompile(`(?m)^//go:generate[ \t]`)

// withGenerateHint adds to an error about a name that is not there, where the
// package, or one that it imports, says how files of it are generated. Only the
// project's own count.
func (b *builder) withGenerateHint(p *goPackage, closure []*goPackage, d analyzer.Diagnostic) analyzer.Diagnostic {
	if d.Hint != "" || !strings.HasPrefix(d.Message, "undefined: ") {
		return d
	}
	for _, q := range closure {
		if q != p && !slices.Contains(p.Imports, q.ImportPath) || q.Module == nil || !q.Module.Main {
			continue
		}
		for _, name := range q.GoFiles {
			file := filepath.Join(q.Dir, name)
			if text, err := readStart(file, 1<<20); err == nil && generated.Match(text) {
				d.Hint = fmt.Sprintf("%s says how files are generated: if this is in one of them, run `go generate ./...` before the build", b.relative(file))
				return d
			}
		}
	}
	return d
}

// explainRun makes a diagnostic of a run of the go command that failed as a whole.
func (b *builder) explainRun(s settings, messages string, err error) analyzer.Diagnostic {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return asDiagnostic(err)
	}
	text := strings.TrimPrefix(strings.TrimSpace(messages), "go: ")
	// "errors parsing go.mod:" is followed by the positions.
	if head, rest, ok := strings.Cut(text, "\n"); ok && strings.HasPrefix(head, "errors parsing ") {
		text = rest
		text, _, _ = strings.Cut(text, "\n")
	}
	if text == "" {
		text = "the go command failed: " + err.Error()
	}
	if len(text) > 2000 {
		text = text[:2000] + " …"
	}
	d := b.explain(s.home, "go-command", "", text)
	if d.Code == "go-version" && d.File == "" {
		d.Position = b.goLine(s)
	}
	return d
}

// goLine is where the go.mod or go.work of a group says its Go version.
func (b *builder) goLine(s settings) analyzer.Position {
	name := s.modFile()
	text, err := readStart(name, maxModFile)
	if err != nil {
		return analyzer.Position{}
	}
	at := analyzer.Position{File: b.relative(name)}
	var line *modfile.Go
	if s.gowork != "off" {
		if work, err := modfile.ParseWork(name, text, nil); err == nil {
			line = work.Go
		}
	} else if mod, err := modfile.ParseLax(name, text, nil); err == nil {
		line = mod.Go
	}
	if line != nil {
		at.Line, at.Column = line.Syntax.Start.Line, line.Syntax.Start.LineRune
	}
	return at
}

// compileErrors reads what `go build` prints: "# importpath" and then its
// errors, one a line; lines that begin with a tab continue one.
func (b *builder) compileErrors(s settings, messages string) map[string][]analyzer.Diagnostic {
	out := map[string][]analyzer.Diagnostic{}
	var at, pending string
	flush := func() {
		if at != "" && pending != "" && !strings.HasPrefix(pending, "too many errors") {
			code := "go-compile"
			if !positioned.MatchString(pending) {
				code = "go-link"
			}
			out[at] = append(out[at], b.explain(s.home, code, "", pending))
		}
		pending = ""
	}
	for line := range strings.Lines(messages) {
		line = strings.TrimRight(line, "\r\n")
		switch {
		case strings.HasPrefix(line, "# "):
			flush()
			at, _, _ = strings.Cut(strings.TrimPrefix(line, "# "), " ")
		case strings.HasPrefix(line, "\t"):
			pending += " " + strings.TrimSpace(line)
		default:
			flush()
			pending = line
		}
	}
	flush()
	return out
}
