// Package profile measures which modules a function's load time goes to.
//
//  1. [Ask] builds the function. A Node function is built once more without
//     minification, and the zip's bundle is instrumented: each module notes the processor
//     time when it begins and ends. Both artifacts are started in turn, in new processes.
//  2. [MeasureInit] starts a Go artifact with the Go runtime's trace of initialisers.
//  3. [Print] writes a table, and [CPUProfile] what Chrome's developer tools read.
package profile
