package golang

import (
	"bufio"
	"bytes"
	"context"
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
	"github.com/featherpack/featherpack/packager/golang/toolchain"
)

// remedies maps messages of the toolchain to hints. The first match is used. $1 in a
// hint is replaced with the first group of the match.
var remedies = []struct {
	code    string
	message *regexp.Regexp
	hint    string
}{
	{"missing-go-sum", regexp.MustCompile(`missing go\.sum entry for go\.mod file`), "run `go mod download`, or `go mod tidy`, in the module's folder and commit go.sum"},
	{"missing-go-sum", regexp.MustCompile(`missing go\.sum entry`), "run `go mod tidy` in the module's folder and commit go.sum"},
	{"go-sum-mismatch", regexp.MustCompile(`checksum mismatch`), "the downloaded module differs from the one in go.sum: find out why before running `go clean -modcache`"},
	{"go-version", regexp.MustCompile(`requires go ?>= ?([0-9][\w.]*)`), "install go$1 or newer from https://go.dev/dl and put it first on PATH; featherpack never downloads a toolchain"},
	{"go-mod-stale", regexp.MustCompile(`updates to go\.(?:mod|work) needed|go\.mod file indicates|inconsistent vendoring`), "run `go mod tidy`, and `go mod vendor` if there is a vendor folder, and commit the result"},
	{"go-workspace", regexp.MustCompile(`not one of the workspace modules|modules listed in go\.work`), "run `go work use` for the module, or set GOWORK=off"},
	{"unresolved-import", regexp.MustCompile(`no required module provides package|cannot find module providing package`), "run `go mod tidy` in the module's folder"},
	{"unresolved-import", regexp.MustCompile(`is not in std|cannot find package|package .+ is not in GOROOT`), "check the spelling; an import path of another module starts with a host name"},
	{"embed-missing", regexp.MustCompile(`pattern (.+): no matching files found`), "if $1 is generated, generate it before the build (`go generate ./...`)"},
	{"module-credentials", regexp.MustCompile(`https://(?:[^/\s]*@)?([^/\s]+)/\S*: (?:401 |403 )`), "put `machine $1 login NAME password TOKEN` into ~/.netrc, or the file that NETRC names, or NAME:TOKEN@ before the host in GOPROXY"},
	{"module-credentials", regexp.MustCompile(`(?:could not read (?:Username|Password)|Authentication failed) for '?https?://(?:[^/\s]*@)?([^/\s':]+)`), "put `machine $1 login NAME password TOKEN` into ~/.netrc, or add a git insteadOf rule that replaces $1 with an address that includes the token"},
	{"module-credentials", regexp.MustCompile(`Permission denied \(publickey|401 Unauthorized|403 Forbidden`), "put credentials for the module's host into ~/.netrc, or add an SSH key that the host accepts to the SSH agent"},
	{"go-proxy", regexp.MustCompile(`GOPROXY|parse "[a-z]+://`), "correct the value that `go env GOPROXY` prints: proxy addresses, direct or off, separated by commas; percent-encode special characters in a password (@ is %40)"},
	{"module-unreachable", regexp.MustCompile(`module lookup disabled|dial tcp|no such host|connection refused|i/o timeout|terminal prompts disabled|could not read Username|410 Gone|404 Not Found|no secure protocol found`), "run `go mod download` where the modules can be reached; private ones need GOPRIVATE=HOST/PATH, and credentials"},
	{"norpc", regexp.MustCompile(`undefined: lambda\.(?:NewFunction|Function)\b`), "the build tag " + norpc + " removes it with net/rpc, which only the retired runtime go1.x needs: start the function with lambda.Start, or keep it with tags: [\"!" + norpc + "\"]"},
	{"import-cycle", regexp.MustCompile(`import cycle not allowed`), ""},
	{"no-go-files", regexp.MustCompile(`no Go files in|build constraints exclude all Go files|directory not found`), "name the folder of a main package that builds for linux"},
	{"no-c-compiler", regexp.MustCompile(`C compiler "[^"]*" not found|cgo: .*executable file not found`), "install a C compiler for the function's architecture and name it in CC, or build without cgo"},
}

