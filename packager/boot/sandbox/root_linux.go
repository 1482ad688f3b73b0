package sandbox

import (
	"debug/elf"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// shared lists the files and folders of this machine that a function can read:
// those where Linux keeps programs and their libraries. Home folders, source
// trees, sockets, devices and /sys are not included. Symlinks (as of a merged
// /usr) are copied as symlinks.
var shared = []string{
	"/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32",
	"/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libx32", "/usr/libexec", "/usr/share",
	"/usr/local/bin", "/usr/local/lib", "/usr/local/lib64",
	"/nix/store", "/gnu/store",
	"/usr/aarch64-linux-gnu", "/usr/x86_64-linux-gnu",
	"/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives",
	"/etc/ssl/certs", "/etc/pki/tls/certs", "/etc/pki/ca-trust", "/etc/ca-certificates",
	"/etc/fonts", "/etc/mime.types", "/etc/protocols", "/etc/services",
}

var devices = []string{"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"}

// newRoot makes a root file system like Lambda's and changes into it. It has no
// node_modules above the task folder and no /dev/shm (Lambda has none). Only /tmp
// is writable.
func newRoot(config stageConfig) error {
	root := config.Root
	// The mounts below must not be visible outside of this namespace.
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return step("making mounts private", err)
	}
	const quiet = unix.MS_NOSUID | unix.MS_NODEV
	if err := unix.Mount("tmpfs", root, "tmpfs", quiet, "size=16m,nr_inodes=65536,mode=0755"); err != nil {
		return step("mounting a root", err)
	}
	for _, path := range shared {
		if err := show(root, Mount{From: path, To: path}, true); err != nil {
			return err
		}
	}
	for _, m := range config.Mounts {
		if err := show(root, m, false); err != nil {
			return err
		}
	}
	for _, path := range devices {
		if err := bindFile(path, root+path); err != nil {
			return step("showing "+path, err)
		}
	}
	for link, target := range map[string]string{"/dev/fd": "/proc/self/fd", "/dev/stdin": "/proc/self/fd/0", "/dev/stdout": "/proc/self/fd/1", "/dev/stderr": "/proc/self/fd/2"} {
		if err := os.Symlink(target, root+link); err != nil {
			return step("linking "+link, err)
		}
	}
	uid, gid := config.UID, config.GID
	if uid == 0 {
		uid, gid = lambdaUID, lambdaGID
	}
	for name, text := range map[string]string{
		"/etc/passwd":        fmt.Sprintf("root:x:0:0:root:/root:/bin/sh\nsbx_user1051:x:%d:%d::/home/sbx_user1051:/sbin/nologin\n", uid, gid),
		"/etc/group":         fmt.Sprintf("root:x:0:\nsbx_user1051:x:%d:\n", gid),
		"/etc/hosts":         "127.0.0.1 localhost\n",
		"/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
	} {
		if err := errors.Join(os.MkdirAll(root+"/etc", 0o755), os.WriteFile(root+name, []byte(text), 0o644)); err != nil {
			return step("writing "+name, err)
		}
	}
	if err := errors.Join(os.MkdirAll(root+"/tmp", 0o755), os.MkdirAll(root+"/proc", 0o755), os.MkdirAll(root+"/opt", 0o755)); err != nil {
		return step("making folders", err)
	}
	if err := unix.Mount("tmpfs", root+"/tmp", "tmpfs", quiet, fmt.Sprintf("size=%d,nr_inodes=65536,mode=1777", maxTemporary)); err != nil {
		return step("mounting /tmp", err)
	}
	// A container that this machine runs in may forbid to mount a new /proc. Then
	// /proc is an empty folder. It never shows the caller's processes.
	if unix.Mount("proc", root+"/proc", "proc", quiet|unix.MS_NOEXEC, "") != nil {
		if err := unix.Mount("tmpfs", root+"/proc", "tmpfs", quiet|unix.MS_RDONLY, "size=4k,mode=0555"); err != nil {
			return step("hiding processes", err)
		}
	}
	return enter(root)
}

// enter changes to the new root, unmounts the old root and makes the new one read
// only.
func enter(root string) error {
	if err := unix.Chdir(root); err != nil {
		return step("entering the root", err)
	}
	if err := unix.PivotRoot(".", "."); err != nil {
		return step("changing the root", err)
	}
	if err := unix.Unmount(".", unix.MNT_DETACH); err != nil {
		return step("leaving the old root", err)
	}
	if err := unix.Chdir("/"); err != nil {
		return step("entering the root", err)
	}
	const sealed = unix.MS_REMOUNT | unix.MS_BIND | unix.MS_RDONLY | unix.MS_NOSUID | unix.MS_NODEV
	return step("sealing the root", unix.Mount("", "/", "", sealed, ""))
}

