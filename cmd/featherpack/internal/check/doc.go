// Package check measures a folder and says whether it may be merged.
//
//  1. [Run] measures the folder, finds its baseline and compares the two. With
//     artifacts of both at hand it measures their loads in turn, and else projects
//     them. Then it judges the budgets, with what featherpack.accept.yaml accepts.
//  2. [LowerBudgets] lowers the budgets to what was reached.
package check
