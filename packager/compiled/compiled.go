package compiled

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/scratch"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/boot"
)

// Setting is the name of the build setting, also in reports.
const Setting = "codeCache"

// Mode is how code is compiled.
type Mode string

// The modes, as they are written in [FileName].
const (
	Off     Mode = "off"
	Plain   Mode = "compiled" // what V8 compiles without running the program
	Trimmed Mode = "trimmed"  // and the longer functions that run while the program loads
	Loaded  Mode = "loaded"   // and all functions that do
)

// longer is the number of characters from which [Trimmed] takes functions.
const longer = 300

// Input is what a decision is about.
type Input struct {
	Function analyzer.Function
	// Digest is that of the program, "sha256:" and hexadecimal digits.
	Digest string
}

// Add puts compiled code beside the program of a Node bundle, where the function's
// settings ask for that. If they say auto, decide answers; otherwise the best code that
// can be made is taken. A bundle that cannot be started that way stays as it is and gets
// a note. It gets an error if this machine cannot make the code, since the same input
// must give the same zip everywhere.
func Add(ctx context.Context, b *packager.Bundle, decide func(Input) (Mode, *analyzer.Diagnostic), o boot.Options) {
	f := b.Function
	if f.Build.CodeCache == "" || f.Family != analyzer.Node || b.Failed() || len(b.Files) == 0 {
		return
	}
	mode := Loaded
	if f.Build.CodeCache == "auto" {
		var d *analyzer.Diagnostic
		mode, d = decide(Input{f, fmt.Sprintf("sha256:%x", sha256.Sum256(b.Files[0].Content))})
		if d != nil {
			d.Function = b.ID
			b.Diagnostics = analyzer.SortDiagnostics(append(b.Diagnostics, *d))
		}
		if mode == Off {
			return
		}
	}
	if reason := unfit(*b); reason != "" {
		tell(b, analyzer.Note, "", "ships without compiled code: "+reason)
		return
	}
	compilers, err := findCompilers(ctx, f, o)
	if err != nil {
		tell(b, analyzer.Error, "build on a machine that has it, or set codeCache: off for this function",
			fmt.Sprintf("its compiled code cannot be made: %s", err))
		return
	}
	p, reason := split(b.Files)
	if p.evaluates && strings.HasPrefix(f.Runtime, "nodejs20.") {
		reason = "it holds text that may be evaluated and then calls import(), which Node 20 cannot do in compiled code"
	}
	if reason != "" {
		tell(b, analyzer.Note, "", "ships without compiled code: "+reason)
		return
	}
	var codes []made
	for _, c := range compilers {
		code, err := p.compile(ctx, *b, c, mode)
		if err != nil {
			tell(b, analyzer.Error, "set codeCache: off for this function", fmt.Sprintf("its compiled code cannot be made: %s", err))
			return
		}
		if code.note != "" {
			tell(b, analyzer.Note, "", "the compiled code holds only what V8 compiles at once: "+code.note)
		}
		codes = append(codes, code)
	}
	if p.evaluates {
		tell(b, analyzer.Note, "", "if text that it evaluates calls import(), Node warns once of an experimental feature")
	}
	p.join(b, codes)
	tell(b, analyzer.Note, afterUpdate, fits(f, codes))
}

// afterUpdate is the hint about what happens when Lambda updates a runtime.
const afterUpdate = `under any other Node it starts without and logs "compiled code not used", with both versions; ` +
	`look for that after Lambda has updated its runtime, and build for what runs there: build.codeCacheVersions`

// fits says for which Nodes the code was made, and which Lambda was last seen with.
func fits(f analyzer.Function, codes []made) string {
	var versions []string
	for _, code := range codes {
		versions = append(versions, strings.TrimPrefix(code.compiler.Version, "v"))
	}
	text := fmt.Sprintf("its compiled code fits Node %s on %s only", strings.Join(versions, " and "), codes[0].compiler.Arch)
	if seen, ok := boot.LastSeen(f.Runtime); ok {
		text += fmt.Sprintf("; Lambda's %s was last seen with at most %s (%s)", f.Runtime, seen.Version, seen.Date)
	}
	return text
}

// newest stands for the newest Node that featherpack knows.
const newest = "newest"

