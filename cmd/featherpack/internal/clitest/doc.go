// Package clitest runs featherpack as users do. It is for slow tests, which are in
// several packages so that they run in parallel.
//
//  1. [Main] builds the program once for all packages. [Run] and [Must] run it.
//  2. [Install] installs a sample project's packages once. [Copy] and [Overlay] copy
//     a project to a folder where a test may change it.
//  3. [Prove] builds a sample project and invokes every function from its zip.
//  4. [Write], [Read] and the others help with files, commands and permissions.
package clitest
