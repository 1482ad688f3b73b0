// Package rewrite changes source code for trial builds, so that the linker removes
// something from a Go program. packager/golang measures the resulting programs. They
// are never run or shipped.
//
//  1. [StandIns] writes stand-ins: packages that declare what a project uses of its
//     dependencies but do nothing. A program linked with a stand-in shows what the
//     program weighs without the dependency.
//  2. [WithoutLookups] hides reflective method lookups from the linker, so that it
//     removes the methods that the lookups kept.
//  3. [Replace] makes a go.mod use changed copies of modules.
package rewrite
