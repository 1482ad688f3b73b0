// Package boot starts an artifact outside its source tree against a local Lambda
// Runtime API. A zip that would not run on Lambda fails at build time. [Check] (check.go)
// does steps 1 to 4 with [Options] and gives a [Result] (result.go):
//
//  1. Unpack the zip to a new folder (unpack.go).
//  2. Choose the program that would run it on Lambda: a Node of the runtime's
//     major version, with Lambda's flags and a small runtime client, or the
//     zip's own bootstrap (program.go, node.go, fetch.go, client/). The table of the
//     Nodes that can be downloaded also says which Lambda was last seen with (releases.go).
//  3. Start it as Lambda does: a read-only task folder, a private /tmp, an
//     unprivileged user, Lambda's environment variables and none of the
//     caller's, and no network except the Runtime API. Every process it starts
//     ends with the check (environment.go, sandbox/).
//  4. Serve the Runtime API on loopback: wait until the function is ready, send
//     the event and read the answer (api.go). Time, memory and output are limited. What
//     went wrong is read from the answer and the output (failure.go).
//  5. [Compare] starts the source tree of the artifact in the same way (tree.go), while
//     a preloaded script reports what it opens, loads, reads and starts (journal.go,
//     client/watch.cjs). It compares the answers at JSON paths (compare.go,
//     difference.go). Package sourcetree makes the tree, with [RunScript] where the
//     project's own TypeScript has to compile it (script.go).
//
// Two more measurements start things in the same way: [Pairs] loads two of them in turn
// (pairs.go), and [Compiler] asks the function's own Node for a program's compiled code
// (compile.go).
//
// Containment works on Linux only. On other systems, and on machines that allow
// no namespaces, running a function is opt-in, and the result lists what was not
// contained.
package boot
