// Package rewrite changes sources for trial builds, so that the linker leaves
// something out of a Go program. What comes of it is weighed by packager/golang
// and never run or shipped.
//
//  1. [StandIns] writes packages that declare what a project uses of its
//     dependencies and do nothing. Linked in a dependency's place, one tells what
//     the program weighs without it.
//  2. [WithoutLookups] puts reflective lookups of methods out of the linker's
//     sight, so that it drops the methods that they kept.
//  3. [Replace] makes a go.mod use changed copies of modules.
package rewrite
