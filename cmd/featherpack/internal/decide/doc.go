// Package decide measures for which functions compiled code pays:
//
//  1. [Measure] builds a function three times: plain, compiled without being run, and
//     compiled after it has loaded.
//  2. It loads the plain zip and each of the others in turn, in pairs of fresh processes
//     of the Node that the code is for.
//  3. It takes the mode that saves most at a cold start, if even the pessimistic end of
//     its projection is a saving, and the zip is smaller than the size at which download
//     time begins to grow.
//  4. [Write] puts the decision into the file beside the function's manifest, which builds
//     with codeCache: auto read.
package decide
