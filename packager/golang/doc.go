// Package golang drives the Go toolchain: many main packages, one `go build`
// for every group of functions with equal settings.
//
//  1. Each function becomes a task: its package folder, the module or
//     workspace around it, and its settings (architecture, tags, linker flags,
//     cgo, the user's GOFLAGS as far as they are let in).
//  2. Tasks with equal settings form a group. One `go list -deps` tells what
//     the group's programs import, and which of them cannot be built, and why.
//  3. One `go build` links the rest into a folder that is kept between runs,
//     so that the toolchain itself decides what is up to date. What does not
//     compile is reported against the functions that hold it; the others are
//     built without it.
//  4. Of every program that is new a stripped copy is made, which is what is
//     shipped: what `go build -ldflags='-s -w'` gives, with build IDs that are
//     digests of its content.
//  5. Every program is checked (does it speak to the Lambda runtime, what does
//     it load), its bytes are given to the packages they came from, and its
//     bundle is handed over before the next group starts.
//
// The toolchain runs with an environment cut down to what a build needs, never
// downloads another toolchain, never changes go.mod, and never runs a program
// that GOFLAGS or linker flags name.
package golang
