// Package prooftest shows that what is built runs, and is the same everywhere:
//
//  1. the sample services are built and taken away, and every zip of theirs is
//     asked for the answer that its source gives;
//  2. the Go service's zips are held to a share of what a plain build gives;
//  3. one project is built under changed circumstances, byte for byte the same.
package prooftest
