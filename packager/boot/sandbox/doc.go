// Package sandbox runs one process as Lambda does, with none of this machine's
// files, no network except one listener, and limits.
//
//  1. [Start] starts this program again as a stage, in new namespaces, and sends it
//     the [Spec] (process_linux.go).
//  2. The stage makes a root folder with the spec's mounts (root_linux.go), sets the
//     limits, drops its rights and filters system calls (stage_linux.go,
//     filter_linux.go), and starts the process.
//  3. Memory, threads and processes are watched until the process ends or is stopped
//     (watch_linux.go).
//  4. [WatchOpenings] counts the files of a folder that are opened meanwhile
//     (opened_linux.go).
//
// Containment works on Linux only. Elsewhere Start can only run a process that may
// see this machine (process_other.go).
package sandbox
