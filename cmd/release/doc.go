// Command release builds what a release of featherpack consists of, into one
// folder: for each platform an archive with its list of components (SBOM) and an
// npm package that holds the binary, the npm package featherpack, and SHA256SUMS.
//
//	go run ./cmd/release OUT                              for this platform
//	go run ./cmd/release --all --version 1.2.3 OUT        for all six
//	go run ./cmd/release --all --version 1.2.3 --verify OUT
//
// In order:
//
//  1. compile the binary, without paths, times or the state of the repository in it;
//  2. collect the licences of what is linked into it, and refuse what has none;
//  3. pack archives, and npm packages by npm itself;
//  4. with --verify, do all of it again from a copy of the sources in another
//     folder and with an empty build cache, and compare every byte.
//
// It publishes nothing.
package main
