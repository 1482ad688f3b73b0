// Package manifesttest has what the tests of manifests share:
//
//  1. [Project] writes the files of a project, [Discover] discovers them;
//  2. [MustFind] and [MustTell] compare what was found and told;
//  3. [Fuzz] discovers a fuzzed manifest twice, and [Sound] checks what holds for
//     every project.
package manifesttest
