package boot

import (
	"errors"
	"io"
	"net"
	"time"
)

// spec is one process to start and what bounds it.
type spec struct {
	args      []string
	env       []string
	contained bool
	work      string // this check's own folder on this machine, for mount points
	task      string // the unpacked artifact, on this machine
	client    string // the runtime client, on this machine
	node      string // the Node executable, on this machine, "" for none
	emulator  string // likewise
	places    places
	memory    int64 // bytes of resident memory, over all its processes
	output    io.Writer
}

// Bounds of every process that a check starts. The first three are Lambda's.
// Source: docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const (
	maxThreads   = 1024 // of all processes together
	maxOpenFiles = 1024
	maxTemporary = 512 << 20
	// maxProcesses ends a process that forks without end well before it meets
	// the limit above, where it would go on trying until its time is up.
	maxProcesses  = 512
	maxDataBeyond = 4 << 30 // private memory that is mapped and need not be resident
	// memorySlack is allowed beyond the function's memory setting: the pages of
	// the executable itself differ between this machine's runtime and Lambda's.
	memorySlack = 64 << 20
)

// errContainment says that this machine does not let a process be contained;
// what it wraps names the step.
var errContainment = errors.New("this machine does not let a process be contained")

// process is a started function. How it is held differs by operating system.
type process struct {
	listener net.Listener // the Runtime API's, reachable from the process
	// uncontained names what the process can reach that it could not on Lambda.
	uncontained []string
	// exited gets one clause, such as "exited with status 1", when the process
	// is gone; over gets one when a limit was passed.
	exited, over chan string
	sinceExec    func() time.Duration
	cpu          func() time.Duration // of the process so far, 0 where not known
	peak         func() int64         // bytes, 0 where not known
	// stop ends the process and all that it started, and waits for that.
	stop func()
}
