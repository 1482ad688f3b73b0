// Package output writes reports where the user wants them.
//
//  1. [Parse] reads the values of -o as [Sink]s.
//  2. [Write] writes a report to each of them.
//  3. [WriteFile] replaces one file as a whole.
//  4. [Printable] makes a text safe for a terminal.
package output
