package boot

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

// A process that is to be the stage is told so by its name alone, before main
// runs: every program that links this package, its tests included, can contain
// a function without a call in its main.
func init() {
	if len(os.Args) == 1 && os.Args[0] == stageName {
		stage()
		os.Exit(0)
	}
}

const controlDescriptor = 3

// stage prepares what contains the function, starts it, and says what becomes
// of it. It is PID 1 of its namespace: when it ends, everything in there ends.
//
// Capabilities, limits and the like belong to a thread and are handed down by
// the one that forks, so all of it happens on one.
func stage() {
	runtime.LockOSThread()
	runtime.GOMAXPROCS(1)
	closeInherited()
	// The function may signal us, and that must do nothing. Not signal.Ignore:
	// what is ignored stays ignored in the programs that one starts.
	signal.Notify(make(chan os.Signal, 1))
	config, err := readConfig()
	if err != nil {
		say(stageMessage{Step: "failed", Error: err.Error()})
		return
	}
	listener, env, err := prepare(config)
	if err != nil {
		say(stageMessage{Step: "failed", Error: err.Error(), Lasting: lasting(err)})
		return
	}
	sendListener(listener)
	unix.Close(listener)
	config.Env = append(config.Env, env)
	if err := confine(config); err != nil {
		say(stageMessage{Step: "failed", Error: err.Error()})
		return
	}
	at, pid, err := launch(config)
	if err != nil {
		say(stageMessage{Step: "failed", Error: err.Error(), Lasting: lasting(err)})
		return
	}
	say(stageMessage{Step: "started", At: at, PID: pid})
	go reap(pid)
	// The parent says nothing more: its end of the socket closes when it is done.
	var one [1]byte
	for {
		if _, err := unix.Read(controlDescriptor, one[:]); err != unix.EINTR {
			return
		}
	}
}

// closeInherited keeps the function from what this program's own caller left
// open for it (a shell's redirections, a build tool's pipes).
func closeInherited() {
	if unix.CloseRange(controlDescriptor, 1<<31-1, unix.CLOSE_RANGE_CLOEXEC) != nil { // before Linux 5.11
		for descriptor := controlDescriptor; descriptor < 4096; descriptor++ {
			unix.CloseOnExec(descriptor)
		}
	}
}

func readConfig() (config stageConfig, err error) {
	// A message comes whole or is cut; Lambda allows 4 KB of variables, and a
	// socket buffer holds some 200 KB.
	text := make([]byte, 512*1024)
	n, err := unix.Read(controlDescriptor, text)
	if err != nil {
		return config, step("reading the config", err)
	}
	return config, json.Unmarshal(text[:n], &config)
}

// prepare does what has to be done once, and gives the Runtime API's listener
// and the variable that leads to it.
func prepare(config stageConfig) (listener int, env string, err error) {
	// Nobody else may look into this process: it has the machine's own paths.
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return 0, "", step("hiding the stage", err)
	}
	port := 0
	if config.Contained {
		port = 9001 // where Lambda has it
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
	if err := unix.Listen(s, maxConnections); err != nil {
		return 0, 0, step("listening for the Runtime API", err)
	}
	name, err := unix.Getsockname(s)
	if err != nil {
		return 0, 0, step("listening for the Runtime API", err)
	}
	return s, name.(*unix.SockaddrInet4).Port, nil
}

// confine sets the limits and drops everything that the function must not have.
func confine(config stageConfig) error {
	limits := map[int]uint64{
		unix.RLIMIT_CORE:   0,
		unix.RLIMIT_NOFILE: maxOpenFiles,
		unix.RLIMIT_FSIZE:  maxTemporary,
		unix.RLIMIT_DATA:   uint64(config.Memory) + maxDataBeyond,
	}
	// Where this limit would count what else the caller runs, it stays away, and
	// the watch alone counts processes.
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
		// A user namespace around us may not map so high a number.
		if !errors.Is(err, unix.EINVAL) {
			break
		}
	}
	return at, pid, step("exec", err)
}

// countsByNamespace says whether the kernel counts processes per user and user
// namespace, as it does from Linux 5.14 on, and not per user alone.
func countsByNamespace() bool {
	var name unix.Utsname
	var major, minor int
	if unix.Uname(&name) != nil {
		return false
	}
	fmt.Sscanf(unix.ByteSliceToString(name.Release[:]), "%d.%d", &major, &minor)
	return major > 5 || major == 5 && minor >= 14
}

// dropCapabilities leaves none for what this thread starts, whatever that
// executes. A root that changes its user loses the rest with that.
func dropCapabilities() error {
	for c := uintptr(0); c <= unix.CAP_LAST_CAP; c++ {
		if err := unix.Prctl(unix.PR_CAPBSET_DROP, c, 0, 0, 0); err == unix.EPERM {
			break // an uncontained stage of an ordinary user has none
		}
	}
	if err := unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0); err != nil && err != unix.EINVAL {
		return step("dropping capabilities", err)
	}
	return step("refusing new privileges", unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
}

// reap waits for everything that ends in here, and tells of the function.
func reap(pid int) {
	for {
		var status unix.WaitStatus
		ended, err := unix.Wait4(-1, &status, 0, nil)
		switch {
		case err == unix.EINTR:
		case err != nil:
			return // nobody is left
		case ended == pid && status.Signaled():
			say(stageMessage{Step: "exited", Clause: "was killed by signal " + strings.ToUpper(unix.SignalName(status.Signal()))})
		case ended == pid:
			say(stageMessage{Step: "exited", Clause: fmt.Sprintf("exited with status %d", status.ExitStatus())})
		}
	}
}

func say(m stageMessage) {
	if text, err := json.Marshal(m); err == nil {
		unix.Sendto(controlDescriptor, text, unix.MSG_NOSIGNAL, nil)
	}
}

func sendListener(descriptor int) {
	text, _ := json.Marshal(stageMessage{Step: "listening"})
	unix.Sendmsg(controlDescriptor, text, unix.UnixRights(descriptor), nil, unix.MSG_NOSIGNAL)
}

// step names what failed, without paths, and keeps the kernel's reason.
func step(what string, err error) error {
	if err == nil {
		return nil
	}
	if errno := unix.Errno(0); errors.As(err, &errno) {
		err = errno
	}
	return fmt.Errorf("%s: %w", what, err)
}

// lasting says that an error is not a passing shortage: the same would come of
// another try.
func lasting(err error) bool {
	for _, shortage := range []error{unix.EAGAIN, unix.ENOMEM, unix.EMFILE, unix.ENFILE, unix.ENOBUFS, unix.EINTR, unix.ETXTBSY} {
		if errors.Is(err, shortage) {
			return false
		}
	}
	return errors.As(err, new(unix.Errno))
}
