// Package sloppy keeps the meaning of CommonJS modules that are not in strict mode, where
// the code of a bundle is, or where esbuild reads them differently from Node.
//
//  1. [Read] says what a module would lose in a bundle (loses.go). properties.go,
//     parameters.go and this.go know one family of code each, taken.go which functions
//     other code may call without a receiver, blocks.go what esbuild does to functions in
//     blocks. What can be said in other words becomes an edit.
//  2. [Locks] says what other modules get of a module that they cannot change (locked.go),
//     and a [Reading] what a module changes of others (foreign.go). Who joins them knows
//     the graph.
//  3. [Write] writes the module with these edits or, where they are not enough, as a text
//     that is evaluated when the module is loaded, as Node evaluates a CommonJS module
//     (write.go). Such code is not in the strict mode of the code around it.
//
// What can be said in both modes is no reason: the pass "sloppy code" rewrites it in the
// finished bundle.
package sloppy
