// Package kept knows the files that ship beside a function's bundle: packages
// that stay as files, workers and modules that are loaded by path, native
// addons, and data that the code reads.
//
//  1. [Asked] collects what the bundled modules ask for.
//  2. [Collect] follows the modules among that as Node does, file by file, each
//     with what it requires and reads in turn. The result is a [Tree]. Packages get
//     places in which each copy is found by who asks for it, by name or by path (nest.go).
//  3. [Tree.Packages] are the installed packages that it holds, [Tree.Problems]
//     the requests that lead nowhere.
//  4. [Tree.Own] are the project's own modules that are loaded by path. The bundle
//     holds them, and the files in their places hand them on (own.go).
//  5. [Tree.Files] names every file by its place in the zip; a [Layout] says
//     where that is. Its [Reader] says who reads it (read.go), and so whether it may be
//     made smaller.
//
// Nothing is read that is not regular or lies outside of the project's root.
package kept
