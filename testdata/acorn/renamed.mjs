// Reads pairs of JavaScript files, "BEFORE<tab>AFTER" a line each, and says of each pair
// whether the second is the first with other names of variables: "same", "error MESSAGE"
// where acorn does not parse the first, or what differs. Every place where a variable is
// declared or named must lead to the same variable, by eslint-scope, and names that
// nothing declares must be equal.
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { parse } from 'acorn'
import { analyze } from 'eslint-scope'

function places(text, sourceType) {
  const program = parse(text, {
    ecmaVersion: 'latest', sourceType, ranges: true, allowHashBang: true, checkPrivateFields: false,
  })
  const scopes = analyze(program, { ecmaVersion: 2022, sourceType, ignoreEval: true })
  const found = []
  for (const scope of scopes.scopes) {
    for (const variable of scope.variables) {
      for (const identifier of variable.identifiers) found.push([identifier, variable])
    }
    for (const reference of scope.references) found.push([reference.identifier, reference.resolved])
  }
  found.sort((a, b) => a[0].start - b[0].start)
  const numbers = new Map()
  return found.map(([identifier, variable]) => {
    if (!variable) return `undeclared ${identifier.name}`
    if (!numbers.has(variable)) numbers.set(variable, numbers.size)
    return `variable ${numbers.get(variable)}`
  })
}

function compare(before, after) {
  let sourceType = 'commonjs'
  let want
  try {
    want = places(before, sourceType)
  } catch {
    want = places(before, sourceType = 'module')
  }
  let got
  try {
    got = places(after, sourceType)
  } catch (e) {
    return `does not parse: ${e.message}`
  }
  const at = want.findIndex((w, i) => w !== got[i])
  if (at >= 0) return `place ${at} was ${want[at]}, is ${got[at]}`
  return want.length === got.length ? 'same' : `${want.length} places, then ${got.length}`
}

for await (const line of createInterface({ input: process.stdin })) {
  const [before, after] = line.split('\t')
  let answer
  try {
    answer = compare(readFileSync(before, 'utf8'), readFileSync(after, 'utf8'))
  } catch (e) {
    answer = 'error ' + e.message.split('\n')[0]
  }
  console.log(answer)
}
