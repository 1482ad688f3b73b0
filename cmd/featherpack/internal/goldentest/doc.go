// Package goldentest runs featherpack check on commits to the sample services, and
// compares the report in every format with testdata/golden.
package goldentest
