package projectfs

import (
	"io/fs"
	"syscall"
	"time"
)

// ChangeOf returns the change time of a file and its inode.
func ChangeOf(info fs.FileInfo) (time.Time, uint64) {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return time.Unix(st.Ctim.Unix()), st.Ino
	}
	return info.ModTime(), 0
}
