// Package native reads what a native library was made for.
//
//  1. [Read] reads the headers of an ELF, Mach-O or PE file and returns its
//     [Platform]: system, CPU, C library. [ReadFile] does so for a file of the
//     project.
//  2. [Platform.Fits] compares that with the platform of a function.
//  3. [Libraries] follows the shared libraries that a library links, as far as
//     they lie in the project.
package native
