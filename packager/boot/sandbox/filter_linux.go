package sandbox

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// refusedCalls are the system calls that a function may not make. Some create
// things that the limits of a check would not count: memory that belongs to no
// process (memfd, System V), and namespaces with their own file systems. Others
// reach the caller's keyrings. Lambda's own sandbox, a virtual machine, needs no
// such list. A filter cannot see the flags of clone3; "not implemented" makes the
// C library fall back to clone.
var refusedCalls = []struct {
	number uint32
	errno  unix.Errno
}{
	{unix.SYS_MEMFD_CREATE, unix.ENOSYS},
	{unix.SYS_MEMFD_SECRET, unix.ENOSYS},
	{unix.SYS_SHMGET, unix.ENOSYS},
	{unix.SYS_UNSHARE, unix.EPERM},
	{unix.SYS_SETNS, unix.EPERM},
	{unix.SYS_CLONE3, unix.ENOSYS},
	{unix.SYS_IO_URING_SETUP, unix.ENOSYS},
	{unix.SYS_KEYCTL, unix.ENOSYS},
	{unix.SYS_ADD_KEY, unix.ENOSYS},
	{unix.SYS_REQUEST_KEY, unix.ENOSYS},
}

// filterCalls sets a seccomp filter on this thread, which the processes that it
// starts inherit. It refuses all calls of another architecture's table (32-bit
// calls on a 64-bit kernel). If the kernel has no seccomp, no filter is set: the
// filter guards this machine against a hostile function, and containment works
// without it.
//
// Source: kernel.org/doc/html/latest/userspace-api/seccomp_filter.html; the
// offsets are those of struct seccomp_data.
func filterCalls() error {
	arch, ok := map[string]uint32{"amd64": unix.AUDIT_ARCH_X86_64, "arm64": unix.AUDIT_ARCH_AARCH64}[runtime.GOARCH]
	if !ok {
		return nil
	}
	const (
		offsetNumber = 0
		offsetArch   = 4
		offsetFlags  = 16 // clone's first argument, low half (little endian)
		load         = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
		equal        = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
		overlaps     = unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K
		atLeast      = unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K
		give         = unix.BPF_RET | unix.BPF_K
		allow        = 0x7fff0000 // SECCOMP_RET_ALLOW
		refuse       = 0x00050000 // SECCOMP_RET_ERRNO, the number in the low half
		namespaces   = unix.CLONE_NEWUSER | unix.CLONE_NEWNS | unix.CLONE_NEWNET | unix.CLONE_NEWPID | unix.CLONE_NEWIPC
		x32          = 0x40000000 // numbers of the x32 table on amd64
	)
	statement := func(code uint16, k uint32) unix.SockFilter { return unix.SockFilter{Code: code, K: k} }
	// A test that does not hold skips the next instruction.
	test := func(code uint16, k uint32) unix.SockFilter { return unix.SockFilter{Code: code, K: k, Jf: 1} }
	program := []unix.SockFilter{
		statement(load, offsetArch),
		{Code: equal, K: arch, Jt: 1},
		statement(give, refuse|uint32(unix.ENOSYS)),
		statement(load, offsetNumber),
	}
	if runtime.GOARCH == "amd64" {
		program = append(program, test(atLeast, x32), statement(give, refuse|uint32(unix.ENOSYS)))
	}
	for _, c := range refusedCalls {
		program = append(program, test(equal, c.number), statement(give, refuse|uint32(c.errno)))
	}
	program = append(program,
		unix.SockFilter{Code: equal, K: unix.SYS_CLONE, Jf: 3},
		statement(load, offsetFlags),
		test(overlaps, namespaces),
		statement(give, refuse|uint32(unix.EPERM)),
		statement(give, allow),
	)
	filter := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	_, _, errno := unix.Syscall(unix.SYS_PRCTL, unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&filter)))
	if errno != 0 && errno != unix.EINVAL {
		return step("filtering calls", errno)
	}
	return nil
}
