// Command release builds all files of a featherpack release into one folder: for
// each platform an archive, its list of components (SBOM) and an npm package with
// the binary; and the npm package featherpack, and SHA256SUMS.
//
//	go run ./cmd/release OUT                              for this platform
//	go run ./cmd/release --all --version 1.2.3 OUT        for all six
//	go run ./cmd/release --all --version 1.2.3 --verify OUT
//
// In order:
//
//  1. Compile the binary. It contains no paths, no times and no state of the
//     repository.
//  2. Collect the licences of the linked modules. A module without a known licence
//     is an error.
//  3. Pack the archives, and the npm packages with npm itself.
//  4. With --verify, build everything again from a copy of the sources in another
//     folder with an empty build cache, and compare every byte.
//
// It publishes nothing.
package main
