// Package packagestest shows, package by package of npm, that a function which
// uses it runs from its zip. testdata/apps/packages holds the functions, and the
// table that the test writes.
package packagestest
