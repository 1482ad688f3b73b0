// Package gate judges the files that esbuild opens by itself, before it does. esbuild
// follows every link, reads pipes and devices, and prints what it cannot parse.
//
//  1. [Gate.Request] judges an import before esbuild resolves it: where it leads, and the
//     files that esbuild reads on the way there.
//  2. [Gate.Folder] judges the package.json, the tsconfig.json and the Plug'n'Play
//     manifest of a folder and of those above it. Package tsconfig.go walks "extends".
//  3. [Gate.SourceMap] judges the source maps that a module's comments name.
//  4. [Gate.Module] refuses a module that a file above the root would change (above.go).
//
// A refusal is a diagnostic with the path as it is written and the place that asks for
// it. It never contains text of the file.
package gate
