//go:build linux || darwin

package cache

import (
	"io/fs"
	"syscall"
)

// deviceOf returns the file system that a file is on.
func deviceOf(info fs.FileInfo) (uint64, bool) {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return uint64(st.Dev), true
}
