package golang

import (
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/golang/toolchain"
)

// judgeModule refuses a program whose module or workspace, or whose sources, lie outside
// the project's root or are not regular files. It does so before the go command opens any
// of them: a pipe would make that wait for ever, and its messages quote what it reads.
func (b *builder) judgeModule(t *task) {
	key := t.module + "\x00" + t.settings.gowork
	m := b.modules[key]
	if m == nil {
		m = b.readModules(t.module, t.settings.gowork)
		b.modules[key] = m
	}
	for _, d := range m.problems {
		t.report(d)
	}
	if !t.failed() {
		for _, d := range b.sourceProblems(t.dir, m) {
			t.report(d)
		}
	}
}

// modules are a module or those of a workspace, and where the packages lie that they
// bring.
type modules struct {
	problems []analyzer.Diagnostic
	folders  map[string]string // absolute, by module path; only those inside the root
	vendor   string            // absolute; it may not exist
}

func (b *builder) readModules(module, gowork string) *modules {
	m := &modules{folders: map[string]string{}, problems: b.filesProblems(module, "go.mod", "go.sum", "vendor", "vendor/modules.txt")}
	if gowork == "off" {
		m.vendor = filepath.Join(module, "vendor")
		b.readModule(m, module)
		return m
	}
	home := filepath.Dir(gowork)
	m.vendor = filepath.Join(home, "vendor")
	m.problems = append(m.problems, b.filesProblems(home, filepath.Base(gowork), "go.work.sum", "vendor", "vendor/modules.txt")...)
	text, err := b.job.Files.Read(gowork, maxModFile)
	if err != nil {
		return m // the toolchain reports why
	}
	work, err := modfile.ParseWork(gowork, text, nil)
	if err != nil {
		return m
	}
	for _, use := range work.Use {
		if d, ok := b.folderProblem(gowork, use.Path, use.Syntax); !ok {
			m.problems = append(m.problems, d)
			continue
		}
		dir := within(home, use.Path)
		m.problems = append(m.problems, b.filesProblems(dir, "go.mod", "go.sum")...)
		b.readModule(m, dir)
	}
	b.readReplaces(m, gowork, work.Replace)
	return m
}

// readModule reads the go.mod of a folder.
func (b *builder) readModule(m *modules, dir string) {
	name := filepath.Join(dir, "go.mod")
	text, err := b.job.Files.Read(name, maxModFile)
	if err != nil {
		return // the toolchain reports why
	}
	mod, err := modfile.Parse(name, text, nil)
	if err != nil {
		return
	}
	if mod.Module != nil {
		m.folders[mod.Module.Mod.Path] = dir
	}
	b.readReplaces(m, name, mod.Replace)
}

func (b *builder) readReplaces(m *modules, file string, replaces []*modfile.Replace) {
	for _, r := range replaces {
		if r.New.Version != "" {
			continue // a module of the module cache
		}
		if d, ok := b.folderProblem(file, r.New.Path, r.Syntax); !ok {
			m.problems = append(m.problems, d)
			continue
		}
		dir := within(filepath.Dir(file), r.New.Path)
		m.problems = append(m.problems, b.filesProblems(dir, "go.mod")...)
		m.folders[r.Old.Path] = dir
	}
}

// sources is what the go command opens in a package's folder.
type sources struct {
	problems []analyzer.Diagnostic
	imports  []string
}

// sourceProblems judges the sources of a main package and of the packages of the project
// that it imports, whatever their build constraints: the go command opens all of them.
func (b *builder) sourceProblems(main string, m *modules) (found []analyzer.Diagnostic) {
	seen := map[string]bool{main: true}
	for next := []string{main}; len(next) > 0; next = next[1:] {
		s := b.sourcesOf(next[0])
		found = append(found, s.problems...)
		for _, importPath := range s.imports {
			for _, dir := range []string{m.folderOf(importPath), filepath.Join(m.vendor, filepath.FromSlash(importPath))} {
				if dir != "" && !seen[dir] {
					seen[dir] = true
					next = append(next, dir)
				}
			}
		}
	}
	return found
}

// folderOf is the absolute folder of a package of the project, "" for any other.
func (m *modules) folderOf(importPath string) string {
	for prefix := importPath; prefix != "."; prefix = path.Dir(prefix) {
		if dir, ok := m.folders[prefix]; ok {
			return filepath.Join(dir, filepath.FromSlash(strings.TrimPrefix(importPath, prefix)))
		}
	}
	return ""
}

