// Package check builds a folder, compares it with its baseline and checks budgets.
//
//  1. [Run] builds the folder, finds its baseline and compares the two. If it has
//     the artifacts of both, it measures their load times in turn. Otherwise it
//     projects them. Then it checks the budgets, with the exceptions in
//     featherpack.accept.yaml.
//  2. [LowerBudgets] lowers the budgets to the sizes reached.
package check
