// Package columns fits text into the columns of a terminal.
//
//  1. [Clean] makes a name fit for one line; [Count] says how many columns it
//     takes, and [Shorten] cuts it to fewer.
//  2. [Wrap] breaks a line between words.
//  3. A [Writer] writes lines within a width, with colours and signs where the
//     reader's terminal has them.
package columns
