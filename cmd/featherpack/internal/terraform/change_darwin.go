package terraform

import (
	"io/fs"
	"syscall"
	"time"
)

// changeOf returns the change time of a file and its inode.
func changeOf(info fs.FileInfo) (time.Time, uint64) {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return time.Unix(st.Ctimespec.Unix()), st.Ino
	}
	return info.ModTime(), 0
}
