package boot

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/featherpack/featherpack/analyzer"
)

// stageName is argv[0] of this program when it is to be the stage: the first
// process inside the namespaces, which prepares them and starts the function.
const stageName = "featherpack-boot-stage"

// stageConfig is what the stage is told, over its control socket.
type stageConfig struct {
	Contained bool
	Root      string // an empty folder to mount the new root on
	Mounts    []mount
	Dir       string
	Args, Env []string
	UID, GID  int // 0: stay who we are
	Memory    int64
}

// mount shows a file or folder of this machine at a path of the new root, read only.
type mount struct{ From, To string }

// stageMessage is what the stage says, over the same socket.
type stageMessage struct {
	Step  string // listening (with the listener's descriptor), started, exited or failed
	Error string `json:",omitempty"`
	// Lasting says that the error is no passing shortage.
	Lasting bool   `json:",omitempty"`
	At      int64  `json:",omitempty"` // CLOCK_MONOTONIC, ns, just before exec
	PID     int    `json:",omitempty"` // in the stage's own PID namespace
	Clause  string `json:",omitempty"`
}

// The functions' users. Lambda's is 993; where the caller is root, each process
// gets a user of its own, far from any that a machine gives to people, so that
// limits per user count one function.
const (
	lambdaUID   = 993
	lambdaGID   = 990
	privateUIDs = 0x70000000
	nobody      = 65534
)

var privateUID atomic.Uint32

// forbidContainment is a variable that makes this machine count as one that
// allows no namespaces: what is done there can be shown everywhere.
const forbidContainment = "FEATHERPACK_BOOT_NO_NAMESPACES"

// start runs the spec through a stage. The error wraps errContainment where
// containing it was asked for and the machine does not allow it.
func start(s spec) (*process, error) {
	ours, theirs, err := controlSockets()
	if err != nil {
		return nil, err
	}
	defer theirs.Close()
	config := stageConfig{
		Contained: s.contained, Args: s.args, Env: s.env, Dir: s.places.task, Memory: s.memory,
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
	if s.contained {
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
		if s.contained && lasting(err) {
			return nil, fmt.Errorf("%w: namespaces: %s", errContainment, analyzer.WithoutPath(err))
		}
		return nil, fmt.Errorf("starting the function: %s", analyzer.WithoutPath(err))
	}
	h := &held{cmd: cmd, control: ours, logs: out, contained: s.contained, done: make(chan struct{})}
	h.readers.Go(func() { io.Copy(s.output, out) })
	p, err := h.handshake(config)
	if err != nil {
		h.stop()
		return nil, err
	}
	if !s.contained {
		p.uncontained = []string{"files", "network", "processes"}
		if config.UID == 0 {
			p.uncontained = append(p.uncontained, "user")
		}
	}
	return p, nil
}

// controlSockets are two ends of a connection that keeps message borders and
// carries descriptors.
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

// contain asks for the namespaces, and for what the stage mounts in them. A
// caller that is not root gets a user namespace of its own, in which it holds
// the few capabilities that the stage needs; the function gets none of them.
func contain(cmd *exec.Cmd, config *stageConfig, s spec) error {
	if os.Getenv(forbidContainment) != "" {
		return fmt.Errorf("%w: %s is set", errContainment, forbidContainment)
	}
	attr := cmd.SysProcAttr
	attr.Cloneflags = unix.CLONE_NEWNS | unix.CLONE_NEWPID | unix.CLONE_NEWNET | unix.CLONE_NEWIPC | unix.CLONE_NEWUTS
	if os.Geteuid() != 0 {
		attr.Cloneflags |= unix.CLONE_NEWUSER
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: lambdaUID, HostID: os.Geteuid(), Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: lambdaGID, HostID: os.Getegid(), Size: 1}}
		attr.AmbientCaps = []uintptr{unix.CAP_SYS_ADMIN, unix.CAP_NET_ADMIN, unix.CAP_SETPCAP}
	}
	config.Root = filepath.Join(s.work, "root")
	if err := os.MkdirAll(config.Root, 0o755); err != nil {
		return err
	}
	config.Mounts = []mount{{s.task, s.places.task}}
	if s.client != "" {
		config.Mounts = append(config.Mounts, mount{s.client, s.places.runtime})
	}
	if s.node != "" {
		config.Mounts = append(config.Mounts, mount{s.node, s.places.node})
		config.Mounts = append(config.Mounts, libraries(s.node)...)
	}
	if s.emulator != "" {
		config.Mounts = append(config.Mounts, mount{s.emulator, s.places.emulator})
	}
	return nil
}

// held is a stage that runs, and what of it has to be let go of.
type held struct {
	cmd       *exec.Cmd
	control   *net.UnixConn
	logs      *os.File
	contained bool
	readers   sync.WaitGroup
	once      sync.Once
	done      chan struct{} // closed by stop
	watch     *watch
	listener  net.Listener
}

// handshake sends the config and follows the stage until the function runs.
func (h *held) handshake(config stageConfig) (*process, error) {
	// Far beyond what a stage needs: it guards against one that hangs.
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
		if h.contained && message.Lasting {
			return nil, fmt.Errorf("%w: %s", errContainment, message.Error)
		}
		return nil, errors.New(message.Error)
	}
	h.listener = listener
	message, _, err = h.receive()
	if err != nil {
		return nil, h.lost(err)
	}
	if message.Step != "started" && !message.Lasting {
		return nil, fmt.Errorf("starting the function: %s", message.Error)
	} else if message.Step != "started" {
		return nil, failed("the program does not start: %s", message.Error)
	}
	h.control.SetDeadline(time.Time{})

	over := make(chan string, 1)
	h.watch = watchTree(h.cmd.Process.Pid, message.PID, config.Memory, over)
	exited := make(chan string, 1)
	h.readers.Go(func() {
		for {
			m, _, err := h.receive()
			if err != nil {
				exited <- "was ended together with what contains it"
				return
			}
			if m.Step == "exited" {
				exited <- m.Clause
				return
			}
		}
	})
	return &process{
		listener: listener, exited: exited, over: over,
		sinceExec: func() time.Duration { return time.Duration(monotonic() - message.At) },
		cpu:       h.watch.cpu, peak: h.watch.peak, stop: h.stop,
	}, nil
}

// lost is the error of a stage that went away or hung: nothing is known then,
// least of all that the machine does not let a process be contained.
func (h *held) lost(err error) error {
	return fmt.Errorf("starting the function: what contains it is lost: %s", analyzer.WithoutPath(err))
}

func (h *held) receive() (m stageMessage, l net.Listener, err error) {
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

// stop kills the stage. Inside a PID namespace the kernel kills everything with
// it; else what is known to descend from it is killed one by one.
func (h *held) stop() {
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
		// What escaped an uncontained check may hold the pipe open for ever.
		h.logs.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
		h.readers.Wait()
		h.logs.Close()
	})
}

// monotonic is the machine's clock in ns, the same in every process.
func monotonic() int64 {
	var t unix.Timespec
	if unix.ClockGettime(unix.CLOCK_MONOTONIC, &t) != nil {
		return 0
	}
	return t.Nano()
}
