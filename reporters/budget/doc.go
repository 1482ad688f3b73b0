// Package budget checks a report against the limits that a project sets.
//
//  1. [ReadAcceptances] reads which budgets may be exceeded, why and until when.
//  2. [Judge] gives every budget a verdict: the limit, the actual value, and the import that caused it. It
//     also lists the budgets that the change under review loosens. Growth is judged against the
//     baseline, or over a span of time against what was recorded for earlier commits.
//  3. [Status] is the exit status for the verdicts.
//  4. [Ratchet] lowers budgets to the measured values.
//
// A budget whose value was not measured never passes.
package budget
