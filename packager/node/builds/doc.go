// Package builds finds packages of which a bundle has more than it needs: the CommonJS build
// where the ES build does for import and for require, of which esbuild drops what nobody
// uses; and equal copies of one package.
//
//  1. [Comparer.Swaps] looks at the CommonJS files that a finished graph enters packages
//     by. Each one that the rules allow gets the file of the ES build in its place.
//  2. other.go finds that file: what an import would get, a sibling, or what package.json
//     has under a condition that Node does not set.
//  3. exports.go compares what the two export.
//  4. uses.go judges what importers do with a module: they may read its exports, and
//     nothing else.
//  5. [Comparer.Copies] compares packages that are installed more than once.
//
// What the rules of builds promise: the ES build is what the package's author publishes as the same
// module. Both export the same names, and neither has a default, which Node and
// compilers read in different ways. No importer can tell the namespace of an ES module
// from module.exports, since none calls it, writes to it, compares it or hands it on. All
// importers of a package change together, so that its state and its classes stay one, and
// a package stays as it is where its ES build would bring a second build of a dependency.
// Top-level await, and whatever else esbuild refuses, makes the caller undo the change.
package builds
