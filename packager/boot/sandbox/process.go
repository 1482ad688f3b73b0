package sandbox

import (
	"errors"
	"io"
	"net"
	"time"
)

// Spec describes one process to start, with its limits.
type Spec struct {
	Args, Env []string
	// Dir is the folder that the process starts in, as the process sees it.
	Dir string
	// Contained runs it in namespaces of its own, with no other files than Mounts and
	// what every program needs. If it is not set, the process sees this machine.
	Contained bool
	// Work is an existing folder of the caller for what the sandbox needs itself.
	Work   string
	Mounts []Mount
	// Memory limits the resident memory of all its processes together, in bytes.
	Memory int64
	Output io.Writer
}

// Mount is a read-only view of this machine's file or folder From at the path To.
type Mount struct {
	From, To string
	// Program is set if From is an executable, which needs its shared libraries.
	Program bool
}

// Limits of every process that a check starts. The first three are Lambda's.
// Source: docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const (
	maxThreads   = 1024 // in all processes together
	maxOpenFiles = 1024
	maxTemporary = 512 << 20
	// maxProcesses ends a process that forks without end. It is well below
	// maxThreads, where such a process would keep trying until the timeout.
	maxProcesses  = 512
	maxDataBeyond = 4 << 30 // private memory that may be mapped without being resident
	// maxWaiting is how many connections to the Runtime API may wait to be accepted.
	maxWaiting = 128
)

// ErrContainment means that this machine cannot contain a process. The errors
// that wrap it name the step that failed.
var ErrContainment = errors.New("this machine cannot contain a process")

// NotStarted is the error for a program that would not start on Lambda either. It
// is a clause.
type NotStarted string

func (e NotStarted) Error() string { return "the program does not start: " + string(e) }

// Process is a started process. How it is started differs by operating system.
type Process struct {
	Listener net.Listener // for the Runtime API; the process can reach it
	// Uncontained lists what the process can reach and could not on Lambda.
	Uncontained []string
	// Exited receives one clause, such as "exited with status 1", when the
	// process has ended. Over receives one when the process exceeds a limit.
	Exited, Over chan string
	SinceExec    func() time.Duration
	CPU          func() time.Duration // processor time so far, 0 if unknown
	Peak         func() int64         // peak resident memory in bytes, 0 if unknown
	// Network reports whether the process has tried to reach another machine, which
	// a contained process cannot. It is false if that is unknown.
	Network func() bool
	// Stop ends the process and all processes that it started, and waits for them.
	Stop func()
}
