package reuse

import (
	"context"
	"encoding/json"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/cache"
)

// Trials keeps what trials have measured. A trial is a changed function, which is built or
// linked, and started beside the unchanged one. Changed Node functions that were only built
// are kept as all built functions are.
//
// Nothing goes to a server: a measured time is one of this machine.
type Trials struct {
	ctx   context.Context
	store *cache.Disk
	index *cache.Index
	tool  string
}

// Trial is what a measurement depends on.
type Trial struct {
	// What names the kind of measurement.
	What string
	// Function is the unchanged one, with its environment.
	Function analyzer.Function
	// Program is what runs the artifacts, or what links them.
	Program string
	// Artifacts are the SHA-256 digests, in hex, of the artifacts that are started, or of
	// all that one is linked from.
	Artifacts []string
	// Asked is what else the result depends on, in any form. It may hold secrets.
	Asked any
}

// OpenTrials returns nil if store is nil. Close must be called, and closes the store.
func OpenTrials(ctx context.Context, store *cache.Disk) *Trials {
	if store == nil {
		return nil
	}
	t := &Trials{ctx: ctx, store: store, index: store.Index()}
	var err error
	if t.tool, err = selfDigest(t.index); err != nil {
		store.Close()
		return nil
	}
	return t
}

// Sum is the digest of a file.
func (t *Trials) Sum(file string) (string, error) { return sumOf(t.index, file) }

const (
	trialFormat = "1"
	trialName   = "trial.json"
)

func (t *Trials) key(of Trial) cache.Digest {
	command := cache.Command{Outputs: []string{trialName}, Arguments: []string{
		"featherpack", "trial", trialFormat, of.What, "tool=" + t.tool, "function=" + digestOf(withoutPositions(of.Function)),
		"program=" + of.Program, "asked=" + digestOf(of.Asked),
	}}
	var input cache.Directory
	for i, sum := range of.Artifacts {
		input.Files = append(input.Files, cache.File{Name: string(rune('a' + i)), Digest: cache.Digest{Hash: sum}})
	}
	return cache.Of(cache.Action{Command: cache.Of(command.Encode()), Input: cache.Of(input.Encode())}.Encode())
}

// Find decodes what an earlier run has measured into a value. It returns false if none has.
func (t *Trials) Find(of Trial, into any) bool {
	if t == nil {
		return false
	}
	result, err := t.store.Result(t.ctx, t.key(of))
	if err != nil {
		return false
	}
	blob, ok := result.File(trialName)
	if !ok {
		return false
	}
	text, err := cache.Read(t.ctx, t.store, blob)
	return err == nil && json.Unmarshal(text, into) == nil
}

// Keep takes what was measured. A store that cannot be written to is no error.
func (t *Trials) Keep(of Trial, value any) {
	if t == nil || t.ctx.Err() != nil {
		return
	}
	text, err := json.Marshal(value)
	if err != nil {
		return
	}
	if blob, err := cache.Write(t.ctx, t.store, text); err == nil {
		_ = t.store.SetResult(t.ctx, t.key(of), cache.Result{Files: []cache.File{{Name: trialName, Digest: blob}}})
	}
}

// Close closes the store.
func (t *Trials) Close() {
	if t == nil {
		return
	}
	_ = t.index.Save(t.ctx, t.store)
	_ = t.store.Close()
}
