'use strict'
// Templates read from a folder that is listed when the function starts.
const { readFileSync, readdirSync } = require('node:fs')
const path = require('node:path')
const Handlebars = require('handlebars')

const views = path.join(__dirname, 'views', 'handlebars')
for (const file of readdirSync(views)) Handlebars.registerPartial(path.parse(file).name, readFileSync(path.join(views, file), 'utf8'))
Handlebars.registerHelper('shout', (s) => `${s.toUpperCase()}!`)

exports.handler = async (event) => Handlebars.compile('{{> page}}')(event)
