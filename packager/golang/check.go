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
	"github.com/featherpack/featherpack/packager/golang/toolchain"
)

// check reports what is wrong with a linked program: it would not respond to Lambda,
// would not load there, or reads build information that these builds do not have.
func (b *builder) check(t *task) {
	if t.program == nil || t.failed() {
		return
	}
	known := t.program.facts
	if known.Unread != "" {
		t.report(unread(known.Unread))
	}
	if !known.Runtime {
		t.report(b.noRuntimeLoop(t))
	}
	if known.BuildInfo && b.readsBuildInfo(t) {
		t.report(analyzer.Diagnostic{
			Code: "build-info", Severity: analyzer.Note,
			Message: "the program reads its build information, but -buildvcs=false removes vcs.revision and -trimpath removes folders",
			Hint:    "pass the values it needs with ldflags: [\"-X main.version=...\"]",
		})
	}
	for _, d := range checkDynamics(t.function, known.Links) {
		t.report(d)
	}
}

const lambdaPackage = "github.com/aws/aws-lambda-go/lambda"

// noRuntimeLoop returns the diagnostic for a program that does not use the Lambda
// runtime API. It is a warning if a layer may do so for the program, as the Lambda
// Web Adapter does; otherwise it is an error.
func (b *builder) noRuntimeLoop(t *task) analyzer.Diagnostic {
	d := analyzer.Diagnostic{
		Code: "no-lambda-loop", Severity: analyzer.Error,
		Message: "the program never requests events from Lambda, so it would not respond to any",
		Hint:    "call lambda.Start(handler) from " + lambdaPackage + " in main",
	}
	if slices.ContainsFunc(t.closure, func(p *toolchain.Package) bool { return p.ImportPath == lambdaPackage }) {
		d.Message = "the program imports aws-lambda-go but never calls lambda.Start, so it would not respond to any event"
		d.Hint = "call lambda.Start(handler) in main; aws-lambda-go before v1.18.0 only supports the runtime go1.x"
	}
	if len(t.function.Layers) > 0 || t.function.Environment["AWS_LAMBDA_EXEC_WRAPPER"] != "" {
		d.Severity = analyzer.Warning
		d.Hint = "ignore this if a layer requests events for the program; otherwise " + d.Hint
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

// readsBuildInfo reports whether the project's own code uses ReadBuildInfo. Uses in
// libraries do not matter.
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

// dynamics lists what the dynamic loader needs to start a program.
type dynamics struct {
	Interpreter string   `json:"interpreter,omitempty"`
	Libraries   []string `json:"libraries,omitempty"`
	// Versions are the required symbol versions, such as GLIBC_2.34.
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

// glibcOf maps a runtime to the minor version of its glibc 2.x.
// https://docs.aws.amazon.com/linux/al2023/ug/compare-with-al2.html
var glibcOf = map[string]int{"provided.al2": 26, "provided.al2023": 34}

// glibc lists the libraries that are part of glibc, and so of every runtime.
var glibc = []string{
	"libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1", "libresolv.so.2", "libutil.so.1",
	"libnss_files.so.2", "libnss_dns.so.2", "libanl.so.1", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1",
}

// checkDynamics reports the libraries and versions that the runtime does not have.
func checkDynamics(f analyzer.Function, links dynamics) []analyzer.Diagnostic {
	if links.Unread {
		return []analyzer.Diagnostic{{Code: "not-elf", Severity: analyzer.Error, Message: "the linked program is not an ELF executable"}}
	}
	var out []analyzer.Diagnostic
	if links.Interpreter != "" && !f.Build.CGO {
		out = append(out, analyzer.Diagnostic{
			Code: "dynamic-program", Severity: analyzer.Warning,
			Message: "the program is dynamically linked, but cgo is off",
			Hint:    "remove flags such as -buildmode and -linkmode from GOFLAGS",
		})
	}
	if strings.Contains(links.Interpreter, "ld-musl") {
		out = append(out, analyzer.Diagnostic{
			Code: "dynamic-library", Severity: analyzer.Error,
			Message: "the program is linked against musl, but Lambda's runtimes have glibc",
			Hint:    "link it statically: ldflags: [\"-linkmode=external -extldflags=-static\"]",
		})
	}
	for _, library := range links.Libraries {
		if slices.Contains(glibc, library) || slices.Contains(f.Build.External, library) || packedByPattern(f, library) {
			continue
		}
		d := analyzer.Diagnostic{
			Code: "dynamic-library", Severity: analyzer.Error, Position: f.Position,
			Message: fmt.Sprintf("the program loads %s, which %s does not have", library, runtimeName(f)),
			Hint:    fmt.Sprintf("link it statically, add a pattern that ends in %s, or list it under external if a layer contains it", library),
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
				Message: fmt.Sprintf("the program needs glibc 2.%d, but %s has 2.%d", needs, runtimeName(f), has),
				Hint:    "build on a system with that glibc or an older one, or link it statically",
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

// packedByPattern reports whether a pattern includes a file with the library's name.
func packedByPattern(f analyzer.Function, library string) bool {
	return slices.ContainsFunc(f.Patterns, func(p analyzer.Pattern) bool {
		return !p.Exclude && path.Base(p.Glob) == library
	})
}

// newestGlibc returns the newest required minor version of glibc, or 0 for none.
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
