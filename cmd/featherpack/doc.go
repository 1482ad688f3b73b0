// Command featherpack makes, for each serverless function of a repository, the
// smallest zip that still runs, and says in bytes what that did.
//
//  1. main.go picks the command. A command is one file: build.go, check.go and so
//     on. It turns flags into options, makes one call, and prints the result.
//  2. What a command does lives below internal, one package a subject. The most
//     used is internal/pipeline, which takes a folder to a report.
//  3. terminal.go is where everything is printed.
package main
