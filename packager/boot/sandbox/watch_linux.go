package sandbox

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// watch limits the memory and the number of a stage's descendants. A limit on
// address space would be simpler, but it would kill Node, which reserves far more
// than it uses.
type watch struct {
	root   int // the stage's pid, in our PID namespace
	inside int // the function's pid, in the stage's PID namespace
	limit  int64
	over   chan<- string
	quit   chan struct{}
	ended  chan struct{}

	mu      sync.Mutex
	highest int64
	pid     int // the function's pid, in our PID namespace, 0 until found
}

const watchInterval = 20 * time.Millisecond

func watchTree(root, inside int, limit int64, over chan<- string) *watch {
	w := &watch{root: root, inside: inside, limit: limit, over: over, quit: make(chan struct{}), ended: make(chan struct{})}
	go w.run()
	return w
}

func (w *watch) stop() {
	close(w.quit)
	<-w.ended
}

func (w *watch) run() {
	defer close(w.ended)
	tick := time.NewTicker(watchInterval)
	defer tick.Stop()
	for {
		select {
		case <-w.quit:
			return
		case <-tick.C:
		}
		pids := descendants(w.root)
		bytes := w.sample(pids)
		var clause string
		switch {
		case bytes > w.limit:
			clause = fmt.Sprintf("used more than the allowed %d MiB of memory", w.limit>>20)
		case len(pids) > maxProcesses:
			clause = fmt.Sprintf("started more than %d processes", maxProcesses)
		default:
			continue
		}
		select {
		case w.over <- clause:
		default:
		}
		return
	}
}

// sample returns the resident memory of the processes in bytes: the private memory
// of each, plus the largest shared part, counted once.
func (w *watch) sample(pids []int) int64 {
	var private, shared int64
	for _, pid := range pids {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
		if err != nil {
			continue
		}
		fields := bytes.Fields(text)
		if len(fields) < 3 {
			continue
		}
		resident, _ := strconv.ParseInt(string(fields[1]), 10, 64)
		common, _ := strconv.ParseInt(string(fields[2]), 10, 64)
		private += max(resident-common, 0)
		shared = max(shared, common)
	}
	total := (private + shared) * int64(os.Getpagesize())
	w.mu.Lock()
	defer w.mu.Unlock()
	w.highest = max(w.highest, total)
	return total
}

// function returns the function's pid in our PID namespace, 0 if it is not found.
func (w *watch) function() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.pid == 0 {
		for _, pid := range descendants(w.root) {
			fields := bytes.Fields(statusLine(pid, "NSpid:"))
			if len(fields) > 0 && string(fields[len(fields)-1]) == strconv.Itoa(w.inside) {
				w.pid = pid
				break
			}
		}
	}
	return w.pid
}

// cpu returns the function's processor time so far, including threads that have
// ended. It reads the clock that Linux keeps for each process, which counts in
// nanoseconds.
func (w *watch) cpu() time.Duration {
	pid := w.function()
	if pid == 0 {
		return 0
	}
	const scheduled = 2 // CPUCLOCK_SCHED, as clock_getcpuclockid(3) makes it
	var t unix.Timespec
	if unix.ClockGettime(int32(^pid<<3|scheduled), &t) != nil {
		return 0
	}
	return time.Duration(t.Nano())
}

// peak returns the largest sample in bytes, or the function process's own
// high-water mark if that is larger: it includes peaks between two samples.
func (w *watch) peak() int64 {
	pid := w.function()
	var own int64
	if fields := bytes.Fields(statusLine(pid, "VmHWM:")); len(fields) > 0 {
		own, _ = strconv.ParseInt(string(fields[0]), 10, 64)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.highest = max(w.highest, own*1024)
	return w.highest
}

func statusLine(pid int, key string) []byte {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return nil
	}
	for line := range bytes.Lines(text) {
		if rest, ok := bytes.CutPrefix(line, []byte(key)); ok {
			return rest
		}
	}
	return nil
}

// descendants returns the descendants of pid, without pid itself. It stops soon
// after twice the number of processes that a function may have.
func descendants(pid int) (found []int) {
	for next := []int{pid}; len(next) > 0 && len(found) <= 2*maxProcesses; next = next[1:] {
		// Linux lists a child process under the thread that started it.
		threads, err := os.Open(fmt.Sprintf("/proc/%d/task", next[0]))
		if err != nil {
			continue
		}
		names, _ := threads.Readdirnames(-1)
		threads.Close()
		for _, name := range names {
			text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/children", next[0], name))
			for _, field := range bytes.Fields(text) {
				if child, err := strconv.Atoi(string(field)); err == nil {
					found, next = append(found, child), append(next, child)
				}
			}
		}
	}
	return found
}

// killTree kills the descendants of a stage that has no PID namespace. It first
// stops them all, so that none forks meanwhile.
func killTree(stage int) {
	for range 10 {
		pids := descendants(stage)
		if len(pids) == 0 {
			return
		}
		for _, signal := range []unix.Signal{unix.SIGSTOP, unix.SIGKILL} {
			for _, pid := range pids {
				unix.Kill(pid, signal)
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
}
