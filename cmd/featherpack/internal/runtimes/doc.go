// Package runtimes tries functions on other runtimes of Lambda, before anybody changes the
// manifest or the toolchain.
//
//  1. [Choose] reads the list of --runtimes, and finds the Go toolchains on this machine.
//  2. [Try] tries each function: node.go starts the same zip under each runtime's own Node
//     with its flags, and builds the function for the runtime, for its size. golang.go
//     builds a Go function with each toolchain and starts that.
//  3. Both compare the answers to the same event (compare.go), and find the place of a
//     failure in the sources (place.go).
//  4. [Diagnostics] are the results as diagnostics.
package runtimes
