package gobin

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/featherpack/featherpack/analyzer"
)

// Options say how the programs are built. The zero value is a build for this machine
// without tags.
type Options struct {
	// GOOS and GOARCH are the target. If empty, the environment's values are used.
	GOOS, GOARCH string
	Tags         []string
	CGO          bool
	// Flags are additional flags of go build and go list, such as "-mod=vendor".
	Flags []string
	// Env replaces the process's environment when it is not nil.
	Env []string
	// Root is the folder that positions are relative to. If it is empty, the dir of
	// [Load] is used.
	Root string
	// By selects one source. If it is empty, the first source with an answer is used.
	By Source
	// Progress is called at the start of each stage. It may be nil. A symbol of a big
	// program takes tens of seconds.
	Progress func(stage string)
}

// Programs are main packages and the packages that they import, as the go command
// lists them, without their source.
type Programs struct {
	ctx     context.Context
	dir     string
	options Options
	// mains are the import paths of the main packages, sorted.
	mains    []string
	packages map[string]*Package
	// goos and goarch are the target of the build.
	goos, goarch string
	// places caches the positions of imports.
	places map[[2]string]analyzer.Position
	// compiled is the SSA form of the programs, or nil until calls are followed.
	compiled *compiled
	// folders are the toolchain's folders, which are removed from messages.
	folders []string
}

// Package is one package of the programs.
type Package struct {
	Path    string
	Name    string   // in its package clauses
	Imports []string // import paths, sorted
	Files   []string // absolute
	Ignored []string // files that build constraints exclude, absolute
	Embeds  []string // embedded files, absolute
	// Own marks the project's packages: those of the main modules, and of modules that
	// are replaced by folders.
	Own bool
	// Module and Version are empty for the standard library. ModuleDir is the
	// module's folder.
	Module, Version, ModuleDir string
}

// Load lists the main packages that match a pattern, such as "./cmd/orders" or
// "./...", and the packages that they import. It refuses settings that would make
// the go command run a program that the project chooses. Errors are of type
// [analyzer.Diagnostic], or those of the context.
func Load(ctx context.Context, dir, pattern string, o Options) (*Programs, error) {
	o.Root = cmp.Or(o.Root, dir)
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	p := &Programs{ctx: ctx, dir: dir, options: o, packages: map[string]*Package{}, places: map[[2]string]analyzer.Position{}}
	if err := p.refuseTools(); err != nil {
		return nil, err
	}
	o.Progress("reading packages")
	if err := p.list(pattern); err != nil {
		return nil, err
	}
	return p, nil
}

// refuseTools reads the go command's settings, and refuses those that would make it
// run a program that the project chooses.
func (p *Programs) refuseTools() error {
	cmd := exec.CommandContext(p.ctx, "go", "env", "GOOS", "GOARCH", "GOFLAGS", "GOMODCACHE", "GOROOT")
	cmd.Dir, cmd.Env = p.dir, p.env()
	out, err := cmd.Output()
	if err != nil {
		return p.goError(err)
	}
	values := append(strings.Split(string(out), "\n"), make([]string, 5)...)
	p.goos, p.goarch, p.folders = values[0], values[1], values[3:5]
	for _, flag := range append(strings.Fields(values[2]), p.options.Flags...) {
		name, _, _ := strings.Cut(strings.TrimLeft(flag, `'"-`), "=")
		if name == "toolexec" || name == "overlay" {
			return analyzer.Diagnostic{Code: "go-flag-refused", Severity: analyzer.Refused,
				Message: "GOFLAGS sets -" + name, Hint: "unset it for this command"}
		}
	}
	return nil
}

// env returns the go command's environment.
func (p *Programs) env() []string {
	env := p.options.Env
	if env == nil {
		env = os.Environ()
	}
	// No toolchain is downloaded, and only the go command lists packages. Otherwise
	// the program in GOPACKAGESDRIVER, or gopackagesdriver on PATH, would be run.
	env = append(slices.Clone(env), "GOTOOLCHAIN=local", "GOPACKAGESDRIVER=off")
	for _, kv := range [][2]string{{"GOOS", p.options.GOOS}, {"GOARCH", p.options.GOARCH}} {
		if kv[1] != "" {
			env = append(env, kv[0]+"="+kv[1])
		}
	}
	if p.options.CGO {
		return append(env, "CGO_ENABLED=1")
	}
	return append(env, "CGO_ENABLED=0")
}

