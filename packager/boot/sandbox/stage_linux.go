package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// A process whose argv[0] is stageName becomes the stage before main runs. So
// every program that links this package, tests included, can contain a function
// without a call in its main.
func init() {
	if len(os.Args) == 1 && os.Args[0] == stageName {
		stage()
		os.Exit(0)
	}
}

const controlDescriptor = 3

// stage prepares the sandbox, starts the function in it and reports how the
// function ends. The stage is PID 1 of its namespace: when it ends, the kernel
// ends every process in the namespace.
//
// Capabilities and the seccomp filter belong to a thread, and a new process
// inherits them from the thread that forks. So the stage stays on one thread.
func stage() {
	runtime.LockOSThread()
	runtime.GOMAXPROCS(1)
	closeInherited()
	// Signals from the function must have no effect. signal.Ignore would not do:
	// child processes inherit ignored signals.
	signal.Notify(make(chan os.Signal, 1))
	config, err := readConfig()
	if err != nil {
		send(stageMessage{Step: "failed", Error: err.Error()})
		return
	}
	listener, env, err := prepare(config)
	if err != nil {
		send(stageMessage{Step: "failed", Error: err.Error(), Permanent: permanent(err)})
		return
	}
	sendListener(listener)
	unix.Close(listener)
	config.Env = append(config.Env, env)
	if err := confine(config); err != nil {
		send(stageMessage{Step: "failed", Error: err.Error()})
		return
	}
	at, pid, err := launch(config)
	if err != nil {
		send(stageMessage{Step: "failed", Error: err.Error(), Permanent: permanent(err)})
		return
	}
	send(stageMessage{Step: "started", At: at, PID: pid})
	go reap(pid)
	// The parent sends nothing more. It closes its end of the socket when it is done.
	var one [1]byte
	for {
		if _, err := unix.Read(controlDescriptor, one[:]); err != unix.EINTR {
			return
		}
	}
}

// closeInherited marks the descriptors that this program inherited from its own
// caller (a shell's redirections, a build tool's pipes) as close-on-exec, so the
// function does not get them.
func closeInherited() {
	if unix.CloseRange(controlDescriptor, 1<<31-1, unix.CLOSE_RANGE_CLOEXEC) != nil { // before Linux 5.11
		for descriptor := controlDescriptor; descriptor < 4096; descriptor++ {
			unix.CloseOnExec(descriptor)
		}
	}
}

func readConfig() (config stageConfig, err error) {
	// One read returns a whole message, or cuts it at the buffer's size. Lambda
	// allows 4 KB of variables, and a socket buffer holds about 200 KB.
	text := make([]byte, 512*1024)
	n, err := unix.Read(controlDescriptor, text)
	if err != nil {
		return config, step("reading the config", err)
	}
	return config, json.Unmarshal(text[:n], &config)
}

// prepare sets up the sandbox. It returns the Runtime API's listener and the
// environment variable with its address.
func prepare(config stageConfig) (listener int, env string, err error) {
	// No other process may inspect this one: its memory holds paths of this machine.
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return 0, "", step("hiding the stage", err)
	}
	port := 0
	if config.Contained {
		port = 9001 // as on Lambda
		if err := loopbackUp(); err != nil {
			return 0, "", err
		}
		unix.Sethostname([]byte("localhost"))
	} else if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return 0, "", step("adopting orphans", err)
	}
	listener, port, err = listen(port)
	if err != nil {
		return 0, "", err
	}
	if config.Contained {
		if err := newRoot(config); err != nil {
			return 0, "", err
		}
	}
	return listener, fmt.Sprintf("AWS_LAMBDA_RUNTIME_API=127.0.0.1:%d", port), nil
}

func loopbackUp() error {
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return step("opening a socket", err)
	}
	defer unix.Close(s)
	request, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	request.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	return step("bringing the loopback interface up", unix.IoctlIfreq(s, unix.SIOCSIFFLAGS, request))
}

func listen(port int) (descriptor, bound int, err error) {
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, 0, step("opening a socket", err)
	}
	unix.SetsockoptInt(s, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1)
	if err := unix.Bind(s, &unix.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return 0, 0, step("binding the Runtime API", err)
	}
	if err := unix.Listen(s, maxWaiting); err != nil {
		return 0, 0, step("listening for the Runtime API", err)
	}
	name, err := unix.Getsockname(s)
	if err != nil {
		return 0, 0, step("listening for the Runtime API", err)
	}
	return s, name.(*unix.SockaddrInet4).Port, nil
}

