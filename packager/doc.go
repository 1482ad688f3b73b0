// Package packager turns what goes into a function's zip into the zip itself.
//
//  1. [Build] has a [Builder] do a [Job]. packager/node and packager/golang are
//     builders: they build functions, many at a time, and hand over one [Bundle]
//     each: the files, and which input every byte of them came from. Build adds
//     the files that patterns bring in.
//  2. [Pack] writes a bundle as an [Artifact]: a zip whose bytes depend on the
//     bundle alone, with sizes, digest and attribution.
//  3. packager/boot starts an artifact away from the source tree.
package packager
