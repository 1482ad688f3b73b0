// Package pass changes the code of a finished bundle where esbuild cannot be told
// to write it differently.
//
//  1. [Run] gives the parsed code to each pass of one ordered list, the part of
//     [analyzer.Passes] that concerns finished bundles. A pass answers with edits. All
//     of them are applied to the text at once. One comes before: what lazy_modules.go has
//     taken out of wrappers is parsed again.
//  2. helpers.go finds esbuild's module wrappers in the code.
//  3. references.go finds what each name in the code means.
//  4. lazy_modules.go, unused.go, commonjs_exports.go with commonjs_own_uses.go and unreferenced.go, wrappers.go,
//     sloppy.go, names.go, parameters.go, literals.go, tables.go, characters.go and rename.go are the passes.
//     Each says why its edits do not change what the program does. A pass leaves the
//     code as it is where it cannot be sure. origins.go tells which source a place of
//     the code comes from.
//  5. [Result.Mappings] moves the columns of a source map by the same edits.
package pass
