// Package projection reads what a projection of cold starts rests on.
//
//  1. [Terms] reads the constants, prices and usage that the flags and
//     featherpack.yaml name.
//  2. [Calibrate] fits constants to logs of cold starts.
package projection
