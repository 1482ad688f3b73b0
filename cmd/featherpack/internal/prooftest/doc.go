// Package prooftest tests that the built zips run and are reproducible.
//
//  1. The sample services are built and moved away. Every function must give its
//     expected answer from its zip.
//  2. The size of the Go service's zips must stay below a share of a plain build.
//  3. Functions that call AWS clients of every protocol must send the same requests
//     from their zips as from their source, and read the same from the answers.
//  4. One project is built in different circumstances, and all bytes are the same.
package prooftest
