// Package packager builds the zips of functions.
//
//  1. [Build] runs a [Builder] on a [Job]. The builders, packager/node and
//     packager/golang, build many functions in one job. They emit one [Bundle] for each
//     function: its files, and which input every byte came from. Build adds the files
//     that the function's patterns match.
//  2. [Pack] writes a bundle as an [Artifact]: a zip with its sizes, digest and
//     attribution. The zip's bytes depend only on the bundle and the compression.
//  3. packager/boot starts an artifact away from the source tree.
package packager
