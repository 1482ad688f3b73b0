// Package golang drives the Go toolchain: many main packages, one `go build`
// for every group of functions with equal settings. The files read in this order:
//
//  1. build.go: [Builder.Build] makes each function a task, and groups tasks.
//  2. plan.go finds a task's package folder and the module or workspace around it;
//     flags.go and quote.go its settings: architecture, tags, linker flags, cgo,
//     and the user's GOFLAGS as far as they are let in.
//  3. list.go: one `go list -deps` for a group tells what its programs import, and
//     which of them cannot be built, and why. inputs.go puts that into the graph.
//  4. link.go: one `go build` links the rest into a folder that is kept between
//     runs (store.go), so that the toolchain itself decides what is up to date.
//     What does not compile is reported against the functions that hold it; the
//     others are built without it.
//  5. ship.go makes a stripped copy of every program that is new. That is what is
//     shipped: what `go build -ldflags='-s -w'` gives, with build IDs that are
//     digests of its content.
//  6. attribute.go gives a program's bytes to the packages they came from, and
//     check.go says whether it speaks to the Lambda runtime and what it loads.
//     The bundle is handed over before the next group starts.
//  7. toolchain.go runs the go command, and explain.go turns what it says into
//     diagnostics.
//  8. measure.go: [Builder.Measure] does the same for one function in a scratch
//     folder, with changes applied, and says what it weighs.
//
// The toolchain runs with an environment cut down to what a build needs, never
// downloads another toolchain, never changes go.mod, and never runs a program
// that GOFLAGS or linker flags name.
package golang
