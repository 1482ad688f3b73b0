// Package why says what brings a package, or a symbol, into a function.
//
//  1. [Ask] builds the function and answers by the table of runtimes: Node from
//     the import graph and from trials without packages, Go from imports, calls or
//     the linker.
//  2. [Print] writes the answer as text.
package why
