package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/featherpack/featherpack/analyzer"
)

// stageName is argv[0] of this program when it runs as the stage: the first
// process inside the namespaces, which prepares them and starts the function.
const stageName = "featherpack-boot-stage"

// stageConfig is the stage's configuration, sent over its control socket.
type stageConfig struct {
	Contained bool
	Root      string // an empty folder to mount the new root on
	Mounts    []Mount
	Dir       string
	Args, Env []string
	UID, GID  int // 0: keep the current user and group
	Memory    int64
}

// stageMessage is a message from the stage, over the same socket.
type stageMessage struct {
	Step  string // listening (with the listener's descriptor), started, exited or failed
	Error string `json:",omitempty"`
	// Permanent is set if trying again would not help.
	Permanent bool   `json:",omitempty"`
	At        int64  `json:",omitempty"` // CLOCK_MONOTONIC, ns, just before exec
	PID       int    `json:",omitempty"` // in the stage's own PID namespace
	Clause    string `json:",omitempty"`
}

// The users that functions run as. Lambda's is 993. If the caller is root, each
// process gets a user of its own, so that per-user limits count one function only.
// These user ids are far above those that a machine gives to people.
const (
	lambdaUID   = 993
	lambdaGID   = 990
	privateUIDs = 0x70000000
	nobody      = 65534
)

var privateUID atomic.Uint32

// ForbidContainment is an environment variable that disables containment, as on
// a machine that allows no namespaces. Tests use it to cover that case on any
// machine.
const ForbidContainment = "FEATHERPACK_BOOT_NO_NAMESPACES"

// Start runs the spec through a stage. The error wraps ErrContainment if the spec
// requires containment and the machine does not allow it.
func Start(s Spec) (*Process, error) {
	ours, theirs, err := controlSockets()
	if err != nil {
		return nil, err
	}
	defer theirs.Close()
	config := stageConfig{
		Contained: s.Contained, Args: s.Args, Env: s.Env, Dir: s.Dir, Memory: s.Memory,
	}
	cmd := &exec.Cmd{
		Path:       "/proc/self/exe",
		Args:       []string{stageName},
		Env:        []string{},
		Dir:        "/",
		ExtraFiles: []*os.File{theirs},
		SysProcAttr: &syscall.SysProcAttr{
			Pdeathsig: syscall.SIGKILL,
			Setsid:    true,
		},
	}
	if os.Geteuid() == 0 {
		config.UID = privateUIDs + os.Getpid()%100_000*1000 + int(privateUID.Add(1)%1000)
		config.GID = config.UID
	}
	if s.Contained {
		if err := contain(cmd, &config, s); err != nil {
			ours.Close()
			return nil, err
		}
	}
	out, in, err := os.Pipe()
	if err != nil {
		ours.Close()
		return nil, err
	}
	cmd.Stdout, cmd.Stderr = in, in
	err = cmd.Start()
	in.Close()
	if err != nil {
		out.Close()
		ours.Close()
		if s.Contained && permanent(err) {
			return nil, fmt.Errorf("%w: namespaces: %s", ErrContainment, analyzer.WithoutPath(err))
		}
		return nil, fmt.Errorf("starting the function: %s", analyzer.WithoutPath(err))
	}
	h := &stageProcess{cmd: cmd, control: ours, logs: out, output: s.Output, contained: s.Contained, done: make(chan struct{})}
	h.readers.Go(func() { io.Copy(s.Output, out) })
	p, err := h.handshake(config)
	if err != nil {
		h.stop()
		return nil, err
	}
	if !s.Contained {
		p.Uncontained = []string{"files", "network", "processes"}
		if config.UID == 0 {
			p.Uncontained = append(p.Uncontained, "user")
		}
	}
	return p, nil
}

// controlSockets returns both ends of a connection that preserves message
// boundaries and can pass file descriptors.
func controlSockets() (*net.UnixConn, *os.File, error) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, err
	}
	theirs := os.NewFile(uintptr(pair[1]), "control")
	file := os.NewFile(uintptr(pair[0]), "control")
	defer file.Close()
	conn, err := net.FileConn(file)
	if err != nil {
		theirs.Close()
		return nil, nil, err
	}
	return conn.(*net.UnixConn), theirs, nil
}

// contain sets up the namespaces of cmd and the mounts of the stage. If the caller
// is not root, the stage also gets a user namespace with the few capabilities that
// it needs. The function gets none of these capabilities.
func contain(cmd *exec.Cmd, config *stageConfig, s Spec) error {
	if os.Getenv(ForbidContainment) != "" {
		return fmt.Errorf("%w: %s is set", ErrContainment, ForbidContainment)
	}
	attr := cmd.SysProcAttr
	attr.Cloneflags = unix.CLONE_NEWNS | unix.CLONE_NEWPID | unix.CLONE_NEWNET | unix.CLONE_NEWIPC | unix.CLONE_NEWUTS
	if os.Geteuid() != 0 {
		attr.Cloneflags |= unix.CLONE_NEWUSER
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: lambdaUID, HostID: os.Geteuid(), Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: lambdaGID, HostID: os.Getegid(), Size: 1}}
		attr.AmbientCaps = []uintptr{unix.CAP_SYS_ADMIN, unix.CAP_NET_ADMIN, unix.CAP_SETPCAP}
	}
	config.Root = filepath.Join(s.Work, "root")
	if err := os.MkdirAll(config.Root, 0o755); err != nil {
		return err
	}
	config.Mounts = slices.Clone(s.Mounts)
	for _, m := range s.Mounts {
		if m.Program {
			config.Mounts = append(config.Mounts, libraries(m.From)...)
		}
	}
	return nil
}

