// Package pipeline takes a folder to a report. It knows no flags and no terminal.
//
//  1. [Measure] does it all, in this order: discover, [Choose] what is built,
//     install, [Build], report, boot, unpack.
//  2. [Build] hands the functions of each family to its builder, by the table of
//     builders, and packs each bundle as soon as it is final.
//  3. [Boot] starts one artifact, and [MeasurePairs] starts artifacts and their
//     baselines in turn.
//  4. [BoundMemory] bounds what all of that takes.
package pipeline
