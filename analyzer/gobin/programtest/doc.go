// Package programtest compiles and links the programs of testdata/programs for the
// tests of several packages.
//
//  1. [Compile] compiles what programs are made of. Tests of several packages run
//     at once, and each would compile the same modules; so the first to ask does it
//     while the others wait.
//  2. [Link] links a program, as packager/golang does.
package programtest
