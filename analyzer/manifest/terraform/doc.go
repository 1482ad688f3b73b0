// Package terraform reads the plan that `terraform show -json` prints:
//
//  1. [Open] scans the file as a stream: scan.go reads JSON piece by piece,
//     plan.go keeps the functions, their archives and their configuration;
//  2. [Read] finds out what each function's zip is made of and leads it to its
//     sources (terraform.go).
//
// A plan holds secrets. What is not needed never becomes a text in memory.
package terraform
