// Package cases reads tables of test cases from text files, for tests whose
// sources are too long for a line of Go.
//
//  1. [Read] reads a file. A line "# NAME" starts a case, "//" a comment. Every
//     other line is a mark of one character, a space, and text.
//  2. [Case.Lines] and [Case.Text] give what stands behind a mark. What a mark
//     means is for the test to say.
package cases
