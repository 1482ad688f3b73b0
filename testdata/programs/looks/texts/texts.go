// Package texts has a file for other packages.
package texts

import "embed"

// Files are read by other packages.
//
//go:embed notes.txt
var Files embed.FS // silent: embedded-not-read
