//go:build !unix

package golang

import "os/exec"

// stopAsGroup has no process groups to use here; cancelling ends the go
// command, and its children end when they next write to it.
func stopAsGroup(*exec.Cmd) {}