// config returns the configuration to load the programs.
func (p *Programs) config(mode packages.LoadMode) *packages.Config {
	flags := slices.Clone(p.options.Flags)
	if len(p.options.Tags) > 0 {
		flags = append(flags, "-tags="+strings.Join(p.options.Tags, ","))
	}
	return &packages.Config{Context: p.ctx, Mode: mode, Dir: p.dir, Env: p.env(), BuildFlags: flags}
}

// list reads the packages and their imports, without source.
func (p *Programs) list(pattern string) error {
	listed, err := packages.Load(p.config(packages.NeedName|packages.NeedImports|packages.NeedDeps|packages.NeedFiles|
		packages.NeedCompiledGoFiles|packages.NeedModule|packages.NeedEmbedFiles), pattern)
	if err != nil {
		if p.ctx.Err() != nil {
			return p.ctx.Err()
		}
		return analyzer.Diagnostic{
			Code: "go-list", Severity: analyzer.Error, Message: "the go command could not list the packages: " + p.clean(err.Error()),
			Hint: "run `go list " + pattern + "` in the function's module and fix its error",
		}
	}
	var failed error
	packages.Visit(listed, func(l *packages.Package) bool {
		n := &Package{Path: l.PkgPath, Name: l.Name, Files: l.CompiledGoFiles, Ignored: l.IgnoredFiles, Embeds: l.EmbedFiles}
		if l.Module != nil {
			n.Module, n.Version, n.ModuleDir = l.Module.Path, l.Module.Version, l.Module.Dir
			n.Own = l.Module.Main || l.Module.Replace != nil && l.Module.Replace.Version == ""
			if r := l.Module.Replace; r != nil {
				n.Version, n.ModuleDir = r.Version, r.Dir
			}
		}
		for _, to := range l.Imports {
			n.Imports = append(n.Imports, to.PkgPath)
		}
		slices.Sort(n.Imports)
		p.packages[l.PkgPath] = n
		return true
	}, func(l *packages.Package) {
		if len(l.Errors) > 0 && failed == nil {
			failed = p.loadError(p.packages[l.PkgPath], l.Errors[0])
		}
	})
	if failed != nil {
		return failed
	}
	for _, l := range listed {
		if l.Name == "main" {
			p.mains = append(p.mains, l.PkgPath)
		}
	}
	if len(p.mains) == 0 {
		return analyzer.Diagnostic{
			Code: "no-main-package", Severity: analyzer.Error, Message: fmt.Sprintf("%s matches no main package", pattern),
			Hint: "name the folder that holds the function's func main",
		}
	}
	slices.Sort(p.mains)
	return nil
}

// Mains returns the import paths of the main packages, sorted. There is at least one.
func (p *Programs) Mains() []string { return p.mains }

// Package returns the package with an import path, or nil if no program imports it.
func (p *Programs) Package(path string) *Package { return p.packages[path] }

// Reached lists a program's packages, including the main package, the nearest first.
func (p *Programs) Reached(main string) []*Package {
	order, _ := p.walk(main)
	out := make([]*Package, len(order))
	for i, path := range order {
		out[i] = p.packages[path]
	}
	return out
}

// Own lists the project's own packages of a program, by path: those of the main
// package's module, and of modules that are replaced by folders.
func (p *Programs) Own(main string) []*Package {
	out := slices.DeleteFunc(p.Reached(main), func(n *Package) bool { return !n.Own && n.Path != main })
	slices.SortFunc(out, func(a, b *Package) int { return cmp.Compare(a.Path, b.Path) })
	return out
}

// TagSet reports whether a build tag is set in the build.
func (p *Programs) TagSet(tag string) bool {
	o := p.options
	return slices.Contains(o.Tags, tag) || tag == p.goos || tag == p.goarch || tag == "gc" || tag == "cgo" && o.CGO ||
		tag == "unix" && p.goos == "linux" || strings.HasPrefix(tag, "go1.")
}