// show makes a file, folder or symlink of this machine available in the new root,
// read only.
func show(root string, m Mount, optional bool) error {
	info, err := os.Lstat(m.From)
	if err != nil && optional {
		return nil
	} else if err != nil {
		return step("showing "+m.To, err)
	}
	to := root + m.To
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return step("showing "+m.To, err)
	}
	switch {
	case info.Mode()&os.ModeSymlink != 0:
		target, err := os.Readlink(m.From)
		if err != nil {
			return step("showing "+m.To, err)
		}
		return step("showing "+m.To, os.Symlink(target, to))
	case info.IsDir():
		if err := os.MkdirAll(to, 0o755); err != nil {
			return step("showing "+m.To, err)
		}
		if err := unix.Mount(m.From, to, "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
			return step("showing "+m.To, err)
		}
	default:
		if err := bindFile(m.From, to); err != nil {
			return step("showing "+m.To, err)
		}
	}
	return step("sealing "+m.To, readOnly(to))
}

func bindFile(from, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	file.Close()
	return unix.Mount(from, to, "", unix.MS_BIND, "")
}

// readOnly makes a bind mount and all mounts below it read only. Kernels before
// 5.12 cannot do that in one call. There only the mount itself becomes read only.
// It keeps its other flags, which an unprivileged user may not remove.
func readOnly(path string) error {
	attr := unix.MountAttr{Attr_set: unix.MOUNT_ATTR_RDONLY | unix.MOUNT_ATTR_NOSUID}
	err := unix.MountSetattr(unix.AT_FDCWD, path, unix.AT_RECURSIVE, &attr)
	if err == nil || !errors.Is(err, unix.ENOSYS) {
		return err
	}
	var stat unix.Statfs_t
	if err := unix.Statfs(path, &stat); err != nil {
		return err
	}
	kept := uintptr(0)
	for has, flag := range map[int64]uintptr{
		unix.ST_NODEV: unix.MS_NODEV, unix.ST_NOEXEC: unix.MS_NOEXEC,
		unix.ST_NOATIME: unix.MS_NOATIME, unix.ST_NODIRATIME: unix.MS_NODIRATIME, unix.ST_RELATIME: unix.MS_RELATIME,
	} {
		if int64(stat.Flags)&has != 0 {
			kept |= flag
		}
	}
	return unix.Mount("", path, "", unix.MS_REMOUNT|unix.MS_BIND|unix.MS_RDONLY|unix.MS_NOSUID|kept, "")
}

// libraries returns mounts for the folders outside of shared that an executable
// names for its loader and its libraries, as Homebrew's executables do. $ORIGIN
// means the executable's folder on this machine, because the function sees the
// executable at another path.
func libraries(executable string) (mounts []Mount) {
	e, err := elf.Open(executable)
	if err != nil {
		return nil
	}
	defer e.Close()
	var named []string
	for _, tag := range []elf.DynTag{elf.DT_RPATH, elf.DT_RUNPATH} {
		values, _ := e.DynString(tag)
		for _, value := range values {
			named = append(named, strings.Split(value, ":")...)
		}
	}
	for _, p := range e.Progs {
		if p.Type == elf.PT_INTERP && p.Filesz < 4096 {
			text := make([]byte, p.Filesz)
			if _, err := p.ReadAt(text, 0); err == nil {
				named = append(named, filepath.Dir(strings.TrimRight(string(text), "\x00")))
			}
		}
	}
	for _, dir := range named {
		dir = strings.NewReplacer("${ORIGIN}", filepath.Dir(executable), "$ORIGIN", filepath.Dir(executable)).Replace(dir)
		dir = filepath.Clean(dir)
		info, err := os.Stat(dir)
		if err == nil && info.IsDir() && filepath.IsAbs(dir) && dir != "/" && !isShared(dir) {
			mounts = append(mounts, Mount{From: dir, To: dir})
		}
	}
	return mounts
}

func isShared(dir string) bool {
	for _, s := range shared {
		if dir == s || strings.HasPrefix(dir, s+"/") {
			return true
		}
	}
	return false
}
