package golang

import (
	"fmt"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/golang/toolchain"
)

// checkCgo reports packages that are built without their C code because cgo is off. Some
// replace it with Go code, which is a warning. Others replace it with stubs that only
// return an error, such as github.com/mattn/go-sqlite3, which is an error here.
func (b *builder) checkCgo(t *task) {
	if t.settings.cgo {
		return
	}
	if os.Getenv("CGO_ENABLED") == "1" {
		t.report(analyzer.Diagnostic{
			Code: "cgo-off", Severity: analyzer.Warning, Position: t.function.Position,
			Message: "CGO_ENABLED=1 in the environment has no effect: a function's program is built without cgo",
			Hint:    "set cgo: true under build if the function needs C code, otherwise unset the variable",
		})
	}
	for _, p := range t.closure {
		if p.Standard {
			continue
		}
		own := *p
		own.IgnoredGoFiles = nil
		for _, name := range p.IgnoredGoFiles {
			if forLinux(name, t.settings.goarch) && t.settings.matchesWithCgo(filepath.Join(p.Dir, name)) {
				own.IgnoredGoFiles = append(own.IgnoredGoFiles, name)
			}
		}
		file, line := importsC(&own)
		if file == "" {
			continue
		}
		d := analyzer.Diagnostic{
			Code: "cgo-off", Severity: analyzer.Warning, Position: t.function.Position,
			Message: fmt.Sprintf("%s is built without its C code (%s), because cgo is off", p.ImportPath, filepath.Base(file)),
			Hint:    cgoHint,
		}
		if p.Module == nil || p.Module.Main {
			d.Position = analyzer.Position{File: b.relative(file), Line: line, Column: 1}
		}
		if text := stub(p); text != "" {
			d.Code, d.Severity = "cgo-needed", analyzer.Error
			d.Message = fmt.Sprintf("%s needs cgo, which is off: without it, the package only reports %q", p.ImportPath, text)
		}
		t.report(d)
	}
}

// stub returns the text in which a package's files for builds without cgo say that they
// need it, "" if there is none.
func stub(p *toolchain.Package) string {
	for _, name := range p.GoFiles {
		file := filepath.Join(p.Dir, name)
		source, err := readStart(file, 1<<20)
		if err != nil || !withoutCgo(string(source)) {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, source, parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		found := ""
		ast.Inspect(parsed, func(n ast.Node) bool {
			if text, ok := n.(*ast.BasicLit); ok && text.Kind == token.STRING && found == "" && strings.Contains(strings.ToLower(text.Value), "cgo") {
				found = strings.Trim(text.Value, "`\"")
			}
			return found == ""
		})
		if found != "" {
			return found
		}
	}
	return ""
}

// withoutCgo reports whether a file's build constraint excludes it if cgo is on.
func withoutCgo(source string) bool {
	expr := constraintOf(source)
	if expr == nil {
		return false
	}
	with := func(cgo bool) bool { return expr.Eval(func(tag string) bool { return tag != "cgo" || cgo }) }
	return with(false) && !with(true)
}

// matchesWithCgo reports whether a file would be built if cgo were on.
func (s settings) matchesWithCgo(file string) bool {
	source, err := readStart(file, 64<<10)
	if err != nil {
		return false
	}
	expr := constraintOf(string(source))
	return expr == nil || expr.Eval(func(tag string) bool {
		return slices.Contains([]string{"linux", "unix", "cgo", "gc", s.goarch}, tag) || strings.HasPrefix(tag, "go1.") ||
			slices.Contains(strings.Split(s.tags, ","), tag)
	})
}

// constraintOf returns a source's build constraint, nil if it has none.
func constraintOf(source string) constraint.Expr {
	for line := range strings.Lines(source) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "package ") {
			return nil
		}
		if constraint.IsGoBuild(line) {
			expr, _ := constraint.Parse(line) // nil if it is invalid
			return expr
		}
	}
	return nil
}

// forLinux reports whether a file's name does not restrict it to another system or
// architecture. Source: pkg.go.dev/cmd/go#hdr-Build_constraints
func forLinux(name, goarch string) bool {
	parts := strings.Split(strings.TrimSuffix(name, ".go"), "_")
	for _, part := range parts[1:] {
		switch part {
		case "test", "windows", "darwin", "freebsd", "netbsd", "openbsd", "dragonfly", "solaris", "illumos", "aix", "android", "ios", "js", "wasip1", "plan9":
			return false
		case "amd64", "arm64", "386", "arm", "ppc64", "ppc64le", "mips", "mipsle", "mips64", "mips64le", "riscv64", "s390x", "loong64", "wasm":
			if part != goarch {
				return false
			}
		}
	}
	return true
}