// confine sets the limits, drops all capabilities and filters system calls.
func confine(config stageConfig) error {
	limits := map[int]uint64{
		unix.RLIMIT_CORE:   0,
		unix.RLIMIT_NOFILE: maxOpenFiles,
		unix.RLIMIT_FSIZE:  maxTemporary,
		unix.RLIMIT_DATA:   uint64(config.Memory) + maxDataBeyond,
	}
	// Do not set this limit if it would also count other processes of the
	// caller. Then only the watch counts processes.
	if config.UID != 0 || config.Contained && countsByNamespace() {
		limits[unix.RLIMIT_NPROC] = maxThreads
	}
	for what, most := range limits {
		limit := unix.Rlimit{Cur: most, Max: most}
		var now unix.Rlimit
		if unix.Getrlimit(what, &now) == nil && now.Max < most {
			limit = unix.Rlimit{Cur: now.Max, Max: now.Max}
		}
		if err := unix.Setrlimit(what, &limit); err != nil {
			return step("setting limits", err)
		}
	}
	if err := dropCapabilities(); err != nil {
		return err
	}
	return filterCalls()
}

// launch starts the function.
func launch(config stageConfig) (at int64, pid int, err error) {
	null, err := unix.Open("/dev/null", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return 0, 0, step("opening /dev/null", err)
	}
	attr := &syscall.ProcAttr{
		Dir: config.Dir, Env: config.Env,
		Files: []uintptr{uintptr(null), 1, 2},
		Sys:   &syscall.SysProcAttr{Setsid: true},
	}
	for _, id := range []int{config.UID, nobody} {
		if config.UID != 0 {
			attr.Sys.Credential = &syscall.Credential{Uid: uint32(id), Gid: uint32(id)}
		}
		at = monotonic()
		pid, err = syscall.ForkExec(config.Args[0], config.Args, attr)
		// An outer user namespace may not map so high a user id.
		if !errors.Is(err, unix.EINVAL) {
			break
		}
	}
	return at, pid, step("exec", err)
}

// countsByNamespace reports whether the kernel counts processes per user and user
// namespace, as Linux does since 5.14, instead of per user only.
func countsByNamespace() bool {
	var name unix.Utsname
	var major, minor int
	if unix.Uname(&name) != nil {
		return false
	}
	fmt.Sscanf(unix.ByteSliceToString(name.Release[:]), "%d.%d", &major, &minor)
	return major > 5 || major == 5 && minor >= 14
}

// dropCapabilities removes all capabilities from the processes that this thread
// starts, whatever they execute. Root loses the remaining ones when it changes its
// user.
func dropCapabilities() error {
	for c := uintptr(0); c <= unix.CAP_LAST_CAP; c++ {
		if err := unix.Prctl(unix.PR_CAPBSET_DROP, c, 0, 0, 0); err == unix.EPERM {
			break // an uncontained stage of an unprivileged user has no capabilities
		}
	}
	if err := unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0); err != nil && err != unix.EINVAL {
		return step("dropping capabilities", err)
	}
	return step("refusing new privileges", unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
}

// reap waits for every process that ends in the namespace, and reports how the
// function ended.
func reap(pid int) {
	for {
		var status unix.WaitStatus
		ended, err := unix.Wait4(-1, &status, 0, nil)
		switch {
		case err == unix.EINTR:
		case err != nil:
			return // no process is left
		case ended == pid && status.Signaled():
			send(stageMessage{Step: "exited", Clause: "was killed by signal " + strings.ToUpper(unix.SignalName(status.Signal()))})
		case ended == pid:
			send(stageMessage{Step: "exited", Clause: fmt.Sprintf("exited with status %d", status.ExitStatus())})
		}
	}
}

func send(m stageMessage) {
	if text, err := json.Marshal(m); err == nil {
		unix.Sendto(controlDescriptor, text, unix.MSG_NOSIGNAL, nil)
	}
}

func sendListener(descriptor int) {
	text, _ := json.Marshal(stageMessage{Step: "listening"})
	unix.Sendmsg(controlDescriptor, text, unix.UnixRights(descriptor), nil, unix.MSG_NOSIGNAL)
}

// step wraps an error with the step that failed. It drops paths and keeps the
// kernel's reason.
func step(what string, err error) error {
	if err == nil {
		return nil
	}
	if errno := unix.Errno(0); errors.As(err, &errno) {
		err = errno
	}
	return fmt.Errorf("%s: %w", what, err)
}

// permanent reports whether an error is something other than a temporary shortage,
// so that trying again would not help.
func permanent(err error) bool {
	for _, shortage := range []error{unix.EAGAIN, unix.ENOMEM, unix.EMFILE, unix.ENFILE, unix.ENOBUFS, unix.EINTR, unix.ETXTBSY} {
		if errors.Is(err, shortage) {
			return false
		}
	}
	return errors.As(err, new(unix.Errno))
}