func (b *builder) sourcesOf(dir string) *sources {
	if s := b.sources[dir]; s != nil {
		return s
	}
	s := &sources{}
	b.sources[dir] = s
	if s.problems = b.folderProblems(dir); len(s.problems) > 0 {
		return s
	}
	imports := map[string]bool{}
	for _, entry := range b.job.Files.List(dir) {
		if filepath.Ext(entry.Name()) != ".go" || strings.HasSuffix(entry.Name(), "_test.go") || entry.IsDir() {
			continue
		}
		for _, name := range b.importsOf(filepath.Join(dir, entry.Name())) {
			imports[name] = true
		}
	}
	s.imports = slices.Sorted(maps.Keys(imports))
	return s
}

// importsOf lists what a source imports. Most imports are in the first few kilobytes; the
// rest is read only if they are not.
func (b *builder) importsOf(name string) (imports []string) {
	for _, limit := range []int64{16 << 10, 16 << 20} {
		text, err := b.job.Files.Head(name, limit)
		if err != nil {
			return nil // the toolchain reports why
		}
		file, err := parser.ParseFile(token.NewFileSet(), "", text, parser.ImportsOnly)
		if err != nil && int64(len(text)) == limit || file == nil {
			continue
		}
		for _, spec := range file.Imports {
			if path, err := strconv.Unquote(spec.Path.Value); err == nil {
				imports = append(imports, path)
			}
		}
		return imports
	}
	return nil
}

// folderProblem judges a folder that a line of a go.mod or go.work names.
func (b *builder) folderProblem(file, named string, line *modfile.Line) (d analyzer.Diagnostic, ok bool) {
	_, err := b.job.Files.Judge(within(filepath.Dir(file), named))
	if !errors.Is(err, projectfs.ErrOutside) {
		return d, true // the toolchain reports a folder that is missing
	}
	at := analyzer.Position{File: b.relative(file), Line: line.Start.Line, Column: line.Start.LineRune}
	return projectfs.Refuse(err, named, at), false
}

// within resolves a path of a file in dir.
func within(dir, named string) string {
	named = filepath.FromSlash(named)
	if filepath.IsAbs(named) {
		return filepath.Clean(named)
	}
	return filepath.Join(dir, named)
}

// filesProblems judges files and folders that the go command reads in dir, if they exist.
func (b *builder) filesProblems(dir string, names ...string) (found []analyzer.Diagnostic) {
	for _, name := range names {
		at := filepath.Join(dir, filepath.FromSlash(name))
		place, err := b.job.Files.Judge(at)
		if err == nil && !place.Info.Mode().IsRegular() && !place.Info.IsDir() {
			err = projectfs.ErrIrregular
		}
		if errors.Is(err, projectfs.ErrOutside) || errors.Is(err, projectfs.ErrIrregular) {
			found = append(found, projectfs.Refuse(err, b.relative(at), analyzer.Position{File: b.relative(at)}))
		}
	}
	return found
}

// judgePackages judges the files of a program's packages. If one of them is refused, it
// alone is reported: messages about other files may quote its text.
func (b *builder) judgePackages(t *task, closure []*toolchain.Package) (refused bool) {
	var found []analyzer.Diagnostic
	for _, p := range closure {
		if p.Standard || p.Dir == "" {
			continue
		}
		if b.cached(p.Dir) {
			found = append(found, b.includeProblems(p)...)
			continue
		}
		outside := b.folderProblems(p.Dir)
		if len(outside) == 0 {
			outside = append(b.includeProblems(p), b.embedProblems(t, p)...)
		}
		found = append(found, outside...)
	}
	for _, d := range found {
		if d.Severity == analyzer.Refused {
			refused = true
		}
	}
	for _, d := range found {
		if !refused || d.Severity == analyzer.Refused {
			t.report(d)
		}
	}
	return refused
}

// openCache returns the files of the module cache.
func openCache(dir string) *projectfs.FS {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	return projectfs.New(dir, projectfs.Allowances{})
}

// cached reports whether a folder is in the module cache. Modules hold no links, and
// the go command has checked their sums.
// Source: go.dev/ref/mod#zip-path-size-constraints
func (b *builder) cached(dir string) bool {
	return b.tools.ModCache != "" && projectfs.Within(b.tools.ModCache, dir) && !projectfs.Within(b.job.Project.Root, b.tools.ModCache)
}

// sourceExtensions are the extensions of files that the go command reads in a package's
// folder. Source: pkg.go.dev/cmd/go/internal/list and go/build
var sourceExtensions = map[string]bool{
	".go": true, ".c": true, ".cc": true, ".cpp": true, ".cxx": true, ".m": true, ".h": true, ".hh": true, ".hpp": true,
	".hxx": true, ".f": true, ".F": true, ".for": true, ".f90": true, ".s": true, ".S": true, ".sx": true, ".swig": true,
	".swigcxx": true, ".syso": true,
}

