'use strict'
// Files by a constant, by one of two names, and by a name that is computed.
const fs = require('fs')
const { join, resolve } = require('path')

const letter = fs.readFileSync(join(__dirname, 'notes', 'letter.txt'), 'utf8')

exports.handler = async ({ formal, name }) => {
  const greeting = fs.readFileSync(resolve(__dirname, 'notes', formal ? 'formal.txt' : 'casual.txt'), 'utf8').trim()
  const named = await fs.promises.readFile(`${__dirname}/notes/${name}.md`, 'utf8').then((text) => text.trim(), (e) => e.code)
  return { letter: letter.trim(), greeting, named }
}
