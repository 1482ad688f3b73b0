// Package gobin says what a Go program holds and why it holds it.
//
//  1. [Attribute] gives every byte of a linked program to a package, or to a
//     row that says what it is. The rows sum to the file.
//  2. [Why] says what brings a package into a program, and what keeps a symbol
//     alive: an import chain, a call path, or the linker's own edges.
//  3. [Load] gives others what these questions are asked of: the packages of
//     programs, what they import, and what the linker keeps of them.
//
// Nothing here runs the program, and a program is never trusted: sizes, offsets
// and counts read from one are checked against the file before they are used.
package gobin
