// Package completion writes scripts that let shells complete featherpack's commands
// and flags.
//
//  1. A [Command] is a command to complete, with its flags.
//  2. [Write] writes the script for one shell.
package completion
