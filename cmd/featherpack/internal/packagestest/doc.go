// Package packagestest tests npm packages: for each, a function that uses it runs from
// its zip. testdata/apps/packages holds the functions, and the table that the test
// writes.
package packagestest
