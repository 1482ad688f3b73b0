// Package manifesttest holds what the tests of the manifest packages share:
//
//  1. [Project] writes the files of a project, and [Discover] runs discovery on them;
//  2. [MustFind] compares the functions found, [MustReport] the diagnostics;
//  3. [Fuzz] runs discovery on a fuzzed manifest twice, and [Sound] checks what is
//     true for every project.
package manifesttest
