// Package goldentest checks commits on the sample services, and compares what
// every format says of them with testdata/golden.
package goldentest
