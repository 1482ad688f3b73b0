// Package gobin explains what a Go program contains and why.
//
//  1. [Attribute] attributes every byte of a linked program to a package, or to a
//     named row. The rows sum to the file size.
//  2. [Why] explains why a package or symbol is in a program, with an import chain,
//     a call path, or the linker's own edges.
//  3. [Load] lists the packages of programs for other packages: what they import,
//     and what the linker keeps of them.
//
// This package never runs a program and never trusts one: it checks sizes, offsets
// and counts against the file before it uses them.
package gobin
