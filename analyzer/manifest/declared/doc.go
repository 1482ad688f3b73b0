// Package declared holds the types that the manifest formats and package manifest
// share:
//
//  1. a format reads an [Input]: one [Service], the files around it, and the
//     settings of the command line;
//  2. it returns [Found]: a [Function] for each function of the manifest, the
//     functions that it skipped, and problems;
//  3. [Function.UseLayers] leaves packages to the layers that a manifest makes of folders
//     of the project;
//  4. [JudgeRuntime] and [JudgeArchitecture] check a function's settings against
//     what Lambda supports.
package declared
