// Package programtest compiles and links the programs of testdata/programs for the
// tests of several packages.
//
//  1. [Compile] compiles the packages of programs. Tests of several packages run at
//     the same time and would all compile the same modules. So the first caller
//     compiles them while the others wait.
//  2. [Link] links a program like packager/golang does.
package programtest
