// Package outdir keeps the folder that a build writes to.
//
//  1. [Open] makes the folder, or takes one that is empty or already ours, and
//     keeps other builds out of it.
//  2. [Dir.Settle] writes report.json and removes what is out of date.
//  3. [Dir.Unpack] lays the files of the zips out beside them.
//  4. [Dir.Close] lets the next build in.
package outdir
