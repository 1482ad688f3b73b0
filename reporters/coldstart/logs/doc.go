// Package logs reads the cold starts of a user's own functions from what CloudWatch
// logs of them.
//
//  1. [Query] is a query that finds them.
//  2. [Logs.Read] reads a file of logs. read.go tells its format apart, json.go and
//     lines.go read its entries.
//  3. [Logs.Groups] puts starts that can be compared into a [Group], and says why a
//     group cannot be used.
package logs
