// Package projection reads the inputs of cold-start projections.
//
//  1. [Terms] reads the constants, prices and usage that the flags and
//     featherpack.yaml give.
//  2. [Calibrate] fits constants to logs of cold starts.
package projection
