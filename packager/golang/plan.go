package golang

import (
	"fmt"
	"go/version"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/goflags"
)

// plan finds a function's package folder, its module or workspace, and its settings.
func (b *builder) plan(t *task) {
	f := t.function
	if f.Runtime == "go1.x" {
		t.report(analyzer.Diagnostic{
			Code: "runtime-gone", Severity: analyzer.Error, Position: f.Position,
			Message: "Lambda no longer supports the runtime go1.x",
			Hint:    "use provided.al2023",
		})
		return
	}
	dir, err := b.packageFolder(f)
	if err != nil {
		t.report(asDiagnostic(err))
		return
	}
	t.dir = dir
	t.module = b.above(dir, "go.mod")
	if t.module == "" {
		t.report(analyzer.Diagnostic{
			Code: "no-go-module", Severity: analyzer.Error, Position: f.Position,
			Message: fmt.Sprintf("there is no go.mod in %s or above it", b.relative(dir)),
			Hint:    "run `go mod init NAME && go mod tidy` in the service's folder",
		})
		return
	}
	s := settings{command: b.job.GoCommand, home: t.module, gowork: "off", cgo: f.Build.CGO}
	if s.gowork = b.workspace(t.module); s.gowork != "off" {
		s.home = filepath.Dir(s.gowork)
	}
	t.settings = s
	if b.judgeModule(t); t.failed() {
		return
	}
	switch f.Architecture {
	case "", "x86_64":
		s.goarch = "amd64"
	case "arm64":
		s.goarch = "arm64"
	default:
		t.report(analyzer.Diagnostic{
			Code: "architecture", Severity: analyzer.Error, Position: f.Position,
			Message: fmt.Sprintf("%q is not a Lambda architecture", f.Architecture),
			Hint:    "use x86_64 or arm64",
		})
		return
	}

	user := readGoflags(b.tools.GOFLAGS, b.job.AllowGoflags)
	for _, d := range user.diagnostics {
		t.report(d)
	}
	if s.tags, err = mergeTags(user.tags, f.Build.Tags); err != nil {
		t.report(asDiagnostic(err))
	}
	if s.ldflags, t.linkerNames, err = checkLDFlags(append(user.ldflags, f.Build.LDFlags...), s.cgo, b.job.AllowGoflags); err != nil {
		t.report(asDiagnostic(err))
	}
	if s.flags, err = goflags.Join(user.passed); err != nil {
		t.report(analyzer.Diagnostic{Code: "goflags", Severity: analyzer.Error, Message: "GOFLAGS cannot be quoted: " + err.Error()})
	}
	t.settings = s
	b.checkToolchainLine(t)
}

// packageFolder returns the absolute folder of a function's main package, with
// symlinks resolved. It is always below the root.
func (b *builder) packageFolder(f analyzer.Function) (string, error) {
	entry := path.Clean(f.Entry)
	if f.Entry == "" || !fs.ValidPath(entry) || strings.ContainsAny(entry, "\x00\\") {
		return "", analyzer.Diagnostic{
			Code: "outside-root", Severity: analyzer.Refused, Position: f.Position,
			Message: fmt.Sprintf("the entry %q is not a folder below the project's root", f.Entry),
			Hint:    "name the folder of a main package, such as ./cmd/ingest",
		}
	}
	if strings.HasSuffix(entry, ".go") {
		entry = path.Dir(entry)
	}
	missing := analyzer.Diagnostic{
		Code: "missing-entry", Severity: analyzer.Error, Position: f.Position,
		Message: fmt.Sprintf("the folder %s does not exist", entry),
		Hint:    "name the folder of a main package, such as ./cmd/ingest",
	}
	dir, err := filepath.EvalSymlinks(filepath.Join(b.job.Project.Root, filepath.FromSlash(entry)))
	if err != nil {
		return "", missing
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return "", missing
	}
	if _, ok := analyzer.Within(b.job.Project.Root, dir); !ok {
		return "", analyzer.Diagnostic{
			Code: "outside-root", Severity: analyzer.Refused, Position: f.Position,
			Message: fmt.Sprintf("the entry %s is outside the project's root: a symlink leads there", entry),
			Hint:    "move the package below the root",
		}
	}
	return dir, nil
}

// relative turns an absolute path into the form that diagnostics use.
func (b *builder) relative(name string) string {
	if rel, ok := analyzer.Within(b.job.Project.Root, name); ok {
		return rel
	}
	return b.tools.Clean(filepath.ToSlash(name))
}

// above returns the nearest folder, from dir up to the root, that contains a regular
// file of that name, or "".
func (b *builder) above(dir, name string) string {
	for {
		if _, ok := analyzer.Within(b.job.Project.Root, dir); !ok {
			return ""
		}
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && info.Mode().IsRegular() {
			return dir
		}
		dir = filepath.Dir(dir)
	}
}

// workspace returns the go.work that uses a module, or "off". If a go.work does not
// use the module, the module is built by itself; the go command would fail. A
// go.work above the root is ignored, because it differs between machines.
func (b *builder) workspace(module string) string {
	if b.tools.GOWORK == "off" {
		return "off"
	}
	file := b.tools.GOWORK
	if file == "" {
		dir := b.above(module, "go.work")
		if dir == "" {
			return "off"
		}
		file = filepath.Join(dir, "go.work")
	}
	work, ok := b.works[file]
	if !ok {
		work = readWork(file)
		b.works[file] = work
	}
	if work.unreadable || slices.Contains(work.uses, module) {
		return file
	}
	return "off"
}

// workFile holds the absolute folders that a go.work uses.
type workFile struct {
	uses       []string
	unreadable bool // the toolchain then reports why
}

func readWork(file string) workFile {
	text, err := readStart(file, maxModFile)
	if err != nil {
		return workFile{unreadable: true}
	}
	work, err := modfile.ParseWork(file, text, nil)
	if err != nil {
		return workFile{unreadable: true}
	}
	var out workFile
	for _, u := range work.Use {
		dir := filepath.FromSlash(u.Path)
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(filepath.Dir(file), dir)
		}
		out.uses = append(out.uses, filepath.Clean(dir))
	}
	return out
}

// checkToolchainLine warns if a go.mod or go.work requests a newer toolchain than
// the installed one. The go line needs no check here: a toolchain that is too old
// for it refuses to build.
func (b *builder) checkToolchainLine(t *task) {
	name := t.settings.modFile()
	text, err := readStart(name, maxModFile)
	if err != nil {
		return // the toolchain reports why
	}
	var line *modfile.Toolchain
	if t.settings.gowork != "off" {
		if work, err := modfile.ParseWork(name, text, nil); err == nil {
			line = work.Toolchain
		}
	} else if mod, err := modfile.Parse(name, text, nil); err == nil {
		line = mod.Toolchain
	}
	if line == nil || version.Compare(line.Name, b.tools.Version) <= 0 {
		return
	}
	t.report(analyzer.Diagnostic{
		Code: "go-toolchain-line", Severity: analyzer.Warning,
		Position: analyzer.Position{File: b.relative(name), Line: line.Syntax.Start.Line, Column: line.Syntax.Start.LineRune},
		Message:  fmt.Sprintf("the toolchain line requests %s, but the build uses %s", line.Name, b.tools.Version),
		Hint:     fmt.Sprintf("put %s first on PATH; featherpack never downloads a toolchain", line.Name),
	})
}

// maxModFile is the most that is read of a go.mod or go.work, in bytes.
const maxModFile = 1 << 20

// readStart reads at most limit bytes of a file.
func readStart(name string, limit int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, limit))
}
