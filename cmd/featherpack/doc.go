// Command featherpack makes, for each serverless function of a repository, the
// smallest zip that still runs, and says in bytes what that did.
//
// A command is one file: build.go, discover.go and so on. What they share is
// told in order:
//
//  1. [measure] takes a folder to a report: discover, install where asked,
//     build, pack, report. It is the whole of the data's way.
//  2. runtimes is the table of runtimes, one line each.
//  3. an outDir is a folder of ours on disk, a terminal is where we talk.
package main
