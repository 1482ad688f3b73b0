package node

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/resolution"
)

// batchSize is how many functions one esbuild call links. esbuild links all
// entry points of a call at once and keeps every output in memory, so this
// bounds both. Measured on 100 functions sharing six dependencies: one call
// for all took 1,348 MiB; see testdata/bench for today's figures.
const batchSize = 8

// slotPrefix starts the names of outputs, which are never written; it keeps
// them apart from any input's.
const slotPrefix = "featherpack-entry-"

// linker drives one esbuild context for functions of equal options. The
// context keeps what it has parsed, so a module that many functions share is
// parsed once however many batches there are.
//
// esbuild fixes the entry points of a context. The slots are symlinks that
// each batch points at other entries: esbuild resolves them to the real file
// before it looks up package.json and tsconfig.json, so a function is built as
// if its file had been named directly.
type linker struct {
	ctx   api.BuildContext
	root  string
	slots string
	size  int
}

// linked is what esbuild made of one entry.
type linked struct {
	code, sourceMap []byte
	output          metaOutput
	// reached are the inputs that the entry reaches, breadth first in the order
	// of the source, the entry first.
	reached  []string
	errors   []api.Message
	warnings []api.Message
}

// metafile is the part of esbuild's metafile that we read.
// Format: https://esbuild.github.io/api/#metafile
type metafile struct {
	Inputs  map[string]metaInput  `json:"inputs"`
	Outputs map[string]metaOutput `json:"outputs"`
}

type metaInput struct {
	Bytes   int64               `json:"bytes"`
	Format  string              `json:"format"`
	Imports []resolution.Import `json:"imports"`
}

type metaOutput struct {
	EntryPoint string   `json:"entryPoint"`
	Exports    []string `json:"exports"`
	Inputs     map[string]struct {
		BytesInOutput int64 `json:"bytesInOutput"`
	} `json:"inputs"`
}

// newLinker makes a context for up to size entries at a time.
func newLinker(root string, o api.BuildOptions, size int) (*linker, error) {
	slots, err := os.MkdirTemp("", "featherpack-entries-")
	if err != nil {
		return nil, fmt.Errorf("making a folder for entry points: %w", err)
	}
	if slots, err = filepath.EvalSymlinks(slots); err != nil {
		return nil, fmt.Errorf("making a folder for entry points: %w", err)
	}
	l := &linker{root: root, slots: slots, size: size}
	if err := os.WriteFile(filepath.Join(slots, "none.js"), nil, 0o600); err != nil {
		l.close()
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
		l.close()
		return nil, fmt.Errorf("esbuild: %s", messageText(contextErr.Errors))
	}
	l.ctx = ctx
	return l, nil
}

func (l *linker) close() {
	if l.ctx != nil {
		l.ctx.Dispose()
	}
	os.RemoveAll(l.slots)
}

func messageText(messages []api.Message) string {
	var texts []string
	for _, m := range messages {
		texts = append(texts, m.Text)
	}
	return strings.Join(texts, "; ")
}

// link builds the entries, at most as many as the linker has slots, and
// returns one result for each and the inputs they reach. esbuild gives no
// output at all where one entry has an error: each is then built by itself,
// which costs little since everything is parsed already.
func (l *linker) link(ctx context.Context, entries []string) ([]linked, map[string]metaInput, error) {
	results, inputs, err := l.rebuild(ctx, entries)
	if err != nil || results != nil {
		return results, inputs, err
	}
	results = make([]linked, len(entries))
	inputs = map[string]metaInput{}
	for i, entry := range entries {
		alone, reached, err := l.rebuild(ctx, []string{entry})
		if err != nil {
			return nil, nil, err
		}
		results[i] = alone[0]
		for name, input := range reached {
			inputs[name] = input
		}
	}
	return results, inputs, nil
}

// rebuild links the entries in one call. Results are nil when there were
// errors and more than one entry may be to blame.
func (l *linker) rebuild(ctx context.Context, entries []string) ([]linked, map[string]metaInput, error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	if err := l.point(entries); err != nil {
		return nil, nil, err
	}
	built := l.ctx.Rebuild()
	if len(built.Errors) > 0 {
		if len(entries) > 1 {
			return nil, nil, nil
		}
		return []linked{{errors: unmarkMessages(built.Errors), warnings: unmarkMessages(built.Warnings)}}, nil, nil
	}
	var meta metafile
	if err := json.Unmarshal([]byte(installed.Unmark(built.Metafile)), &meta); err != nil {
		return nil, nil, fmt.Errorf("reading esbuild's metafile: %w", err)
	}
	warnings := unmarkMessages(built.Warnings)
	results := make([]linked, len(entries))
	for _, file := range built.OutputFiles {
		name := filepath.Base(file.Path)
		stem, isMap := strings.CutSuffix(name, ".js.map")
		stem = strings.TrimSuffix(strings.TrimPrefix(stem, slotPrefix), ".js")
		i, err := strconv.Atoi(stem)
		if err != nil || i >= len(entries) {
			continue
		}
		if isMap {
			results[i].sourceMap = file.Contents
			continue
		}
		results[i].code = file.Contents
		results[i].output = meta.Outputs[name]
	}
	for i := range results {
		results[i].reached = reach(meta.Inputs, results[i].output.EntryPoint)
		results[i].warnings = warningsOf(warnings, results[i].reached)
	}
	return results, meta.Inputs, nil
}

// point aims the first slots at the entries and the rest at an empty file.
func (l *linker) point(entries []string) error {
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

// warningsOf keeps the warnings that concern the files that an entry reaches.
func warningsOf(all []api.Message, reached []string) []api.Message {
	if len(all) == 0 {
		return nil
	}
	mine := map[string]bool{}
	for _, name := range reached {
		mine[name] = true
	}
	// A tsconfig is no input; it concerns the files below its folder.
	configures := func(file string) bool {
		dir := path.Dir(file)
		return strings.HasSuffix(file, ".json") && slices.ContainsFunc(reached, func(name string) bool {
			return dir == "." || strings.HasPrefix(name, dir+"/")
		})
	}
	return slices.DeleteFunc(slices.Clone(all), func(m api.Message) bool {
		return m.Location != nil && !mine[m.Location.File] && !configures(m.Location.File)
	})
}

// reach lists every input that the entry reaches, breadth first.
func reach(inputs map[string]metaInput, entry string) []string {
	seen := map[string]bool{entry: true}
	queue := []string{entry}
	for i := 0; i < len(queue); i++ {
		for _, im := range inputs[queue[i]].Imports {
			if !im.External && !seen[im.Path] {
				seen[im.Path] = true
				queue = append(queue, im.Path)
			}
		}
	}
	return queue
}

// unmarkMessages takes the marks off messages.
func unmarkMessages(messages []api.Message) []api.Message {
	for i := range messages {
		m := &messages[i]
		m.Text = installed.Unmark(m.Text)
		if m.Location != nil {
			m.Location.File = installed.Unmark(m.Location.File)
		}
		for n := range m.Notes {
			m.Notes[n].Text = installed.Unmark(m.Notes[n].Text)
			if at := m.Notes[n].Location; at != nil {
				at.File = installed.Unmark(at.File)
			}
		}
	}
	return messages
}
