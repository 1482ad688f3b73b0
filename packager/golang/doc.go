// Package golang builds Go functions with the Go toolchain. It runs one `go build`
// for each group of functions with equal settings. The files, in reading order:
//
//  1. build.go: [Builder.Build] makes a task for each function and groups the tasks.
//  2. plan.go finds a task's package folder and its module or workspace. flags.go
//     and quote.go determine its settings: architecture, tags, linker flags, cgo, and
//     the allowed flags of the user's GOFLAGS.
//     boundary.go refuses what lies outside the project's root and what is not a regular
//     file: module files, local replacements, and the sources of the packages that a
//     program imports, before the go command opens them; later assembly and embedded files.
//  3. list.go runs one `go list -deps` for a group. It finds what the programs import,
//     and which programs cannot be built and why. inputs.go adds the packages to the
//     graph. cgo.go finds packages that lose their C code because cgo is off.
//  4. link.go runs one `go build` for the remaining programs. It links them into a
//     folder that is kept between runs (store.go), so that the toolchain decides what
//     is up to date. A package that does not compile is reported for every function
//     that contains it. The other functions are still built.
//  5. ship.go makes a stripped copy of every new program. The copy is deployed. It
//     equals the output of `go build -ldflags='-s -w'`, except that its build IDs are
//     digests of its content.
//  6. attribute.go attributes a program's bytes to packages. check.go checks that the
//     program refers to the Lambda runtime API, and that the Lambda runtime has the
//     libraries that it loads. The bundle is emitted before the next group starts.
//  7. Package toolchain runs the go command. explain.go turns its messages into
//     diagnostics.
//  8. measure.go: [Builder.Measure] applies changes to one function, builds it in a
//     scratch folder, and returns its size.
//
// The toolchain runs with only the environment variables that a build needs. It
// never downloads another toolchain, never changes go.mod, and never runs a program
// that GOFLAGS or linker flags name.
package golang
