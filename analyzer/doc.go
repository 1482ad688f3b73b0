// Package analyzer defines the types that all other packages share: projects, functions,
// the graph of their inputs, and diagnostics.
//
// Data flows in one direction:
//
//  1. analyzer/manifest finds the functions in a folder and returns a [Project].
//  2. analyzer/js and analyzer/trace analyse Node functions, analyzer/gobin analyses Go
//     programs, and analyzer/lint finds possible improvements. They produce a [Graph] of
//     [Input]s and [Diagnostic]s.
//  3. packager builds and zips the functions; reporters reports the results.
//
// The types are plain structs whose zero value works. This package imports only the
// standard library.
package analyzer
