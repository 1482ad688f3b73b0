// Package outdir manages the folder that a build writes to.
//
//  1. [Open] makes the folder, or opens one that is empty or was made by
//     featherpack, and locks it against other builds.
//  2. [Dir.Settle] writes report.json and removes outdated files.
//  3. [Dir.Unpack] unpacks the zips.
//  4. [Dir.Close] unlocks the folder.
package outdir
