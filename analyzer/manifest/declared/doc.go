// Package declared holds the words that a manifest's format and the package
// manifest share:
//
//  1. a format reads an [Input]: one [Service], the files around it, and what the
//     command line says;
//  2. it returns what it [Found]: a [Function] for each function of the manifest;
//  3. [JudgeRuntime] and [JudgeArchitecture] say what Lambda makes of its settings.
package declared
