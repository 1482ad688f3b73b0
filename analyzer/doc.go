// Package analyzer holds the words every other package speaks: what a project
// is, what a function is, what the graph of its inputs looks like, and how a
// problem is told to a person.
//
// The way of the data, one direction, is:
//
//  1. analyzer/manifest finds the functions of a folder: a [Project].
//  2. analyzer/js and analyzer/trace read what a Node function needs,
//     analyzer/gobin what a Go program holds, analyzer/lint what could be
//     better: a [Graph] of [Input]s, and [Diagnostic]s.
//  3. packager builds and zips it; reporters tells what that did.
//
// The types are flat, plain structs whose zero value works. This package
// imports the standard library only.
package analyzer
