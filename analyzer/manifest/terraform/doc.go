// Package terraform reads the plan that `terraform show -json` prints:
//
//  1. [Open] reads the file as a stream: scan.go reads JSON piece by piece, and
//     plan.go keeps the functions, their archives and their configuration;
//  2. [Read] finds the sources of each function's zip (terraform.go).
//
// Where there is no plan, [Declared] finds what should have one (source.go).
//
// A plan holds secrets. A value that is not needed is never stored as a string.
package terraform
