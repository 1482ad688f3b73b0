// Package attackstest runs featherpack on hostile projects.
//
//  1. A file of testdata/attacks is an attack: a tree to make, the commands to run, and
//     the expected outcome (case.go).
//  2. Every attack runs in a folder of its own, as this user and, if that is root, as an
//     unprivileged user too. Nothing outside the project may change, and no output or
//     artifact may contain the secret (run.go).
//  3. The attacks and their outcomes are the table of the documentation's page about
//     security.
package attackstest
