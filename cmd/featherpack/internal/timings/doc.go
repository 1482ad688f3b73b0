// Package timings tells how long the stages of a run and the parts of each function took.
//
//  1. [New] takes the file of a trace out of the values of -o.
//  2. [Log.Add] prints what has just ended, and keeps it.
//  3. [Log.Write] writes the trace, in the format that Chrome shows.
package timings