// explain turns one message of the toolchain into a diagnostic.
func (b *builder) explain(home, code, pos, message string) analyzer.Diagnostic {
	message = strings.TrimSpace(message)
	d := analyzer.Diagnostic{Code: code, Severity: analyzer.Error}
	if at := positioned.FindStringSubmatch(message); at != nil && pos == "" {
		pos, message = at[1], message[len(at[0]):]
	}
	for _, r := range remedies {
		if m := r.message.FindStringSubmatchIndex(message); m != nil {
			d.Code = r.code
			d.Hint = b.tools.Clean(string(r.message.ExpandString(nil, r.hint, message, m)))
			break
		}
	}
	// Cut "; to add it:" and the command after it: the hint replaces them.
	if before, _, ok := strings.Cut(message, "; to "); ok && d.Hint != "" {
		message = before
	}
	var inside bool
	if d.Position, inside = b.position(home, pos); !inside && pos != "" {
		message = pos + ": " + message
	}
	d.Message = b.tools.Clean(strings.Join(strings.Fields(message), " "))
	return d
}

var (
	positioned   = regexp.MustCompile(`^((?:[A-Za-z]:)?[^\s:]+\.(?:go|s|c|h|mod|work|sum):\d+(?::\d+)?): `)
	fullPosition = regexp.MustCompile(`^(.+?):(\d+)(?::(\d+))?$`)
)

// position parses a position as the toolchain prints it, "file:line:column" relative
// to its working directory. It returns false if the file is not the project's.
func (b *builder) position(home, pos string) (analyzer.Position, bool) {
	// In an import stack, the first position is the outermost.
	pos, _, _ = strings.Cut(pos, ", ")
	m := fullPosition.FindStringSubmatch(pos)
	if m == nil {
		return analyzer.Position{}, false
	}
	file := filepath.FromSlash(m[1])
	if !filepath.IsAbs(file) {
		file = filepath.Join(home, file)
	}
	if real, ok := b.originals[file]; ok {
		file = real
	}
	if _, ok := analyzer.Within(b.job.Project.Root, file); !ok {
		return analyzer.Position{}, false
	}
	line, _ := strconv.Atoi(m[2])
	column, _ := strconv.Atoi(m[3])
	return analyzer.Position{File: b.relative(file), Line: line, Column: column}, true
}

// explainPackage turns the error of a package that main imports, directly or not,
// into a diagnostic.
func (b *builder) explainPackage(s settings, t *task, main, p *toolchain.Package) analyzer.Diagnostic {
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

// importsC finds the first file of a package that is excluded because it imports C.
// It searches for the import as text, without parsing the file.
func importsC(p *toolchain.Package) (file string, line int) {
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

// generated matches the directive that says how to generate a package's files.
// https://pkg.go.dev/cmd/go#hdr-Generate_Go_files_by_processing_source
var generated = regexp.MustCompile(`(?m)^//go:generate[ \t]`)

// withGenerateHint adds a hint to an error about an undefined name if the package, or
// a package that it imports, has a go:generate directive. It considers only the
// project's own packages.
func (b *builder) withGenerateHint(p *toolchain.Package, closure []*toolchain.Package, d analyzer.Diagnostic) analyzer.Diagnostic {
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
				d.Hint = fmt.Sprintf("%s declares generated files: if the name is defined in one of them, run `go generate ./...` before the build", b.relative(file))
				return d
			}
		}
	}
	return d
}

// explainRun turns a failed run of the go command into a diagnostic.
func (b *builder) explainRun(s settings, messages string, err error) analyzer.Diagnostic {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return asDiagnostic(err)
	}
	text := strings.TrimPrefix(strings.TrimSpace(messages), "go: ")
	// The lines after "errors parsing go.mod:" have the positions.
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

// goLine returns the position of the go line in a group's go.mod or go.work.
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

// compileErrors parses the output of `go build`: "# importpath", then one error a
// line. A line that begins with a tab continues the previous error.
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

// asDiagnostic turns any error into a diagnostic.
func asDiagnostic(err error) analyzer.Diagnostic {
	var d analyzer.Diagnostic
	if errors.As(err, &d) {
		return d
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return analyzer.Diagnostic{Code: "cancelled", Severity: analyzer.Error, Message: "the build was stopped before it was done"}
	}
	return analyzer.Diagnostic{Code: "go-build", Severity: analyzer.Error, Message: err.Error()}
}
