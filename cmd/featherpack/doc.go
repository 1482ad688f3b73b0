// Command featherpack builds one small zip for each serverless function of a
// repository, and reports the sizes in bytes.
//
//  1. main.go selects the command. Each command is one file: build.go, check.go
//     and so on. It converts flags to options, makes one call, and prints the
//     result.
//  2. The work of the commands is in packages below internal. Most commands use
//     internal/pipeline, which builds the functions of a folder and returns a
//     report.
//  3. terminal.go prints the results, messages and progress.
package main
