// Package faultstest builds a small project while something goes wrong: the build is killed or
// interrupted, the disk is full, files are unreadable or change, runs meet in one folder, and
// the cache is damaged. FEATHERPACK_FAULTS is how many times each accident happens.
package faultstest
