package golang

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/gobin"
	"github.com/featherpack/featherpack/packager"
)

// facts are read from a linked program. They depend only on its bytes, and are kept
// next to it.
type facts struct {
	// Rows sum to the program's size.
	Rows []row `json:"rows"`
	// Unread says why there are no Rows. It is "" if there are.
	Unread string `json:"unread,omitempty"`
	// Runtime is set if the program can call the Lambda runtime API, and BuildInfo
	// if it can read its own build information.
	Runtime   bool     `json:"runtime"`
	BuildInfo bool     `json:"buildInfo"`
	Links     dynamics `json:"links"`
}

// row holds the bytes of a package, or of a named part of the program that belongs
// to no package.
type row struct {
	Package string `json:"package,omitempty"`
	Name    string `json:"name,omitempty"`
	Bytes   int64  `json:"bytes"`
}

// attribute reads the facts of a group's new programs. The symbols of the linked
// program also describe the stripped program, whose mapped bytes are the same.
func (b *builder) attribute(ctx context.Context, f *folder, group []*task) {
	var readers sync.WaitGroup
	slots := make(chan struct{}, min(runtime.GOMAXPROCS(0), 4)) // each reads two copies of a program into memory
	seen := map[*program]bool{}
	for _, t := range group {
		program := t.program
		if program == nil || seen[program] {
			continue
		}
		seen[program] = true
		known, ok := f.recall(program.key)
		if ok {
			program.facts = known
			continue
		}
		slots <- struct{}{}
		readers.Go(func() {
			defer func() { <-slots }()
			if ctx.Err() == nil {
				program.facts = readFacts(program.path, program.linked)
				f.remember(program.key, program.facts)
			}
		})
	}
	readers.Wait()
	b.progress("attribute", len(group))
}

// readFacts reads a stripped program, and the linked program for its symbols.
func readFacts(path, linked string) facts {
	var out facts
	program, err := os.Open(path)
	if err != nil {
		return facts{Unread: "it cannot be opened"}
	}
	defer program.Close()
	info, err := program.Stat()
	if err != nil {
		return facts{Unread: "it cannot be opened"}
	}
	out.Runtime, out.BuildInfo = mentions(program, info.Size())
	out.Links = readDynamics(program)

	var symbols io.ReaderAt
	var symbolsSize int64
	if file, err := os.Open(linked); err == nil {
		defer file.Close()
		if info, err := file.Stat(); err == nil {
			symbols, symbolsSize = file, info.Size()
		}
	}
	a, err := gobin.Attribute(program, info.Size(), symbols, symbolsSize)
	if err != nil {
		out.Unread = err.Error()
		return out
	}
	at := map[row]int{}
	for _, r := range a.Rows {
		key := row{Package: r.Package, Name: r.Name}
		i, ok := at[key]
		if !ok {
			i = len(out.Rows)
			at[key] = i
			out.Rows = append(out.Rows, key)
		}
		out.Rows[i].Bytes += r.Bytes
	}
	return out
}

// mentions searches a program for the name of the variable with the runtime API's
// address, and for the function that reads build information. The linker keeps
// them only if reachable code refers to them.
func mentions(program io.ReaderAt, size int64) (runtimeAPI, buildInfo bool) {
	const overlap = 64
	piece := make([]byte, 1<<20+overlap)
	for at := int64(0); at < size; at += int64(len(piece) - overlap) {
		n, err := program.ReadAt(piece, at)
		runtimeAPI = runtimeAPI || bytes.Contains(piece[:n], []byte("AWS_LAMBDA_RUNTIME_API"))
		buildInfo = buildInfo || bytes.Contains(piece[:n], []byte("runtime/debug.ReadBuildInfo\x00"))
		if err != nil && err != io.EOF {
			break
		}
	}
	return runtimeAPI, buildInfo
}

// parts attributes a program's bytes to the inputs of the graph.
func (b *builder) parts(t *task) []packager.Part {
	rows := t.program.facts.Rows
	if len(rows) == 0 {
		return []packager.Part{{Input: -1, Row: "(program)", Bytes: t.program.bytes}}
	}
	index := make(map[string]int, len(t.closure))
	for _, p := range t.closure {
		index[p.ImportPath] = b.inputs.index(p, b.tools.Version)
	}
	out := make([]packager.Part, len(rows))
	for i, r := range rows {
		out[i] = packager.Part{Input: -1, Row: r.Name, Bytes: r.Bytes}
		if at, ok := index[r.Package]; ok {
			out[i].Input, out[i].Row = at, ""
		} else if r.Package != "" {
			out[i].Row = "(" + r.Package + ")"
		}
	}
	return out
}

// self identifies this build of featherpack: another build may read other facts.
var self = sync.OnceValue(func() string {
	if name, err := os.Executable(); err == nil {
		if info, err := os.Stat(name); err == nil {
			sum := sha256.Sum256(fmt.Append(nil, info.Size(), info.ModTime().UnixNano()))
			return hex.EncodeToString(sum[:6])
		}
	}
	return "unknown"
})

func (f *folder) factsFile(key string) string {
	return filepath.Join(f.dir, "facts", key+"-"+self()+".json")
}

// recall returns the facts kept for a program.
func (f *folder) recall(key string) (facts, bool) {
	if key == "" {
		return facts{}, false
	}
	text, err := os.ReadFile(f.factsFile(key))
	if err != nil {
		return facts{}, false
	}
	var out facts
	return out, json.Unmarshal(text, &out) == nil
}

// remember keeps the facts of a program. Errors are ignored: the facts are then
// read again next time.
func (f *folder) remember(key string, known facts) {
	text, err := json.Marshal(known)
	if err == nil && key != "" && os.MkdirAll(filepath.Join(f.dir, "facts"), 0o755) == nil {
		_ = keep(f.factsFile(key), text, 0o644)
	}
}

// forget removes the facts of programs that are no longer in the folder.
func (f *folder) forget() {
	entries, err := os.ReadDir(filepath.Join(f.dir, "facts"))
	if err != nil {
		return
	}
	current := map[string]bool{}
	for _, r := range f.linked {
		current[r.key()] = true
	}
	for _, e := range entries {
		if key, _, _ := strings.Cut(e.Name(), "-"); !current[key] {
			os.Remove(filepath.Join(f.dir, "facts", e.Name()))
		}
	}
}

// unread is the note about a program whose bytes could not be attributed.
func unread(why string) analyzer.Diagnostic {
	return analyzer.Diagnostic{Code: "attribution", Severity: analyzer.Note, Message: why}
}
