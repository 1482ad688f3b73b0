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
	"github.com/featherpack/featherpack/analyzer/js"
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
	Off    Mode = "off"
	Plain  Mode = "compiled" // what V8 compiles without running the program
	Loaded Mode = "loaded"   // and what runs while the program loads
)

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
	c, err := boot.FindCompiler(ctx, f, o)
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
	code, err := p.compile(ctx, *b, c, mode)
	if err != nil {
		tell(b, analyzer.Error, "set codeCache: off for this function", fmt.Sprintf("its compiled code cannot be made: %s", err))
		return
	}
	if p.evaluates {
		tell(b, analyzer.Note, "", "if text that it evaluates calls import(), Node warns once of an experimental feature")
	}
	if code.note != "" {
		tell(b, analyzer.Note, "", "the compiled code holds only what V8 compiles at once: "+code.note)
	}
	p.join(b, c, code)
	tell(b, analyzer.Note, `if Lambda moves on, the function starts without it and logs "compiled code not used"; build again then`,
		fmt.Sprintf("its compiled code fits Node %s on %s only", strings.TrimPrefix(c.Version, "v"), c.Arch))
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
	main                       packager.File
	text                       packager.File
	loaderName, code, encoding string
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
	main := files[0]
	taken := map[string]bool{}
	for _, f := range files {
		taken[f.Name] = true
	}
	free := func(extension string) string {
		stem := strings.TrimSuffix(main.Name, path.Ext(main.Name))
		for name := stem + extension; ; name = stem + "-" + name[len(stem):] {
			if !taken[name] {
				return name
			}
		}
	}
	p = program{main: main, loaderName: main.Name, code: free(".cache"), encoding: "latin1"}
	content := main.Content
	if bytes.HasPrefix(content, []byte("#!")) { // Node takes such a line for a comment
		content = slices.Concat([]byte("//"), content[2:])
	}
	content, name, reason := borrowImport(content)
	if reason != "" {
		return p, reason
	}
	p.evaluates = importCall.Match(content)
	if bytes.ContainsFunc(content, func(r rune) bool { return r > unicode.MaxASCII }) {
		p.encoding = "utf8"
	}
	start, end := "("+wrapperStart, wrapperEnd+")"
	if p.imports = name != ""; p.imports {
		start, end = "(function("+name+"){return "+wrapperStart, wrapperEnd+"})"
	}
	p.text = packager.File{Name: free(".program"), Parts: main.Parts, Content: slices.Concat([]byte(start), content, []byte(end))}
	return p, ""
}

// importCall matches what may be a call of import().
var importCall = regexp.MustCompile(`\bimport\s*\(`)

// borrowImport makes a program call import() through a variable of the name that it
// returns, "" if it does not call it. Node 20 does not know where compiled code came
// from, and newer ones warn of import() in it. The name is as long as the keyword, so that
// columns stay. Text that may become code at run time stays as it is.
func borrowImport(content []byte) (changed []byte, name, reason string) {
	places := importCall.FindAllIndex(content, -1)
	if len(places) == 0 {
		return content, "", ""
	}
	tree, err := js.Parse(content)
	if err != nil {
		return content, "", "its code cannot be read"
	}
	var calls []int32
	var find func(*js.Node)
	find = func(n *js.Node) {
		if n.Kind == js.ImportCall {
			calls = append(calls, n.Start)
		}
		n.Each(find)
	}
	find(tree.Top)
	if len(calls) == 0 {
		return content, "", ""
	}
	const letters = "abcdefghijklmnopqrstuvwxyz"
	for i := 0; name == "" || bytes.Contains(content, []byte(name)); i++ {
		name = "$mpor" + string(letters[i%len(letters)])
		if i == len(letters) {
			return content, "", "its code has no free name for import()"
		}
	}
	changed = bytes.Clone(content)
	for _, at := range calls {
		copy(changed[at:], name)
	}
	return changed, name, ""
}

// made is the compiled code and, if it holds less than it could, why.
type made struct {
	content []byte
	note    string
}

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
		code, err := p.twice(ctx, b.Function, c, dir, false)
		return made{content: code}, err
	}
	loaded, err := p.twice(ctx, b.Function, c, dir, true)
	if err == nil {
		return made{content: loaded}, nil
	}
	if ctx.Err() != nil || errors.Is(err, boot.ErrCompileLate) {
		return made{}, cmp.Or(ctx.Err(), err)
	}
	code, plainErr := p.twice(ctx, b.Function, c, dir, false)
	return made{content: code, note: "when it was loaded to be compiled, " + err.Error()}, plainErr
}

// errDiffers means that two runs compiled different functions.
var errDiffers = errors.New("it ran differently each time")

// twice compiles the program in two processes, whose code must be the same.
func (p program) twice(ctx context.Context, f analyzer.Function, c boot.Compiler, dir string, load bool) (code []byte, err error) {
	request := boot.Program{Dir: dir, File: p.loaderName, Text: p.text.Name, Encoding: p.encoding, Imports: p.imports, Load: load}
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

// join puts the loader, the program and its compiled code into the bundle.
func (p program) join(b *packager.Bundle, c boot.Compiler, code made) {
	digest := crc32.Update(crc32.ChecksumIEEE(p.text.Content), crc32.IEEETable, code.content)
	loader := loaderOf(p, c, digest)
	b.Files[0] = packager.File{
		Name: p.loaderName, Content: loader, Parts: []packager.Part{{Input: -1, Row: "(loader of compiled code)", Bytes: int64(len(loader))}},
	}
	b.Files = append(b.Files, p.text, packager.File{
		Name: p.code, Content: code.content, Parts: []packager.Part{{Input: -1, Row: "(compiled code)", Bytes: int64(len(code.content))}},
	})
	b.Settings = append(b.Settings, packager.Setting{Name: Setting, Value: b.Function.Build.CodeCache + ", for Node " + c.Version + " " + c.Arch})
	slices.SortFunc(b.Settings, func(a, b packager.Setting) int { return strings.Compare(a.Name, b.Name) })
}
