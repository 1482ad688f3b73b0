//go:build unix

package scratch

import (
	"io/fs"
	"os"
	"syscall"
)

// own reports whether this user owns the file. The temporary folder may be shared
// with other users.
func own(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Getuid()
}
