// Package samtest runs the Makefile of the hook for SAM as sam build runs it:
// once for each function, in copies of its folder, several at a time.
package samtest
