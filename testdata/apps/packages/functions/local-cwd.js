'use strict'
// Lambda starts a function in the folder of its zip.
const { readFileSync, existsSync } = require('node:fs')
const path = require('node:path')

exports.handler = async () => ({
  relative: readFileSync('functions/notes/letter.txt', 'utf8').trim(),
  absolute: readFileSync(path.join(process.cwd(), 'functions', 'data', 'example.env'), 'utf8').split('\n')[1],
  missing: existsSync(path.resolve('functions/none.txt'))
})
