package golang

import (
	"debug/elf"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// check says what is wrong with a program that was linked: it would not answer
// Lambda, would not load there, or is told something else by its build
// information than a plain build tells it.
func (b *builder) check(t *task) {
	if t.program == nil || t.failed() {
		return
	}
	known := t.program.facts
	if known.Unread != "" {
		t.tell(unread(known.Unread))
	}
	if !known.Runtime {
		t.tell(b.noRuntimeLoop(t))
	}
	if known.BuildInfo && b.readsBuildInfo(t) {
		t.tell(analyzer.Diagnostic{
			Code: "build-info", Severity: analyzer.Note,
			Message: "the program reads its build information, which -buildvcs=false leaves without vcs.revision and -trimpath without folders",
			Hint:    "pass what it needs as ldflags: [\"-X main.version=...\"]",
		})
	}
	for _, d := range checkDynamics(t.function, known.Links) {
		t.tell(d)
	}
}

const lambdaPackage = "github.com/aws/aws-lambda-go/lambda"

// noRuntimeLoop is an error, unless a layer may hold what speaks to Lambda in
// the program's place (as the Lambda Web Adapter does).
func (b *builder) noRuntimeLoop(t *task) analyzer.Diagnostic {
	d := analyzer.Diagnostic{
		Code: "no-lambda-loop", Severity: analyzer.Error,
		Message: "the program never asks Lambda for events, so it would not answer any",
		Hint:    "call lambda.Start(handler) of " + lambdaPackage + " in main",
	}
	if slices.ContainsFunc(t.closure, func(p *goPackage) bool { return p.ImportPath == lambdaPackage }) {
		d.Message = "the program imports aws-lambda-go but never starts it, so it would not answer any event"
		d.Hint = "call lambda.Start(handler) in main; aws-lambda-go before v1.18.0 only speaks to the runtime go1.x"
	}
	if len(t.function.Layers) > 0 || t.function.Environment["AWS_LAMBDA_EXEC_WRAPPER"] != "" {
		d.Severity = analyzer.Warning
		d.Hint = "if a layer does so in its place, all is well; else " + d.Hint
	}
	d.Position = t.function.Position
	for _, name := range t.main.GoFiles {
		file := filepath.Join(t.main.Dir, name)
		fset := token.NewFileSet()
		parsed, err := parser.ParseFile(fset, file, nil, parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		for _, decl := range parsed.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Name.Name == "main" && f.Recv == nil {
				at := fset.Position(f.Pos())
				d.Position = analyzer.Position{File: b.relative(file), Line: at.Line, Column: at.Column}
			}
		}
	}
	return d
}

// readsBuildInfo reports whether the project's own code names ReadBuildInfo:
// that a library has it linked in concerns nobody.
func (b *builder) readsBuildInfo(t *task) bool {
	for _, p := range t.closure {
		if p.Standard || p.Module == nil || !p.Module.Main || !slices.Contains(p.Imports, "runtime/debug") {
			continue
		}
		for _, name := range p.GoFiles {
			if text, err := readStart(filepath.Join(p.Dir, name), 4<<20); err == nil && strings.Contains(string(text), "ReadBuildInfo") {
				return true
			}
		}
	}
	return false
}

// dynamics is what a program loads when it starts.
type dynamics struct {
	Interpreter string   `json:"interpreter,omitempty"`
	Libraries   []string `json:"libraries,omitempty"`
	// Versions are the symbol versions it asks for, such as GLIBC_2.34.
	Versions []string `json:"versions,omitempty"`
	Unread   bool     `json:"unread,omitempty"`
}

func readDynamics(program io.ReaderAt) dynamics {
	file, err := elf.NewFile(program)
	if err != nil {
		return dynamics{Unread: true}
	}
	var out dynamics
	for _, p := range file.Progs {
		if p.Type == elf.PT_INTERP && p.Filesz < 4096 {
			name := make([]byte, p.Filesz)
			if _, err := p.ReadAt(name, 0); err == nil {
				out.Interpreter = strings.TrimRight(string(name), "\x00")
			}
		}
	}
	out.Libraries, _ = file.ImportedLibraries()
	slices.Sort(out.Libraries)
	if symbols, err := file.ImportedSymbols(); err == nil {
		for _, s := range symbols {
			if s.Version != "" {
				out.Versions = append(out.Versions, s.Version)
			}
		}
	}
	slices.Sort(out.Versions)
	out.Versions = slices.Compact(out.Versions)
	return out
}

// glibcOf is the C library of each runtime, as its minor version of 2.x.
// https://docs.aws.amazon.com/linux/al2023/ug/compare-with-al2.html
var glibcOf = map[string]int{"provided.al2": 26, "provided.al2023": 34}

// glibc are the libraries that come with the C library, and so with every runtime.
var glibc = []string{
	"libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1", "libresolv.so.2", "libutil.so.1",
	"libnss_files.so.2", "libnss_dns.so.2", "libanl.so.1", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1",
}

// checkDynamics says what of a program's dynamic links the runtime lacks.
func checkDynamics(f analyzer.Function, links dynamics) []analyzer.Diagnostic {
	if links.Unread {
		return []analyzer.Diagnostic{{Code: "not-elf", Severity: analyzer.Error, Message: "the linked program is no ELF executable"}}
	}
	var out []analyzer.Diagnostic
	if links.Interpreter != "" && !f.Build.CGO {
		out = append(out, analyzer.Diagnostic{
			Code: "dynamic-program", Severity: analyzer.Warning,
			Message: "the program is dynamically linked though cgo is off",
			Hint:    "take -buildmode, -linkmode and the like out of GOFLAGS",
		})
	}
	if strings.Contains(links.Interpreter, "ld-musl") {
		out = append(out, analyzer.Diagnostic{
			Code: "dynamic-library", Severity: analyzer.Error,
			Message: "the program is linked against musl, and Lambda's runtimes have glibc",
			Hint:    "link it statically: ldflags: [\"-linkmode=external -extldflags=-static\"]",
		})
	}
	for _, library := range links.Libraries {
		if slices.Contains(glibc, library) || slices.Contains(f.Build.External, library) || bringsAlong(f, library) {
			continue
		}
		d := analyzer.Diagnostic{
			Code: "dynamic-library", Severity: analyzer.Error, Position: f.Position,
			Message: fmt.Sprintf("the program loads %s, which %s does not have", library, runtimeName(f)),
			Hint:    fmt.Sprintf("link it statically, pack it by a pattern that ends in %s, or list it under external if a layer holds it", library),
		}
		if len(f.Layers) > 0 {
			d.Severity = analyzer.Warning
		}
		out = append(out, d)
	}
	if has, ok := glibcOf[runtimeName(f)]; ok {
		if needs := newestGlibc(links.Versions); needs > has {
			out = append(out, analyzer.Diagnostic{
				Code: "glibc-version", Severity: analyzer.Error, Position: f.Position,
				Message: fmt.Sprintf("the program needs glibc 2.%d, and %s has 2.%d", needs, runtimeName(f), has),
				Hint:    "build it where the C library is no newer, or link it statically",
			})
		}
	}
	return out
}

func runtimeName(f analyzer.Function) string {
	if f.Runtime == "" {
		return "provided.al2023"
	}
	return f.Runtime
}

// bringsAlong reports whether a pattern packs the library by its name.
func bringsAlong(f analyzer.Function, library string) bool {
	return slices.ContainsFunc(f.Patterns, func(p analyzer.Pattern) bool {
		return !p.Exclude && path.Base(p.Glob) == library
	})
}

// newestGlibc is the newest minor version asked for, 0 for none.
func newestGlibc(versions []string) int {
	newest := 0
	for _, v := range versions {
		if minor, ok := strings.CutPrefix(v, "GLIBC_2."); ok {
			minor, _, _ = strings.Cut(minor, ".")
			if n, err := strconv.Atoi(minor); err == nil {
				newest = max(newest, n)
			}
		}
	}
	return newest
}
