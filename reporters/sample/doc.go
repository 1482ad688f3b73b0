// Package sample makes the reports that tests look at.
//
//  1. A [Service] is made of modules of a given size and packed for real.
//  2. [Shop], [Small] and [Platform] are services that many tests share.
//  3. [Reviews] are reports that were compared and judged, [Attacked] is one
//     with hostile names, [Many] a very large one.
//  4. [Golden] compares with a file in testdata.
package sample
