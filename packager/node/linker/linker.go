package linker

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/featherpack/featherpack/analyzer/scratch"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// slotPrefix starts the names of outputs, which are never written; it keeps
// them apart from any input's.
const slotPrefix = "featherpack-entry-"

// Linker drives one esbuild context for functions of equal options. The
// context keeps what it has parsed, so a module that many functions share is
// parsed once however many batches there are.
//
// esbuild fixes the entry points of a context. The slots are symlinks that
// each batch points at other entries: esbuild resolves them to the real file
// before it looks up package.json and tsconfig.json, so a function is built as
// if its file had been named directly.
type Linker struct {
	ctx   api.BuildContext
	root  string
	slots string // the folder's path
	size  int

	folder *scratch.Folder
	names  map[string]string // in metafiles so far
	held   held

	// Of a linker that a pool keeps.
	pool    *Pool
	key     [sha256.Size]byte
	sockets *sockets
}

// held are the texts that a context has parsed and keeps: their sizes in bytes, that of all of
// them, and that of those which the last link needed.
type held struct {
	sizes     map[string]int64
	all, last int64
}

// mostHeld is from how many bytes of text on a context is given up where most of them are of
// no use to the last entries. What esbuild keeps takes about eight times as much memory. Of
// 142 functions with packages of their own, contexts that kept everything held 1,010 of 1,190 MB.
const mostHeld = 24 << 20

// Full reports whether a new context would take less memory, for the price of parsing again
// what the next entries share with those so far.
func (l *Linker) Full() bool { return l.held.all > max(mostHeld, 3*l.held.last) }

// note counts the inputs of a link.
func (h *held) note(inputs map[string]Input) {
	h.last = 0
	for name, in := range inputs {
		h.last += in.Bytes
		h.all += in.Bytes - h.sizes[name]
		h.sizes[name] = in.Bytes
	}
}

// New makes a context for up to size entries at a time.
func New(root string, o api.BuildOptions, size int) (*Linker, error) {
	folder, err := scratch.New("", "entries")
	if err != nil {
		return nil, fmt.Errorf("making a folder for entry points: %w", err)
	}
	slots := folder.Path
	l := &Linker{root: root, slots: slots, folder: folder, size: size, names: map[string]string{}, held: held{sizes: map[string]int64{}}}
	if err := os.WriteFile(filepath.Join(slots, "none.js"), nil, 0o600); err != nil {
		l.Close()
		return nil, fmt.Errorf("making a folder for entry points: %w", err)
	}
	for i := range size {
		o.EntryPointsAdvanced = append(o.EntryPointsAdvanced, api.EntryPoint{
			InputPath: filepath.Join(slots, strconv.Itoa(i)), OutputPath: slotPrefix + strconv.Itoa(i),
		})
	}
	// Never written: it makes sources in source maps relative to the root.
	o.Outdir = root
	o.EntryNames = ""
	ctx, contextErr := api.Context(o)
	if contextErr != nil {
		l.Close()
		return nil, fmt.Errorf("esbuild: %s", Text(contextErr.Errors))
	}
	l.ctx = ctx
	return l, nil
}

// Slots is the absolute folder of the slots.
func (l *Linker) Slots() string { return l.slots }

// Close ends the context, unless its pool keeps it.
func (l *Linker) Close() {
	if l.pool == nil || !l.pool.give(l) {
		l.end()
	}
}

func (l *Linker) end() {
	if l.ctx != nil {
		l.ctx.Dispose()
	}
	_ = l.folder.Close() // what it cannot remove, a later run does
}

// Link builds the entries, which are relative to the root, and returns one
// result for each. An entry that is named twice is built once. esbuild gives no
// output at all where one entry has an error: each is then built by itself,
// which costs little since everything is parsed already.
func (l *Linker) Link(ctx context.Context, entries []string) ([]*Linked, error) {
	distinct, at := distinct(entries)
	results, err := l.rebuild(ctx, distinct)
	if err != nil {
		return nil, err
	}
	if results == nil {
		for _, entry := range distinct {
			alone, err := l.rebuild(ctx, []string{entry})
			if err != nil {
				return nil, err
			}
			results = append(results, alone[0])
		}
	}
	linked := make([]*Linked, len(entries))
	for i := range entries {
		linked[i] = results[at[i]]
	}
	return linked, nil
}

// Entry is the file that a slot stands for. Any other path stands for itself.
func Entry(slot string) string {
	if target, err := os.Readlink(slot); err == nil && filepath.IsAbs(target) {
		return target
	}
	return slot
}

// distinct gives each entry once and, for every one of them, its index:
// functions that differ in their export alone share an entry.
func distinct(entries []string) (once []string, at []int) {
	index := map[string]int{}
	for _, entry := range entries {
		i, ok := index[entry]
		if !ok {
			i = len(once)
			index[entry] = i
			once = append(once, entry)
		}
		at = append(at, i)
	}
	return once, at
}

// rebuild links the entries in one call. Results are nil when there were
// errors and more than one entry may be to blame.
func (l *Linker) rebuild(ctx context.Context, entries []string) ([]*Linked, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := l.point(entries); err != nil {
		return nil, err
	}
	built := l.ctx.Rebuild()
	if len(built.Errors) > 0 {
		if len(entries) > 1 {
			return nil, nil
		}
		return []*Linked{{Errors: unmark(built.Errors), Warnings: unmark(built.Warnings)}}, nil
	}
	meta, err := readMetafile(installed.Unmark(built.Metafile), l.names)
	if err != nil {
		return nil, err
	}
	l.held.note(meta.Inputs)
	linked := meta.fold()
	results := make([]*Linked, len(entries))
	for i := range results {
		results[i] = &Linked{Inputs: meta.Inputs, linked: linked}
	}
	for _, file := range built.OutputFiles {
		name := filepath.Base(file.Path)
		stem, isMap := strings.CutSuffix(name, ".js.map")
		stem = strings.TrimSuffix(strings.TrimPrefix(stem, slotPrefix), ".js")
		i, err := strconv.Atoi(stem)
		if err != nil || i >= len(entries) {
			continue
		}
		if isMap {
			results[i].SourceMap = file.Contents
			continue
		}
		results[i].Code = file.Contents
		results[i].Output = meta.Outputs[name]
	}
	warnings := unmark(built.Warnings)
	for _, r := range results {
		r.Reached = reach(meta.Inputs, r.Output.EntryPoint, r.Output)
		r.Warnings = warningsOf(warnings, r.Reached)
	}
	return results, nil
}

// point aims the first slots at the entries and the rest at an empty file.
func (l *Linker) point(entries []string) error {
	for i := range l.size {
		target := filepath.Join(l.slots, "none.js")
		if i < len(entries) {
			target = filepath.Join(l.root, filepath.FromSlash(entries[i]))
		}
		slot := filepath.Join(l.slots, strconv.Itoa(i))
		if at, err := os.Readlink(slot); err == nil && at == target {
			continue
		}
		os.Remove(slot)
		if err := os.Symlink(target, slot); err != nil {
			return fmt.Errorf("naming an entry point: %w", err)
		}
	}
	return nil
}