// findCompilers returns the Nodes that a function gets compiled code for, the newest known
// one if its settings name none of its runtime's.
func findCompilers(ctx context.Context, f analyzer.Function, o boot.Options) ([]boot.Compiler, error) {
	major := strings.TrimSuffix(strings.TrimPrefix(f.Runtime, "nodejs"), "x")
	versions := slices.DeleteFunc(slices.Clone(f.Build.CodeCacheVersions), func(version string) bool {
		return version != newest && !strings.HasPrefix(version, major)
	})
	if len(versions) == 0 {
		versions = []string{newest}
	}
	var found []boot.Compiler
	for _, version := range versions {
		if version == newest {
			version = ""
		}
		c, err := boot.FindCompiler(ctx, f, version, o)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(found, func(other boot.Compiler) bool { return other.Version == c.Version }) {
			found = append(found, c)
		}
	}
	return found, nil
}

func tell(b *packager.Bundle, severity analyzer.Severity, hint, message string) {
	d := analyzer.Problem(severity, "code-cache", b.Function.Position, hint, "%s", message)
	d.Function = b.ID
	b.Diagnostics = analyzer.SortDiagnostics(append(b.Diagnostics, d))
}

// unfit says why a bundle cannot be started by the loader, "" if it can.
func unfit(b packager.Bundle) string {
	main := b.Files[0]
	switch {
	case path.Ext(main.Name) == ".mjs":
		return "an ES module cannot be compiled ahead, and this one cannot be CommonJS, since its code uses top-level await or format: esm is set"
	case mapComment.Match(main.Content):
		return "its source map is inside the zip, and Node reads that of a module only"
	}
	if flag := refused.FindString(b.Function.Environment["NODE_OPTIONS"]); flag != "" {
		return "NODE_OPTIONS sets " + strings.TrimSpace(flag) + ", under which V8 refuses it"
	}
	return ""
}

var (
	mapComment = regexp.MustCompile(`(?m)^//# sourceMappingURL=`)
	// refused matches flags of V8 that change what it compiles.
	refused = regexp.MustCompile(`(?:^| )--(?:stack[-_]size|no[-_]opt|max[-_]lazy|jitless|abort[-_]on[-_]uncaught[-_]exception)\b`)
)

// program is a bundle's main file on its way to three: loader, text and code.
type program struct {
	main                 packager.File
	text                 packager.File
	loaderName, encoding string
	free                 func(extension string) string // a name beside the loader
	// imports is set if the text gets the loader's import(), and evaluates if it holds
	// text that calls import() when it is evaluated.
	imports, evaluates bool
}

// Node puts a module into a function with these parameters. The program's own lines keep
// their numbers: they are counted from the line after the first.
const (
	wrapperStart = "function(exports,require,module,__filename,__dirname){\n"
	wrapperEnd   = "\n}"
)

// split wraps the program, which gets a name of its own. It returns the reason if the
// program cannot be wrapped.
func split(files []packager.File) (p program, reason string) {
	main, free := files[0], freeName(files)
	p = program{main: main, loaderName: main.Name, free: free, encoding: "latin1"}
	content := main.Content
	if bytes.HasPrefix(content, []byte("#!")) { // Node takes such a line for a comment
		content = slices.Concat([]byte("//"), content[2:])
	}
	content, name, reason := borrowImport(content)
	if reason != "" {
		return p, reason
	}
	p.evaluates = importCall.Match(content)
	parts := main.Parts
	if bytes.ContainsFunc(content, func(r rune) bool { return r > unicode.MaxLatin1 }) {
		p.encoding = "utf8"
	} else {
		content = latin1(content)
		parts = slices.Clone(parts)
		packager.FitParts(parts, int64(len(content)))
	}
	// Without its compiled code, V8 compiles a function in parentheses at once. Any other it
	// skims first, and reads the whole program once more when the function is called.
	start, end := "("+wrapperStart, wrapperEnd+")"
	if p.imports = name != ""; p.imports {
		start, end = "(function("+name+"){return("+wrapperStart, wrapperEnd+")})"
	}
	p.text = packager.File{Name: free(".program"), Parts: parts, Content: slices.Concat([]byte(start), content, []byte(end))}
	return p, ""
}

// latin1 is a text of Latin-1's characters with a byte for each.
func latin1(text []byte) []byte {
	characters := make([]byte, 0, len(text))
	for _, r := range string(text) {
		characters = append(characters, byte(r))
	}
	return characters
}

// freeName returns a function that names a file beside the first one by its extension.
func freeName(files []packager.File) func(extension string) string {
	taken := map[string]bool{}
	for _, f := range files {
		taken[f.Name] = true
	}
	return func(extension string) string {
		stem := strings.TrimSuffix(files[0].Name, path.Ext(files[0].Name))
		for name := stem + extension; ; name = stem + "-" + name[len(stem):] {
			if !taken[name] {
				return name
			}
		}
	}
}

// made is the compiled code for one Node and, if it holds less than it could, why.
type made struct {
	compiler boot.Compiler
	content  []byte
	note     string
}

