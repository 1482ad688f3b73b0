// Package profile measures which modules a function's load time goes to.
//
//  1. [Ask] builds the function and copies a Node function's zip (node.go). In the copy,
//     each module of the bundle notes the time when it begins and ends
//     (instrument.go, recorder.js, bundle.go). Nothing else differs. The source map says
//     where the modules are.
//  2. Both are started in turn, in new processes, until the times are precise enough. What
//     the modules took (recorded.go) is held against the load of the artifact as it ships.
//  3. [MeasureInit] starts a Go artifact with the Go runtime's trace of initialisers.
//  4. [Print] writes a table, [HTML] a page with a flame chart, and [CPUProfile] what Chrome's
//     developer tools read.
package profile
