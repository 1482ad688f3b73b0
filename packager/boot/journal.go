package boot

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/featherpack/featherpack/analyzer"
)

// observed is what a process did, as client/watch.cjs reports it. The process could
// report anything, so these are hints for a person and never decide a verdict.
type observed struct {
	// files were opened, wanted were looked for in vain, and modules were loaded, each
	// by the code at a place. All paths are those that the process sees.
	files, wanted, modules map[string]analyzer.Position
	variables, programs    map[string]bool
}

// maxObserved bounds what is kept of a process's reports.
const maxObserved = 50_000

// journal receives the reports of a process through a named pipe, because a
// contained process can write to nothing else that this program sees. Each line is
// one report; the kernel keeps lines of up to 4096 bytes apart.
type journal struct {
	pipe *os.File
	done chan struct{}

	mu   sync.Mutex
	seen observed
	size int
}

// open makes the pipe in dir. Without a pipe, nothing is observed.
func (j *journal) open(dir string) {
	j.seen = observed{
		files: map[string]analyzer.Position{}, wanted: map[string]analyzer.Position{}, modules: map[string]analyzer.Position{},
		variables: map[string]bool{}, programs: map[string]bool{},
	}
	pipe, err := makePipe(filepath.Join(dir, "journal"))
	if err != nil {
		return
	}
	j.pipe, j.done = pipe, make(chan struct{})
	go func() {
		defer close(j.done)
		lines := bufio.NewReaderSize(pipe, 64<<10)
		for whole := true; ; {
			line, err := lines.ReadSlice('\n')
			switch {
			case errors.Is(err, bufio.ErrBufferFull):
				whole = false // longer than any report: skip it, however long it is
			case err != nil:
				return
			case whole:
				j.note(line)
			default:
				whole = true
			}
		}
	}()
}

// report is one line of the pipe: what happened to a name, and where.
type report struct {
	What, Name, File string
	Line, Column     int
}

func (j *journal) note(line []byte) {
	var r report
	if json.Unmarshal(line, &r) != nil || r.Name == "" {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.size++; j.size > maxObserved {
		return
	}
	at := analyzer.Position{File: r.File, Line: max(r.Line, 0), Column: max(r.Column, 0)}
	switch r.What {
	case "opened":
		j.seen.files[r.Name] = at
	case "wanted":
		j.seen.wanted[r.Name] = at
	case "module":
		j.seen.modules[r.Name] = at
	case "variable":
		j.seen.variables[r.Name] = true
	case "program":
		j.seen.programs[r.Name] = true
	}
}

// take ends the journal when the process has ended, and returns what it holds.
func (j *journal) take() observed {
	if j.pipe != nil {
		j.pipe.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
		<-j.done
		j.pipe.Close()
		j.pipe = nil
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.seen
}
