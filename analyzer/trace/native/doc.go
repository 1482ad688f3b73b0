// Package native reads which platform a native library is for.
//
//  1. [Read] reads the headers of an ELF, Mach-O or PE file and returns its
//     [Platform]: operating system, CPU and C library. [ReadFile] does so for a file
//     of the project.
//  2. [Platform.Fits] compares it with the platform of a function.
//  3. [Libraries] lists the project's shared libraries that a library links, directly
//     and indirectly.
package native