// Syntax loads the source and types of packages, by import path. For their imports it
// loads only types, from the compiler's export data. The flags are added to the go
// command's.
func (p *Programs) Syntax(flags []string, paths ...string) ([]*packages.Package, error) {
	config := p.config(packages.LoadSyntax | packages.NeedModule)
	config.BuildFlags = slices.Concat(p.options.Flags, flags, config.BuildFlags[len(p.options.Flags):])
	loaded, err := packages.Load(config, paths...)
	if err != nil {
		return nil, analyzer.Diagnostic{Code: "go-list", Severity: analyzer.Error,
			Message: "the go command could not load the packages: " + p.clean(err.Error())}
	}
	return loaded, nil
}

// FileName returns the name of a file for messages. It is relative to the root for
// files below it. Others begin with the module and version, or the package, as in a
// program built with -trimpath. It never contains a path of this machine.
func (p *Programs) FileName(of *Package, file string) string {
	if root, err := filepath.Abs(p.options.Root); err == nil {
		if resolved, err := filepath.EvalSymlinks(root); err == nil {
			root = resolved
		}
		if rel, ok := analyzer.Within(root, file); ok {
			return rel
		}
	}
	if of.Module != "" {
		if rel, ok := analyzer.Within(of.ModuleDir, file); ok {
			if of.Version == "" {
				return path.Join(of.Module, rel)
			}
			return path.Join(of.Module+"@"+of.Version, rel)
		}
	}
	return path.Join(of.Path, filepath.Base(file))
}

// Place returns a position with the file's name from [Programs.FileName].
func (p *Programs) Place(of *Package, file string, line, column int) analyzer.Position {
	return analyzer.Position{File: p.FileName(of, file), Line: line, Column: column}
}

// goError returns the diagnostic for a failed run of the go command.
func (p *Programs) goError(err error) error {
	if p.ctx.Err() != nil {
		return p.ctx.Err()
	}
	d := analyzer.Diagnostic{Code: "go-list", Severity: analyzer.Error, Message: "the go command could not be run in the function's folder",
		Hint: "check that the folder exists and that its go.mod names a Go version that is installed"}
	var exit *exec.ExitError
	switch {
	case errors.Is(err, exec.ErrNotFound):
		d.Code, d.Message = "no-go-toolchain", "there is no go command on PATH"
		d.Hint = "install Go from https://go.dev/dl and put it on PATH"
	case errors.As(err, &exit) && len(exit.Stderr) > 0:
		d.Message = "the go command failed: " + p.clean(string(exit.Stderr))
	}
	return d
}

// loadError returns the diagnostic for an error of the go command, with its position.
func (p *Programs) loadError(n *Package, e packages.Error) error {
	d := analyzer.Diagnostic{
		Code: "go-list", Severity: analyzer.Error, Message: p.clean(e.Msg),
		Hint: "build the program with go build first; its errors are the same",
	}
	// The go command's positions are file:line:column. The file is absolute or
	// relative to its working directory.
	parts := strings.Split(e.Pos, ":")
	if len(parts) == 3 {
		file := parts[0]
		if !filepath.IsAbs(file) {
			file = filepath.Join(p.dir, file)
		}
		line, _ := strconv.Atoi(parts[1])
		column, _ := strconv.Atoi(parts[2])
		d.Position = p.Place(n, file, line, column)
	}
	return d
}

// clean returns the first line of a message of the go command, without credentials,
// folders of this machine, and the commands that it suggests.
func (p *Programs) clean(s string) string {
	s = SecretsOf(p.env()).Hide(s)
	_, message, wrapped := strings.Cut(s, "stderr: ")
	if wrapped {
		s = message
	}
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n")
	s, _, _ = strings.Cut(s, "; to add")
	for _, dir := range []string{p.options.Root, p.dir} {
		if abs, err := filepath.Abs(dir); err == nil {
			s = strings.ReplaceAll(s, abs+string(filepath.Separator), "")
			s = strings.ReplaceAll(s, abs, ".")
		}
	}
	for _, dir := range p.folders {
		if dir != "" {
			s = strings.ReplaceAll(s, dir+string(filepath.Separator), "")
		}
	}
	return s
}
