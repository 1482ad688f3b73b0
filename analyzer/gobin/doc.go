// Package gobin says what a Go program holds and why it holds it.
//
//  1. [Attribute] gives every byte of a linked program to a package, or to a
//     row that says what it is. The rows sum to the file.
//  2. [Why] says what brings a package into a program, and what keeps a symbol
//     alive: an import chain, a call path, or the linker's own edges.
//  3. [Advise] proposes changes that may make a program smaller or start it
//     faster. What they save is measured by packager/golang, not guessed here.
//
// Nothing here runs the program, and a program is never trusted: sizes, offsets
// and counts read from one are checked against the file before they are used.
package gobin
