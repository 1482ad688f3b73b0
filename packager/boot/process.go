package boot

import (
	"errors"
	"io"
	"net"
	"time"
)

// spec describes one process to start, with its limits.
type spec struct {
	args      []string
	env       []string
	contained bool
	work      string // this check's own folder on this machine, for mount points
	task      string // the unpacked artifact, on this machine
	client    string // the runtime client, on this machine
	node      string // the Node executable, on this machine, "" for none
	emulator  string // the emulator, on this machine, "" for none
	places    places
	memory    int64 // limit in bytes of resident memory, for all its processes together
	output    io.Writer
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
	// memorySlack is added to the function's memory setting: this machine's
	// runtime and Lambda's take different amounts of memory themselves.
	memorySlack = 64 << 20
)

// errContainment means that this machine cannot contain a process. The errors
// that wrap it name the step that failed.
var errContainment = errors.New("this machine cannot contain a process")

// process is a started function. How it is started differs by operating system.
type process struct {
	listener net.Listener // for the Runtime API; the process can reach it
	// uncontained lists what the process can reach and could not on Lambda.
	uncontained []string
	// exited receives one clause, such as "exited with status 1", when the
	// process has ended. over receives one when the process exceeds a limit.
	exited, over chan string
	sinceExec    func() time.Duration
	cpu          func() time.Duration // processor time so far, 0 if unknown
	peak         func() int64         // peak resident memory in bytes, 0 if unknown
	// stop ends the process and all processes that it started, and waits for them.
	stop func()
}
