// Package node makes a bundle of every Node function of a project: one
// JavaScript file, plus only the files that cannot be in it.
//
//  1. [Build] gives every function a plan: output format, packages taken by
//     their CommonJS main, packages that stay as files, names kept.
//  2. Functions of equal options and plan form a group; a linker drives one
//     esbuild context for a group, in batches that bound memory, and parses
//     what they share once.
//  3. Each function's finished graph is read from esbuild's metafile. Where it
//     proves the plan wrong (a package reached both by import and by require,
//     top-level await, a library that reads class names) that function alone
//     is planned anew and linked again.
//  4. What is left becomes a [packager.Bundle]: the code, its source map, the
//     licences of what it holds, extra files, and which input every byte is of.
//
// A function's bytes depend on that function alone, never on its neighbours,
// the batch or the order.
package node
