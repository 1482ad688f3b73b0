// Package samtest runs the SAM hook's Makefile as sam build does: once for each function,
// in copies of its folder, several at a time.
package samtest
