'use strict'
// A page that includes another file of its folder.
const { readFileSync } = require('node:fs')
const path = require('node:path')
const mjml = require('mjml')

const filePath = path.join(__dirname, 'views', 'mjml', 'page.mjml')

exports.handler = async ({ name }) => {
  const { html, errors } = mjml(readFileSync(filePath, 'utf8').replace('{{name}}', name), { filePath, validationLevel: 'soft' })
  return { errors, doctype: html.trimStart().slice(0, 15), tables: html.match(/<table/g).length, hello: />Hello (\w+)</.exec(html)[1], footer: html.includes('from the footer'), link: html.includes('href="https://example.com"') }
}
