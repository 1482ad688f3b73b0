// Package why explains why a package or a symbol is in a function.
//
//  1. [Ask] builds the function and finds the answer for its runtime. For Node it
//     uses the import graph and builds without packages. For Go it uses imports,
//     calls or the linker.
//  2. [Print] writes the answer as text.
package why
