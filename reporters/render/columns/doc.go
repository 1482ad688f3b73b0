// Package columns fits text into the columns of a terminal.
//
//  1. [Clean] makes a name safe for one line, [Count] returns its number of columns, and [Shorten] shortens it.
//  2. [Wrap] breaks a line between words.
//  3. A [Writer] writes lines within a width, with colours and symbols if the reader's terminal supports them.
package columns
