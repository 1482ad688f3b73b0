// Package mappings reads and writes the mappings of source maps.
//
//  1. [ReadVLQ] and [AppendVLQ] are the numbers that they are written in.
//  2. A [Reader] reads the mappings one after the other, [Each] all of them, [Sources] those
//     where a source begins.
//  3. A [Table] finds the place in the source that a place in the generated text
//     comes from.
//  4. [Cut] finds the mappings in a source map that esbuild wrote, without decoding it.
package mappings