// stageProcess is a running stage with the resources to release at its end.
type stageProcess struct {
	cmd       *exec.Cmd
	control   *net.UnixConn
	logs      *os.File
	output    io.Writer
	contained bool
	readers   sync.WaitGroup
	once      sync.Once
	done      chan struct{} // closed by stop
	watch     *watch
	listener  net.Listener
}

// handshake sends the config and follows the stage until the function runs.
func (h *stageProcess) handshake(config stageConfig) (*Process, error) {
	// A stage needs far less time. The deadline guards against one that hangs.
	h.control.SetDeadline(time.Now().Add(30 * time.Second))
	text, err := json.Marshal(config)
	if err != nil {
		return nil, err
	}
	if _, err := h.control.Write(text); err != nil {
		return nil, h.lost(err)
	}
	message, listener, err := h.receive()
	if err != nil {
		return nil, h.lost(err)
	}
	if message.Step != "listening" || listener == nil {
		if h.contained && message.Permanent {
			return nil, fmt.Errorf("%w: %s", ErrContainment, message.Error)
		}
		return nil, errors.New(message.Error)
	}
	h.listener = listener
	message, _, err = h.receive()
	if err != nil {
		return nil, h.lost(err)
	}
	if message.Step != "started" && !message.Permanent {
		return nil, fmt.Errorf("starting the function: %s", message.Error)
	} else if message.Step != "started" {
		return nil, NotStarted(message.Error)
	}
	h.control.SetDeadline(time.Time{})

	over := make(chan string, 1)
	h.watch = watchTree(h.cmd.Process.Pid, message.PID, config.Memory, over)
	exited := make(chan string, 1)
	h.readers.Go(func() {
		for {
			m, _, err := h.receive()
			if err != nil {
				exited <- "was ended together with its sandbox"
				return
			}
			if m.Step == "exited" {
				exited <- m.Clause
				return
			}
		}
	})
	return &Process{
		Listener: listener, Exited: exited, Over: over,
		SinceExec: func() time.Duration { return time.Duration(monotonic() - message.At) },
		CPU:       h.watch.cpu, Peak: h.watch.peak, Network: h.network, Stop: h.stop,
	}, nil
}

// lost returns the error for a stage that ended or hung. It does not wrap
// ErrContainment: the machine may well be able to contain processes.
func (h *stageProcess) lost(err error) error {
	return fmt.Errorf("starting the function: lost the connection to its sandbox: %s", analyzer.WithoutPath(err))
}

func (h *stageProcess) receive() (m stageMessage, l net.Listener, err error) {
	text, control := make([]byte, 8192), make([]byte, unix.CmsgSpace(4))
	n, controlLength, _, _, err := h.control.ReadMsgUnix(text, control)
	if err != nil {
		return m, nil, err
	}
	if n == 0 {
		return m, nil, io.EOF
	}
	if err := json.Unmarshal(text[:n], &m); err != nil {
		return m, nil, err
	}
	messages, err := unix.ParseSocketControlMessage(control[:controlLength])
	if err != nil || len(messages) == 0 {
		return m, nil, nil
	}
	descriptors, err := unix.ParseUnixRights(&messages[0])
	if err != nil || len(descriptors) != 1 {
		return m, nil, err
	}
	unix.CloseOnExec(descriptors[0])
	file := os.NewFile(uintptr(descriptors[0]), "listener")
	defer file.Close()
	l, err = net.FileListener(file)
	return m, l, err
}

// network is [Process.Network]. An uncontained process shares the machine's counters.
func (h *stageProcess) network() bool { return h.contained && h.watch.network() }

// stop kills the stage. In a PID namespace the kernel then kills all other
// processes of the namespace. Otherwise stop kills the known descendants of the
// stage one by one.
func (h *stageProcess) stop() {
	h.once.Do(func() {
		close(h.done)
		if h.watch != nil {
			h.watch.stop()
		}
		if h.listener != nil {
			h.listener.Close()
		}
		if !h.contained {
			killTree(h.cmd.Process.Pid)
		}
		h.cmd.Process.Kill()
		h.cmd.Wait()
		h.control.Close()
		// Every process of a contained check has ended by now, and the pipe with them. One that
		// escaped an uncontained check could keep it open forever.
		if !h.contained {
			h.logs.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
		}
		h.readers.Wait()
		h.readRest()
		h.logs.Close()
	})
}

// mostInPipe is how much a pipe holds at most, in bytes.
// Source: /proc/sys/fs/pipe-max-size, see pipe(7).
const mostInPipe = 1 << 20

// readRest reads what is in the pipe where a busy machine let the deadline pass: how busy it
// is must not decide what was printed.
func (h *stageProcess) readRest() {
	pipe, err := h.logs.SyscallConn()
	if err != nil {
		return
	}
	part := make([]byte, 64<<10)
	pipe.Control(func(fd uintptr) {
		for read := 0; read < mostInPipe; {
			n, err := unix.Read(int(fd), part) // which does not wait
			if err == unix.EINTR {
				continue
			}
			if n <= 0 {
				return
			}
			h.output.Write(part[:n])
			read += n
		}
	})
}

// monotonic returns the machine's monotonic clock in ns. It is the same in every
// process.
func monotonic() int64 {
	var t unix.Timespec
	if unix.ClockGettime(unix.CLOCK_MONOTONIC, &t) != nil {
		return 0
	}
	return t.Nano()
}
