// Package completion writes scripts by which shells complete command lines.
//
//  1. A [Command] is one that can be completed, with its flags.
//  2. [Write] writes the script for one shell.
package completion
