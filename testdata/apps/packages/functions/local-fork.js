'use strict'
const { fork } = require('node:child_process')
const { once } = require('node:events')
const path = require('node:path')

exports.handler = async ({ word }) => {
  const child = fork(path.join(__dirname, 'children', 'echo.js'), ['--loud'], { env: {} })
  child.send(word)
  const [answer] = await once(child, 'message')
  const [code] = await once(child, 'exit')
  return { answer, code }
}
