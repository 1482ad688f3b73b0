// Package decide measures for which functions compiled code pays:
//
//  1. [Measure] builds a function four times: plain, compiled without being run, compiled
//     with the longer functions that run while it loads, and with all of them.
//  2. It loads the plain zip and each of the others in turn, in pairs of fresh processes
//     of the Node that the code is for.
//  3. It takes the mode that saves most at a cold start, if even the pessimistic end of
//     its projection is a saving, and the zip is smaller than the size at which download
//     time begins to grow.
//  4. [Write] puts the decision into the file beside the function's manifest, which builds
//     with codeCache: auto read.
package decide
