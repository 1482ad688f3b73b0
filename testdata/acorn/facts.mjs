// Reads names of JavaScript files, a line each, and says of each what acorn and
// eslint-scope find in it, as analyzer/js/facts_test.go does for our own parser:
// a line "HASH", or "error MESSAGE". With --lines it prints the facts instead of
// their hash, and "end" after each file.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { parse } from 'acorn'
import { analyze } from 'eslint-scope'

function tree(text) {
  const options = {
    ecmaVersion: 'latest', ranges: true, preserveParens: true, allowHashBang: true, checkPrivateFields: false,
  }
  try {
    return [parse(text, { ...options, sourceType: 'commonjs' }), 'commonjs']
  } catch (e) {
    try {
      return [parse(text, { ...options, sourceType: 'module' }), 'module']
    } catch (m) {
      throw /import|export|await/.test(e.message) ? m : e
    }
  }
}

function facts(text) {
  const [program, sourceType] = tree(text)
  const bytes = offsets(text)
  const found = []
  const add = (n, what) => {
    const [start, end] = n.around ?? [n.start, n.end]
    found.push([bytes(start), bytes(end), what])
  }
  look(unwrap(program), add)
  const scopes = analyze(program, { ecmaVersion: 2022, sourceType, ignoreEval: true })
  for (const { identifier, ...r } of scopes.globalScope.through.map(r => ({ identifier: r.identifier, read: r.isRead() }))) {
    if (r.read && identifier.name !== 'arguments') add(identifier, 'global ' + identifier.name)
  }
  found.sort((a, b) => a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : a[2] > b[2] ? 1 : 0))
  return found.map(f => `${f[0]}-${f[1]} ${f[2]}`).join('\n')
}

// offsets turns UTF-16 offsets into those of bytes.
function offsets(text) {
  if (/^[\0-\x7f]*$/.test(text)) return i => i
  const at = new Uint32Array(text.length + 1)
  let n = 0
  for (let i = 0; i < text.length; i++) {
    at[i] = n
    const c = text.charCodeAt(i)
    // Each half of a surrogate pair counts two of its four bytes.
    n += c < 0x80 ? 1 : c < 0x800 || c >= 0xd800 && c < 0xe000 ? 2 : 3
  }
  at[text.length] = n
  return i => at[i]
}

// unwrap replaces chains and parenthesised expressions by what they hold, which
// keeps the place of the outermost parentheses in "around".
function unwrap(n) {
  for (const key of Object.keys(n)) {
    const v = n[key]
    if (Array.isArray(v)) v.forEach((c, i) => { if (c?.type) v[i] = unwrap(c) })
    else if (v?.type) n[key] = unwrap(v)
  }
  if (n.type === 'ChainExpression') return n.expression
  if (n.type !== 'ParenthesizedExpression') return n
  n.expression.around = [n.start, n.end]
  return n.expression
}

const name = n => n.type === 'Literal' ? String(n.value) : n.name
const mark = n => n.optional ? '?' : ''

function look(n, add) {
  switch (n.type) {
    case 'CallExpression': add(n, `call${mark(n)} ${n.arguments.length}`); break
    case 'NewExpression': add(n, `new ${n.arguments.length}`); break
    case 'ImportExpression': add(n, 'import()'); break
    case 'MetaProperty':
      if (n.meta.name === 'import') add(n, 'import.meta')
      return
    case 'MemberExpression':
      if (n.computed) add(n, `index${mark(n)}`)
      else add(n, `member${mark(n)} ${n.property.type === 'PrivateIdentifier' ? '#' : ''}${n.property.name}`)
      look(n.object, add)
      if (n.computed) look(n.property, add)
      return
    case 'TaggedTemplateExpression': add(n, 'tagged'); break
    case 'TemplateLiteral': add(n, `template ${n.expressions.length}`); break
    case 'FunctionDeclaration': case 'FunctionExpression': add(n, `function ${n.id?.name ?? ''}`); break
    case 'ClassDeclaration': case 'ClassExpression': add(n, `class ${n.id?.name ?? ''}`); break
    case 'ArrowFunctionExpression': add(n, `arrow ${n.params.length}`); break
    case 'Literal':
      if (n.regex) add(n, 'regex')
      else if (typeof n.value === 'string') add(n, 'string')
      else if (typeof n.value === 'number' || n.bigint) add(n, 'number')
      return
    case 'Property': case 'MethodDefinition': case 'PropertyDefinition':
      if (n.computed) look(n.key, add)
      if (n.value) look(n.value, add)
      return
    case 'ImportDeclaration':
      add(n.source, 'import ' + n.specifiers.map(s =>
        s.type === 'ImportDefaultSpecifier' ? 'default' : s.type === 'ImportNamespaceSpecifier' ? '*' : name(s.imported)).join(' '))
      look(n.source, add)
      return
    case 'ExportAllDeclaration':
      add(n.source, 'export ' + (n.exported ? name(n.exported) : '*'))
      look(n.source, add)
      return
    case 'ExportNamedDeclaration': {
      const names = n.specifiers.map(s => name(s.exported)).join(' ')
      if (n.source) {
        add(n.source, 'export ' + names)
        look(n.source, add)
      } else if (n.declaration) {
        add({ start: n.declaration.start, end: n.declaration.start }, 'export ' + declared(n.declaration).join(' '))
        look(n.declaration, add)
      } else if (names) add({ start: n.start, end: n.start }, 'export ' + names)
      return
    }
    case 'ExportDefaultDeclaration': {
      const start = (n.declaration.around ?? [n.declaration.start])[0]
      add({ start, end: start }, 'export default')
    }
  }
  for (const key of Object.keys(n)) {
    const v = n[key]
    if (Array.isArray(v)) v.forEach(c => c?.type && look(c, add))
    else if (v?.type) look(v, add)
  }
}

// declared are the names of a declaration.
function declared(n) {
  return n.type === 'VariableDeclaration' ? n.declarations.flatMap(d => bound(d.id)) : [n.id.name]
}

function bound(n) {
  switch (n.type) {
    case 'Identifier': return [n.name]
    case 'ObjectPattern': return n.properties.flatMap(p => bound(p.value ?? p))
    case 'ArrayPattern': return n.elements.flatMap(e => e ? bound(e) : [])
    case 'AssignmentPattern': return bound(n.left)
    case 'RestElement': return bound(n.argument)
  }
  return []
}

const lines = process.argv.includes('--lines')
for await (const name of createInterface({ input: process.stdin })) {
  let answer
  try {
    const text = readFileSync(name, 'utf8')
    answer = facts(text)
    if (!lines) answer = createHash('md5').update(answer).digest('hex')
  } catch (e) {
    answer = 'error ' + String(e.message).split('\n')[0]
  }
  process.stdout.write(answer + (lines ? '\nend\n' : '\n'))
}