// folderProblems judges the sources in a package's folder, also those that the build
// leaves out: the go command looks into them too.
func (b *builder) folderProblems(dir string) []analyzer.Diagnostic {
	if _, err := b.job.Files.Judge(dir); errors.Is(err, projectfs.ErrOutside) {
		return []analyzer.Diagnostic{projectfs.Refuse(err, b.relative(dir), analyzer.Position{File: b.relative(dir)})}
	}
	return b.entriesProblems(dir, b.job.Files.List(dir))
}

func (b *builder) entriesProblems(dir string, entries []fs.DirEntry) (found []analyzer.Diagnostic) {
	for _, entry := range entries {
		if sourceExtensions[filepath.Ext(entry.Name())] && !entry.Type().IsRegular() && !entry.IsDir() {
			found = append(found, b.filesProblems(dir, entry.Name())...)
		}
	}
	return found
}

// includes matches an include of the assembler, which prints lines of what it includes.
var includes = regexp.MustCompile(`(?m)^[ \t]*#[ \t]*include[ \t]*[<"]([^>"\n]+)[>"]`)

// maxAssembly limits what is read of a file of assembly.
const maxAssembly = 16 << 20

// includeProblems judges what the assembly of a package includes. C files are not looked
// into: with cgo, the C compiler is trusted with them.
func (b *builder) includeProblems(p *toolchain.Package) (found []analyzer.Diagnostic) {
	files := b.job.Files
	if b.cached(p.Dir) {
		files = b.cache
	}
	for _, name := range slices.Concat(p.SFiles, p.HFiles) {
		file := filepath.Join(p.Dir, name)
		text, err := files.Read(file, maxAssembly)
		if err != nil {
			continue // the toolchain reports why
		}
		for _, match := range includes.FindAllSubmatchIndex(text, -1) {
			named := string(text[match[2]:match[3]])
			_, err := files.Judge(within(p.Dir, named))
			if !errors.Is(err, projectfs.ErrOutside) {
				continue
			}
			line := 1 + strings.Count(string(text[:match[2]]), "\n")
			found = append(found, projectfs.Refuse(err, named, analyzer.Position{File: b.relative(file), Line: line}))
		}
	}
	return found
}

// embedProblems judges the files that a package of the project embeds. A secret that a
// pattern or a folder finds is refused. One that is named is packed with a warning.
func (b *builder) embedProblems(t *task, p *toolchain.Package) (found []analyzer.Diagnostic) {
	for _, name := range p.EmbedFiles {
		file := filepath.Join(p.Dir, filepath.FromSlash(name))
		place, err := b.job.Files.Judge(file)
		if err != nil {
			if !errors.Is(err, fs.ErrNotExist) {
				found = append(found, projectfs.Refuse(err, name, b.embedPosition(p, name)))
			}
			continue
		}
		rel := b.relative(file)
		secret := packager.Secret(b.job.Files, place, rel)
		if secret.What == "" {
			continue
		}
		d := analyzer.Diagnostic{
			Code: "secret", Severity: analyzer.Refused, Position: b.embedPosition(p, name),
			Message: fmt.Sprintf("//go:embed would pack %s, which %s", rel, secret.What),
			Hint:    "narrow the pattern, or name the file exactly if it must be in the program",
		}
		switch {
		case packager.SecretAllowed(t.function, rel):
			d.Severity, d.Message, d.Hint = analyzer.Note, fmt.Sprintf("%s is packed and %s; build.allowSecrets allows it", rel, secret.What), ""
		case slices.ContainsFunc(p.EmbedPatterns, func(pattern string) bool { return exactly(pattern) == name }):
			d.Severity, d.Message = analyzer.Warning, fmt.Sprintf("%s is packed and %s", rel, secret.What)
			d.Hint = "anyone who can read the function's code can read it"
		}
		found = append(found, d)
	}
	return found
}

// exactly is the path that a pattern of //go:embed names.
func exactly(pattern string) string { return strings.TrimPrefix(pattern, "all:") }

// embedPosition finds the line that embeds a file: the one that names it, or a folder of
// it, or else the first one.
func (b *builder) embedPosition(p *toolchain.Package, name string) analyzer.Position {
	var first analyzer.Position
	for _, source := range slices.Concat(p.GoFiles, p.CgoFiles) {
		file := filepath.Join(p.Dir, source)
		text, err := b.job.Files.Read(file, maxAssembly)
		if err != nil {
			continue
		}
		for i, line := range strings.Split(string(text), "\n") {
			patterns, ok := strings.CutPrefix(line, "//go:embed ")
			if !ok {
				continue
			}
			at := analyzer.Position{File: b.relative(file), Line: i + 1, Column: 1}
			if first.Line == 0 {
				first = at
			}
			for _, pattern := range strings.Fields(patterns) {
				if matched, _ := filepath.Match(exactly(pattern), name); matched || strings.HasPrefix(name, exactly(pattern)+"/") {
					return at
				}
			}
		}
	}
	return first
}