// node is the Node that it was made for, as the loader writes it.
func (m made) node() string { return m.compiler.Version + " " + m.compiler.Arch }

// compile makes the code after the program has loaded or, if that does not work, without
// running it.
func (p program) compile(ctx context.Context, b packager.Bundle, c boot.Compiler, mode Mode) (made, error) {
	folder, err := scratch.New("", "compile")
	if err != nil {
		return made{}, analyzer.WithoutPath(err)
	}
	defer folder.Close()
	dir, err := p.unpack(ctx, b, folder.Path)
	if err != nil {
		return made{}, err
	}
	if mode == Plain {
		code, err := p.twice(ctx, b.Function, c, dir, mode)
		return made{c, code, ""}, err
	}
	loaded, err := p.twice(ctx, b.Function, c, dir, mode)
	if err == nil {
		return made{c, loaded, ""}, nil
	}
	if ctx.Err() != nil || errors.Is(err, boot.ErrCompileLate) {
		return made{}, cmp.Or(ctx.Err(), err)
	}
	code, plainErr := p.twice(ctx, b.Function, c, dir, Plain)
	return made{c, code, "when it was loaded to be compiled, " + err.Error()}, plainErr
}

// errDiffers means that two runs compiled different functions.
var errDiffers = errors.New("it ran differently each time")

// twice compiles the program in two processes, whose code must be the same.
func (p program) twice(ctx context.Context, f analyzer.Function, c boot.Compiler, dir string, mode Mode) (code []byte, err error) {
	request := boot.Program{
		Dir: dir, File: p.loaderName, Text: p.text.Name, Encoding: p.encoding, Imports: p.imports, Load: mode != Plain,
	}
	if mode == Trimmed {
		request.Least = longer
	}
	for range 2 {
		again, err := c.Compile(ctx, f, request)
		switch {
		case err != nil:
			return nil, err
		case code != nil && !bytes.Equal(code, again):
			return nil, errDiffers
		}
		code = again
	}
	return code, nil
}

// unpack writes what the zip will hold to a folder, as Lambda will have it.
func (p program) unpack(ctx context.Context, b packager.Bundle, work string) (string, error) {
	b.Files, b.Beside = append(slices.Clone(b.Files), p.text), nil
	artifact, err := packager.Pack(ctx, b, filepath.Join(work, "zip"), packager.Options{Compress: "fast"})
	if err != nil {
		return "", err
	}
	zip, err := os.Open(artifact.Path)
	if err != nil {
		return "", analyzer.WithoutPath(err)
	}
	defer zip.Close()
	task := filepath.Join(work, "task")
	// Chmod ignores the umask: another user must be able to read the folder.
	if err := errors.Join(os.Mkdir(task, 0o755), os.Chmod(task, 0o755), os.Chmod(work, 0o711)); err != nil {
		return "", analyzer.WithoutPath(err)
	}
	root, err := os.OpenRoot(task)
	if err != nil {
		return "", analyzer.WithoutPath(err)
	}
	defer root.Close()
	return task, boot.Unpack(zip, root)
}

// join puts the loader, the program and its compiled code into the bundle. Nodes with the
// same code share a file.
func (p program) join(b *packager.Bundle, codes []made) {
	var files []packager.File
	var entries []entry
	var nodes []string
	for i, code := range codes {
		nodes = append(nodes, code.node())
		at := slices.IndexFunc(codes[:i], func(other made) bool { return bytes.Equal(other.content, code.content) })
		if at >= 0 {
			entries = append(entries, entry{code.node(), entries[at].file, entries[at].size, entries[at].digest})
			continue
		}
		name := p.free(".cache")
		if len(files) > 0 {
			name = p.free("." + code.compiler.Version + ".cache")
		}
		entries = append(entries, entry{code.node(), name, len(code.content), crc32.ChecksumIEEE(code.content)})
		files = append(files, packager.File{
			Name: name, Content: code.content, Parts: []packager.Part{{Input: -1, Row: "(compiled code)", Bytes: int64(len(code.content))}},
		})
	}
	loader := loaderOf(p, entries)
	b.Files[0] = packager.File{
		Name: p.loaderName, Content: loader, Parts: []packager.Part{{Input: -1, Row: "(loader of compiled code)", Bytes: int64(len(loader))}},
	}
	b.Files = append(append(b.Files, p.text), files...)
	b.Settings = append(b.Settings, packager.Setting{
		Name: Setting, Value: b.Function.Build.CodeCache + ", for Node " + strings.Join(nodes, " and "),
	})
	slices.SortFunc(b.Settings, func(a, b packager.Setting) int { return strings.Compare(a.Name, b.Name) })
}
