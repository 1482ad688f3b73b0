// Package pipeline builds the functions of a folder and returns a report. It does
// not depend on flags or a terminal.
//
//  1. [Measure] runs all stages: discover the functions, choose some of them
//     ([Choose]), install packages, take the report of an earlier run from the cache (earlier.go) or
//     build ([Build]) and report, boot, unpack.
//  2. [Build] passes the functions of each family to the family's builder and
//     packs each bundle as soon as it is final.
//  3. [Boot] starts one artifact with its events and, from [Sources], its source
//     tree, and judges the comparison. [MeasurePairs] starts artifacts and their
//     baselines in turn.
//  4. [BoundMemory] limits the memory of a run.
package pipeline
