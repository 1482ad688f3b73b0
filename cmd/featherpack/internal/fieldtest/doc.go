// Package fieldtest tests small functions of the kinds that are reported to break
// when they are packaged. testdata/apps/field holds one folder a function, and its
// README tells the format.
package fieldtest
