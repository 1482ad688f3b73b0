//go:build !unix

package toolchain

import "os/exec"

// stopAsGroup does nothing: there are no process groups on this system. Cancelling
// ends the go command, and its children end when they next write to it.
func stopAsGroup(*exec.Cmd) {}
