// Package runtimes starts the artifacts of Node functions under other runtimes of Lambda,
// each with that runtime's own Node and flags, before anybody changes the manifest.
//
//  1. [Ask] starts the same zip with the same event under each runtime, compares the
//     answers, and builds the function for the runtime, for its size.
//  2. [Print] writes a table, and [Diagnostics] what a report carries.
package runtimes
