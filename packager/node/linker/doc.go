// Package linker drives esbuild for functions of equal options: many entry
// points over one parse of what they share.
//
//  1. [New] makes a context for as many entry points as it is given slots.
//  2. [Linker.Link] builds a batch of entries and returns a [Linked] for each: the
//     code, the source map, the inputs that the entry reaches, and esbuild's errors
//     and warnings about them.
//  3. [Linker.Close] ends the context, or returns it to the [Pool] that it was taken from,
//     which keeps it for the next build of the same process.
package linker
