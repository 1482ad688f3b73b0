// Package clitest runs featherpack as its users do, for tests that take long
// and so lie in packages beside each other:
//
//  1. [Main] builds the program once for all of them, and [Run] and [Must] run it;
//  2. [Install] installs a sample project's packages once, [Copy] and [Overlay]
//     lay the project out where a test may change it;
//  3. [Prove] builds such a project and asks every zip of it;
//  4. [Write], [Read] and the others are what such tests do with files, commands
//     and permissions.
package clitest
