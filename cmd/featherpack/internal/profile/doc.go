// Package profile measures which modules a function's load time goes to.
//
//  1. [Ask] builds the function. A Node function is built once more without
//     short names, and the zip's bundle is instrumented: each module notes the processor
//     time when it begins and ends. Both artifacts are started in turn, in new processes,
//     and what the modules took is held against the load of the one as it ships.
//  2. [MeasureInit] starts a Go artifact with the Go runtime's trace of initialisers.
//  3. [Print] writes a table, [HTML] a page with a flame chart, and [CPUProfile] what Chrome's
//     developer tools read.
package profile
