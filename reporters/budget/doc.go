// Package budget judges a report by the limits that a project sets itself.
//
//  1. [ReadAcceptances] reads which budgets may be broken, why and until when.
//  2. [Judge] gives every budget a verdict: how much it allows, what was found,
//     and which import is to blame. It also lists the budgets that the change
//     under review loosens.
//  3. [Status] is the exit status that the verdicts call for.
//  4. [Ratchet] lowers budgets to what was measured.
//
// What was not measured never passes.
package budget
