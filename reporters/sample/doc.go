// Package sample makes reports for tests.
//
//  1. A [Service] consists of modules of given sizes. It is actually packed.
//  2. [Shop], [Small] and [Platform] are services that many tests share.
//  3. [Reviews] are compared and judged reports, [Attacked] is a report with hostile names, and [Many] is a very
//     large one.
//  4. [Golden] compares output with a file in testdata.
package sample
