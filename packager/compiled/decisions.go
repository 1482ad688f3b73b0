package compiled

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sync"

	"github.com/featherpack/featherpack/analyzer"
)

// FileName is the file with the decisions for the functions of its folder. It is
// committed, so that no build measures anything: the same input gives the same zip.
const FileName = "featherpack.cache.json"

// maxDecisions bounds the file, in bytes.
const maxDecisions = 4 << 20

// Decisions are the content of the file.
type Decisions struct {
	Version   int                 `json:"version"`
	Functions map[string]Decision `json:"functions"` // by name
}

// Decision says how the code of one program is compiled.
type Decision struct {
	Runtime      string `json:"runtime"`
	Architecture string `json:"architecture"`
	Input        string `json:"input"`
	Mode         Mode   `json:"mode"`
	// Reason is what was measured, for whoever reads the file.
	Reason string `json:"reason"`
}

// decisionsVersion is the version of the file's format.
const decisionsVersion = 1

// ReadDecisions reads the content of the file.
func ReadDecisions(text []byte) (d Decisions, err error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&d); err != nil {
		return d, err
	}
	if d.Version != decisionsVersion {
		return d, fmt.Errorf("its version is %d, not %d", d.Version, decisionsVersion)
	}
	for name, f := range d.Functions {
		switch f.Mode {
		case Off, Plain, Trimmed, Loaded:
		default:
			return d, fmt.Errorf("the mode of %q is %q, not off, compiled, trimmed or loaded", name, f.Mode)
		}
	}
	return d, nil
}

// Write returns the content of the file with one more decision.
func (d Decisions) Write(name string, one Decision) ([]byte, error) {
	d.Version = decisionsVersion
	functions := map[string]Decision{name: one}
	for other, decision := range d.Functions {
		if other != name {
			functions[other] = decision
		}
	}
	d.Functions = functions
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(d)
	return text.Bytes(), err
}

// Committed answers for the functions of a project from its files. read reads a file
// below the project's root, up to a limit in bytes. It is safe for concurrent use.
func Committed(read func(name string, limit int64) ([]byte, error)) func(Input) (Mode, *analyzer.Diagnostic) {
	var lock sync.Mutex
	known := map[string]func() (Decisions, error){}
	return func(in Input) (Mode, *analyzer.Diagnostic) {
		name := path.Join(in.Function.ServiceDir, FileName)
		lock.Lock()
		load := known[name]
		if load == nil {
			load = sync.OnceValues(func() (Decisions, error) {
				text, err := read(name, maxDecisions)
				if errors.Is(err, fs.ErrNotExist) {
					return Decisions{}, nil
				} else if err != nil {
					return Decisions{}, analyzer.WithoutPath(err)
				}
				return ReadDecisions(text)
			})
			known[name] = load
		}
		lock.Unlock()
		return answer(in, name, load)
	}
}

func answer(in Input, name string, load func() (Decisions, error)) (Mode, *analyzer.Diagnostic) {
	const remedy = "measure it with featherpack boot %s --decide-cache, and commit the file"
	tell := func(severity analyzer.Severity, at analyzer.Position, format string, args ...any) (Mode, *analyzer.Diagnostic) {
		d := analyzer.Problem(severity, "code-cache", at, fmt.Sprintf(remedy, in.Function.ID), format, args...)
		return Off, &d
	}
	decisions, err := load()
	if err != nil {
		return tell(analyzer.Error, analyzer.Position{File: name}, "the decisions about compiled code cannot be read: %v", err)
	}
	d, found := decisions.Functions[in.Function.Name]
	switch {
	case !found:
		return tell(analyzer.Note, in.Function.Position, "ships without compiled code: %s has no decision for it", name)
	case d.Runtime != in.Function.Runtime || d.Architecture != in.Function.RunsOn():
		return tell(analyzer.Note, in.Function.Position, "ships without compiled code: %s decided for %s on %s", name, d.Runtime, d.Architecture)
	case d.Input != in.Digest:
		return tell(analyzer.Note, in.Function.Position, "ships without compiled code: its program has changed since %s decided", name)
	}
	return d.Mode, nil
}

// Decide is the decision about an input.
func Decide(in Input, mode Mode, reason string) Decision {
	return Decision{in.Function.Runtime, in.Function.RunsOn(), in.Digest, mode, reason}
}
