//go:build !unix

package scratch

import "io/fs"

// own is true where every user has a temporary folder of his own, as on Windows.
func own(fs.FileInfo) bool { return true }
