// Package output writes reports to stdout and files.
//
//  1. [Parse] converts the values of -o to [Sink]s.
//  2. [Write] writes a report to each sink.
//  3. [WriteFile] writes one file atomically.
//  4. [Open] opens a file that the user names, or stdin.
//  5. [Printable] makes a text safe for a terminal.
package output
